"""What a grid's notice board opens (facts §3.7), and the outlines somebody taps on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grids.models import Grid
from grids.queries import features

GONE = "没有这个网格，公示牌可能是旧的。可以直接反映，写明在哪里就行。"
KEPT_SECONDS = 3600


def no_such_grid(request: HttpRequest) -> HttpResponse:
    """An old board's QR: the way on is the district's form."""
    ways = [{"url": reverse("public:report"), "label": "我要反映", "primary": True}]
    return render(request, "404.html", {"detail": GONE, "ways": ways}, status=404)


@require_safe
def outlines(request: HttpRequest) -> JsonResponse:
    """GeoJSON (WGS-84) of the active grids with name and code; `?grid=` those of that grid's community.

    What stands on public boards, and no more; asked for when somebody opens the map.
    """
    grids = Grid.objects.filter(active=True, boundary__isnull=False).order_by("code")
    code = request.GET.get("grid", "")
    if code:
        grids = grids.filter(community__code=code[:12])
    answer = JsonResponse(features(grids.values("code", "name"), "wgs84"), json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer
