"""Code lists of activities (domain §14)."""

from django.db.models import TextChoices


class Kind(TextChoices):
    TABLE_TENNIS = "table_tennis", "乒乓球赛"
    BADMINTON = "badminton", "羽毛球赛"
    BASKETBALL = "basketball", "篮球赛"
    ECO_HIKING = "eco_hiking", "环保登山"
    WALKING = "walking", "健步走"
    FUN_GAMES = "fun_games", "趣味运动会"
    LECTURE = "lecture", "讲座"
    FREE_CLINIC = "free_clinic", "义诊咨询"
    PARTY_LECTURE = "party_lecture", "主题党课"
    JOB_FAIR = "job_fair", "招聘会"
    REEMPLOYMENT_POLICY = "reemployment_policy", "再就业政策辅导"
    MATCHMAKING = "matchmaking", "联谊交友"
    FILM = "film", "观影"
    APP_PROMO = "app_promo", "会员APP推广"
    SKILL_CONTEST = "skill_contest", "技能比武"
    INTEREST_CLASS = "interest_class", "兴趣培训"
    OTHER = "other", "其他"


class Topic(TextChoices):
    HEALTH = "health", "身体健康"
    MENTAL_HEALTH = "mental_health", "心理健康"
    TRADITIONAL_CULTURE = "traditional_culture", "传统文化"
    WASTE_SORTING = "waste_sorting", "垃圾分类"
    LAW = "law", "法律法规"
    SAFETY = "safety", "安全生产"
    SKILL = "skill", "职业技能"
    PARTY = "party", "党建"
    OTHER = "other", "其他"


class State(TextChoices):
    PLANNED = "planned", "计划中"
    HELD = "held", "已举办"
    CANCELLED = "cancelled", "已取消"


# Other words that ledgers use for a state; an export always prints the label.
ALIASES: dict[str, dict[str, State]] = {
    "state": dict.fromkeys(("取消", "停办"), State.CANCELLED)
    | dict.fromkeys(("举办", "已办", "已开展", "完成", "已完成"), State.HELD)
    | dict.fromkeys(("计划", "拟办", "待举办", "筹备中"), State.PLANNED)
}
