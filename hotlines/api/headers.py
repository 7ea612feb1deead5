"""The headers of a signed call as the API's description names them (governance_portal.lib.webhooks)."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter

from governance_portal.lib import webhooks

_SAID = {
    webhooks.ID: "这次请求的编号；重发时不变",
    webhooks.TIMESTAMP: "1970 年以来的秒数",
    webhooks.SIGNATURE: "v1,<base64>",
}


def signature_headers(*, required: bool = True) -> list[OpenApiParameter]:
    """Return the three headers of Standard Webhooks; not `required` where a key may stand in their place."""
    before = "" if required else "签名时："
    return [
        OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=f"{before}{said}")
        for name, said in _SAID.items()
    ]
