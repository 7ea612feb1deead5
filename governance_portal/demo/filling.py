"""How far the demonstration is: one small file that the filler writes and every page of staff may read.

A file and not a row, because the filler writes it between two batches and the pages read it with every request: neither
may wait for the other, and a page of a finished demonstration asks no more than whether the file is there.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

FILE = "demo.progress"
#: htmx stops asking when it is answered with this.
STOP_ASKING = 286


@dataclass(frozen=True)
class Filling:
    """So many matters of so many are in the database."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 is said when all of it is there."""
        return 100 * self.done // self.total if self.total else 100


def told(done: int, total: int) -> Filling:
    """Write down how far the filler is; when all is there the file goes."""
    filling = Filling(done, total)
    place = _place()
    if done >= total:
        place.unlink(missing_ok=True)
        return filling
    draft = place.with_suffix(".new")
    draft.write_text(json.dumps(asdict(filling)), encoding="ascii")
    draft.replace(place)  # a reader sees the old line or the new one
    return filling


def current() -> Filling | None:
    """How far it is, or None where nothing is being filled."""
    try:
        return Filling(**json.loads(_place().read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError):
        return None


def strip(_request: HttpRequest) -> dict[str, Any]:
    """`filling` for every template (a context processor of the demonstration only)."""
    return {"filling": current()}


@require_safe
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """The strip again; nothing, and no more questions, when all is there."""
    filling = current()
    return render(request, "components/filling.html", {"filling": filling}, status=200 if filling else STOP_ASKING)


def _place() -> Path:
    return Path(settings.VAR_DIR) / FILE
