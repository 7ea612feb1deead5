"""Single saves and deletions of areas and grids renew the territory's stamp (bulk writes: see querysets)."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from grids import territory
from grids.models import Area, Grid


@receiver((post_save, post_delete), sender=Area, dispatch_uid="area_touches_territory")
@receiver((post_save, post_delete), sender=Grid, dispatch_uid="grid_touches_territory")
def renew_stamp(**_: Any) -> None:
    """An area or a grid was written."""
    territory.touch()
