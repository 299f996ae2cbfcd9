"""One union's own annual summary and plan, a federation's with the unions below it."""

from reports.outline import Chapter, Part, Section, at_least, below, if_, many, say

from .shared import ACTIVITIES, PARTY_LECTURES, SERVICES, VISITS

MEMBERS = Section(
    "管好会员队伍",
    (
        (
            say(
                "union.members",
                if_(
                    "截至{org_day}，本会连同所属工会共{grassroots.unions.count}，涵盖单位{grassroots.units.covered}，"
                    "会员{members.active.count}[，{members.active.count|change}]。",
                    many("grassroots.unions.count"),
                ),
                if_(
                    "截至{org_day}，本会涵盖单位{grassroots.units.covered}，有会员{members.active.count}"
                    "[，{members.active.count|change}]。",
                    many("grassroots.units.covered"),
                ),
                "截至{org_day}，本会有会员{members.active.count}[，{members.active.count|change}]。",
            ),
            say(
                "union.groups",
                "会员中有[、|女会员{members.women.count}|农民工会员{members.migrant.count}"
                "|新就业形态劳动者会员{members.new_form.count}]。",
            ),
            say(
                "union.movements",
                "{org_throughout}[，|发展会员{members.joined.first.count}"
                "|重新入会{members.joined.again.count}|恢复会籍{members.resumed.count}"
                "|转入会员{members.moved_in.count}|转往其他工会{members.moved_out.count}"
                "|办理会员减员{members.left.count}]。",
            ),
            say(
                "union.realname",
                if_(
                    "会员实名信息完整率达{members.realname.rate}，全面完成会员信息采集任务[，绑定电子会员证{members.ecard.count}]。",
                    at_least("members.collection.rate", 100),
                ),
                "会员实名信息完整率为{members.realname.rate}[，绑定电子会员证{members.ecard.count}]。",
            ),
        ),
    ),
)

RUNNING = Section(
    "规范组织运行",
    (
        (
            say(
                "union.reelection",
                "{grassroots.reelection.done.names|names:3}工会依法完成换届选举。",
                "依法完成换届选举的工会有{grassroots.reelection.all.count}。",
            ),
            say(
                "union.new_five", "{grassroots.stars.new_five.names|names:3|noun:工会}新获评五星级基层工会。"
            ),
            PARTY_LECTURES,
        ),
    ),
)

SUMMARY = Part(
    "{period}工作总结",
    (
        say(
            "union.opening",
            "{period}，{office}在上级工会和同级党组织的领导下，认真履行维护职工合法权益、竭诚服务职工群众的基本职责，"
            "扎实开展各项工作。现将主要情况总结如下。",
        ),
    ),
    (
        Chapter("加强组织建设，夯实工作基础", (MEMBERS, RUNNING)),
        Chapter("丰富职工生活，增强工会活力", (ACTIVITIES, SERVICES)),
        Chapter("关心关爱职工，传递组织温暖", (VISITS,)),
    ),
)

MEMBERS_PLAN = Section(
    "夯实组织基础",
    (
        (
            say(
                "union.plan.reelection",
                "{next_year}，{grassroots.reelection.due_next_year.names|names:3}工会委员会任期届满，"
                "将提前筹备，依法按期完成换届选举。",
            ),
            say(
                "union.plan.realname",
                if_(
                    "会员实名信息完整率现为{members.realname.rate}，将逐人核对、补齐缺项。",
                    below("members.realname.rate", 100),
                ),
            ),
        ),
    ),
)

SERVICE_PLAN = Section(
    "做好服务职工工作",
    (
        (
            say(
                "union.plan.activities",
                "在{year}举办活动{activities.held.count}的基础上，按职工需求排定全年活动，扩大参与面。",
            ),
            say(
                "union.plan.visits",
                "{year}慰问职工及家属{welfare.visits.persons}，{next_year}将继续做到职工生病住院必访、家庭困难必帮。",
            ),
        ),
    ),
)

PLAN = Part(
    "{next_year}工作计划",
    (say("union.plan.opening", "{next_year}，{office}将立足实际，重点抓好以下工作。"),),
    (Chapter("夯实组织基础", (MEMBERS_PLAN,)), Chapter("做好服务职工工作", (SERVICE_PLAN,))),
    key="plan.opening",
)
