"""The catalogue and the texts of the demonstration: 平鲁区, invented; also an example of the files to import."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cases.dispatching.canned import load_shipped
from cases.dispatching.importing import import_catalogue

DATA = Path(__file__).parent.parent / "data"
#: The first edition, then what was changed in it.
EDITIONS = ("pinglu_dispatch.csv", "pinglu_dispatch_2026.csv")


def make_catalogue(now: datetime) -> list[str]:
    """Publish the catalogue, its first amendment and the texts; what is there already stays.

    Returns sentences about rows that could not be taken (a unit that this demonstration does not have).
    """
    load_shipped()
    refused = []
    for edition in EDITIONS:
        report = import_catalogue(DATA / edition, author=None, now=now, dry_run=False)
        refused += [f"{edition} {remark.line}：{remark.reason}" for remark in report.rejected]
    return refused
