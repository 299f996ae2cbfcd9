"""Password rules beyond Django's own: three classes of characters, none of the last ones again (等保 level 2)."""

import re
import secrets

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import OldPassword, User

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")

# Without the characters that look alike on paper.
PRINTABLE = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789")


def one_time_password() -> str:
    """A random password of twelve characters of three classes, easy to read from paper."""
    drawn = [secrets.choice(characters) for characters in PRINTABLE * 4]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def hand_out_password(user: User) -> str:
    """Save the account with a one-time password, which it returns; the password of before may not come back soon."""
    if user.pk and not user.must_change_password:
        OldPassword.objects.create(user=user, password=user.password)
    password = one_time_password()
    user.set_password(password)
    user.must_change_password, user.password_changed_at = True, timezone.now()
    user.save()
    return password


class ThreeClassesValidator:
    def validate(self, password: str, user: User | None = None) -> None:
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="password-classes")

    def get_help_text(self) -> str:
        return "密码须含大写字母、小写字母、数字、符号中的至少三类。"


class NotRecentlyUsedValidator:
    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        recent = user.old_passwords.order_by("-changed_at").values_list("password", flat=True)
        used = [user.password, *recent[: settings.PASSWORD_HISTORY]]
        if any(old and check_password(password, old) for old in used):
            raise ValidationError(self.get_help_text(), code="password-reused")

    def get_help_text(self) -> str:
        return f"不能与最近{settings.PASSWORD_HISTORY}次使用过的密码相同。"
