"""The code lists of the territory: levels, kinds of grids, kinds of duty, coordinate datums."""

from django.db import models


class Level(models.TextChoices):
    """Levels of the area tree; the length of a national code says which (GB/T 2260, GB/T 10114)."""

    DISTRICT = "district", "区县"
    STREET = "street", "街道（乡镇）"
    COMMUNITY = "community", "社区（村）"


#: How many digits the code of an area has, by level: 6 for the county, + 3 for the street, + 3 for the community.
CODE_LENGTHS: dict[str, int] = {Level.DISTRICT.value: 6, Level.STREET.value: 9, Level.COMMUNITY.value: 12}

#: The same table read the other way.
LEVEL_OF_LENGTH: dict[int, str] = {length: level for level, length in CODE_LENGTHS.items()}


class GridKind(models.TextChoices):
    """基础网格 divide a community without gaps; 专属网格 (numbers 900–999) are one institution inside it."""

    BASIC = "basic", "基础网格"
    DEDICATED = "dedicated", "专属网格"


class WorkClass(models.TextChoices):
    """What the work in the grid is like; assessment plans differ by it (facts §6.1)."""

    COMMUNITY = "community", "社区网格"
    VILLAGE = "village", "村网格"
    DEDICATED = "dedicated", "专属网格"


class Datum(models.TextChoices):
    """Coordinate datums: maps and boundaries in China come in GCJ-02, phones report WGS-84."""

    GCJ02 = "gcj02", "GCJ-02（国测局坐标）"
    WGS84 = "wgs84", "WGS-84（手机定位）"


class DutyKind(models.TextChoices):
    """As what a person serves a grid (facts §3.7: 平鲁, 安源)."""

    GRID_WORKER = "grid_worker", "网格员"
    RED_ARMBAND = "red_armband", "红袖章"
    OPINION_SURVEYOR = "opinion_surveyor", "民调员"
    BUILDING_HEAD = "building_head", "楼栋长"
    SECTION_HEAD = "section_head", "片区长"
    GRID_HEAD = "grid_head", "网格长"
