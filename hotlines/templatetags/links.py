"""What a case's page shows of other systems: the matter's floor does not know the lines, so its templates ask here."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from hotlines.links.queries import of_case, windows_over

register = template.Library()


@register.inclusion_tag("hotlines/links/_of_case.html", takes_context=True)
def links_of_case(context: template.Context, case: Any) -> dict[str, Any]:
    """Draw a case's links; nothing where it has none."""
    now = timezone.now()
    return {"rows": of_case(case, context["request"].actor, now), "case": case, "now": now}


@register.inclusion_tag("hotlines/links/_window_over.html")
def return_window(case: Any) -> dict[str, Any]:
    """Warn on the form of 不予受理 that the system it came from takes nothing back any more; nothing otherwise."""
    return {"links": windows_over(case, timezone.now())}
