"""The list behind a figure: the address names the fact and its period, the list shows exactly the rows it counts."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404, QueryDict

from unionoffice import facts
from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.values import Refused, clean_day

from .cells import plain
from .types import RecordType


@dataclass(frozen=True)
class FactRows:
    """A fact with the scope of the address: its value and its rows."""

    answer: facts.FactValue
    rows: QuerySet

    @property
    def label(self) -> str:
        return self.answer.fact.label

    @property
    def definition(self) -> str:
        return self.answer.fact.definition

    @property
    def unit(self) -> str:
        return self.answer.fact.unit

    @property
    def value(self) -> str:
        """The number; of a list how many names it has, for they stand in the rows."""
        value = self.answer.value
        return plain(len(value) if isinstance(value, tuple) else value)

    @property
    def basis(self) -> str:
        """How the figure comes from the rows below, where it is not their number."""
        answer, measure = self.answer, self.answer.fact.measure
        rows = f"{answer.records:,}条记录"
        match measure:
            case facts.Total(field):
                summed = answer.fact.model._meta.get_field(field).verbose_name
                return f"{rows}，“{summed}”相加得{plain(answer.value)}{self.unit}"
            case facts.Rate(numerator, denominator):
                above, below = facts.registry[numerator], facts.registry[denominator]
                return (
                    f"{above.label}{plain(answer.numerator)}{above.unit}"
                    f"÷{below.label}{plain(answer.denominator)}{below.unit}，列出的是前一项"
                )
            case facts.People():
                return self._people()
            case facts.Names() if isinstance(answer.value, tuple) and len(answer.value) != answer.records:
                return f"{rows}，同名的只算一个"
        return ""

    def _people(self) -> str:
        """What persons and groups add up to, and whose people are missing; empty where each row is one person."""
        people, unit = self.answer.people, self.unit
        if people is None or not people.groups:
            return ""
        told = f"{self.answer.records:,}条记录：逐人列出{people.single}{unit}，集体{people.groups}条共{people.in_groups}{unit}"
        again = f"，减去前次集体慰问已计的{people.again}{unit}" if people.again else ""
        missing = f"；{self.answer.warning}" if self.answer.warning else ""
        return f"{told}{again}，合计{self.value}{unit}{missing}"

    @property
    def period(self) -> str:
        scope = self.answer.scope
        on_day = facts.registry.holds_on_a_day(self.answer.fact)
        when = f"截至{scope.as_of}" if on_day else f"{scope.start} 至 {scope.end}"
        if scope.unions is not None and len(scope.unions) == 1:
            names = Union.objects.filter(pk__in=scope.unions).values_list("name", flat=True)
            return f"{when} {'、'.join(names)}"
        return when


def fact_rows(kind: RecordType, user: User, params: QueryDict) -> FactRows | None:
    """What `?fact=KEY&from=&to=&as_of=&unions=` asks for; None without a fact. 404 for a fact of another list.

    The unions of the address are cut to those the user may see."""
    key = params.get("fact")
    if not key:
        return None
    fact = facts.registry.get(key)
    if fact is None or fact.slug != kind.slug:
        raise Http404(f"no fact {key} over {kind.slug}")
    scope = _scope(user, params)
    answer = facts.compute([key], scope.at(as_ofs=()))[key]
    return FactRows(answer, fact.rows(scope))


def _scope(user: User, params: QueryDict) -> facts.Scope:
    try:
        start, end, as_of = (clean_day(params.get(name, "")) for name in ("from", "to", "as_of"))
    except Refused as error:
        raise Http404(str(error)) from error
    if not (isinstance(start, date) and isinstance(end, date)):
        raise Http404("a fact needs from and to")
    asked = frozenset(int(part) for part in params.get("unions", "").split(",") if part.isdecimal()) or None
    allowed = access.unions_of(user)
    unions = asked if allowed is None else allowed if asked is None else asked & allowed
    return facts.Scope(start, end, as_of or end, unions)
