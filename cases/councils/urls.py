"""民心台账 (namespace `wishes`), 议事 (namespace `councils`); the public page of wishes is joined to `public`."""

from django.urls import path

from cases.councils import council_views, public, views

wish_urls = (
    [
        path("ledger/", views.ledger, name="ledger"),
        path("ledger/new/", views.new, name="new"),
        path("ledger/<int:pk>/", views.show, name="wish"),
        path("ledger/<int:pk>/<slug:what>/", views.act, name="act"),
    ],
    "wishes",
)

council_urls = (
    [
        path("", council_views.listing, name="list"),
        path("new/<slug:what>/", council_views.new, name="new"),
        path("topics/<int:pk>/", council_views.topic, name="topic"),
        path("<int:pk>/", council_views.meeting, name="meeting"),
        path("<int:pk>/paper/", council_views.paper, name="paper"),
        path("<int:pk>/<slug:what>/", council_views.act, name="act"),
        path("decisions/<int:pk>/<slug:what>/", council_views.decision, name="decision"),
    ],
    "councils",
)

public_wishes = [path("wishes/", public.wishes, name="wishes")]
