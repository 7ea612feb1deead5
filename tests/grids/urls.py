"""Only the territory's part of the API, so that these tests stand by themselves."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("grids.api"))]
