"""Address of the analysis page."""

from django.urls import path

from .views import analysis

app_name = "analysis"
urlpatterns = [path("", analysis.page, name="page")]
