"""Addresses of the map (namespace `mapping`)."""

from django.urls import path

from cases.mapping import views

map_urls = (
    [
        path("", views.show, name="show"),
        path("points/", views.dots, name="dots"),
        path("public/", views.public, name="public"),
        path("shapes/<slug:stamp>.json", views.shapes, name="shapes"),
    ],
    "mapping",
)
