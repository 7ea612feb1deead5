"""大屏: what a device opens (`/screen/`) and where the centre's lead keeps screens (namespace `screens`)."""

from django.urls import path

from cases.screens import keeping, views

screen_urls = (
    [
        path("screen/", views.show, name="show"),
        path("screen/data/", views.data, name="data"),
        path("screen/pair/", views.pair, name="pair"),
        path("board/screens/", keeping.screens, name="list"),
        path("board/screens/<int:pk>/code/", keeping.code, name="code"),
        path("board/screens/<int:pk>/end/", keeping.end, name="end"),
    ],
    "screens",
)
