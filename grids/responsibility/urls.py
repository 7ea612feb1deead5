"""包保责任: pages of staff (namespace `responsibility`)."""

from django.urls import path

from grids.responsibility import views

responsibility_urls = (
    [
        path("", views.matrix, name="matrix"),
        path("sheet/", views.sheet, name="sheet"),
        path("<int:pk>/end/", views.end, name="end"),
    ],
    "responsibility",
)
