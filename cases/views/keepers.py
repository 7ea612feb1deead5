"""Pages of the limits and the calendar: for the centre's lead and the system administrator, who holds no case post."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from cases.limits.importing import check_keeper
from cases.views.door import View, answer
from governance_portal.lib.errors import Refusal


def people(view: View) -> View:
    """Let in whoever is logged in; answer refusals as sentences."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return answer(request, refusal)

    return guarded


def keepers(view: View) -> View:
    """Let in who keeps the calendar and the limits."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_keeper(request.actor)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return people(checked)
