"""探访 (namespace `caring`), 困难帮扶转介 (namespace `help`) and the person's own page (joined to `public`)."""

from django.urls import path

from cases.caring import help_views, public, views

caring_urls = (
    [
        path("", views.listing, name="list"),
        path("new/", views.new, name="new"),
        path("rota/", views.rota, name="rota"),
        path("<uuid:uid>/", views.plan, name="plan"),
        path("<uuid:uid>/contact/", views.reveal, name="contact"),
        path("<uuid:uid>/end/", views.end, name="end"),
    ],
    "caring",
)

help_urls = (
    [
        path("", help_views.listing, name="list"),
        path("new/", help_views.new, name="new"),
        path("<uuid:uid>/", help_views.show, name="show"),
        path("<uuid:uid>/<slug:what>/", help_views.act, name="act"),
    ],
    "help",
)

public_help = [path("query/help/", public.query, name="help")]
