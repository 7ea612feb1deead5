"""`stats/bands/`, `stats/settled-at/`, `network/`: the same figures as the pages, over the API."""

from __future__ import annotations

import pytest

from tests.boards.conftest import Enter
from tests.boards.test_levels import busy
from tests.boards.test_network import a_layer, add
from tests.cases.cast import STREET, District

pytestmark = pytest.mark.django_db

DAYS = "from=2026-11-23&to=2026-11-29"


def test_the_levels_over_the_api(district: District, enter: Enter) -> None:
    busy(district)
    assert enter("supervisor").get(f"/api/v1/stats/settled-at/?area={STREET}&{DAYS}").json() == [
        {"code": "grid", "label": "网格", "count": 3, "share": 37.5},
        {"code": "community", "label": "村（社区）", "count": 1, "share": 12.5},
        {"code": "street", "label": "镇街", "count": 2, "share": 25.0},
        {"code": "district", "label": "区级", "count": 2, "share": 25.0},
    ]


def test_the_bands_over_the_api(district: District, enter: Enter) -> None:
    busy(district)
    bands = enter("clerk").get(f"/api/v1/stats/bands/?{DAYS}").json()
    lines = {line["code"]: line for band in bands for line in band["lines"]}
    assert [band["code"] for band in bands] == ["front", "middle", "end"]
    closure = lines["closure_rate"]
    assert (closure["value"], closure["numerator"], closure["denominator"]) == (90.0, 9, 10)
    patrols = lines["patrol_rate"]
    assert (patrols["value"], patrols["numerator"], patrols["denominator"]) == (None, None, None)


def test_the_network_over_the_api(district: District, enter: Enter) -> None:
    layer = a_layer(district, "镇街综治中心", 1)
    units = add(district, layer, unit="street", area=STREET, mode="on_call")
    named = add(district, layer, name="老支书说事队")
    same = {"duty": "纠纷调处", "contact_post": "综治专干", "since": "2026-01-01"}
    unit = {"code": "street", "name": "井坪镇人民政府"}
    assert enter("supervisor").get("/api/v1/network/").json() == [
        {
            "id": layer.pk,
            "name": "镇街综治中心",
            "symbol": "2",
            "count": 2,
            "measure": "个",
            "members": [
                {
                    **same,
                    **{"id": units.pk, "name": "井坪镇人民政府", "unit": unit, "area": STREET, "mode": "on_call"},
                    **{"open": 0, "overdue": 0},
                },
                {
                    **same,
                    **{"id": named.pk, "name": "老支书说事队", "unit": None, "area": "", "mode": ""},
                    **{"open": None, "overdue": None},
                },
            ],
        }
    ]
