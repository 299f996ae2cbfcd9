"""Write the records of the office to one workbook, a sheet for each record type, or the empty workbook."""

from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.blank_workbooks import sheet_spec
from unionoffice.records.due import bring_up_to_date
from unionoffice.records.exported_columns import every_column
from unionoffice.records.exporting import disclose, workbook, write_sheet
from unionoffice.records.management.whole_files import whole_file
from unionoffice.records.types import RecordType, registry
from unionoffice.sheets.templates import build_template
from unionoffice.sheets.writing import SheetFull


class Command(BaseCommand):
    help = "Write the records to one workbook, a sheet for each record type; it imports again as unchanged."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="OUT.xlsx")
        parser.add_argument(
            "--type", action="append", dest="types", default=[], help="Chinese name or slug; all if absent"
        )
        parser.add_argument("--template", action="store_true", help="the empty workbook to fill in")
        parser.add_argument(
            "--full",
            action="store_true",
            help="identity and bank numbers in full; needs --user and --purpose",
        )
        parser.add_argument("--user", default="", help="account in whose name numbers are taken out in full")
        parser.add_argument("--purpose", default="", help="what full numbers are for; it is noted")

    def handle(self, *, file: Path, types: list[str], template: bool, full: bool, **options: Any) -> None:
        bring_up_to_date()
        if file.suffix.lower() != ".xlsx":
            raise CommandError(f"{file} must end in .xlsx")
        kinds = [_type(name) for name in types] or [
            kind for kind in registry if not (template and kind.made_by_steps)
        ]
        user = _discloser(kinds, options["user"], options["purpose"]) if full else None
        with whole_file(file) as out:
            if template:
                _refuse_stepwise(kinds)
                out.write(build_template([sheet_spec(kind, None) for kind in kinds]))
            else:
                self.export(out, kinds, user, options["purpose"])

    @transaction.atomic
    def export(self, out: IO[bytes], kinds: list[RecordType], user: User | None, purpose: str) -> None:
        try:
            with workbook(out, "工会工作台", user, full=user is not None) as book:
                for kind in kinds:
                    columns = every_column(kind, None, full=user is not None)
                    count = write_sheet(book, kind, columns, kind.model.objects.order_by("pk"))
                    if user is not None:
                        disclose(kind, user, columns, purpose, count)
                    self.stdout.write(f"{kind.title}: {count}")
        except SheetFull as refusal:
            raise CommandError(f"a sheet holds no more rows: {refusal}") from refusal


def _type(name: str) -> RecordType:
    found = registry.titled(name) or registry.get(name)
    if found is None:
        raise CommandError(
            f"no record type is called {name}; there are {'、'.join(k.title for k in registry)}"
        )
    return found


def _refuse_stepwise(kinds: list[RecordType]) -> None:
    """Nobody fills in records that come from steps of their own."""
    if stepwise := [kind.title for kind in kinds if kind.made_by_steps]:
        raise CommandError(
            f"{'、'.join(stepwise)} come from steps of their own, there is no workbook to fill in"
        )


def _discloser(kinds: list[RecordType], username: str, purpose: str) -> User:
    """The account in whose name full numbers leave the office."""
    if not username or len(purpose.strip()) < 2:
        raise CommandError("--full needs --user and --purpose, which are noted")
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"there is no account {username}")
    forbidden = [kind.title for kind in kinds if not access.may(user, access.EXPORT_FULL, kind)]
    if forbidden or not access.sees_whole_town(user):
        raise CommandError(f"{username} may not export numbers in full")
    return user
