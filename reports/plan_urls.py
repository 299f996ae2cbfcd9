"""Addresses of the plan board."""

from django.urls import path

from .views import plans

app_name = "plan"
urlpatterns = [
    path("", plans.index, name="index"),
    path("<int:year>/", plans.board, name="board"),
    path("<int:year>/suggestions/", plans.suggestions, name="suggestions"),
    path("<int:year>/new/", plans.new, name="new"),
    path("items/<int:pk>/", plans.edit, name="item"),
    path("items/<int:pk>/<slug:do>/", plans.step, name="step"),
]
