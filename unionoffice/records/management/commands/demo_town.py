"""Load the demo town into an empty database and print who can log in."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from unionoffice.organisation.models import Union
from unionoffice.records.demo import DemoTown, loaders
from unionoffice.records.demo.town import MEMBERS
from unionoffice.records.history import act
from unionoffice.records.models import ActKind


class Command(BaseCommand):
    help = "Load the demo town into an empty database and print who can log in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the day up to which the town has records"
        )
        parser.add_argument("--members", type=int, default=MEMBERS, help=f"how many members ({MEMBERS})")

    def handle(self, *, members: int = MEMBERS, today: date | None = None, **options: Any) -> None:
        if Union.objects.exists():
            raise CommandError(
                "The database already holds unions: the demo town is only loaded into an empty one."
            )
        autodiscover_modules("demo")
        town = DemoTown(today or timezone.localdate(), members)
        with act(ActKind.LOAD, summary="演示镇"):
            for load in loaders:
                load(town)
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        for username, password in town.passwords.items():
            user = town.users[username]
            self.stdout.write(f"{user.role_label}\t登录名 {username}\t密码 {password}")
