"""The town's annual summary and next year's plan."""

from reports.outline import Chapter, Part, Section, at_least, below, if_, none, one, say

from .shared import ACTIVITIES, PARTY_LECTURES, SERVICES, VISITS

OPENING = (
    say(
        "opening.frame",
        "{period}，{office}在党委、政府和上级工会的领导下，围绕中心、服务大局，以建强基层组织为基础，"
        "以服务职工、维护职工权益为主线，推动各项工作取得实效。",
    ),
    say(
        "opening.organisation",
        "截至{org_day}，全镇共有[、|基层工会{grassroots.unions.count}|涵盖单位{grassroots.units.covered}"
        "|会员{members.active.count}]。",
    ),
    say(
        "opening.year",
        "{throughout}[，|举办职工活动{activities.held.count}[、{activities.attendance.person_times}参加]"
        "|走访慰问职工及家属{welfare.visits.persons}[、送上慰问款物{welfare.visits.season_amount}]"
        "|新增五星级基层工会{grassroots.stars.new_five.count}]。",
    ),
    say("opening.close", "现将主要工作情况总结如下。"),
)

ROSTER = Section(
    "摸清底数，管实会员信息",
    (
        (
            say(
                "members.roster_checks",
                "会同{members.rostercheck.partners|names:4|noun:部门}开展基层工会数据比对核实{members.rostercheck.rounds}"
                "[，核对基层工会{members.rostercheck.unions}][，更正信息{members.rostercheck.corrected}]。",
                "开展基层工会数据比对核实{members.rostercheck.rounds}"
                "[，核对基层工会{members.rostercheck.unions}][，更正信息{members.rostercheck.corrected}]。",
            ),
            say(
                "grassroots.unions",
                "截至{org_day}，全镇建有基层工会{grassroots.unions.count}[（[、|单独基层工会{grassroots.unions.single.count}"
                "|联合基层工会{grassroots.unions.joint.count}]）][、工会联合会{grassroots.unions.federation.count}]"
                "[，涵盖单位{grassroots.units.covered}][，建会率达{grassroots.units.coverage_rate}]。",
            ),
            say(
                "members.total",
                "会员总数{members.active.count}[，{members.active.count|change}][；其中[、|女会员{members.women.count}"
                "|农民工会员{members.migrant.count}|新就业形态劳动者会员{members.new_form.count}]]。",
            ),
            say(
                "members.movements",
                "{org_throughout}[，|发展会员{members.joined.first.count}"
                "|重新入会{members.joined.again.count}|恢复会籍{members.resumed.count}"
                "|镇外转入会员{members.moved_in.count}|镇内转接会员关系{members.transferred.count}"
                "|办理会员减员{members.left.count}]。",
            ),
        ),
        (
            say(
                "members.realname",
                if_(
                    "扎实推进会员实名制管理，会员实名信息完整率达{members.realname.rate}，全面完成会员信息采集任务。",
                    at_least("members.collection.rate", 100),
                ),
                "扎实推进会员实名制管理，会员实名信息完整率为{members.realname.rate}"
                "[，会员信息采集任务完成{members.collection.rate}]。",
            ),
            say(
                "members.ecard",
                "[推广“{app}”应用[，组织宣传活动{activities.app_promo.count}]，]"
                "电子会员证累计绑定{members.ecard.count}[，绑定率{members.ecard.rate}]。",
            ),
            say("grassroots.confirmed", "基层工会信息按期确认率为{grassroots.confirmed.rate}。"),
        ),
    ),
)

RUNNING = Section(
    "依法建会，规范组织运行",
    (
        (
            say(
                "grassroots.founded",
                "{org_throughout}新建基层工会{grassroots.unions.founded.count}"
                "[，依规撤销基层工会{grassroots.unions.dissolved.count}]。",
                "{org_throughout}依规撤销基层工会{grassroots.unions.dissolved.count}。",
            ),
            say(
                "grassroots.legal_person",
                "取得工会法人资格的基层工会有{grassroots.legal_person.count}[，法人登记率{grassroots.legal_person.rate}]。",
            ),
            say(
                "grassroots.bodies",
                "[，|建立经费审查委员会的工会有{grassroots.bodies.audit.count}"
                "|建立女职工委员会的工会有{grassroots.bodies.women.count}]。",
            ),
            say(
                "grassroots.reelection",
                if_(
                    "指导{grassroots.reelection.done.names|names:1}工会依法完成换届选举。",
                    one("grassroots.reelection.all.count"),
                ),
                if_(
                    "坚持到期必换、应换尽换，指导{grassroots.reelection.all.count}基层工会依法完成换届选举"
                    "[，其中企业工会有{grassroots.reelection.done.names|names:3}]。",
                    none("grassroots.reelection.overdue.count"),
                ),
                "指导{grassroots.reelection.all.count}基层工会依法完成换届选举"
                "[，其中企业工会有{grassroots.reelection.done.names|names:3}]。",
            ),
            say(
                "grassroots.reelection.punctual",
                if_(
                    "目前没有超期未换届的基层工会。",
                    none("grassroots.reelection.overdue.count"),
                    at_least("grassroots.reelection.all.count", 1),
                ),
            ),
        ),
    ),
)

STARS = Section(
    "以评促建，激发基层活力",
    (
        (
            say(
                "grassroots.new_five_stars",
                if_(
                    "深化星级基层工会创建，新增五星级基层工会{grassroots.stars.new_five.count}"
                    "——{grassroots.stars.new_five.names|names:4}。",
                    below("grassroots.stars.new_five.count", 5),
                ),
                "深化星级基层工会创建，{grassroots.stars.new_five.names|names:3|noun:基层工会}新获评五星级。",
            ),
            say(
                "grassroots.star_reviews",
                "{throughout}[，|实地走访考评基层工会{grassroots.stars.visited.count}"
                "|完成星级复评{grassroots.stars.re_reviewed.count}]。",
            ),
            say(
                "grassroots.stars",
                "截至{year_end_day}，全镇共有星级基层工会{grassroots.stars.rated.count}"
                "[，其中[、|五星级{grassroots.stars.five.count}|四星级{grassroots.stars.four.count}"
                "|三星级{grassroots.stars.three.count}|二星级{grassroots.stars.two.count}"
                "|一星级{grassroots.stars.one.count}]]。",
            ),
        ),
    ),
)

OFFICERS = Section(
    "充实骨干力量，强化思想引领",
    (
        (
            say(
                "grassroots.part_time_officers",
                "坚持专兼结合配备工会干部，现有[、|兼职工会主席{grassroots.posts.part_time_chair.count}"
                "|兼职协理员{grassroots.posts.part_time_assistant.count}|专职工会干部{grassroots.posts.full_time.count}"
                "|一线职工工会干部{grassroots.posts.frontline.count}]。",
            ),
            PARTY_LECTURES,
        ),
    ),
)

SUMMARY = Part(
    "{period}工作总结",
    OPENING,
    (
        Chapter("夯实组织基础，推进基层工会增量提质", (ROSTER, RUNNING, STARS)),
        Chapter("建强干部队伍，提升服务职工本领", (OFFICERS,)),
        Chapter("激发职工活力，维护职工合法权益", (ACTIVITIES, SERVICES, VISITS)),
    ),
)

COVERAGE_PLAN = Section(
    "扩大组织覆盖",
    (
        (
            say(
                "plan.coverage",
                if_(
                    "目前建会率为{grassroots.units.coverage_rate}，将对尚未建会的单位逐家走访、分类指导，"
                    "成熟一家组建一家，持续扩大工会组织覆盖面。",
                    below("grassroots.units.coverage_rate", 100),
                ),
                "建会率已达{grassroots.units.coverage_rate}，将跟踪新设立单位，及时建会、应建尽建。",
            ),
            say(
                "plan.reelection",
                "{next_year}，{grassroots.reelection.due_next_year.names|names:3}工会委员会任期届满，"
                "将提前提醒、逐家指导，确保依法按期完成换届选举。",
            ),
            say(
                "plan.overdue",
                if_(
                    "目前没有超期未换届的基层工会，将继续加强届期管理、防止超期。",
                    none("grassroots.reelection.overdue.count"),
                    at_least("grassroots.reelection.due_next_year.names", 1),
                ),
                "对超期未换届的{grassroots.reelection.overdue.count}工会，将逐家督促、限期换届。",
            ),
        ),
    ),
)

ROSTER_PLAN = Section(
    "完善会员信息",
    (
        (
            say(
                "plan.realname",
                if_(
                    "目前会员实名信息完整率为{members.realname.rate}，将组织基层工会对照清单补齐缺项、改正错项，"
                    "做到会员底数清、情况明。",
                    below("members.realname.rate", 100),
                ),
            ),
            say("plan.ecard", "在已绑定电子会员证{members.ecard.count}的基础上，继续提高绑定率和使用率。"),
        ),
    ),
)

STARS_PLAN = Section(
    "深化星级创建",
    (
        (
            say(
                "plan.stars",
                "发挥{grassroots.stars.five.count}五星级基层工会的示范作用，带动其他基层工会对标提升、争创星级。",
            ),
        ),
    ),
)

ACTIVITIES_PLAN = Section(
    "办好职工活动",
    (
        (
            say(
                "plan.activities",
                if_(
                    "在{year}举办活动{activities.held.count}的基础上，按月排定活动计划、补齐活动空档，"
                    "力争月月有活动、次次有主题。",
                    below("activities.months.count", 12),
                ),
                "在{year}举办活动{activities.held.count}的基础上，保持月月有活动，推动活动更多走进车间班组。",
            ),
            say("plan.walking", "继续办好{activities.walking.titles|titles:2}活动。"),
        ),
    ),
)

VISITS_PLAN = Section(
    "做实帮扶关爱",
    (
        (
            say(
                "plan.visits",
                "{year}走访慰问职工及家属{welfare.visits.persons}，{next_year}将继续开展节日慰问和困难职工帮扶，"
                "做到帮扶有底数、慰问有记录、款物有去向。",
            ),
        ),
    ),
)

PLAN = Part(
    "{next_year}工作计划",
    (
        say(
            "plan.opening",
            "{next_year}，{office}将对照{year}工作实绩，补短板、强弱项、创特色，重点抓好以下工作。",
        ),
    ),
    (
        Chapter("持续夯实组织基础", (COVERAGE_PLAN, ROSTER_PLAN, STARS_PLAN)),
        Chapter("持续提升服务水平", (ACTIVITIES_PLAN, VISITS_PLAN)),
    ),
    key="plan.opening",
)
