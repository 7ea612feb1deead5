"""吹哨报到: pages of staff (namespace `whistles`)."""

from django.urls import path

from cases.whistling import views

whistle_urls = (
    [
        path("", views.listing, name="list"),
        path("new/", views.new, name="new"),
        path("<int:pk>/", views.show, name="whistle"),
        path("<int:pk>/paper/", views.paper, name="paper"),
        path("calls/<int:pk>/<slug:what>/", views.act, name="act"),
    ],
    "whistles",
)
