"""Code lists of care visits (domain §14)."""

from django.db.models import TextChoices


class Occasion(TextChoices):
    SPRING_FESTIVAL = "spring_festival", "春节"
    MAY_DAY = "may_day", "五一"
    CHILDREN_DAY = "children_day", "六一"
    FESTIVAL = "festival", "其他节日"
    HEAT = "heat", "高温"
    ILLNESS = "illness", "生病住院"
    DEATH = "death", "去世"
    MARRIAGE_BIRTH = "marriage_birth", "婚育"
    RETIREMENT = "retirement", "退休"
    ACCIDENT = "accident", "意外事故"
    DISASTER = "disaster", "灾害"
    OTHER = "other", "其他"


# occasions whose very name tells of health or misfortune
SENSITIVE = (Occasion.ILLNESS, Occasion.DEATH, Occasion.ACCIDENT)
# occasions on which children are likely to be there
WITH_CHILDREN = (Occasion.CHILDREN_DAY, Occasion.MARRIAGE_BIRTH)
# occasions that come several times a year: 端午 and 中秋 are both 其他节日
REPEATED = (Occasion.FESTIVAL, Occasion.OTHER)


class Recipient(TextChoices):
    MEMBER = "member", "会员"
    HARDSHIP = "hardship", "困难职工"
    FAMILY = "family", "职工家属"
    CHILD = "child", "职工子女"
    MIGRANT_CHILD = "migrant_child", "外来务工人员子女"
    MODEL_WORKER = "model_worker", "劳模先进"
    TEAM = "team", "一线班组"


CHILDREN = (Recipient.CHILD, Recipient.MIGRANT_CHILD)
# those who are visited as members themselves, not as somebody's child or relative
THEMSELVES = (Recipient.MEMBER, Recipient.HARDSHIP, Recipient.MODEL_WORKER)


class Payment(TextChoices):
    TRANSFER = "transfer", "银行转账"
    CASH = "cash", "现金签领"
    GOODS = "goods", "实物签领"
