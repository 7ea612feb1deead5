"""Addresses of the pages 对接, below `/hotlines/links/`."""

from django.urls import path

from hotlines.links import by_hand_views, views

urlpatterns = [
    path("", views.overview, name="links"),
    path("new/", views.settings, name="line-new"),
    path("matters/<uuid:uid>/", views.matter, name="link"),
    path("matters/<uuid:uid>/messages/<int:seq>/", views.message, name="link-message"),
    path("<slug:code>/", views.line, name="line"),
    path("<slug:code>/to-tell/", by_hand_views.to_tell, name="line-to-tell"),
    path("<slug:code>/to-tell/sheet/", by_hand_views.sheet, name="line-sheet"),
    path("<slug:code>/settings/", views.settings, name="line-settings"),
]
