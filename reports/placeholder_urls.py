"""Addresses of the office's own Word files."""

from django.urls import path

from .views import office_files, placeholders

app_name = "placeholders"
told = placeholders.TEMPLATES.telling
urlpatterns = [
    path("", placeholders.index, name="index"),
    path("upload/", placeholders.upload, name="upload"),
    path("<int:pk>/", told(placeholders.show), name="show"),
    path("<int:pk>/filled.docx", told(placeholders.filled), name="filled"),
    path("<int:pk>/original.docx", placeholders.original, name="original"),
    path("<int:pk>/replace/", placeholders.upload, name="replace"),
    path("<int:pk>/explain/", told(placeholders.explain), name="explain"),
    path("<int:pk>/settings/", office_files.settings, {"shelf": placeholders.TEMPLATES}, name="settings"),
    path("<int:pk>/delete/", office_files.delete, {"shelf": placeholders.TEMPLATES}, name="delete"),
]
