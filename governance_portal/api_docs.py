"""The API's own description: OpenAPI 3.1 as JSON or YAML, and a page to read it, without a word from elsewhere."""

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny


class SchemaView(SpectacularAPIView):
    """The document a client generator reads; open to all, as it names no data."""

    permission_classes = [AllowAny]
    authentication_classes: list[type] = []


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from this portal's own files; its script is a second request, as inline ones are forbidden."""

    permission_classes = [AllowAny]
    authentication_classes: list[type] = []
    template_name = "api_docs.html"


PROBLEM = "#/components/schemas/Problem"
METHODS = ("get", "post", "put", "patch", "delete")


def publish_refusals(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Name in every operation the refusals that any of them may answer (drf-spectacular's postprocessing hook).

    Which these are follows from the operation itself: without a key 401, a post that may not 403, an id that is nobody's
    404, what was sent 400, 413, 415; an operation names further ones (409, 412, 429) by itself.
    """
    components = result.setdefault("components", {}).setdefault("schemas", {})
    components.setdefault("Problem", {"type": "object"})
    for address, item in result["paths"].items():
        for method in METHODS:
            if method in item:
                _publish(item[method], address)
    return result


def _publish(operation: dict[str, Any], address: str) -> None:
    statuses = [] if "/public/" in address else [401, 403]
    asked = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}
    if "{" in address or address.endswith("/locate/") or "cursor" in asked:
        statuses.append(404)
    sends = "requestBody" in operation
    if sends or asked:
        statuses.append(400)
    statuses += [413, 415] if sends else []
    statuses += [400, 429] if "/auth/" in address else []
    for status in statuses:
        content = {"application/problem+json": {"schema": {"$ref": PROBLEM}}}
        operation["responses"].setdefault(str(status), {"content": content, "description": "未办理，原因见 detail"})
