"""The page for a fault of ours."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..requests import request_id


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing was done, and the number under which the log tells why."""
    return render(request, "errors/500.html", {"request_id": request_id.get()}, status=500)
