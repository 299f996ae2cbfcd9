"""The declaration of a record type and the registry of them all. One declaration gives every page of the type."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cache, cached_property
from typing import Any, Literal

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Expression, Field, ForeignKey, Model, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User

from .cells import naming_path
from .rules import Batch, Problem, judge, refused
from .steps import StepRefused

Tone = Literal["", "ok", "info", "warn", "bad"]
Rule = Callable[[Batch], Iterable[Problem]]


@dataclass(frozen=True)
class Group:
    """Fields that stand together on form and record page under one heading."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Filter:
    """A filter that no field gives by itself. options: (value, label) pairs; where: value -> Q."""

    key: str
    title: str
    options: Callable[[User], Iterable[tuple[str, str]]]
    where: Callable[[str], Q]


@dataclass(frozen=True)
class OnDay:
    """A day of a record that stands in the calendar. path: its field; label: what is on that day, if not the record."""

    path: str
    label: str = ""


@dataclass(frozen=True)
class Evidence:
    """A kind of attachment; a record whose kind still lacks a required one says so."""

    kind: str
    label: str
    required: bool = False


@dataclass(frozen=True)
class Pictured:
    """How photos of a type's rows may stand in documents.

    evidence  the kind of attachment that is a photo of what happened
    day       the field that says when
    subject   row -> what happened; names nobody
    where     the rows whose photos are worth showing
    """

    evidence: str
    day: str
    subject: Callable[[Any], str]
    where: Q = attribute(default_factory=Q)


@dataclass(frozen=True)
class Related:
    """Rows of another type shown on the record page.

    path   look-up from that type to this record
    tally  a field with choices, by which the rows are counted above the table
    """

    slug: str
    path: str
    title: str = ""
    columns: tuple[str, ...] = ()
    tally: str = ""


@dataclass(frozen=True)
class Done:
    """What a step says when it is done, and the record it made: there the work goes on."""

    message: str
    made: Record


@dataclass(frozen=True)
class RowAction:
    """A step on one record (transfer, leave, renew). run(record, cleaned, user) -> message shown afterwards, or Done.

    It runs inside one act, on the record locked. `initial` may pre-fill the form.

    shown     where the step makes sense: elsewhere its button is hidden and, without `possible`, the step refused
    possible  where the step may be taken though no button offers it: a late entry, of which `run` judges the day,
              or one offered by `links` to some users only
    tells     what stands on the record now that the step would touch, told beside `help`
    over_rows whether it may be taken on the ticked rows of a list at once; `initial` is then asked without a record
    """

    key: str
    label: str
    form: type[forms.Form]
    run: Callable[[Any, dict[str, Any], User], str | Done]
    shown: Callable[[Any], bool] = lambda record: True
    initial: Callable[[Any], dict[str, Any]] = lambda record: {}
    needs: str = access.CHANGE
    tone: Literal["", "danger"] = ""
    help: str = ""
    possible: Callable[[Any], bool] | None = None
    tells: Callable[[Any], str] = lambda record: ""
    over_rows: bool = False

    def may_be_taken(self, record: Any) -> bool:
        return (self.possible or self.shown)(record)


@dataclass(frozen=True)
class Duplicate:
    """A record that may be the one being typed."""

    record: Any
    reason: str
    offer: str = ""  # address of a step offered instead, e.g. a transfer
    offer_label: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordType:
    """One kind of record.

    columns      list columns: field names, dotted look-ups (`union.short_name`) or keys of `annotations`
    search       fields searched by the box; names also by pinyin and initials, encrypted numbers by whole value or last four
    filters      field names or Filter objects
    form         field names or Groups; what stands here is also what import and export carry
    import_key   alternatives of field names that identify an existing row, tried in order, first whose cells are all filled
    companions   dotted paths that tell a related row for certain and stand beside it in workbooks: `unit.credit_code`
    aliases      other headings under which rosters carry a field
    annotations  computed columns; their headings in `titles`
    tones        values that stand out wherever they are shown, by field and value; ordinary ones are left out
    summary      columns that the record page shows before its fields: what the record amounts to today
    rules        functions over a batch, the same for form and import
    complete     fills empty cells of the columns of a batch from others (sex and birthday from an identity number)
                 before the rules judge it, the same for form and import: field name -> values per row, changed in place
    chair_may    actions open to chairs, within their unions
    made_by_steps  whether rows come from steps of their own only: nobody adds or imports one
    sensitive    fields, computed columns and keys of filters for those alone who handle the case (illness, income,
                 children): whoever may not read them neither sees nor finds a row by them
    discreet     condition of rows that by themselves tell of illness or of a child: others see them without their
                 files and the columns named in `identifying`, and find them by none of these
    calendar     days of the record that stand in the calendar
    pictured     how its photos may stand in documents; None keeps them out
    links        further buttons of the record page: (record, user) -> dicts with label, url, icon
    quick        fields of the phone form, empty for none; a Group stands folded below the others
    initial      what a new form starts with: user -> values
    suggests     what is offered while a text is typed: field -> (user) -> texts; anything else may be typed
    after_save   called inside the act after a form saved a record: (record, is_new, user)
    after_write  called inside the act with the ids of rows just written, by form, bulk edit or import: writes what
                 follows from them, set by set
    not_in_bulk  fields that bulk edit leaves out (kept by dated events)
    settled      why a row is neither changed nor deleted any more: one line, empty while it may be. Every writer asks:
                 `judge` for rows in sets, `refuse_settled` for one row held by form, step or deletion
    note         a line beside the name in pickers that tells namesakes apart
    choices_shown  narrows what may be chosen in a relation field: field -> (user) -> QuerySet
    """

    model: type[Record]
    slug: str
    columns: tuple[str, ...]
    form: tuple[str | Group, ...]
    search: tuple[str, ...] = ()
    filters: tuple[str | Filter, ...] = ()
    import_key: tuple[tuple[str, ...], ...] = ()
    companions: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = attribute(default_factory=dict)
    annotations: Mapping[str, Expression] = attribute(default_factory=dict)
    titles: Mapping[str, str] = attribute(default_factory=dict)
    tones: Mapping[str, Mapping[str, Tone]] = attribute(default_factory=dict)
    summary: tuple[str, ...] = ()
    ordering: tuple[str, ...] = ("-pk",)
    rules: tuple[Rule, ...] = ()
    complete: Callable[[dict[str, list[Any]]], None] | None = None
    chair_may: frozenset[str] = frozenset({access.VIEW, access.EXPORT, access.HISTORY})
    holds_money: bool = False
    made_by_steps: bool = False
    sensitive: frozenset[str] = frozenset()
    discreet: Q | None = None
    identifying: frozenset[str] = frozenset()
    evidence: tuple[Evidence, ...] = ()
    calendar: tuple[OnDay, ...] = ()
    pictured: Pictured | None = None
    related: tuple[Related, ...] = ()
    steps: tuple[RowAction, ...] = ()
    links: tuple[Callable[[Any, User], Iterable[dict[str, str]]], ...] = ()
    duplicates: Callable[[dict[str, Any], User, Any], list[Duplicate]] | None = None
    form_class: type[forms.ModelForm] | None = None
    quick: tuple[str | Group, ...] = ()
    initial: Callable[[User], dict[str, Any]] = lambda user: {}
    suggests: Mapping[str, Callable[[User], Iterable[str]]] = attribute(default_factory=dict)
    after_save: Callable[[Any, bool, User], None] | None = None
    after_write: Callable[[Sequence[int], User | None], None] | None = None
    importer: type | None = None
    choices_shown: Mapping[str, Callable[[User], QuerySet]] = attribute(default_factory=dict)
    settled: Callable[[Any], str] | None = None
    note: Callable[[Any], str] = lambda row: ""
    search_hint: str = ""
    help: str = ""
    icon: str = "list"
    not_in_bulk: frozenset[str] = frozenset()
    in_menu: bool = True
    menu_area: str = ""
    default_filters: Mapping[str, str] = attribute(default_factory=dict)

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def area(self) -> str:
        return self.model._meta.app_label if not self.menu_area else self.menu_area

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The form as groups; loose fields make the first one."""
        loose = tuple(part for part in self.form if isinstance(part, str))
        named = tuple(part for part in self.form if isinstance(part, Group))
        return ((Group("基本信息", loose),) if loose else ()) + named

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields that form, import and export carry, in order."""
        return tuple(name for group in self.groups for name in group.fields)

    @cached_property
    def quick_fields(self) -> tuple[str, ...]:
        """Names of all fields of the phone form."""
        parts = (part.fields if isinstance(part, Group) else (part,) for part in self.quick)
        return tuple(name for names in parts for name in names)

    def field(self, name: str) -> Field:
        return self.model._meta.get_field(name)

    def resolve(self, path: str) -> Field | None:
        """The model field at the end of a dotted path; None for an annotation."""
        if path in self.annotations:
            return None
        model: type[Model] = self.model
        found: Field | None = None
        for part in path.split("."):
            try:
                found = model._meta.get_field(part)
            except FieldDoesNotExist:
                return None
            if found.is_relation and found.related_model:
                model = found.related_model
        return found

    def heading(self, path: str) -> str:
        """What stands over a column, everywhere: the field's verbose_name (of the relation for `union.name`)."""
        if path in self.titles:
            return self.titles[path]
        first, _, rest = path.partition(".")
        if rest in ("name", "short_name") and isinstance(self.field(first), ForeignKey):
            return str(self.field(first).verbose_name)
        found = self.resolve(path)
        return str(found.verbose_name) if found is not None else path

    def readable(self, user: User) -> tuple[str, ...]:
        """The fields whose content this user may read."""
        hidden = frozenset() if access.may_read_sensitive(user, self) else self.sensitive
        return tuple(name for name in self.fields if name not in hidden)

    def may_read(self, user: User, path: str) -> bool:
        """Whether this user may read in a table what the path leads to, here and in the records on its way.

        Other types' tables ask nothing of a discreet row: what identifies somebody there shows on its own pages only."""
        name, _, rest = path.partition(".")
        if name in self.sensitive and not access.may_read_sensitive(user, self):
            return False
        field = self.resolve(name)
        other = registry.of(field.related_model) if field is not None and field.is_relation else None
        if other is None:
            return True
        rest = rest or naming_path(other.model)
        hidden = rest.partition(".")[0] in other.identifying and other.veiled(user) is not None
        return not hidden and other.may_read(user, rest)

    def identifies(self, path: str) -> bool:
        """Whether what the path leads to tells whom a discreet row is about."""
        return path in self.identifying or path.partition(".")[0] in self.identifying

    def veiled(self, user: User) -> Q | None:
        """The condition of the rows that this user sees without whom they are about; None where there are none."""
        return None if self.discreet is None or access.may_read_sensitive(user, self) else self.discreet

    def untold(self, user: User) -> frozenset[str]:
        """The fields that this user's histories leave out: what a row holds today does not tell what it held."""
        if access.may_read_sensitive(user, self):
            return frozenset()
        return self.sensitive | (self.identifying if self.discreet is not None else frozenset())

    def veils(self, user: User, pk: int) -> bool:
        """Whether this user sees the row without whom it is about, and without its files."""
        veil = self.veiled(user)
        return veil is not None and self.rows(user).filter(veil, pk=pk).exists()

    def findable(self, user: User) -> QuerySet:
        """The rows this user may see and find by what identifies them, with what their names speak of."""
        veil, rows = self.veiled(user), self.rows(user).select_related()
        return rows if veil is None else rows.exclude(veil)

    def why_settled(self, row: Any) -> str:
        """Why this row is neither changed nor deleted any more; empty while it may be."""
        return self.settled(row) if self.settled is not None else ""

    def refuse_settled(self, row: Any) -> None:
        """Raise StepRefused where the row, as it stands held in the database, may not be changed or deleted any more."""
        if said := self.why_settled(row):
            raise StepRefused(f"{said}。")

    def judge(self, batch: Batch) -> list[Problem]:
        """What speaks against keeping these rows, in row order: the stored row is settled, or the rules find something."""
        return sorted([*self._settled(batch), *judge(self.rules, batch)], key=lambda problem: problem.index)

    def _settled(self, batch: Batch) -> Iterator[Problem]:
        pks = [pk for pk in batch.pks if pk is not None] if self.settled is not None else []
        stored = self.model._base_manager.in_bulk(pks) if pks else {}
        for index, pk in enumerate(batch.pks):
            if pk in stored and (said := self.why_settled(stored[pk])):
                yield refused(index, "", "settled", said)

    def step(self, key: str) -> RowAction:
        """The step of that key; 404 for none."""
        found = next((step for step in self.steps if step.key == key), None)
        if found is None:
            raise Http404(f"{self.slug} has no step {key}")
        return found

    def rows(self, user: User) -> QuerySet:
        """The rows this user may see."""
        return access.rows(user, self.model)

    def url(self, page: str = "list", pk: int | None = None, **extra: Any) -> str:
        """Address of a page of this type: list, new, record, edit, history, export, import, ..."""
        if pk is None and not extra:
            return _address(page, self.slug)
        kwargs = {"slug": self.slug} | ({"pk": pk} if pk is not None else {}) | extra
        return reverse(f"records:{page}", kwargs=kwargs)


@cache
def _address(page: str, slug: str) -> str:
    """A page lists every type's addresses in its menu; each is looked up once."""
    return reverse(f"records:{page}", kwargs={"slug": slug})


class Registry:
    """All record types by slug and by model."""

    def __init__(self) -> None:
        self._by_slug: dict[str, RecordType] = {}

    def register(self, kind: RecordType) -> RecordType:
        if kind.slug in self._by_slug:
            raise ValueError(f"record type {kind.slug} is declared twice")
        self._by_slug[kind.slug] = kind
        return kind

    def __iter__(self) -> Iterator[RecordType]:
        return iter(self._by_slug.values())

    def get(self, slug: str) -> RecordType | None:
        return self._by_slug.get(slug)

    def __getitem__(self, slug: str) -> RecordType:
        return self._by_slug[slug]

    def of(self, model: type[Model]) -> RecordType | None:
        """The type that declares this model; None when nobody does."""
        return next((kind for kind in self if kind.model is model), None)

    def titled(self, title: str) -> RecordType | None:
        """The type with this Chinese name, as sheets and the command line give it."""
        return next((kind for kind in self if kind.title == title), None)


registry = Registry()
register = registry.register
