"""The figures of grassroots work: unions, covered units, stars, re-elections, posts, confirmations.

A figure about unions counts unions, one about units counts units, one about persons counts one post for each person.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from members.models import MembershipEvent
from members.queries import active_on
from unionoffice.facts import Fact, Kind, Names, Rate, Scope, Total, register
from unionoffice.organisation.choices import BASE_KINDS, UnionKind
from unionoffice.organisation.models import Record, Union, Unit
from unionoffice.records.desk import register_tiles

from . import queries
from .choices import HEADS, Post, RatingKind
from .columns import members_now
from .deadlines import CONFIRM_MONTHS, limits, period_label
from .models import OfficerPost, StarRating

UNIONS = "grassroots.unions.count"
COVERED = "grassroots.units.covered"
UNITS = "grassroots.units.count"
LEGAL_PERSONS = "grassroots.legal_person.count"
CONFIRMED = "grassroots.confirmed.count"
CONFIRMABLE = "grassroots.unions.all.count"
BY_SIZE = (members_now().desc(), "name_pinyin")
SLUGS: dict[type[Record], str] = {
    Union: "unions",
    Unit: "units",
    OfficerPost: "posts",
    MembershipEvent: "membership-events",
}

Where = Callable[[Scope], Q]


def _fact(
    key: str,
    label: str,
    definition: str,
    unit: str,
    kind: Kind,
    model: type[Record],
    where: Where,
    **more: Any,
) -> Fact:
    return Fact(
        key=key,
        label=label,
        definition=definition,
        unit=unit,
        kind=kind,
        model=model,
        slug=SLUGS[model],
        where=where,
        **more,
    )


def _standing(scope: Scope) -> Q:
    return Q(pk__in=Union.objects.on_day(scope.as_of).counted().values("pk"))


def _stock(
    key: str, label: str, definition: str, also: Where = lambda scope: Q(), unit: str = "家", **more: Any
) -> Fact:
    """Unions in being on the as-of day of which more is asked."""
    options = {"slot": "organisation"} | more
    return _fact(
        key, label, definition, unit, "stock", Union, lambda scope: _standing(scope) & also(scope), **options
    )


def _of_kinds(*kinds: UnionKind) -> Where:
    return lambda scope: Q(kind__in=kinds)


def _in_period(field: str) -> Where:
    return lambda scope: Q(**{f"{field}__range": (scope.start, scope.end)})


def _ending(merged: bool) -> Where:
    """Unions that ended in the period, into another or for good."""
    return lambda scope: _in_period("dissolved_on")(scope) & Q(merged_into__isnull=not merged)


COUNTED = Q(kind__in=(*BASE_KINDS, UnionKind.FEDERATION))


def _flow(key: str, label: str, definition: str, where: Where) -> Fact:
    return _fact(key, label, definition, "家", "flow", Union, lambda scope: COUNTED & where(scope))


register(
    _stock(
        UNIONS,
        "基层工会数",
        "截止日在册的单独基层工会和联合基层工会，工会联合会、工会小组、组织员不计",
        _of_kinds(*BASE_KINDS),
    ),
    _stock(
        "grassroots.unions.single.count",
        "单独基层工会数",
        "截止日在册的单独基层工会",
        _of_kinds(UnionKind.SINGLE),
    ),
    _stock(
        "grassroots.unions.joint.count",
        "联合基层工会数",
        "截止日在册的联合基层工会",
        _of_kinds(UnionKind.JOINT),
    ),
    _stock(
        "grassroots.unions.federation.count",
        "工会联合会数",
        "截止日在册的工会联合会",
        _of_kinds(UnionKind.FEDERATION),
    ),
    _stock(CONFIRMABLE, "工会总数", "截止日在册的单独基层工会、联合基层工会和工会联合会"),
    _flow(
        "grassroots.unions.founded.count",
        "新建工会数",
        "建会日期在期内的单独、联合基层工会和工会联合会，期内又撤销的也计",
        _in_period("founded_on"),
    ),
    _flow(
        "grassroots.unions.dissolved.count",
        "撤销工会数",
        "撤销日期在期内的单独、联合基层工会和工会联合会，并入其他工会的不计",
        _ending(merged=False),
    ),
    _flow(
        "grassroots.unions.merged.count",
        "并入其他工会数",
        "期内并入其他工会而终止的单独、联合基层工会和工会联合会",
        _ending(merged=True),
    ),
)


def _covered(*kinds: UnionKind) -> Where:
    """Units covered on the as-of day by unions of the scope, of these kinds only if any are given."""

    def where(scope: Scope) -> Q:
        links = queries.links_on(scope.as_of, scope.unions)
        return Q(pk__in=(links.filter(union__kind__in=kinds) if kinds else links).values("unit"))

    return where


def _units(scope: Scope) -> Q:
    """Open units; for some unions only those that they cover on the day."""
    if scope.unions is not None:
        return _covered()(scope)
    return Q(pk__in=queries.units_on(scope.as_of).values("pk"))


def _units_fact(key: str, label: str, definition: str, where: Where, **more: Any) -> Fact:
    options = {"unit": "个", "kind": "stock", "slot": "organisation"} | more
    return _fact(key, label, definition, model=Unit, where=where, **options)


register(
    _units_fact(
        COVERED,
        "涵盖单位数",
        "截止日由在册工会涵盖的存续单位，一个单位由几个工会涵盖也只计一次；工会联合会只计直接涵盖的单位",
        _covered(),
    ),
    _units_fact(
        "grassroots.units.joint.count",
        "联合基层工会涵盖单位数",
        "截止日由联合基层工会涵盖的存续单位，每个单位计一次",
        _covered(UnionKind.JOINT),
    ),
    _units_fact(
        UNITS, "单位数", "截止日存续的登记单位，不论是否建会；统计部分工会时只含其涵盖的单位", _units
    ),
    _units_fact(
        "grassroots.units.coverage_rate",
        "建会率",
        "截止日涵盖单位占登记单位的比例",
        _covered(),
        unit="%",
        kind="rate",
        measure=Rate(COVERED, UNITS, "涵盖单位数÷单位数"),
    ),
    _units_fact(
        "grassroots.staff.total",
        "涵盖单位职工人数",
        "截止日涵盖单位登记的职工人数之和，每个单位计一次，未登记职工人数的单位不计",
        _covered(),
        unit="名",
        measure=Total("staff_total"),
    ),
    _stock(
        "grassroots.declared.total",
        "上报会员数",
        "截止日在册的基层工会和工会联合会登记的上报会员数之和，与会员总数的差额即实名采集缺口",
        unit="名",
        measure=Total("declared_members"),
    ),
    _fact(
        "grassroots.members.joint.count",
        "联合基层工会会员",
        "截止日会员中所在工会是联合基层工会的，每人计一次",
        "名",
        "stock",
        MembershipEvent,
        lambda scope: active_on(scope.as_of, scope.unions) & Q(union__kind=UnionKind.JOINT),
        slot="organisation",
    ),
    _units_fact(
        "grassroots.staff.women.total",
        "涵盖单位女职工人数",
        "截止日涵盖单位登记的女职工人数之和，每个单位计一次",
        _covered(),
        unit="名",
        measure=Total("staff_women"),
    ),
    _stock(
        LEGAL_PERSONS,
        "具有法人资格的工会数",
        "截止日在册的单独、联合基层工会中法人登记有效的",
        lambda scope: Q(kind__in=BASE_KINDS) & queries.legal_persons(scope.as_of),
    ),
    _fact(
        "grassroots.legal_person.rate",
        "工会法人登记率",
        "截止日具有法人资格的基层工会占基层工会的比例",
        "%",
        "rate",
        Union,
        lambda scope: _standing(scope) & Q(kind__in=BASE_KINDS) & queries.legal_persons(scope.as_of),
        measure=Rate(LEGAL_PERSONS, UNIONS, "具有法人资格的工会数÷基层工会数"),
        slot="organisation",
    ),
    _stock(
        "grassroots.bodies.audit.count",
        "建立经审组织的工会数",
        "截止日在册的基层工会和工会联合会中，登记为建立经费审查委员会的（按现在的登记）",
        lambda scope: Q(has_audit_committee=True),
    ),
    _stock(
        "grassroots.bodies.women.count",
        "建立女职工组织的工会数",
        "截止日在册的基层工会和工会联合会中，登记为建立女职工委员会的（按现在的登记）",
        lambda scope: Q(has_women_committee=True),
    ),
)


def _rated(level: int | None = None) -> Where:
    def where(scope: Scope) -> Q:
        rated = queries.ratings_on(scope.as_of)
        return Q(pk__in=(rated if level is None else rated.filter(level=level)).values("union"))

    return where


def _new_five(scope: Scope) -> Q:
    return Q(pk__in=queries.first_fives(scope.start, scope.end).values("union"))


def _rated_in_period(field: str, **also: Any) -> Where:
    """Unions with a rating of that sort whose day lies in the period."""

    def where(scope: Scope) -> Q:
        found = StarRating.objects.filter(**{f"{field}__range": (scope.start, scope.end)}, **also)
        return Q(pk__in=found.values("union"))

    return where


NEW_FIVE = "期内评定或复评为五星级、此前从未达到五星级的工会，期内又降级的也计"
register(
    _flow("grassroots.stars.new_five.count", "新增五星级工会数", NEW_FIVE, _new_five),
    _fact(
        "grassroots.stars.new_five.names",
        "新增五星级工会",
        f"{NEW_FIVE}，按会员数从多到少排列",
        "家",
        "list",
        Union,
        lambda scope: COUNTED & _new_five(scope),
        measure=Names(queries.CALLED, BY_SIZE),
    ),
    _stock(
        "grassroots.stars.rated.count",
        "星级工会数",
        "截止日在册且有星级的工会，以最近一次评定、复评或降级为准；有效期满未复评的仍计，摘牌的不计",
        _rated(),
        slot="year_end",
    ),
    _stock(
        "grassroots.stars.five.count",
        "五星级工会数",
        "截止日在册的星级工会中现行星级为五星的",
        _rated(5),
        slot="year_end",
    ),
    _flow(
        "grassroots.stars.visited.count",
        "星级考评走访工会数",
        "期内有星级考评走访日期的工会，一个工会走访几次也只计一次",
        _rated_in_period("visited_on"),
    ),
    _flow(
        "grassroots.stars.re_reviewed.count",
        "星级复评工会数",
        "期内经过复评的工会，每个工会计一次",
        _rated_in_period("awarded_on", kind=RatingKind.RE_REVIEW),
    ),
    _flow(
        "grassroots.stars.downgraded.count",
        "星级降级工会数",
        "期内被降级的工会，每个工会计一次",
        _rated_in_period("awarded_on", kind=RatingKind.DOWNGRADE),
    ),
    _flow(
        "grassroots.stars.revoked.count",
        "星级摘牌工会数",
        "期内被摘牌的工会，每个工会计一次",
        _rated_in_period("awarded_on", kind=RatingKind.REVOKE),
    ),
)


def _reelected(scope: Scope) -> Q:
    return Q(pk__in=queries.reelected(scope.start, scope.end).values("union"))


def _reelected_firms(scope: Scope) -> Q:
    return _reelected(scope) & queries.firms_unions()


def _terms_ending(first: Callable[[Scope], date | None], last: Callable[[Scope], date]) -> Where:
    """Unions whose committee of the as-of day runs out between two days."""

    def where(scope: Scope) -> Q:
        terms: QuerySet = queries.terms_on(scope.as_of).filter(ends_on__lte=last(scope))
        start = first(scope)
        return Q(pk__in=(terms if start is None else terms.filter(ends_on__gte=start)).values("union"))

    return where


_due_next_year = _terms_ending(lambda s: date(s.year + 1, 1, 1), lambda s: date(s.year + 1, 12, 31))
_overdue = _terms_ending(lambda s: None, lambda s: s.as_of - timedelta(days=1))
DONE = "换届结果在期内批复的企业工会（第二届起，建会单位为企业的单独基层工会），每个工会计一次"
DUE = "截止日在册、现届委员会在次年内届满的工会"


def _list(key: str, label: str, definition: str, where: Where) -> Fact:
    told = f"{definition}，按会员数从多到少排列"
    return _fact(
        key,
        label,
        told,
        "家",
        "list",
        Union,
        lambda scope: COUNTED & where(scope),
        measure=Names(queries.CALLED, BY_SIZE),
    )


register(
    _flow("grassroots.reelection.done.count", "完成换届企业工会数", DONE, _reelected_firms),
    _list("grassroots.reelection.done.names", "完成换届企业工会", DONE, _reelected_firms),
    _flow(
        "grassroots.reelection.all.count",
        "完成换届工会数",
        "换届结果在期内批复的工会（第二届起），每个工会计一次",
        _reelected,
    ),
    _stock(
        "grassroots.reelection.due_next_year.count", "次年任期届满工会数", DUE, _due_next_year, slot="end"
    ),
    _list(
        "grassroots.reelection.due_next_year.names",
        "次年任期届满工会",
        DUE,
        lambda scope: _standing(scope) & _due_next_year(scope),
    ),
    _stock(
        "grassroots.reelection.overdue.count",
        "超期未换届工会数",
        "截止日在册、现届委员会任期已届满而未选出新一届的工会，经批准延期的按延期后的日期算",
        _overdue,
        slot="end",
    ),
)


def _persons(narrow: Q) -> Where:
    """One post for each person who holds one of this sort on the as-of day."""

    def where(scope: Scope) -> Q:
        held = queries.posts_on(scope.as_of, scope.unions).filter(narrow)
        return Q(pk__in=queries.one_per_person(held))

    return where


def _posts(key: str, label: str, definition: str, narrow: Q) -> Fact:
    told = f"{definition}，一人任几职、在几个工会任职也只计一次"
    return _fact(key, label, told, "名", "stock", OfficerPost, _persons(narrow))


def _confirmed(scope: Scope) -> Q:
    period = period_label(scope.as_of, limits(scope.as_of)[CONFIRM_MONTHS])
    return Q(pk__in=queries.confirmed(period, scope.as_of))


register(
    _posts(
        "grassroots.posts.part_time_chair.count",
        "兼职工会主席",
        "截止日在任的兼职主席",
        Q(post=Post.PART_TIME_CHAIR),
    ),
    _posts(
        "grassroots.posts.part_time_assistant.count",
        "兼职协理员",
        "截止日在任的兼职协理员",
        Q(post=Post.PART_TIME_ASSISTANT),
    ),
    _posts(
        "grassroots.posts.chairs.count",
        "工会主席",
        "截止日在任的主席和兼职主席",
        Q(post__in=HEADS),
    ),
    _posts(
        "grassroots.posts.frontline.count",
        "一线职工工会干部",
        "截止日在任的工会干部中登记为一线职工的",
        Q(is_frontline=True),
    ),
    _posts(
        "grassroots.posts.full_time.count",
        "专职工会干部",
        "截止日在任的工会干部中登记为专职的",
        Q(is_full_time=True),
    ),
    _stock(
        CONFIRMED,
        "已确认数据的工会数",
        "截止日在册的基层工会和工会联合会中，截止日前已确认截止日所在确认期数据的",
        _confirmed,
        slot="end",
    ),
    _fact(
        "grassroots.confirmed.rate",
        "数据确认率",
        "截止日已确认当期数据的工会占在册工会的比例",
        "%",
        "rate",
        Union,
        lambda scope: _standing(scope) & _confirmed(scope),
        measure=Rate(CONFIRMED, CONFIRMABLE, "已确认数据的工会数÷工会总数"),
    ),
)

register_tiles(UNIONS, COVERED, "grassroots.stars.five.count", "grassroots.reelection.overdue.count")
