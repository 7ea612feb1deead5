"""What every page of the orders passes: log-in, the right post, refusals told as sentences."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from cases.views.door import View
from cases.views.keepers import people
from hotlines.orders.queries import check_taker


def takers(view: View) -> View:
    """Let in who takes orders in."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_taker(request.actor)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return people(checked)
