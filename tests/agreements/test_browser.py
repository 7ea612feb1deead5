"""The pages of an agreement in Chromium, at a desk and on a phone; `PORTAL_SHOTS=folder` keeps screenshots to look at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.pages.conftest import Town, migrated, town
from tests.pages.test_browser_looks import checked

__all__ = ["migrated", "town"]
pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]


@pytest.fixture(scope="module")
def desk(town: Town) -> dict[str, str]:
    """A case to be answered, and one that is closed with an agreement in three instalments."""
    d, now = town.district, timezone.now()
    begun = now - timedelta(days=4)
    found = []
    for _place in range(2):
        case = d.register(now=begun, description="饭馆装修的工钱一直没有结清。")
        d.move(case, "accept", "clerk", begun, category="A0102", level="general")
        d.move(case, "dispatch", "dispatcher", begun, lead_unit="housing", mode="forward")
        d.move(case, "sign", "handler", begun)
        found.append(case)
    days = [(now + timedelta(days=days)).date().isoformat() for days in (1, 2, 40)]
    given = {
        "result": "双方签订支付协议",
        "outcome": "agreed",
        "reply": "已签订支付协议，分三期付清。",
        "effective_on": begun.date().isoformat(),
        "instalments": [{"due_on": day, "what": "支付工资 8000 元"} for day in days],
    }
    d.move(found[1], "resolve", "handler", begun, **given)
    d.move(found[1], "approve", "supervisor", begun)
    d.move(found[1], "confirm", "follow_up", begun, satisfaction=5, resolved=True, contacted=True)
    d.record(found[1], "perform", "handler", now, instalment=1, performed=True, text="已转账。")
    handled, agreed = (f"/cases/{case.number}/" for case in found)
    return {"answer": f"{handled}moves/resolve/", "agreed": agreed, "perform": f"{agreed}records/perform/"}


@pytest.mark.parametrize(("look", "screen"), [("light", "desk"), ("light", "phone"), ("dark", "desk")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town: Town, desk: dict[str, str], look: str, screen: str
) -> None:
    page = town.enter("handler")
    wrong = {}
    for name, address in desk.items():
        assert page.goto(address)
        wrong[name] = checked(town, page, f"agreements-{name}", look, screen)
    assert {name: found for name, found in wrong.items() if found} == {}
    assert town.troubles == []
    town.leave()
