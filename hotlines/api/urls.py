"""Addresses of the lines' API, below `/api/v1/`; each room adds its own."""

from django.urls import URLPattern, URLResolver, path

from hotlines.desk.api import TelephonyEventsView
from hotlines.links.api import LinkItemsView
from hotlines.orders.api import OrdersView, OrderView

urlpatterns: list[URLPattern | URLResolver] = [
    path("telephony/events/", TelephonyEventsView.as_view(), name="api-telephony-events"),
    path("links/<slug:code>/", LinkItemsView.as_view(), name="api-link-items"),
    path("lines/<slug:code>/orders/", OrdersView.as_view(), name="api-line-orders"),
    path("lines/<slug:code>/orders/<str:foreign_number>/", OrderView.as_view(), name="api-line-order"),
]
