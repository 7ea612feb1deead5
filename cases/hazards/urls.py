"""隐患: pages of staff (namespace `hazards`)."""

from django.urls import path

from cases.hazards import keeping_views, views

hazard_urls = (
    [
        path("", views.listing, name="list"),
        path("export/", views.export, name="export"),
        path("scope/", keeping_views.scope, name="scope"),
        path("again/", keeping_views.again, name="again"),
        path("again/<int:pk>/", keeping_views.look, name="look"),
        path("flood/", keeping_views.flood, name="flood"),
        path("flood/<int:pk>/", keeping_views.store, name="store"),
        path("flood/<int:pk>/retire/", keeping_views.retire, name="retire"),
        path("<slug:number>/", views.show, name="hazard"),
    ],
    "hazards",
)
