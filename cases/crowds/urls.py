"""重复和热点: pages of staff (namespace `crowds`)."""

from django.urls import path

from cases.crowds import crowd_views, views

crowd_urls = (
    [
        path("", views.listing, name="list"),
        path("desk/", views.desk, name="desk"),
        path("group/<slug:number>/", views.group, name="group"),
        path("hot/<slug:place>/<slug:category>/", views.hot_matter, name="hot"),
        path("hot/<slug:place>/<slug:category>/leave/", views.leave, name="hot-leave"),
        path("decide/<slug:number>/", views.decide, name="decide"),
        path("<slug:number>/", crowd_views.show, name="crowd"),
        path("<slug:number>/<slug:what>/", crowd_views.act, name="act"),
    ],
    "crowds",
)
