from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    name = "unionoffice.records"
    label = "records"
    verbose_name = "台账"

    def ready(self) -> None:
        """Discover every area's declarations, as Django's admin does; the one late import of the house."""
        autodiscover_modules("records", "facts", "quality", "desk", "due")
        from . import checks, history  # noqa: F401
        from .importing import arrays, bulk

        arrays.register()
        post_migrate.connect(history.install_triggers, dispatch_uid="install_history")
        post_migrate.connect(bulk.install, dispatch_uid="install_bulk")
