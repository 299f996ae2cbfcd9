"""What filling a form and filling a Word template have in common: for which time and union."""

from django.http import HttpRequest
from django.utils import timezone

from reports.forms import PeriodForm


def asked_period(request: HttpRequest) -> PeriodForm:
    """The period and union of the address; this year unless another is asked for."""
    today = timezone.localdate()
    return PeriodForm(request.user, today, data={"year": today.year, "span": "year"} | request.GET.dict())
