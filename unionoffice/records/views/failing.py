"""The page for a fault of ours, or of the key of the stored numbers."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from unionoffice.crypto import OtherKey

from ..requests import request_id


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing was done, and the number under which the log tells why. Without what stands around other pages: the
    database may be what failed."""
    is_other_key = isinstance(sys.exc_info()[1], OtherKey)
    text = render_to_string("errors/500.html", {"request_id": request_id.get(), "is_other_key": is_other_key})
    return HttpResponse(text, status=503 if is_other_key else 500)
