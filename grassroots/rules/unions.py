"""Rules of unions and units: V03, V05, the tree, the day of ending; R1 of units."""

from collections.abc import Iterator

from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Coverage, Union
from unionoffice.organisation.today import Today
from unionoffice.records.rules import Batch, Problem, refused, warned

from ..models import CommitteeTerm
from ..queries import lasting, member_counts

COMMITTEE_MEMBERS = 25  # 工会法 art. 11


def union_code(batch: Batch) -> Iterator[Problem]:
    """V03: a union's code starts with 8 (GB 32100), and so is never that of an employer."""
    for index, (code,) in batch.rows("credit_code"):
        if code and not code.startswith("8"):
            yield refused(
                index,
                "credit_code",
                "union-code-prefix",
                "工会的统一社会信用代码以81或89开头，这像是用人单位的代码",
            )


def unit_code(batch: Batch) -> Iterator[Problem]:
    """V03 from the other side: an employer's code is no union's."""
    for index, (code,) in batch.rows("credit_code"):
        if code and code.startswith("8"):
            yield refused(
                index,
                "credit_code",
                "unit-code-of-union",
                "这是工会的代码（以8开头），请填用人单位自己的代码",
            )


def staff_figures(batch: Batch) -> Iterator[Problem]:
    """R1: women, migrant and dispatched workers are part of the staff."""
    parts = {"staff_women": "女职工人数", "staff_migrant": "农民工人数", "staff_dispatched": "劳务派遣人数"}
    for index, (total, *figures) in batch.rows("staff_total", *parts):
        for (name, label), figure in zip(parts.items(), figures, strict=True):
            if total is not None and figure is not None and figure > total:
                yield refused(index, name, "staff-part", f"{label}（{figure}）不能多于职工人数（{total}）")


def place_in_tree(batch: Batch) -> Iterator[Problem]:
    """Every union but the township's has an upper union, which is not itself, not below it and still in being."""
    parents = dict(Union.objects.values_list("pk", "parent_id"))
    ended = set(Union.objects.filter(dissolved_on__lte=batch.today).values_list("pk", flat=True))
    changed = {pk: parent for pk, parent in zip(batch.pks, batch.column("parent"), strict=True) if pk}
    tree = parents | changed
    for index, (kind, parent, dissolved_on) in batch.rows("kind", "parent", "dissolved_on"):
        if kind == UnionKind.TOWNSHIP:
            continue
        if parent is None:
            yield refused(index, "parent", "union-without-parent", "请填写上级工会，一般为镇总工会")
        elif batch.pks[index] is not None and _above(tree, parent, batch.pks[index]):
            yield refused(index, "parent", "union-above-itself", "上级工会不能是本工会或本工会的下级")
        elif parent in ended and dissolved_on is None:
            yield refused(index, "parent", "parent-ended", "所选上级工会已撤销，请另选上级工会")


def _above(tree: dict[int, int | None], start: int | None, sought: int) -> bool:
    seen: set[int] = set()
    while start is not None and start not in seen:
        if start == sought:
            return True
        seen.add(start)
        start = tree.get(start)
    return False


def committee_needed(batch: Batch) -> Iterator[Problem]:
    """V05: from 25 members on a union has a committee; below that it may (工会法 art. 11)."""
    known = [pk for pk in batch.pks if pk]
    counts = member_counts(batch.today, known)
    seated = set(CommitteeTerm.objects.filter(union__in=known).values_list("union", flat=True))
    for index, (kind, dissolved_on, declared) in batch.rows("kind", "dissolved_on", "declared_members"):
        pk = batch.pks[index]
        members = max(counts.get(pk, 0), declared or 0)
        if dissolved_on is not None or members < COMMITTEE_MEMBERS:
            continue
        if kind == UnionKind.ORGANISER:
            yield warned(
                index,
                "kind",
                "committee-needed",
                f"会员已有{members}名，满25名应建立工会委员会，不宜只设组织员",
            )
        elif pk and pk not in seated and kind in (UnionKind.SINGLE, UnionKind.JOINT):
            yield warned(
                index,
                "kind",
                "committee-missing",
                f"会员已有{members}名，满25名应建立工会委员会，尚未登记届次",
            )


def ending(batch: Batch) -> Iterator[Problem]:
    """A union that ended has no members, units or posts left; the steps 撤销 and 合并 see to that."""
    leaving = [
        pk for pk, day in zip(batch.pks, batch.column("dissolved_on"), strict=True) if pk and day is not None
    ]
    stored = dict(Union.objects.filter(pk__in=leaving).values_list("pk", "dissolved_on"))
    newly = [pk for pk in leaving if stored[pk] is None]
    counts = member_counts(batch.today, newly)
    for index, (dissolved_on, merged_into) in batch.rows("dissolved_on", "merged_into"):
        pk = batch.pks[index]
        if merged_into is not None and dissolved_on is None:
            yield refused(index, "dissolved_on", "merged-without-day", "填写了并入工会，请同时填写撤销日期")
        if merged_into is not None and merged_into == pk:
            yield refused(index, "merged_into", "merged-into-itself", "工会不能并入自己")
        if pk in newly and counts.get(pk):
            yield refused(
                index,
                "dissolved_on",
                "union-with-members",
                f"该工会还有{counts[pk]}名会员，请在工会页面用“撤销工会”或“并入其他工会”办理",
            )


def kind_and_units(batch: Batch) -> Iterator[Problem]:
    """V04: a single union covers one unit; one that covers more cannot be made single."""
    singles = [
        pk
        for pk, kind in zip(batch.pks, batch.column("kind"), strict=True)
        if pk and kind == UnionKind.SINGLE
    ]
    units: dict[int, set[int]] = {}
    for union, unit in Coverage.objects.filter(
        lasting("started_on", "ended_on", Today()), union__in=singles
    ).values_list("union", "unit"):
        units.setdefault(union, set()).add(unit)
    for index, (kind, employer) in batch.rows("kind", "employer"):
        covered = units.get(batch.pks[index] or 0, set())
        if kind != UnionKind.SINGLE:
            continue
        if len(covered) > 1:
            yield refused(
                index,
                "kind",
                "single-with-units",
                f"该工会涵盖{len(covered)}个单位，单独基层工会只能有1个单位",
            )
        elif employer and covered and employer not in covered:
            yield refused(
                index, "employer", "single-other-unit", "建会单位与涵盖单位不一致，请先终止原来的涵盖关系"
            )


def one_union_for_unit(batch: Batch) -> Iterator[Problem]:
    """V04 from the side of the employer: no second single union for a unit that has one."""
    employers = {unit for unit in batch.column("employer") if unit}
    changed = [pk for pk in batch.pks if pk]
    singles = Union.objects.filter(kind=UnionKind.SINGLE, dissolved_on__isnull=True).exclude(pk__in=changed)
    taken = dict(singles.filter(employer__in=employers).values_list("employer", "name"))
    links = Coverage.objects.filter(lasting("started_on", "ended_on", Today()), union__in=singles)
    taken |= dict(links.filter(unit__in=employers).values_list("unit", "union__name"))
    for index, (kind, employer, dissolved_on, name) in batch.rows("kind", "employer", "dissolved_on", "name"):
        if kind != UnionKind.SINGLE or employer is None or dissolved_on is not None:
            continue
        if employer in taken:
            yield refused(
                index, "employer", "unit-has-union", f"该单位已有单独基层工会“{taken[employer]}”，不能再建"
            )
        else:
            taken[employer] = name


def founding_known(batch: Batch) -> Iterator[Problem]:
    """Without the day of founding a union's unit is not counted as covered by itself."""
    for index, (kind, employer, founded_on) in batch.rows("kind", "employer", "founded_on"):
        if kind == UnionKind.SINGLE and employer is not None and founded_on is None:
            yield warned(
                index,
                "founded_on",
                "founding-unknown",
                "未填建会日期，建会单位不会自动计入涵盖单位，请补填或另行登记",
            )
