"""解纷网络: layers and members as the centre's lead keeps them, by days; what they hold opens its list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import AuditEntry
from cases.boards import keeping, network
from cases.models import NetworkLayer, NetworkMember
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.boards.conftest import NOW, Enter
from tests.boards.test_levels import settled_by
from tests.cases.cast import STREET, District

pytestmark = pytest.mark.django_db


def a_layer(d: District, name: str, position: int, *, n: bool = False) -> NetworkLayer:
    """A layer from the beginning of the year."""
    given = {
        "name": name,
        "position": str(position),
        "measure": "个",
        "open_ended": "yes" if n else "no",
        "from": "2026-01-01",
    }
    return keeping.add_layer(given, actor=d.actor("centre_lead"), now=NOW)


def member_of(layer: NetworkLayer, **more: str) -> dict[str, Any]:
    """What is typed for a member."""
    given = {
        "layer": str(layer.pk),
        "duty": "纠纷调处",
        "contact_post": "综治专干",
        "mode": "none",
        "from": "2026-01-01",
    }
    return {**given, **more}


def add(d: District, layer: NetworkLayer, **more: str) -> NetworkMember:
    """Add a member."""
    return keeping.add_member(member_of(layer, **more), actor=d.actor("centre_lead"), now=NOW)


@pytest.fixture
def web(district: District) -> District:
    """1 + 2 + N with three members."""
    centre, streets, others = (
        a_layer(district, name, place, n=place == 3)
        for place, name in enumerate(("区综治中心", "镇街综治中心", "社会力量"), start=1)
    )
    add(district, centre, unit="centre", mode="standing")
    add(district, streets, unit="street", area=STREET)
    add(district, streets, unit="other_street")
    add(district, others, name="老支书说事队")
    return district


def test_the_numbers_are_counted_from_the_members(web: District, enter: Enter) -> None:
    page = enter("supervisor").get("/board/network/")
    assert page.context["formula"] == "1+2+N"
    assert [
        (one["row"].name, one["symbol"], [member["row"].called for member in one["members"]])
        for one in page.context["layers"]
    ] == [
        ("区综治中心", "1", ["平鲁区社会治安综合治理中心"]),
        ("镇街综治中心", "2", ["凤凰城镇人民政府", "井坪镇人民政府"]),
        ("社会力量", "N", ["老支书说事队"]),
    ]


def test_a_member_shows_what_it_holds_and_opens_it(web: District, enter: Enter) -> None:
    settled_by(web, "street_handler", "street", closing=False)
    settled_by(web, "street_handler", "street")
    leader = enter("centre_lead")
    drawn = {
        member["row"].called: member["cells"]
        for layer in leader.get("/board/network/").context["layers"]
        for member in layer["members"]
    }
    assert drawn["老支书说事队"] is None
    assert [cell["words"] for cell in drawn["凤凰城镇人民政府"]] == ["0", "0"]
    holds, late = drawn["井坪镇人民政府"]
    assert (holds["words"], late["words"], late["url"]) == ("1", "0", "")
    query = holds["url"].partition("?")[2].replace("tab=all&", "")
    assert leader.get(f"/api/v1/cases/count/?{query}").json() == {"count": 1}


def test_a_change_is_a_row_that_follows_and_the_day_before_looks_as_it_was(web: District, enter: Enter) -> None:
    row = NetworkMember.objects.get(unit__code="street")
    given = member_of(row.layer, unit="street", mode="rotating", contact_post="副镇长", **{"from": "2026-11-23"})
    made = keeping.change_member(row.pk, given, actor=web.actor("centre_lead"), now=NOW)
    row.refresh_from_db()
    assert (row.ends_on, made.starts_on, made.follows_id, made.mode) == (
        date(2026, 11, 23),
        date(2026, 11, 23),
        row.pk,
        "rotating",
    )
    supervisor = enter("supervisor")
    posts = {}
    for day in ("2026-11-22", "2026-11-23", "2025-12-31"):
        layers = supervisor.get(f"/board/network/?on={day}").context["layers"]
        posts[day] = [member["row"].contact_post for layer in layers[1:2] for member in layer["members"]]
    assert posts == {
        "2026-11-22": ["综治专干", "综治专干"],
        "2026-11-23": ["综治专干", "副镇长"],
        "2025-12-31": [],
    }
    history = supervisor.get(f"/board/network/members/{made.pk}/").context["history"]
    assert [one.pk for one in history] == [made.pk, row.pk]


def test_on_its_own_first_day_a_member_is_put_right(web: District) -> None:
    row = NetworkMember.objects.get(unit__code="street")
    given = member_of(row.layer, unit="street", duty="先行调处")
    assert keeping.change_member(row.pk, given, actor=web.actor("centre_lead"), now=NOW).pk == row.pk
    assert NetworkMember.objects.filter(unit__code="street").values_list("duty", flat=True).get() == "先行调处"


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"unit": "housing", "name": "住建局"}, "unit", keeping.ONE_OF_TWO),
        ({}, "unit", keeping.ONE_OF_TWO),
        ({"unit": "nowhere"}, "unit", "没有这个单位，或者该单位已停用；请重新选择。"),
        ({"unit": "housing", "contact_post": "老李 13812341234"}, "contact_post", keeping.NO_PHONE),
        ({"unit": "housing", "from": "2025-06-01"}, "from", "那天没有“镇街综治中心”这一层。"),
        (
            {"unit": "street"},
            "unit",
            "已在“镇街综治中心”一层（2026-01-01 起，至今），要改内容请在那一条上变更。",
        ),
        ({"name": "老支书说事队"}, "name", "已在“社会力量”一层（2026-01-01 起，至今），要改内容请在那一条上变更。"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(
    web: District, given: dict[str, str], field: str, sentence: str
) -> None:
    layer = NetworkLayer.objects.get(position=2)
    with pytest.raises(Incomplete) as refused:
        add(web, layer, **given)
    assert refused.value.errors == {field: [sentence]}


def test_a_layer_ends_when_nobody_is_in_it_any_more_and_nothing_goes_away(web: District) -> None:
    lead, layer = web.actor("centre_lead"), NetworkLayer.objects.get(position=3)
    with pytest.raises(NotNow, match="还有 1 个成员"):
        keeping.end_layer(layer.pk, {"on": "2026-11-23"}, actor=lead, now=NOW)
    member = NetworkMember.objects.get(name="老支书说事队")
    keeping.end_member(member.pk, {"on": "2026-11-23"}, actor=lead, now=NOW)
    keeping.end_layer(layer.pk, {"on": "2026-11-23"}, actor=lead, now=NOW)
    symbols = [network.formula(network.network_on(date(2026, 11, day))) for day in (22, 23)]
    assert symbols == ["1+2+N", "1+2"]
    with pytest.raises(NotNow, match="只作历史查看"):
        keeping.change_member(member.pk, member_of(layer, name="老支书说事队"), actor=lead, now=NOW)
    logged = AuditEntry.objects.filter(action__startswith="network_").order_by("pk").values_list("action", flat=True)
    assert list(logged)[-2:] == ["network_member_ended", "network_layer_ended"]


def test_only_the_centres_lead_keeps_the_network(web: District, enter: Enter) -> None:
    layer = NetworkLayer.objects.get(position=2)
    with pytest.raises(NotYou):
        keeping.add_member(member_of(layer, unit="housing"), actor=web.actor("supervisor"), now=NOW)
    other = enter("supervisor")
    member = NetworkMember.objects.get(unit__code="street")
    paths = ["members/new/", "layers/new/", f"layers/{layer.pk}/", f"members/{member.pk}/"]
    assert [other.get(f"/board/network/{path}").status_code for path in paths] == [403, 403, 403, 200]
    assert other.post(f"/board/network/members/{member.pk}/end/", {"on": "2026-11-23"}).status_code == 403
    assert "增加成员" not in other.get("/board/network/").content.decode()


def test_the_lead_adds_changes_and_ends_on_the_pages(web: District, enter: Enter) -> None:
    lead, layer = enter("centre_lead"), NetworkLayer.objects.get(position=2)
    wrong = lead.post("/board/network/members/new/", member_of(layer, unit="housing", contact_post="电话 0349-6012345"))
    assert (wrong.status_code, keeping.NO_PHONE in wrong.content.decode()) == (400, True)
    added = lead.post("/board/network/members/new/", member_of(layer, unit="housing"), follow=True)
    assert "已把区住房和城乡建设局加入“镇街综治中心”。" in added.content.decode()
    pk = NetworkMember.objects.get(unit__code="housing").pk
    ended = lead.post(f"/board/network/members/{pk}/end/", {"on": "2026-11-23"}, follow=True)
    assert "区住房和城乡建设局到 2026-11-23 结束。" in ended.content.decode()
    told = {"name": "镇街分中心", "position": "2", "measure": "家", "open_ended": "no"}
    changed = lead.post(f"/board/network/layers/{layer.pk}/", told, follow=True)
    assert "镇街分中心" in changed.content.decode()
    early = lead.post(f"/board/network/layers/{layer.pk}/end/", {"on": "2026-11-23"}, follow=True)
    assert "这一层到那天还有 2 个成员" in early.content.decode()
    fresh = {**told, "name": "村（社区）", "position": "4", "from": "2026-11-23"}
    assert "已增加“村（社区）”一层。" in lead.post("/board/network/layers/new/", fresh, follow=True).content.decode()


def test_nothing_is_configured_in_the_beginning(district: District, enter: Enter) -> None:
    page = enter("centre_lead").get("/board/network/").content.decode()
    assert "还没有登记解纷网络" in page
