"""The tree of offices keeps its paths true."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Unit


def paths() -> dict[str, str]:
    """Every unit's path, spelled with codes."""
    codes = {str(unit.pk): unit.code for unit in Unit.objects.all()}
    return {
        unit.code: "/".join(codes[key] for key in unit.path.strip("/").split("/"))
        for unit in Unit.objects.order_by("pk")
    }


def test_a_new_unit_stands_below_its_parent(centre: Unit, street: Unit, office: Unit) -> None:
    assert paths() == {"ZX": "ZX", "JP": "ZX/JP", "JP-SF": "ZX/JP/JP-SF"}


def test_moving_a_unit_moves_everything_below_it(centre: Unit, street: Unit, office: Unit) -> None:
    street.parent = None
    street.save()
    assert paths() == {"ZX": "ZX", "JP": "JP", "JP-SF": "JP/JP-SF"}


def test_a_parent_read_before_it_moved_does_not_mislead_its_new_child(centre: Unit, street: Unit) -> None:
    before = Unit.objects.get(pk=street.pk)
    street.parent = None
    street.save()
    Unit.objects.create(code="JP-PC", name="井坪派出所", kind="police", parent=before)
    assert paths() == {"ZX": "ZX", "JP": "JP", "JP-PC": "JP/JP-PC"}


def test_a_subtree_is_the_unit_and_all_below(centre: Unit, street: Unit, office: Unit) -> None:
    assert [list(Unit.objects.subtree(unit).values_list("code", flat=True)) for unit in (centre, street, office)] == [
        ["JP", "JP-SF", "ZX"],
        ["JP", "JP-SF"],
        ["JP-SF"],
    ]


def test_a_unit_whose_number_begins_alike_is_not_within(centre: Unit) -> None:
    first = Unit.objects.create(pk=21, code="A", name="甲", kind="department")
    other = Unit.objects.create(pk=211, code="B", name="乙", kind="department")
    assert (first.path, other.path, other.is_within(first), first.is_within(first)) == ("/21/", "/211/", False, True)


def test_a_unit_cannot_stand_below_its_own_child(centre: Unit, street: Unit, office: Unit) -> None:
    centre.parent = office
    with pytest.raises(ValidationError) as refused:
        centre.save()
    assert refused.value.message_dict == {"parent": ["上级单位不能是本单位或本单位的下级。"]}
    assert paths() == {"ZX": "ZX", "JP": "ZX/JP", "JP-SF": "ZX/JP/JP-SF"}


@pytest.mark.parametrize("area_code", ["1406", "14060310", "1406031000", "14060310A"])
def test_the_database_refuses_an_area_code_of_another_length(db: None, area_code: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(code="X", name="某单位", kind="department", area_code=area_code)
    assert Unit.objects.count() == 0
