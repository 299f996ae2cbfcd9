"""Sections that read alike for the town and for one union: activities, services, visits."""

from reports.outline import Section, at_least, if_, many, say

# Nothing is missing where none of these happened: no chair is to be asked for an accident.
NO_LACK = frozenset(
    {
        "grassroots.reelection.overdue.count",
        "grassroots.unions.dissolved.count",
        "members.joined.again.count",
        "members.resumed.count",
        *(
            f"welfare.visits.{occasion}.{measure}"
            for occasion in ("accident", "disaster", "death", "illness")
            for measure in ("persons", "season_amount")
        ),
    }
)

ACTIVITIES = Section(
    "办好文体活动，丰富职工生活",
    (
        (
            say(
                "activities.total",
                "{throughout}共举办各类职工活动{activities.held.count}[，{activities.attendance.person_times}参加]"
                "[，活动场次{activities.held.count|change}]。",
            ),
            say(
                "activities.kinds",
                "先后举办[、|乒乓球比赛{activities.table_tennis.count}|羽毛球比赛{activities.badminton.count}"
                "|篮球比赛{activities.basketball.count}|环保登山{activities.eco_hiking.count}"
                "|健步走{activities.walking.count}|趣味运动会{activities.fun_games.count}"
                "|技能比武{activities.skill_contest.count}|兴趣培训{activities.interest_class.count}"
                "|观影{activities.film.count}]。",
            ),
            say(
                "activities.every_month",
                if_("活动安排均衡有序，做到月月有活动。", at_least("activities.months.count", 12)),
            ),
        ),
        (
            say(
                "activities.walking",
                "组织健步走活动{activities.walking.count}（{activities.walking.titles|titles:2}），"
                "吸引{activities.walking.person_times|nearly}参加。",
                "组织健步走活动{activities.walking.count}，吸引{activities.walking.person_times|nearly}参加。",
            ),
            say(
                "activities.lectures",
                if_(
                    "举办专题讲座{activities.lecture.count}[，{activities.lecture.person_times}到场听讲]，"
                    "内容包括{activities.lecture.titles|titles:3}。",
                    many("activities.lecture.titles"),
                ),
                "举办{activities.lecture.titles|titles:1}{activities.lecture.count}"
                "[，{activities.lecture.person_times}到场听讲]。",
            ),
            say(
                "activities.partners",
                "{activities.co_organisers|names:3|noun:基层工会}参与联合主办，以共建共享扩大活动覆盖面。",
            ),
        ),
    ),
)

SERVICES = Section(
    "抓好就业健康服务，解决急难愁盼",
    (
        (
            say(
                "activities.jobs",
                "[；|举办招聘会{activities.job_fair.count}[，{activities.job_fair.person_times}到场应聘]"
                "|开展再就业政策宣讲{activities.reemployment_policy.count}"
                "[，{activities.reemployment_policy.person_times}参加]]。",
            ),
            say(
                "activities.health",
                "[；|开展义诊咨询{activities.free_clinic.count}[，服务职工{activities.free_clinic.person_times}]"
                "|举办单身职工联谊{activities.matchmaking.count}[，{activities.matchmaking.person_times}参加]]。",
            ),
        ),
    ),
)

VISITS = Section(
    "落实帮扶慰问，传递组织关怀",
    (
        (
            say(
                "welfare.visits",
                "{throughout}走访慰问{welfare.visits.count}（按慰问批次所属年度统计，下同），"
                "慰问职工及家属{welfare.visits.persons}"
                "[，其中困难职工{welfare.visits.hardship.persons}]，送上慰问款物{welfare.visits.season_amount}"
                "[（慰问金{welfare.visits.cash.season_amount}、慰问品折价{welfare.visits.goods.season_amount}）]"
                "[，{welfare.visits.season_amount|change}]。",
            ),
        ),
        (
            say(
                "welfare.occasions",
                "[；|春节期间慰问职工{welfare.visits.spring_festival.persons}[，送上款物{welfare.visits.spring_festival.season_amount}]"
                "|“五一”期间慰问职工{welfare.visits.may_day.persons}[，送上款物{welfare.visits.may_day.season_amount}]"
                "|“六一”期间慰问职工子女{welfare.visits.children_day.persons}"
                "[，送上学习用品等款物{welfare.visits.children_day.season_amount}]"
                "|其他节日慰问职工{welfare.visits.festival.persons}[，送上款物{welfare.visits.festival.season_amount}]"
                "|高温期间慰问一线职工{welfare.visits.heat.persons}[，送上防暑降温款物{welfare.visits.heat.season_amount}]]。",
            ),
            say(
                "welfare.personal",
                "[；|看望患病职工{welfare.visits.illness.persons}[，送上慰问款物{welfare.visits.illness.season_amount}]"
                "|看望遭遇意外的职工{welfare.visits.accident.persons}[，送上慰问款物{welfare.visits.accident.season_amount}]"
                "|慰问受灾职工{welfare.visits.disaster.persons}[，送上慰问款物{welfare.visits.disaster.season_amount}]"
                "|慰问去世职工家属{welfare.visits.death.persons}[，送上慰问款物{welfare.visits.death.season_amount}]"
                "|祝贺婚育职工{welfare.visits.marriage_birth.persons}"
                "[，送上祝贺款物{welfare.visits.marriage_birth.season_amount}]"
                "|慰问退休职工{welfare.visits.retirement.persons}[，送上款物{welfare.visits.retirement.season_amount}]]。",
            ),
        ),
    ),
)

PARTY_LECTURES = say(
    "activities.party_lectures",
    "组织党员职工开展主题党课{activities.party_lecture.count}[，{activities.party_lecture.person_times}参加]。",
)
