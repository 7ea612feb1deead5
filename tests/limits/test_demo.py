"""The demonstration's version of a limit is published once, by the door."""

import pytest

from cases.models import LimitPolicy
from governance_portal.demo import calendar
from tests.cases.cast import District, at


@pytest.mark.django_db
def test_one_version_is_published_and_only_once(district: District) -> None:
    assert [calendar.make(at(23, 9)) for _ in range(2)] == [1, 0]
    rows = LimitPolicy.objects.filter(clock="resolve_by", kind="consultation", procedure="").order_by("valid_from")
    assert [(row.amount, row.author_name, str(row.valid_from)) for row in rows] == [
        (3, "", "2000-01-01"),
        (2, "孙主任", "2027-01-22"),
    ]
