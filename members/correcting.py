"""A difference that a roster check found is put right in the office's own records, and the line says so."""

from datetime import date

from unionoffice.organisation.models import Unit, User
from unionoffice.records.rules import Batch
from unionoffice.records.steps import StepRefused
from unionoffice.records.types import registry

from .choices import CheckResult
from .models import RosterCheckLine


def take_head_count(line: RosterCheckLine, *, on: date, by: User) -> Unit:
    """The unit's staff becomes what the list says. Raises StepRefused where the unit's other figures forbid it."""
    unit = Unit.objects.held().get(pk=line.unit_id)
    before, unit.staff_total = unit.staff_total, line.head_count
    _refuse_faults(unit, by)
    unit.save(update_fields=["staff_total"])
    correct(line, on=on, correction=f"职工人数由{'未填' if before is None else before}改为{unit.staff_total}")
    return unit


def register_unit(line: RosterCheckLine, *, on: date, by: User) -> Unit:
    """A new unit with the name, code and head count of the list. Raises StepRefused when it is there by now."""
    if Unit.objects.filter(name=line.unit_name).exists():
        raise StepRefused(f"已有名为“{line.unit_name}”的单位，请核对后在本条“修改”里选为对应单位。")
    unit = Unit(name=line.unit_name, credit_code=line.credit_code or None, staff_total=line.head_count)
    _refuse_faults(unit, by)
    unit.save()
    line.unit, line.recorded_count = unit, unit.staff_total
    line.result = CheckResult.NO_UNION
    line.save(update_fields=["unit", "recorded_count", "result"])
    return unit


def _refuse_faults(unit: Unit, by: User) -> None:
    kind = registry.of(Unit)
    assert kind is not None
    values = {name: [getattr(unit, kind.field(name).attname)] for name in kind.fields}
    for problem in kind.judge(Batch(values, [unit.pk], by)):
        if problem.verdict == "refused":
            raise StepRefused(f"{problem.message}，请先到单位页面核对。")


def correct(line: RosterCheckLine, *, on: date, correction: str) -> None:
    """Note on which day the difference was put right, and how."""
    line.corrected_on, line.correction = on, correction
    line.save(update_fields=["corrected_on", "correction"])
