"""The boards in Chromium: accessible in light, dark and 长辈版, no wider than the screen, no English.
`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from cases.boards import keeping
from governance_portal.lib.working_days import day_of
from grids.households import services
from tests.cases.cast import GRID
from tests.pages.conftest import PASSWORD, Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


@pytest.fixture(scope="module")
def pages(town: Town) -> dict[str, str]:
    """A network of two layers, a company, a matter of property; the addresses of the pages."""
    d, now = town.district, timezone.now()
    User.objects.filter(is_service=False).update(password=make_password(PASSWORD), must_change_password=False)
    lead, begun = d.actor("centre_lead", now), day_of(now) - timedelta(days=30)
    for place, (name, n) in enumerate((("镇街综治中心", "no"), ("社会力量", "yes")), start=1):
        told = {"name": name, "position": str(place), "measure": "个", "open_ended": n, "from": str(begun)}
        layer = keeping.add_layer(told, actor=lead, now=now)
        who = {"unit": "street"} if n == "no" else {"name": "老支书说事队"}
        duty = {"duty": "辖区矛盾纠纷先行调处", "contact_post": "综治专干", "mode": "on_call", "from": str(begun)}
        member = keeping.add_member({"layer": str(layer.pk), **who, **duty}, actor=lead, now=now)
    row = services.begin("恒安物业服务中心", "胜利小区", GRID, 400, begun, actor=lead, now=now)
    case = d.register(now=now, description="电梯坏了三天没人修。", place={"grid": GRID})
    d.move(case, "accept", "clerk", now, category="A0201", level="general")
    return {
        "bands": "/board/bands/",
        "levels": "/board/levels/",
        "network": "/board/network/",
        "member": f"/board/network/members/{member.pk}/",
        "property": "/board/property/",
        "company": f"/board/property/companies/{row.company_id}/",
    }


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_the_boards_are_clean_for_everybody(town: Town, pages: dict[str, str], look: str, screen: str) -> None:
    page = town.enter("centre_lead")
    wrong = []
    for name, url in pages.items():
        page.goto(url)
        wrong += checked(town, page, f"boards-{name}", look, screen)
    assert wrong == []
    assert town.troubles == []
