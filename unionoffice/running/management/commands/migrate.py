"""`migrate` as Django has it, also while a change of DATA_KEY is under way: it writes nothing that depends on the key."""

from typing import Any

from django.core.management.commands import migrate

from unionoffice.running import key_guard


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the tables up to date."""
        with key_guard.any_key():
            super().handle(*args, **options)
