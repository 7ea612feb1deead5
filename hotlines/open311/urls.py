"""Open311 GeoReport v2, mounted at /open311/v2/."""

from django.urls import path, re_path, register_converter

from hotlines.open311 import shapes, views

app_name = "open311"


class Form:
    """The ending of an address: xml or json."""

    regex = "|".join(shapes.FORMATS)

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(Form, "form")

urlpatterns = [
    path("discovery.<form:form>", views.discovery, name="discovery"),
    path("services.<form:form>", views.services, name="services"),
    path("services/<str:code>.<form:form>", views.definition, name="definition"),
    path("requests.<form:form>", views.requests, name="requests"),
    path("requests/<str:number>.<form:form>", views.one_request, name="request"),
    path("tokens/<str:text>.<form:form>", views.token, name="token"),
    path("", views.nothing, name="root"),
    re_path(r"^(?P<rest>.+)$", views.nothing, name="nothing"),
]
