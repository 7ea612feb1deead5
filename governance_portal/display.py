"""How a page looks for this reader: theme and 长辈版 from cookies, and what every page says about the centre.

The choices are kept in two cookies that carry nothing but a word each, so that the server draws the page right at once
and the switch works without scripts.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

THEMES = ("auto", "light", "dark")
MODES = ("standard", "elder")
YEAR = 365 * 24 * 3600


def frame(request: HttpRequest) -> dict[str, Any]:
    """`theme`, `mode`, `centre_name`, `office` (sponsor, address, phone, hours, record, complaints) for every template."""
    return {
        "theme": _one_of(THEMES, request.COOKIES.get("theme", "")),
        "mode": _one_of(MODES, request.COOKIES.get("mode", "")),
        "centre_name": settings.CENTRE_NAME,
        "office": settings.CENTRE_OFFICE,
    }


@require_safe
def switch(request: HttpRequest) -> HttpResponse:
    """`/display/?mode=elder&next=/…`: keep the choice and go back. Unknown words are ignored, foreign addresses too."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, known in (("theme", THEMES), ("mode", MODES)):
        if request.GET.get(name) in known:
            response.set_cookie(name, request.GET[name], max_age=YEAR, samesite="Lax", secure=settings.HTTPS_ONLY)
    return response


def _one_of(known: tuple[str, ...], given: str) -> str:
    return given if given in known else known[0]
