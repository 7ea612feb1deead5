"""督办 in Chromium: every page at a desk and on a phone, no rule of accessibility broken, nothing wider than the screen.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import OrderDraft, Proposal, SpotCheck
from cases.supervising import proposing
from cases.supervising.chores import draft_late, urge
from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import checked
from tests.supervising.scenes import order, resolved, signed

__all__ = ["migrated", "town"]
pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
STORIES = ("邻居两家因滴水檐多次争执。", "路口信号灯不亮，早高峰险情多，请求尽快修复。", "拖欠农民工工资十二万元。")


@pytest.fixture(scope="module")
def desk(town: Town) -> dict[str, str]:
    """The addresses of a desk that holds something everywhere."""
    d, now = town.district, timezone.now()
    ago = now - timedelta(days=40)
    for story in STORIES:
        signed(d, ago, description=story)
    urge(now)
    draft_late(now)
    under = signed(d, now - timedelta(days=2), visitor_count=6)
    laid = order(d, under, now - timedelta(days=1), deadline=(now + timedelta(days=2)).isoformat())
    d.record(under, "respond", "handler", now, order=laid.pk, response="已安排抢修，三天内完成。")
    quick = resolved(d, now, signed(d, now))
    given = {
        "kind": "listed",
        "unit": "housing",
        "addressee": "区委政法委",
        "ground": "三次督办未整改。",
        "advice": "挂牌两个月。",
    }
    proposing.propose(d.actor("supervisor", now), now, {**given, "cases": under.number})
    SpotCheck.objects.create(case=quick, round=1, share=10, drawn_at=now)
    return {
        "desk": "/supervision/",
        "draft": f"/supervision/drafts/{OrderDraft.objects.order_by('pk')[0].pk}/",
        "checks": "/supervision/checks/",
        "propose": f"/supervision/proposals/new/?case={under.number}",
        "proposal": f"/supervision/proposals/{Proposal.objects.get().pk}/",
        "ordered": f"/cases/{under.number}/",
        "doubted": f"/cases/{quick.number}/",
        "order": f"/cases/{under.number}/records/order/?watch=joint",
    }


@pytest.mark.parametrize(
    ("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("elder", "phone")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, desk: dict[str, str], look: str, screen: str
) -> None:
    page = town.enter("supervisor")
    wrong = {}
    for name, address in desk.items():
        assert page.goto(address)
        wrong[name] = [found for found in checked(town, page, f"supervising-{name}", look, screen) if found != "Word"]
    assert {name: found for name, found in wrong.items() if found} == {}
    assert town.troubles == []
