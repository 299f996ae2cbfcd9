"""`manage.py rotate_data_key`: everything stored under an old DATA_KEY is stored anew under the present one."""

from typing import Any

from django.core.management.base import CommandError

from unionoffice import crypto
from unionoffice.running import rekeying
from unionoffice.running.errors import RunningError
from unionoffice.running.roles import OwnerCommand


class Command(OwnerCommand):
    help = (
        "Encrypt everything anew with DATA_KEY; the keys it was encrypted with stand in DATA_KEY_OLD. "
        "Wants the office stopped; interrupted, it goes on where it stopped."
    )

    def handle(self, **options: Any) -> None:
        """Rotate, telling how far it is."""
        try:
            rekeying.rotate(self.stdout.write)
        except (RunningError, crypto.UnreadableSecret) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("密钥已更换，现在可以去掉 DATA_KEY_OLD。旧备份仍要用旧密钥恢复，请把旧密钥另行保存")
