"""系统运行: what the administrator sees of the running office."""

from axes.models import AccessFailureLog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from unionoffice.organisation import access
from unionoffice.running import health
from unionoffice.running.models import NightlyBackup

LATEST = 20
PARTS = {
    "database": "数据库",
    "key": "数据密钥",
    "broker": "任务队列",
    "worker": "后台任务",
    "disk": "磁盘空间",
}


@require_GET
def system(request: HttpRequest) -> HttpResponse:
    """Whether every part works, the nightly backups, the failed logins."""
    if not access.may_administer(request.user):
        raise PermissionDenied(f"{request.user.username} does not run the system")
    context = {
        "parts": {PARTS[name]: works for name, works in health.parts().items()},
        "backups": NightlyBackup.objects.all()[:LATEST],
        "folder": settings.BACKUP_DIR,
        "keep": settings.BACKUP_KEEP,
        "failures": AccessFailureLog.objects.order_by("-attempt_time")[:LATEST],
    }
    return render(request, "running/system.html", context)
