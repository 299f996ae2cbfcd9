"""Addresses of superiors' forms."""

from django.urls import path

from .views import office_files, returns

app_name = "returns"
told = returns.FORMS.telling
urlpatterns = [
    path("", returns.index, name="index"),
    path("upload/", returns.upload, name="upload"),
    path("<int:pk>/", told(returns.form), name="form"),
    path("<int:pk>/blank/", returns.blank, name="blank"),
    path("<int:pk>/fill/", told(returns.fill), name="fill"),
    path("<int:pk>/filled/", told(returns.filled), name="filled"),
    path("<int:pk>/batch/", returns.batch, name="batch"),
    path("<int:pk>/settings/", office_files.settings, {"shelf": returns.FORMS}, name="settings"),
    path("<int:pk>/accept/", told(returns.accept), name="accept"),
    path("<int:pk>/delete/", office_files.delete, {"shelf": returns.FORMS}, name="delete"),
    path("<int:pk>/cells/<str:code>/", told(returns.cell), name="cell"),
    path("<int:pk>/cells/<str:code>/list/", told(returns.rows), name="rows"),
]
