"""Pages of held reports and of the grids' posters for staff (joined to the namespace `cases`)."""

from django.urls import path

from cases.reporting import posters, views

held_patterns = [
    path("", views.listing, name="held"),
    path("judge/", views.judge, name="held-judge"),
    path("<uuid:uid>/", views.show, name="held-report"),
    path("<uuid:uid>/photos/<uuid:photo>/", views.picture, name="held-photo"),
]

poster_patterns = [
    path("", posters.listing, name="posters"),
    path("district/", posters.district, name="poster-district"),
    path("<slug:code>/", posters.grid, name="poster"),
]
