"""`manage.py create_administrator`: the account that makes all others."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import User
from unionoffice.organisation.passwords import hand_out_password


class Command(BaseCommand):
    help = "Make an administrator with a one-time password, or give an existing one a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The login name."""
        parser.add_argument("username", nargs="?", default="admin", help="login name (admin)")

    def handle(self, *, username: str, **options: Any) -> None:
        """Print login name and password; the password must be changed at the first login."""
        user = User.objects.filter(username=username).first() or User(
            username=username, name=Role.ADMINISTRATOR.label, role=Role.ADMINISTRATOR
        )
        if user.role != Role.ADMINISTRATOR:
            raise CommandError(f"账号 {username} 不是系统管理员，请换一个登录名")
        user.is_active = True
        password = hand_out_password(user)
        self.stdout.write(f"系统管理员  登录名 {username}  一次性密码 {password}")
