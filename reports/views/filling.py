"""What filling a form and filling a Word template have in common: for which time, and the file that comes of it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from reports.forms import PeriodForm


def asked_period(request: HttpRequest) -> PeriodForm:
    """The period and union of the address; this year unless another is asked for."""
    today = timezone.localdate()
    return PeriodForm(request.user, today, data={"year": today.year, "span": "year"} | request.GET.dict())


def attached(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to be saved under that name."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
