"""月报、季报、年报: pages of staff (namespace `bulletins`)."""

from django.urls import path

from cases.bulletins import acting, views

bulletin_urls = (
    [
        path("", views.listed, name="list"),
        path("make/", acting.make, name="make"),
        path("asks/<uuid:uid>/", views.progress, name="ask"),
        path("<int:pk>/", views.show, name="show"),
        path("<int:pk>/sign/", acting.sign, name="sign"),
        path("<int:pk>/correct/", acting.correct, name="correct"),
        path("<int:pk>/edit/<slug:section>/", acting.edit, name="edit"),
        path("<int:pk>/file/<slug:form>/", views.file, name="file"),
    ],
    "bulletins",
)
