"""数据核查 with its lines, and 采集任务."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.http import urlencode

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.pickers import used_before
from unionoffice.records.rules import not_in_future
from unionoffice.records.types import Done, Filter, RecordType, Related, RowAction, Tone, register

from .. import correcting
from ..choices import CheckResult
from ..forms import CorrectionForm, RosterCheckForm, TakenOnForm, today
from ..models import CollectionTask, RosterCheck, RosterCheckLine
from ..queries import done_by_year_end, rest_to_do, share_done
from ..rules import task_makes_sense

READ = frozenset({access.VIEW, access.EXPORT, access.HISTORY})


def partners(user: User) -> list[tuple[str, str]]:
    """The departments of the checks in sight."""
    names = access.rows(user, RosterCheck).order_by("partner").values_list("partner", flat=True).distinct()
    return [(name, name) for name in names]


def differences(check: RosterCheck, user: User) -> Iterable[dict[str, str]]:
    """The way to the differences that wait, counted among the lines the user sees."""
    waiting = access.rows(user, RosterCheckLine).filter(roster_check=check, corrected_on=None)
    found = sorted(set(waiting.order_by().values_list("result", flat=True)) - {CheckResult.AGREES})
    if found:
        query = urlencode({"roster_check": check.pk, "corrected": "0", "result": found}, doseq=True)
        count = waiting.filter(result__in=found).count()
        yield {"label": f"待更正{count}条", "url": f"{LINES.url('list')}?{query}", "icon": "list-check"}


def _take_count(line: RosterCheckLine, cleaned: dict[str, Any], user: User) -> str:
    unit = correcting.take_head_count(line, on=cleaned["on"], by=user)
    return f"“{unit}”的职工人数已改为{unit.staff_total}。"


def _register(line: RosterCheckLine, cleaned: dict[str, Any], user: User) -> Done:
    unit = correcting.register_unit(line, on=cleaned["on"], by=user)
    return Done(f"已登记单位“{unit}”。它还没有工会，可以在这里建立工会，或到联合工会登记涵盖。", unit)


def _open(line: RosterCheckLine, result: CheckResult) -> bool:
    return line.result == result and line.corrected_on is None


def _correct(line: RosterCheckLine, cleaned: dict[str, Any], user: User) -> str:
    correcting.correct(line, on=cleaned["on"], correction=cleaned["correction"])
    return f"已登记{line}的更正。"


register(
    RecordType(
        model=RosterCheck,
        slug="roster-checks",
        columns=("title", "partner", "checked_on", "note"),
        search=("title", "partner"),
        filters=(Filter("partner", "联合部门", partners, lambda value: Q(partner=value)), "checked_on"),
        form=("title", "partner", "checked_on", "note"),
        import_key=(("title", "partner", "checked_on"),),
        ordering=("-checked_on", "-pk"),
        rules=(not_in_future("checked_on"),),
        form_class=RosterCheckForm,
        chair_may=READ,
        related=(
            Related(
                "roster-check-lines",
                "roster_check",
                columns=("unit_name", "result", "union", "head_count", "recorded_count", "corrected_on"),
                tally="result",
            ),
        ),
        links=(differences,),
        suggests={"partner": used_before(RosterCheck, "partner")},
        note=lambda check: check.partner,
        icon="clipboard-check",
        help="上传税务、工办等部门的单位名单，与系统中的工会和单位逐个比对。",
    )
)
RESULT_TONES: dict[str, Tone] = {
    result: "" if result == CheckResult.CLOSED_UNIT else "warn"
    for result in CheckResult
    if result != CheckResult.AGREES
}
LINES = register(
    RecordType(
        model=RosterCheckLine,
        slug="roster-check-lines",
        columns=(
            "unit_name",
            "result",
            "union",
            "unit",
            "head_count",
            "recorded_count",
            "roster_check",
            "corrected_on",
            "correction",
        ),
        tones={"result": RESULT_TONES},
        search=("unit_name", "credit_code"),
        filters=(
            "roster_check",
            "result",
            "union",
            Filter(
                "corrected",
                "更正",
                lambda user: (("1", "已更正"), ("0", "未更正")),
                lambda value: Q(corrected_on__isnull=value != "1"),
            ),
        ),
        form=(
            "roster_check",
            "row",
            "unit_name",
            "credit_code",
            "head_count",
            "unit",
            "union",
            "result",
            "recorded_count",
            "corrected_on",
            "correction",
        ),
        import_key=(("roster_check", "unit_name"),),
        ordering=("roster_check", "row", "pk"),
        rules=(not_in_future("corrected_on"),),
        chair_may=READ,
        steps=(
            RowAction(
                "count",
                "采用名单人数",
                TakenOnForm,
                _take_count,
                lambda line: (
                    _open(line, CheckResult.HEAD_COUNT) and None not in (line.unit_id, line.head_count)
                ),
                today,
                help="把单位的职工人数改成名单上的人数，同时登记为已更正",
            ),
            RowAction(
                "register",
                "登记为单位",
                TakenOnForm,
                _register,
                lambda line: _open(line, CheckResult.UNKNOWN_UNIT) and line.unit_id is None,
                today,
                help="按名单上的名称、信用代码和人数新建单位",
            ),
            RowAction(
                "correct",
                "登记更正",
                CorrectionForm,
                _correct,
                lambda line: line.result != CheckResult.AGREES and line.corrected_on is None,
                today,
                help="系统数据改好后，在这里登记更正情况",
            ),
        ),
        in_menu=False,
        icon="list-check",
        help="部门名单中的每个单位及比对结果。",
    )
)
register(
    RecordType(
        model=CollectionTask,
        slug="collection-tasks",
        columns=("year", "union", "target", "done", "share", "rest", "note"),
        annotations={"done": done_by_year_end(), "share": share_done(), "rest": rest_to_do()},
        titles={"done": "已完成", "share": "完成率（%）", "rest": "还差"},
        summary=("done", "share", "rest"),
        filters=("year", "union"),
        form=("year", "union", "target", "note"),
        import_key=(("year", "union"),),
        ordering=("-year", "-target", "pk"),
        rules=(task_makes_sense,),
        chair_may=READ,
        icon="target",
        help="每年会员实名信息采集任务。登记在镇总工会名下的是全镇任务，其余为分解到各工会的任务。",
    )
)
