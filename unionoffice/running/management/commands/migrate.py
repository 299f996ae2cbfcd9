"""`migrate` as Django has it, also while a change of DATA_KEY is under way: it writes nothing that depends on the key."""

from django.core.management.commands import migrate

from unionoffice.running.roles import OwnerCommand


class Command(OwnerCommand, migrate.Command):
    pass
