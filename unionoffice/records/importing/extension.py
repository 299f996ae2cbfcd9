"""What a record type may add to its import: related rows that are made, and questions asked before writing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db import models

from unionoffice.organisation.models import User

from ..types import RecordType


class Importer:
    """Base of the class a declaration names as `importer`; one is made for each run.

    loads    models that `written` fills with a row for each new record
    makes    relation fields whose unknown rows are made by `make` instead of refused
    asks     questions on the review page: option name -> form field; cleaned answers stand in `options`
    since    the day from which what the file changes in stored rows holds; None is today
    outside  what is said of a row that exists where the user may not look
    """

    loads: ClassVar[tuple[type[models.Model], ...]] = ()
    makes: ClassVar[frozenset[str]] = frozenset()
    since: date | None = None
    outside: ClassVar[str] = "系统中已有这条记录，但不在您的工会范围内"

    def __init__(self, kind: RecordType, user: User | None, options: Mapping[str, Any]) -> None:
        self.kind, self.user, self.options = kind, user, options

    @classmethod
    def asks(cls) -> Mapping[str, forms.Field]:
        return {}

    def make(self, name: str, text: str, companions: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """Values of the new related row that a cell asks for, and the line that tells so."""
        raise NotImplementedError

    def written(self, pks: Sequence[int]) -> None:
        """Write what follows from rows just inserted or changed, inside the act of the import."""
        if self.kind.after_write is not None and pks:
            self.kind.after_write(pks, self.user)
