"""The pages of the orders, below `hotlines/orders/`."""

from django.urls import path

from hotlines.orders import mapping_views, reject_views, views

urlpatterns = [
    path("", views.start, name="orders"),
    path("rejects/", reject_views.listed, name="order-rejects"),
    path("rejects/<uuid:uid>/", reject_views.mend, name="order-reject"),
    path("lines/<slug:code>/", mapping_views.of_line, name="order-line"),
    path("<uuid:uid>/", views.show, name="order-batch"),
    path("<uuid:uid>/columns/", mapping_views.of_batch, name="order-columns"),
    path("<uuid:uid>/confirm/", views.confirm, name="order-confirm"),
    path("<uuid:uid>/drop/", views.drop, name="order-drop"),
    path("<uuid:uid>/rejects.csv", views.download, name="order-download"),
]
