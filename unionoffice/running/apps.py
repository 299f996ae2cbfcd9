"""The office's own running as a Django app."""

from django.apps import AppConfig


class RunningConfig(AppConfig):
    """Running the office."""

    name = "unionoffice.running"
    verbose_name = "运行"

    def ready(self) -> None:
        """Make the queue known to every task of this process."""
        from unionoffice import celery  # noqa: F401
