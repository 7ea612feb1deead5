"""Code lists of hazards (facts §3.4: 隐患 sub-list of the reports; §8 rows 0.41, 1.9)."""

from django.db import models


class HazardClass(models.TextChoices):
    """Of what a ledger is kept; facts §3.4."""

    GAS = "gas", "燃气"
    POWER = "power", "电力"
    FIRE = "fire", "消防"
    FLOOD = "flood", "防汛"
    SELF_BUILT = "self_built", "自建房"
    RUNDOWN_C = "rundown_c", "C 级危房"
    RUNDOWN_D = "rundown_d", "D 级危房"
    CHEMICAL = "chemical", "危化品"
    BUILDING = "building", "建筑施工"
    ELDERLY = "elderly", "养老机构"
    SCHOOL = "school", "学校"
    HOSPITAL = "hospital", "医院"
    OTHER = "other", "其他"


#: What the category of a case says of the class, the longest code first; an offer, a person decides.
CLASS_OF_CATEGORY = (
    ("H0601", HazardClass.RUNDOWN_C),
    ("H0602", HazardClass.RUNDOWN_D),
    ("H01", HazardClass.GAS),
    ("H02", HazardClass.POWER),
    ("H03", HazardClass.FIRE),
    ("H04", HazardClass.FLOOD),
    ("H05", HazardClass.SELF_BUILT),
    ("H07", HazardClass.CHEMICAL),
    ("H08", HazardClass.BUILDING),
    ("H09", HazardClass.ELDERLY),
    ("H10", HazardClass.SCHOOL),
    ("H11", HazardClass.HOSPITAL),
    ("H", HazardClass.OTHER),
    ("G05", HazardClass.FLOOD),
    ("G06", HazardClass.FIRE),
)


def class_of(category_code: str) -> str:
    """Return the class that a category suggests, "" for one that suggests none."""
    return next((str(found.value) for code, found in CLASS_OF_CATEGORY if category_code.startswith(code)), "")
