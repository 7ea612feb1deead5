"""Writing the territory: bringing in files of areas and grids, giving and ending duties."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from governance_portal.lib.progress import SILENT, Progress
from grids.choices import Datum, DutyKind
from grids.importing import AreaImport, GridImport, Import
from grids.models import Duty, Grid
from grids.reports import ImportReport


def import_areas(
    path: Path,
    *,
    dry_run: bool = False,
    datum: str = Datum.GCJ02,
    district: str = "",
    progress: Progress = SILENT,
) -> ImportReport:
    """Bring in areas from CSV, XLSX or GeoJSON; the same file twice changes nothing.

    ``district`` (a code) skips everything outside it; ``datum`` is that of the file's boundaries; ``dry_run`` reports
    what would happen and writes nothing. Bad rows are left out one by one and listed; the rest is one transaction.
    BadFile (with a Chinese sentence) for a file that cannot be read at all.
    """
    return _import(AreaImport, path, dry_run, datum, district, progress)


def import_grids(
    path: Path,
    *,
    dry_run: bool = False,
    datum: str = Datum.GCJ02,
    district: str = "",
    progress: Progress = SILENT,
) -> ImportReport:
    """Bring in grids from CSV, XLSX or GeoJSON, as ``import_areas`` does. Their communities must be there already."""
    return _import(GridImport, path, dry_run, datum, district, progress)


@transaction.atomic
def _import(
    kind: type[Import[Any]], path: Path, dry_run: bool, datum: str, district: str, progress: Progress
) -> ImportReport:
    if datum not in Datum.values:
        raise ValueError(f"unknown datum {datum!r}")
    work = kind(path, datum, district, progress)
    report = work.plan()
    if not dry_run:
        work.write()
    return report


@transaction.atomic
def give_duty(
    user: Any,
    grid: Grid,
    *,
    starts_on: date,
    kind: str = DutyKind.GRID_WORKER,
    ends_on: date | None = None,
    phone: str = "",
) -> Duty:
    """Give a person a duty in a grid. Django's ValidationError (Chinese) if it overlaps one of the same kind."""
    Grid.objects.select_for_update().get(pk=grid.pk)
    duty = Duty(user=user, grid=grid, kind=kind, starts_on=starts_on, ends_on=ends_on, phone=phone)
    duty.full_clean()
    duty.save()
    return duty


def end_duty(duty: Duty, today: date) -> Duty:
    """End a duty now: from ``today`` on the person serves the grid no longer. An ended duty stays as it ended."""
    if duty.ends_on is None or duty.ends_on > today:
        duty.ends_on = max(today, duty.starts_on)
        duty.save(update_fields=["ends_on"])
    return duty
