"""自定义统计表: pages of staff (namespace `tables`)."""

from django.urls import path

from cases.tabling import views

table_urls = (
    [
        path("", views.home, name="home"),
        path("make/", views.make, name="make"),
        path("save/", views.save, name="save"),
        path("export/", views.export, name="export"),
        path("exports/", views.exports, name="exports"),
        path("exports/<uuid:uid>/", views.progress, name="export-progress"),
        path("exports/<uuid:uid>/file/", views.download, name="export-file"),
        path("<int:pk>/", views.saved, name="saved"),
        path("<int:pk>/change/", views.change, name="change"),
        path("<int:pk>/copy/", views.copy, name="copy"),
        path("<int:pk>/remove/", views.remove, name="remove"),
    ],
    "tables",
)
