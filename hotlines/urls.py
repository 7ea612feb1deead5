"""The pages of the lines."""

from django.urls import URLPattern, URLResolver, include, path

from hotlines.outward import views as outward

app_name = "hotlines"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hotlines.desk.urls")),
    path("orders/", include("hotlines.orders.urls")),
    path("links/", include("hotlines.links.urls")),
    path("exchange/", outward.exchange, name="exchange"),
    path("provisions/", outward.provisions, name="provisions"),
    path("provisions/<slug:number>/new/", outward.give, name="give"),
]
