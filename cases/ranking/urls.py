"""剔除: pages of staff (namespace `exclusions`)."""

from django.urls import path

from cases.ranking import views

exclusion_urls = (
    [
        path("", views.show_list, name="list"),
        path("new/<str:number>/", views.new, name="new"),
        path("<int:pk>/", views.one, name="one"),
        path("<int:pk>/<slug:step>/", views.act, name="act"),
    ],
    "exclusions",
)
