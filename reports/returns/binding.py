"""What the office does to its forms: takes one in, ties its cells, gives it away and throws it out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unionoffice.facts import registry
from unionoffice.organisation.models import User
from unionoffice.records import blobs, listed_values
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.types import RecordType
from unionoffice.records.types import registry as record_types

from .filling import NUMBER
from .grid import Grid, Place, plain
from .matching import Suggestion, Takeover, known_form, take_over
from .models import Bound, ReturnBinding, ReturnForm, Source
from .opening import grid_of, open_form

ROW_NUMBER = "序号"


@dataclass(frozen=True)
class Received:
    """A form as it was taken in; `takeover` where one like it was known. is_new: False for the very same file."""

    form: ReturnForm
    takeover: Takeover | None = None
    is_new: bool = True


def receive(content: bytes, file_name: str, *, user: User) -> Received:
    """Keep an uploaded form, with the bindings of the one it resembles. SheetRefused for a file that is none."""
    file = open_form(content)
    blob = blobs.store(content, file.media_type)
    same = ReturnForm.objects.filter(file=blob).first()
    if same is not None:
        return Received(same, is_new=False)
    grid = Grid(file.sheets)
    labels = grid.labels()
    known = known_form(labels, ReturnForm.objects.all())
    name = file_name.rpartition(".")[0][:120] or file_name[:120]
    with act(ActKind.CREATE, user=user, summary=f"上传上报表 {name}"):
        form = ReturnForm.objects.create(
            name=name, file=blob, file_name=file_name[-200:], labels=labels, taken_from=known, created_by=user
        )
        if known is None:
            return Received(form)
        found = take_over(grid_of(known.file.read()), grid, known.bindings.all())
        ReturnBinding.objects.bulk_create(_moved(form, *pair) for pair in found.moved)
    return Received(form, found)


def _moved(form: ReturnForm, binding: ReturnBinding, place: Place) -> ReturnBinding:
    shift = place.column - binding.column
    return ReturnBinding(
        form=form,
        **_position(place),
        source=binding.source,
        key=binding.key,
        text=binding.text,
        of_year_before=binding.of_year_before,
        in_wan=binding.in_wan,
        fills_zero=binding.fills_zero,
        height=binding.height,
        columns={str(int(column) + shift): path for column, path in binding.columns.items()},
    )


def _position(place: Place) -> dict[str, int]:
    return {"sheet": place.sheet, "row": place.row, "column": place.column, "blank": place.blank}


def bind(form: ReturnForm, place: Place, values: Mapping[str, object], *, user: User) -> None:
    """Tie a place to a fact, a word or a text, in place of what was there."""
    with act(ActKind.CHANGE, user=user, summary=f"取数 {form} {place.name}"):
        _release(form, [place])
        ReturnBinding.objects.create(form=form, **_position(place), **values)


def bind_all(form: ReturnForm, suggestions: Iterable[Suggestion], *, user: User) -> int:
    """Tie every place to what was suggested for it; returns how many."""
    with act(ActKind.CHANGE, user=user, summary=f"采用建议 {form}"):
        made = ReturnBinding.objects.bulk_create(
            ReturnBinding(
                form=form,
                **_position(found.place),
                source=found.source,
                key=found.key,
                of_year_before=found.of_year_before,
                in_wan=found.in_wan,
            )
            for found in suggestions
        )
    return len(made)


def bind_list(
    form: ReturnForm, place: Place, key: str, height: int, columns: Mapping[int, str], *, user: User
) -> None:
    """Tie rows of the form, from a place down, to the rows behind a fact."""
    taken = [Place(place.sheet, place.row + down, column) for down in range(height) for column in columns]
    with act(ActKind.CHANGE, user=user, summary=f"名单取数 {form} {place.name}"):
        _release(form, [place, *taken])
        ReturnBinding.objects.create(
            form=form,
            **_position(place.at(place.row, min(columns))),
            source=Source.LIST,
            key=key,
            height=height,
            columns={str(column): path for column, path in sorted(columns.items())},
        )


def release(form: ReturnForm, place: Place, *, user: User) -> None:
    """Untie a place; a list as a whole."""
    with act(ActKind.CHANGE, user=user, summary=f"取消取数 {form} {place.name}"):
        _release(form, [place])


def _release(form: ReturnForm, places: Iterable[Place]) -> None:
    bound = Bound(form.bindings.all())
    covering = {found.pk for place in places if (found := bound.at(place))}
    ReturnBinding.objects.filter(pk__in=covering).delete()


def list_type(key: str) -> RecordType | None:
    """The record type whose rows a fact counts; None for a fact nobody offers."""
    fact = registry.get(key)
    return record_types.get(fact.slug) if fact else None


def column_choices(kind: RecordType, user: User) -> dict[str, str]:
    """What a column of a list may show, by path."""
    return {NUMBER: ROW_NUMBER} | listed_values.offered_columns(kind, user)


def likely_columns(kind: RecordType, headings: Mapping[int, str], user: User) -> dict[int, str]:
    """By column of the form the path whose heading or other name it bears."""
    names: dict[str, str] = {}
    offered = column_choices(kind, user)
    for path, heading in offered.items():
        own = heading.rpartition("：")[2]
        aliases = kind.aliases.get(path, ())
        for name in (heading, own, *aliases):
            names.setdefault(plain(name), path)
    return {column: names[plain(text)] for column, text in headings.items() if plain(text) in names}


def room(grid: Grid, place: Place) -> int:
    """How many rows from a place down are blank there: what a form leaves for a list."""
    sheet, rows = grid.sheets[place.sheet], 0
    for row in range(place.row, sheet.height):
        cell = sheet.at(row, place.column)
        if cell is None or cell.row != row or cell.rows > 1 or not cell.is_open:
            break
        rows += 1
    return max(rows, 1)


def list_columns(grid: Grid, place: Place) -> dict[int, str]:
    """The columns a list may fill in the row of a place, with the headings over them."""
    sheet = grid.sheets[place.sheet]
    found = {}
    for column in range(sheet.width):
        cell = sheet.cells.get((place.row, column))
        if cell is not None and cell.may_fill:
            over = sheet.above(cell)
            found[column] = " ".join(over[0].text.split()) if over else ""
    return found
