"""坪山区 as the divisions file has it, in small: the two streets that the invented rows name."""

import pytest

from cases import policies
from grids.models import Area


@pytest.fixture
def pingshan(db: None) -> None:
    """A district, two streets and three communities."""
    policies.forget()
    district = Area.objects.create(code="440310", name="坪山区", level="district")
    for street_code, street, communities in (
        ("440310001", "坪山街道", ("六联社区居委会", "六和社区居委会")),
        ("440310006", "龙田街道", ("老坑社区居委会",)),
    ):
        above = Area.objects.create(code=street_code, name=street, level="street", parent=district)
        for order, name in enumerate(communities, 1):
            Area.objects.create(code=f"{street_code}{order:03}", name=name, level="community", parent=above)
