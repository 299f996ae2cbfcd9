"""Addresses: login and accounts, home, documents, and the pages of every record type."""

from django.urls import include, path

from unionoffice.organisation import views as organisation
from unionoffice.records.views import failing, home

handler400 = organisation.bad_request
handler403 = organisation.forbidden
handler404 = organisation.not_found
handler500 = failing.server_error

urlpatterns = [
    path("", home.desk_page, name="desk"),
    path("go/", home.go, name="go"),
    path("", include("unionoffice.organisation.urls")),
    path("", include("unionoffice.administration.urls")),
    path("", include("unionoffice.running.urls")),
    path("dashboard/", include("reports.dashboard_urls")),
    path("analysis/", include("reports.analysis_urls")),
    path("reports/", include("reports.urls")),
    path("plan/", include("reports.plan_urls")),
    path("returns/", include("reports.return_urls")),
    path("word/", include("reports.placeholder_urls")),
    path("", include("members.urls")),
    path("", include("unionoffice.records.urls")),
]
