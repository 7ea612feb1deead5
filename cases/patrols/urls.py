"""排查: pages of staff (namespace `patrols`)."""

from django.urls import path

from cases.patrols import campaign_views, coverage_views, task_views, views

patrol_urls = (
    [
        path("", views.listing, name="list"),
        path("coverage/", coverage_views.show, name="coverage"),
        path("coverage.csv", coverage_views.sheet, name="coverage-sheet"),
        path("new/", views.new, name="new"),
        path("campaigns/new/", campaign_views.new, name="campaign-new"),
        path("plans/<int:pk>/", views.show, name="plan"),
        path("plans/<int:pk>/change/", views.change, name="change"),
        path("plans/<int:pk>/end/", views.end, name="end"),
        path("plans/<int:pk>/list/", campaign_views.read, name="list-read"),
        path("plans/<int:pk>/list/confirm/", campaign_views.confirm, name="list-confirm"),
        path("plans/<int:pk>/close/", campaign_views.close, name="close"),
        path("tasks/<int:pk>/", task_views.show, name="task"),
        path("tasks/<int:pk>/remark/", task_views.remark, name="remark"),
        path("hand-overs/<int:pk>/", task_views.hand_over, name="hand-over"),
    ],
    "patrols",
)
