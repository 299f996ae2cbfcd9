"""`flush` as Django has it, by the owner: the office's role may not empty tables, and history refuses it all the same."""

from django.core.management.commands import flush

from unionoffice.running.roles import OwnerCommand


class Command(OwnerCommand, flush.Command):
    pass
