"""Code lists of grassroots work: terms, steps of a re-election, posts, stars.

ALIASES names other words that rosters use for a value; an export always prints the label.
"""

from django.db.models import IntegerChoices, TextChoices


class TermYears(IntegerChoices):
    """任期 of a base union: three or five years (工会法 art. 16)."""

    THREE = 3, "3年"
    FIVE = 5, "5年"


class Stage(IntegerChoices):
    """Steps of a re-election in their order (domain §1.2)."""

    REQUEST_FILED = 1, "请示上报"
    REQUEST_APPROVED = 2, "请示批复"
    CANDIDATES_FILED = 3, "候选人上报"
    PUBLICISED = 4, "候选人公示"
    MEETING_HELD = 5, "会议召开"
    RESULT_FILED = 6, "结果上报"
    RESULT_APPROVED = 7, "结果批复"
    CERTIFICATE_UPDATED = 8, "法人证书变更"


class Post(TextChoices):
    CHAIR = "chair", "主席"
    VICE_CHAIR = "vice_chair", "副主席"
    FULL_TIME_VICE_CHAIR = "full_time_vice_chair", "专职副主席"
    MEMBER = "member", "委员"
    AUDIT_HEAD = "audit_head", "经审委员会主任"
    AUDIT_MEMBER = "audit_member", "经审委员"
    WOMEN_HEAD = "women_head", "女职工委员会主任"
    WOMEN_MEMBER = "women_member", "女职工委员"
    GROUP_HEAD = "group_head", "工会小组长"
    PROTECTION_INSPECTOR = "protection_inspector", "劳动保护监督检查员"
    MEDIATOR = "mediator", "劳动争议调解员"
    PART_TIME_CHAIR = "part_time_chair", "兼职主席"
    PART_TIME_ASSISTANT = "part_time_assistant", "兼职协理员"


HEADS = (Post.CHAIR, Post.PART_TIME_CHAIR)
# Engaged by the township (domain §14); a union does not give these posts itself.
TOWNSHIP_APPOINTMENTS = (Post.PART_TIME_CHAIR, Post.PART_TIME_ASSISTANT)


class Appointment(TextChoices):
    ELECTED = "elected", "选举产生"
    APPOINTED = "appointed", "任命（聘任）"


class StarLevel(IntegerChoices):
    ONE = 1, "一星级"
    TWO = 2, "二星级"
    THREE = 3, "三星级"
    FOUR = 4, "四星级"
    FIVE = 5, "五星级"


class RatingKind(TextChoices):
    NEW = "new", "评定"
    RE_REVIEW = "re_review", "复评"
    DOWNGRADE = "downgrade", "降级"
    REVOKE = "revoke", "摘牌"


# Ratings that are made for a period; a downgrade or a revocation falls into one.
PERIODIC_RATINGS = (RatingKind.NEW, RatingKind.RE_REVIEW)

ALIASES: dict[str, dict[str, dict[str, object]]] = {
    "CommitteeTerm": {"years": {"三年": TermYears.THREE, "五年": TermYears.FIVE}},
    "OfficerPost": {
        "post": {
            "工会主席": Post.CHAIR,
            "工会副主席": Post.VICE_CHAIR,
            "工会委员": Post.MEMBER,
            "经费审查委员会主任": Post.AUDIT_HEAD,
            "经审主任": Post.AUDIT_HEAD,
            "经费审查委员": Post.AUDIT_MEMBER,
            "女职工主任": Post.WOMEN_HEAD,
            "女工主任": Post.WOMEN_HEAD,
            "女工委员": Post.WOMEN_MEMBER,
            "小组长": Post.GROUP_HEAD,
            "劳动保护监督员": Post.PROTECTION_INSPECTOR,
            "调解员": Post.MEDIATOR,
            "兼职工会主席": Post.PART_TIME_CHAIR,
            "协理员": Post.PART_TIME_ASSISTANT,
            "工会协理员": Post.PART_TIME_ASSISTANT,
        },
        "appointment": {
            "选举": Appointment.ELECTED,
            "任命": Appointment.APPOINTED,
            "聘任": Appointment.APPOINTED,
        },
    },
    "StarRating": {
        "level": {
            "一星": StarLevel.ONE,
            "二星": StarLevel.TWO,
            "三星": StarLevel.THREE,
            "四星": StarLevel.FOUR,
            "五星": StarLevel.FIVE,
        },
        "kind": {
            "新评": RatingKind.NEW,
            "晋级": RatingKind.NEW,
            "新评定": RatingKind.NEW,
            "续评": RatingKind.RE_REVIEW,
            "撤销": RatingKind.REVOKE,
        },
    },
}
