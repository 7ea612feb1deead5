"""The codes of this room: with whom a table is shared."""

from __future__ import annotations

from django.db import models


class Share(models.TextChoices):
    """Who else finds a saved table among theirs; each counts it anew over what they may see."""

    NOBODY = "nobody", "只有我"
    UNIT = "unit", "本单位"
    CENTRE = "centre", "综治中心"
    ROLE = "role", "某一类岗位"
