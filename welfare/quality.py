"""What does not stand right in the visits (V14, V25)."""

from django.db.models import F, Q, QuerySet

from unionoffice.records import quality
from unionoffice.records.quality import Check

from . import queries
from .choices import CHILDREN, Recipient
from .models import CareVisit

Unions = frozenset[int] | None


def _visits(unions: Unions) -> QuerySet[CareVisit]:
    return CareVisit.objects.within(unions).select_related("member").order_by("-visited_on", "-pk")


def unsigned(unions: Unions) -> QuerySet[CareVisit]:
    return _visits(unions).filter(queries.without_signature())


def twice(unions: Unions) -> QuerySet[CareVisit]:
    return _visits(unions).filter(queries.visited_before())


def age_unknown(unions: Unions) -> QuerySet[CareVisit]:
    return _visits(unions).filter(recipient__in=CHILDREN, is_under_fourteen__isnull=True)


def unsized(unions: Unions) -> QuerySet[CareVisit]:
    return _visits(unions).filter(recipient=Recipient.TEAM, reached__isnull=True)


def repeated_too_many(unions: Unions) -> QuerySet[CareVisit]:
    """Visits of which more people are said to have been reached before than the earlier one had, by now."""
    shrunk = Q(earlier__reached__isnull=True) | Q(earlier__reached__lt=F("reached_before"))
    return _visits(unions).filter(earlier__isnull=False).filter(shrunk)


quality.register(
    Check(
        "visit-group-size",
        "集体慰问没有填人数",
        unsized,
        lambda visit: f"{visit.visited_on}慰问{visit.name}，没有填慰问人数",
        "没有人数的集体慰问不计入慰问人数，请在慰问记录里补填“慰问人数”。",
    ),
    Check(
        "visit-group-repeated",
        "前次集体慰问的人数对不上",
        repeated_too_many,
        lambda visit: (
            f"{visit.visited_on}慰问{visit.name}，前次已慰问的{visit.reached_before}人多于前次的人数"
        ),
        "前次集体慰问的人数改过了，请核对两次的人数。",
    ),
    Check(
        "visit-unsigned",
        "慰问缺签领表",
        unsigned,
        lambda visit: f"{visit.visited_on}慰问{visit.amount}元，没有签领表",
        "现金和实物都要有签领表或签收照片，在慰问页面的“材料”里上传。",
    ),
    Check(
        "visit-twice",
        "同一事由重复慰问",
        twice,
        lambda visit: f"{visit.visited_on}，同一对象同一事由当年已慰问过",
        "可能登记了两次，也可能确实慰问了两次，请核对。",
    ),
    Check(
        "visit-child-age",
        "子女年龄未注明",
        age_unknown,
        lambda visit: f"{visit.visited_on}慰问子女，未注明是否不满14周岁",
        "不满14周岁的须有监护人同意日期。",
    ),
)
