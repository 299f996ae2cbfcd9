"""Pages of the member area beside those of its record types."""

from django.urls import path

from .views import MergePage, RequestTransferPage

app_name = "members"
urlpatterns = [
    path("members/<int:pk>/merge/", MergePage.as_view(), {"slug": "members"}, name="merge"),
    path(
        "transfer-requests/ask/",
        RequestTransferPage.as_view(),
        {"slug": "transfer-requests"},
        name="request_transfer",
    ),
]
