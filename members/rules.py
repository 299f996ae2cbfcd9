"""What must hold of a member and what should (V01, V02 of the rule list), judged over batches of rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db import connection

from unionoffice import identity
from unionoffice.records.rules import (
    Batch,
    Problem,
    keeps_name,
    not_far_ahead,
    not_in_future,
    refused,
    warned,
)
from unionoffice.values import Refused, clean_id_number

from . import lives
from .choices import RURAL, STATE_AFTER, DocumentKind, EmploymentForm, EventKind, RequestState, Sex, State
from .models import Member, MembershipEvent, TransferRequest

TELLING_KINDS = (DocumentKind.ID_CARD, DocumentKind.RESIDENCE_PERMIT)
CARD_LENGTH = 18
YOUNGEST = 16
MOST_PER_PHONE = 2
CADRE_FORMS = (EmploymentForm.INSTITUTION, EmploymentForm.CIVIL_SERVANT)


def complete_from_number(columns: dict[str, list[Any]]) -> None:
    """Kind of document, sex and birthday where they were left empty and the number tells them (§1.5)."""
    numbers = columns.get("id_number", [])
    kinds = columns.get("id_kind") or [DocumentKind.ID_CARD] * len(numbers)
    for index, kind in enumerate(kinds):
        if not kind and numbers[index]:
            kinds[index] = _kind_of(numbers[index])
    for name, told in (("sex", identity.sex_of), ("born_on", identity.birth_of)):
        column = columns.get(name)
        if column is None or all(column):
            continue
        for index, value in enumerate(column):
            number = numbers[index]
            if not value and kinds[index] in TELLING_KINDS and identity.is_id_number(number or ""):
                column[index] = told(number)


def _kind_of(number: str) -> str:
    if identity.is_id_number(number):
        return DocumentKind.ID_CARD
    fitting = (kind for kind, pattern in identity.DOCUMENT_PATTERNS.items() if pattern.fullmatch(number))
    return next(fitting, DocumentKind.ID_CARD)


def document_fits(batch: Batch) -> Iterator[Problem]:
    """The number must be one of the kind of document that is named."""
    for index, (kind, number) in batch.rows("id_kind", "id_number"):
        if number and not (kind == DocumentKind.ID_CARD and identity.is_id_number(number)):
            try:
                clean_id_number(number, kind or DocumentKind.ID_CARD)
            except Refused as refusal:
                yield refused(index, "id_number", refusal.code, refusal.message)


def identity_agrees(batch: Batch) -> Iterator[Problem]:
    """Sex and birthday must be those of the identity number; without such a number they must be given."""
    for index, (kind, number, sex, born) in batch.rows("id_kind", "id_number", "sex", "born_on"):
        if not _is_telling(kind, number):
            if not sex:
                yield refused(index, "sex", "required", "缺少性别")
            if not born:
                yield refused(index, "born_on", "required", "缺少出生日期")
            continue
        if sex and sex != identity.sex_of(number):
            right = Sex(identity.sex_of(number)).label
            yield refused(index, "sex", "sex-contradicts", f"性别与证件号码不符，按号码应为“{right}”")
        if born and born != identity.birth_of(number):
            right = identity.birth_of(number)
            yield refused(index, "born_on", "birth-contradicts", f"出生日期与证件号码不符，按号码应为{right}")


def _is_telling(kind: str | None, number: str | None) -> bool:
    """Whether a number, which `document_fits` has judged, has a birthday and a sex in it."""
    return bool(number) and len(number) == CARD_LENGTH and (not kind or kind in TELLING_KINDS)


def old_enough(batch: Batch) -> Iterator[Problem]:
    """Nobody joins before the age of 16 (§1.5)."""
    for index, (born, joined) in batch.rows("born_on", "joined_on"):
        if born and identity.age_on(born, joined or batch.today) < YOUNGEST:
            yield refused(
                index, "born_on", "under-age", f"入会时未满{YOUNGEST}周岁，请核对出生日期和入会日期"
            )


def not_registered_yet(batch: Batch) -> Iterator[Problem]:
    """One row per identity number in the whole town, whoever may see it."""
    if "id_number" in batch.sought:
        return
    field = Member._meta.get_field("id_hash")
    hashes: dict[bytes, int] = {}
    for index, (number,) in batch.rows("id_number"):
        if number:
            hashes[field.compute(number)] = index
    with connection.cursor() as cursor:
        cursor.execute(
            "select m.id, m.id_hash from members_member m where m.id_hash = any(%s)", [list(hashes)]
        )
        found = cursor.fetchall()
    for pk, stored in found:
        index = hashes[bytes(stored)]
        if batch.pks[index] != pk:
            yield refused(
                index,
                "id_number",
                "id-registered",
                "该证件号码已登记为会员，不能重复新增；在其他工会的请办理转会",
            )


def phone_is_own(batch: Batch) -> Iterator[Problem]:
    """A mobile number is there, and not the one number a clerk typed for everybody."""
    counts = Counter(phone for phone in batch.column("phone") if phone)
    others = _members_with_phone(counts, [pk for pk in batch.pks if pk is not None])
    for index, (phone,) in batch.rows("phone"):
        if not phone:
            yield warned(index, "phone", "phone-missing", "没有手机号码，实名信息不完整")
        elif counts[phone] + others.get(phone, 0) > MOST_PER_PHONE:
            total = counts[phone] + others.get(phone, 0)
            yield warned(
                index, "phone", "phone-shared", f"这个手机号码有{total}名会员在用，请核对是否本人号码"
            )


def _members_with_phone(phones: Iterable[str], without: list[int]) -> dict[str, int]:
    """How many stored members beside those use each phone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select phone, count(*) from members_member where phone = any(%s) and id <> all(%s) group by phone",
            [list(phones), without],
        )
        return dict(cursor.fetchall())


def not_past_retirement(batch: Batch) -> Iterator[Problem]:
    """An active member over the statutory retirement age should be retired or retained."""
    limits = {
        (sex, cadre): latest_birth_of_retired(batch.today, sex, cadre)
        for sex in (identity.MALE, identity.FEMALE)
        for cadre in (False, True)
    }
    for index, (born, sex, state, form) in batch.rows("born_on", "sex", "state", "employment_form"):
        if not born or not sex or (state or State.ACTIVE) != State.ACTIVE:
            continue
        cadre = form in CADRE_FORMS
        if born <= limits[sex, cadre]:
            day = identity.statutory_retirement_on(born, sex, cadre)
            yield warned(
                index,
                "born_on",
                "over-age",
                f"{day}已到法定退休年龄，请核对是否应办理退休保留会籍",
            )


@cache
def latest_birth_of_retired(today: date, sex: str, cadre: bool = False) -> date:
    """The latest birthday of those who have reached the statutory retirement age by a day."""
    early, late = date(1900, 1, 1).toordinal(), today.toordinal()
    while early < late:
        middle = (early + late + 1) // 2
        if identity.statutory_retirement_on(date.fromordinal(middle), sex, cadre) <= today:
            early = middle
        else:
            late = middle - 1
    return date.fromordinal(early)


def migrant_is_told(batch: Batch) -> Iterator[Problem]:
    for index, (household, migrant) in batch.rows("household", "is_migrant"):
        if migrant is None and household in RURAL:
            yield warned(index, "is_migrant", "migrant-empty", "农村户籍，未填是否农民工")


def no_namesake(batch: Batch) -> Iterator[Problem]:
    """The same name and birthday under another number is likely a mistyped number."""
    keys = list(zip(batch.column("name"), batch.column("born_on"), strict=True))
    numbers = batch.column("id_number")
    given: dict[tuple[Any, Any], set[str | None]] = defaultdict(set)
    for key, number in zip(keys, numbers, strict=True):
        given[key].add(number)
    stored = _stored_namesakes(keys, numbers, batch.pks)
    for index, key in enumerate(keys):
        if None not in key and (len(given[key]) > 1 or index in stored):
            yield warned(
                index,
                "name",
                "same-person",
                "已有姓名和出生日期都相同、证件号码不同的会员，请核对是否同一人",
            )


def _stored_namesakes(
    keys: list[tuple[Any, Any]], numbers: Sequence[str | None], pks: Sequence[int | None]
) -> set[int]:
    """Indexes of the keys (name, birthday) that another stored member has, under another number."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select b.number - 1, m.id, m.id_hash
            from unnest(%s::text[], %s::date[]) with ordinality b(name, born_on, number)
            join members_member m on m.name = b.name and m.born_on = b.born_on""",
            [[name for name, _ in keys], [born and born.isoformat() for _, born in keys]],
        )
        found = [(index, bytes(stored)) for index, pk, stored in cursor.fetchall() if pks[index] != pk]
    compute = Member._meta.get_field("id_hash").compute
    return {index for index, stored in found if not numbers[index] or compute(numbers[index]) != stored}


def joined_before_later_events(batch: Batch) -> Iterator[Problem]:
    """The day of joining is the first event; it cannot be moved behind the second."""
    pks = [pk for pk in batch.pks if pk is not None]
    if not pks or "joined_on" not in batch:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """select member_id, min("on") from members_membershipevent
            where member_id = any(%s) and from_state <> '' group by member_id""",
            [pks],
        )
        second = dict(cursor.fetchall())
    for index, (joined,) in batch.rows("joined_on"):
        limit = second.get(batch.pks[index])
        if joined and limit and joined >= limit:
            yield refused(index, "joined_on", "joined-late", f"入会日期应早于{limit}的会籍变动")


MEMBER_RULES = (
    document_fits,
    identity_agrees,
    old_enough,
    joined_before_later_events,
    lives.joins_in_life,
    keeps_name(Member, "id_number"),
    phone_is_own,
    not_past_retirement,
    migrant_is_told,
    no_namesake,
    not_in_future("joined_on", "app_bound_on", "consent_on"),
)


def complete_state(columns: dict[str, list[Any]]) -> None:
    """The state an event leads to, where it was left empty and the kind tells it."""
    states, kinds = columns.get("state", []), columns.get("kind", [])
    for index, state in enumerate(states):
        if not state and index < len(kinds):
            states[index] = STATE_AFTER.get(kinds[index], "")


def state_is_told(batch: Batch) -> Iterator[Problem]:
    for index, (kind, state) in batch.rows("kind", "state"):
        if not state:
            yield refused(index, "state", "required", "缺少变动后状态")
        elif state != STATE_AFTER.get(kind, state):
            right = State(STATE_AFTER[kind]).label
            label = EventKind(kind).label
            yield refused(index, "state", "state-contradicts", f"“{label}”之后的状态应为“{right}”")


def one_event_a_day(batch: Batch) -> Iterator[Problem]:
    members = [pk for pk in batch.column("member") if pk is not None]
    rows = MembershipEvent.objects.filter(member__in=members).values_list("pk", "member", "on")
    taken = {(member, on): pk for pk, member, on in rows}
    for index, (member, on) in batch.rows("member", "on"):
        if taken.get((member, on), batch.pks[index]) != batch.pks[index]:
            yield refused(index, "on", "event-same-day", f"该会员{on}已有会籍变动，一天只能有一项")


EVENT_RULES = (state_is_told, one_event_a_day, lives.events_in_life, not_far_ahead("on"))


def task_makes_sense(batch: Batch) -> Iterator[Problem]:
    for index, (year, target) in batch.rows("year", "target"):
        if target == 0:
            yield refused(index, "target", "target-zero", "任务数应大于0")
        if year and not 2000 <= year <= batch.today.year + 1:
            yield refused(
                index, "year", "year-odd", f"年度{year}不对，应在2000年至{batch.today.year + 1}年之间"
            )


def request_makes_sense(batch: Batch) -> Iterator[Problem]:
    """Somebody is asked for from the union where the person is, by another one."""
    yield from not_far_ahead("on")(batch)
    standing = dict(Member.objects.filter(pk__in=batch.column("member")).values_list("pk", "union"))
    for index, (member, source, target) in batch.rows("member", "from_union", "to_union"):
        if batch.pks[index] is None and member is not None and standing.get(member) != source:
            yield refused(index, "from_union", "not-there", "该会员目前不在这个工会")
        if source is not None and source == target:
            yield refused(index, "to_union", "same-union", "转入工会与转出工会相同")
    yield from lives.requests_in_life(batch)


def decided(request: TransferRequest) -> str:
    """Why a request is changed no more; empty while it waits."""
    if request.state == RequestState.WAITING:
        return ""
    state = request.get_state_display()
    return f"这份申请{state}，不能再改；处理有误的，请在变更记录里撤回那次操作"
