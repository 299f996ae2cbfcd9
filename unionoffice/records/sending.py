"""Forms sent once: a key belongs to its user and to one content, so that a lost answer makes no second record."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.crypto import salted_hmac

from unionoffice.organisation.models import User

from .models import Submission

# Sent with a form without being its content.
NOT_CONTENT = frozenset({"csrfmiddlewaretoken", "submission", "another"})


@dataclass(frozen=True)
class Sending:
    """One sending of a form. key is None where the form bears none: then it is never known again."""

    user: User
    key: uuid.UUID | None
    content: str

    @classmethod
    def of(cls, form: forms.BaseForm, user: User) -> "Sending":
        return cls(user, _key(form.data.get("submission")), _content(form.data, form.files))

    def earlier(self) -> Submission | None:
        """What the user saved under this key before, with this content or another."""
        return Submission.objects.filter(user=self.user, key=self.key).first() if self.key else None

    def is_same_as(self, earlier: Submission) -> bool:
        return earlier.content == self.content

    def note(self, url: str) -> None:
        """Keep where this sending led. Of two at once the second breaks the constraint, and its work is undone."""
        if self.key:
            Submission.objects.create(user=self.user, key=self.key, content=self.content, url=url)

    def forget(self) -> None:
        Submission.objects.filter(user=self.user, key=self.key).delete()


def _key(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _content(data: Any, files: Any) -> str:
    """Digest of what a form says, its files included; keyed, so that nobody tries guesses of numbers against it."""
    fields = sorted(
        (name, [value.replace("\r\n", "\n") for value in values])
        for name, values in data.lists()
        if name not in NOT_CONTENT
    )
    sums = sorted((name, [_sum(file) for file in chosen]) for name, chosen in files.lists()) if files else []
    return salted_hmac("submission", json.dumps([fields, sums]), algorithm="sha256").hexdigest()


def _sum(file: Any) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
