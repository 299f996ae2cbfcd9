"""`manage.py restore FILE`: the database and files of an archive take the place of the present ones."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from unionoffice.running import restoring
from unionoffice.running.errors import RunningError
from unionoffice.running.roles import OwnerCommand


class Command(OwnerCommand):
    help = (
        "Put an archive in the place of the database; a damaged or newer archive is refused, nothing changes."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file name, and whether an archive nobody signed is believed."""
        parser.add_argument("file", type=Path, help="the archive to restore")
        parser.add_argument(
            "--unsigned", action="store_true", help="also one of an earlier version, which signed nothing"
        )

    def handle(self, *, file: Path, unsigned: bool = False, **options: Any) -> None:
        """Restore and say what became of the database that was there."""
        try:
            manifest = restoring.restore(file, self.stdout.write, unsigned=unsigned)
        except RunningError as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest["rows"].values())
        kept = f"{connection.settings_dict['NAME']}_replaced"
        self.stdout.write(
            f"已恢复 {manifest['made_at']} 的备份：{rows} 行。原数据库保留为 {kept}，下次恢复时删除"
        )
