"""Addresses of the phone's pages below `/m/` (namespace `phone`)."""

from django.urls import path, re_path

from cases.phone import acting, giving, mine, patrolling, sending, today

phone_urls = (
    [
        path("", today.show, name="today"),
        path("cases/", acting.listing, name="cases"),
        path("cases/<slug:number>/", acting.show, name="case"),
        path("cases/<slug:number>/hand-over/", giving.hand_over, name="hand-over"),
        re_path(r"^cases/(?P<number>[-\w]+)/(?P<what>moves|records)/(?P<name>[a-z_]+)/\Z", acting.do, name="do"),
        path("hand-overs/<int:pk>/<slug:what>/", giving.step, name="hand-over-step"),
        path("patrols/<int:pk>/", patrolling.show, name="patrol"),
        path("me/", mine.show, name="me"),
        path("report/", sending.report, name="report"),
        path("outbox/", sending.outbox, name="outbox"),
        path("offline/", sending.offline, name="offline"),
    ],
    "phone",
)
