"""Addresses of the pages for drawing grids (namespace `grids`)."""

from django.urls import path

from grids.editing import views

app_name = "grids"

urlpatterns = [
    path("", views.show_list, name="list"),
    path("<slug:code>/", views.community, name="community"),
    path("<slug:code>/history/", views.show_history, name="history"),
]
