import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from unionoffice.records import quality
from unionoffice.records.due import bring_up_to_date

SHOWN = 20


class Command(BaseCommand):
    help = "Data-quality findings over all records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="every finding, for a machine to read")

    def handle(self, *args: Any, **options: Any) -> None:
        bring_up_to_date()
        if options["json"]:
            self.stdout.write(json.dumps(self.everything(), ensure_ascii=False, indent=1))
            return
        for check in quality.checks():
            rows = check.rows(None)
            count = rows.count()
            self.stdout.write(f"{check.title}：{count}")
            for record in rows[:SHOWN]:
                self.stdout.write(f"  {record}：{check.message(record)}")
            if count > SHOWN:
                self.stdout.write(f"  （其余{count - SHOWN}条用 --json 查看）")

    def everything(self) -> list[dict[str, Any]]:
        """One entry per finding: check, type, id, name, message."""
        return [
            {
                "kind": check.key,
                "title": check.title,
                "type": check.kind().title,
                "id": finding.record.pk,
                "record": str(finding.record),
                "message": finding.message,
            }
            for check in quality.checks()
            for finding in check.findings()
        ]
