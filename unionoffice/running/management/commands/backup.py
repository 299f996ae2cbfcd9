"""`manage.py backup FILE`: database and files in one verified archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from unionoffice.running import archive
from unionoffice.running.errors import RunningError
from unionoffice.running.roles import OwnerCommand


class Command(OwnerCommand):
    help = "Back up the database, which holds every file too, into one verified archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file name."""
        parser.add_argument("file", type=Path, help="the archive to write")

    def handle(self, *, file: Path, **options: Any) -> None:
        """Write the archive and say what is in it."""
        try:
            manifest = archive.write(file)
        except RunningError as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest["rows"].values())
        size = file.stat().st_size / 1_000_000
        self.stdout.write(f"已备份到 {file}：{len(manifest['rows'])} 张表，{rows} 行，{size:.1f} MB，已核对")
