"""The boards beside the main board: pages of staff under `/board/` (namespace `boards`)."""

from django.urls import path

from cases.boards import network_views, property_views, views

board_urls = (
    [
        path("bands/", views.three_bands, name="bands"),
        path("levels/", views.settled, name="levels"),
        path("network/", network_views.show, name="network"),
        path("network/layers/new/", network_views.new_layer, name="layer-new"),
        path("network/layers/<int:pk>/", network_views.layer, name="layer"),
        path("network/layers/<int:pk>/end/", network_views.end_layer, name="layer-end"),
        path("network/members/new/", network_views.new_member, name="member-new"),
        path("network/members/<int:pk>/", network_views.member, name="member"),
        path("network/members/<int:pk>/end/", network_views.end_member, name="member-end"),
        path("property/", property_views.show, name="property"),
        path("property/rule/", property_views.rule, name="property-rule"),
        path("property/new/", property_views.new, name="property-new"),
        path("property/companies/<int:pk>/", property_views.company, name="property-company"),
        path("property/services/<int:pk>/end/", property_views.end, name="property-end"),
    ],
    "boards",
)
