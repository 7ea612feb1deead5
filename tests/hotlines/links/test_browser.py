"""The pages 对接 in Chromium: no rule of accessibility broken, nothing wider than the screen; with no scripts, too.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from hotlines.links.answering import sweep_links
from hotlines.links.arriving import take_in
from hotlines.links.hearing import hear
from hotlines.links.transferring import sweep_transfers
from hotlines.links.words import Word, WordKind
from hotlines.models import Line, Link, LinkMessage
from tests.hotlines.links.scenes import arrival, line
from tests.pages.conftest import Town, migrated, town  # noqa: F401
from tests.pages.test_browser_looks import checked

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
#: What a line's settings name (its code, its address), and Open311 in the rail of administrators.
OF_ADMINS = {"Open", "court", "https", "example", "x"}
LOOKS = [("light", "desk"), ("light", "phone"), ("dark", "desk")]


@pytest.fixture(scope="module")
def scene(town: Town) -> Link:  # noqa: F811
    """A court that answers, a police line that is down, a petition office by hand; a refused message; a transfer out."""
    d, now = town.district, timezone.now()
    d.person("sysadmin", "郭管理", Role.SYSTEM_ADMIN, "centre")
    password = User.objects.get(username="clerk").password
    User.objects.filter(username="sysadmin").update(password=password, must_change_password=False)
    court = line(adapter="http", address="https://court.example/x", name="平鲁区人民法院", spoken_at=now)
    line(
        "police",
        "police",
        adapter="file",
        address="police",
        name="平鲁分局 110 指挥中心",
        failed_at=now,
        trouble="交换文件夹不在，可能没有挂载",
    )
    petition = line("petition", "petition", name="区信访局")
    ago = now - timedelta(hours=5)
    for number, received in (("信 12", ago), ("信 13", now)):
        take_in(petition, arrival(number, received), received)
    link = take_in(court, arrival(received=ago, their_due_at=now + timedelta(days=28)), ago).link
    d.move(link.case, "accept", "clerk", now - timedelta(hours=4), category="0101", level="general")
    d.move(link.case, "dispatch", "dispatcher", now - timedelta(hours=3), lead_unit="committee", mode="forward")
    sweep_links(now)
    link.messages.filter(seq=1).update(state="sent", sent_at=ago, answer="对方已接收", receipt="收12")
    link.messages.filter(seq=2).update(state="refused", answer="对方拒收（422）", attempts=1)
    hear(court, Word("w1", link.foreign_number, WordKind.SUPPLEMENT, "申请人补交照片三张，请一并考虑。", now), now)
    out = d.register(now=now - timedelta(days=2))
    d.move(out, "transfer", "clerk", now - timedelta(days=2), receiver="judicial", receipt="已通过对接平台移送")
    sweep_transfers(now)
    LinkMessage.objects.filter(kind="transfer").update(state="sent", sent_at=now, answer="对方已接收")
    assert Line.objects.count() == 3
    return link


@pytest.mark.parametrize(("look", "screen"), LOOKS)
def test_the_pages_break_no_rule(town: Town, scene: Link, look: str, screen: str) -> None:  # noqa: F811
    wrong: dict[str, Any] = {}
    pages = {
        "dispatcher": {
            "overview": "/hotlines/links/",
            "line": "/hotlines/links/court/",
            "late": "/hotlines/links/court/?show=late",
            "nothing": "/hotlines/links/police/?show=late",
            "by-hand": "/hotlines/links/petition/",
            "to-tell": "/hotlines/links/petition/to-tell/",
            "matter": f"/hotlines/links/matters/{scene.uid}/",
            "case": f"/cases/{scene.case.number}/",
        },
        "sysadmin": {"lines": "/hotlines/links/", "settings": "/hotlines/links/court/settings/"},
    }
    for who, urls in pages.items():
        page = town.enter(who)
        for name, url in urls.items():
            page.goto(url)
            found = checked(town, page, f"links-{name}", look, screen)
            wrong[name] = [one for one in found if str(one) not in OF_ADMINS]
    town.leave()
    assert {name: found for name, found in wrong.items() if found} == {}
    assert town.troubles == []


def test_a_message_is_sent_again_without_scripts(town: Town, scene: Link) -> None:  # noqa: F811
    page = town.enter("dispatcher", java_script_enabled=True)
    plain = town.visitor(java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(f"/hotlines/links/matters/{scene.uid}/")
    plain.click("text=马上重发")
    assert "已排队重发" in plain.inner_text("body")
    assert scene.messages.get(seq=2).state == "waiting"
    town.leave()
