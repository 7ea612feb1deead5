"""A bulletin from its draft to its signature: figures frozen, the author's words kept, what is signed stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEntry
from cases.bulletins import counted, services
from cases.bulletins.periods import read_span
from cases.models import Bulletin, BulletinCorrection, BulletinText, BulletinVersion
from cases.statistics import cells, counting, spans
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, Stale
from tests.bulletins.conftest import FIRST, NOON, OCTOBER, matter
from tests.cases.cast import COMMUNITY, DISTRICT, STREET, District, at


def paragraph(row: Bulletin, section: str) -> str:
    document = services.document_of(Bulletin.objects.get(pk=row.pk))
    return "\n".join(next(part for part in document.parts if part.code == section).paragraphs)


@pytest.mark.both
def test_a_month_is_counted_as_it_went(october: District) -> None:
    figures = counted.count(DISTRICT, OCTOBER, FIRST)
    assert {name: figures["totals"][name] for name in ("registered", "accepted_in", "closed_in")} == {
        "registered": [3, 1, None],
        "accepted_in": [3, 1, None],
        "closed_in": [2, 1, None],
    }
    assert (figures["totals"]["open"], figures["there"]) == (1, [True, True, False])
    mediated = figures["mediation"]
    assert {name: mediated[name] for name in ("accepted", "ended", "settled", "people")} == {
        "accepted": [1, 0, None],
        "ended": [1, 0, None],
        "settled": [1, 0, None],
        "people": [2, 0, None],
    }
    assert [row for row in mediated["types"] if row["accepted"]] == [
        {"type": "邻里", "accepted": 1, "ended": 1, "settled": 1}
    ]
    assert mediated["sources"] == {"主动调解": 0, "申请调解": 1, "委托移送": 0}
    assert [(row["name"], row["accepted_in"]) for row in figures["channels"]] == [("窗口来访", [3, 1, None])]
    assert [(row["code"], row["accepted_in"][0], row["open"]) for row in figures["areas"]] == [(STREET, 3, 1)]
    assert figures["handling"]["forwarded"] == [3, 1, None]
    assert figures["quality"]["satisfied_closed"] == [2, 1, None]
    assert figures["quality"]["days"][0] == {"many": 2, "mean": 86400, "median": 86400, "p90": 86400}


def lasted(d: District, begins: datetime, ends: datetime, *, paused: tuple[datetime, datetime] | None = None) -> None:
    """A matter accepted and closed at these moments, its clock halted in between."""
    case = d.register(now=begins)
    d.move(case, "accept", "clerk", begins, category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", begins, lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler", begins)
    if paused:
        d.move(case, "suspend", "housing_lead", paused[0], reason="appraisal", expected_end="2026-10-30")
        d.move(case, "resume", "handler", paused[1])
    d.move(case, "resolve", "handler", ends, result="已办", outcome="fulfilled", reply="已办好。")
    d.move(case, "approve", "supervisor", ends)
    d.move(case, "confirm", "follow_up", ends, satisfaction=4, resolved=True, contacted=True)


@pytest.mark.both
def test_how_long_it_took_is_told_without_the_pauses_as_the_board_tells_it(district: District) -> None:
    """Twelve days with nine of them halted are three; with one of six hours and one of a day the middle is the day."""
    d = district
    lasted(d, at(12, 9, month=10), at(12, 15, month=10))
    lasted(d, at(12, 9, month=10), at(13, 9, month=10))
    lasted(d, at(12, 9, month=10), at(24, 9, month=10), paused=(at(14, 9, month=10), at(23, 9, month=10)))
    row = services.make(DISTRICT, OCTOBER, FIRST, d.actor("supervisor", FIRST))
    mean = (6 * 3600 + 86400 + 3 * 86400) // 3
    assert services.figures_of(row)["quality"]["days"][0] == {
        "many": 3,
        "mean": mean,
        "median": 86400,
        "p90": 3 * 86400,
    }
    document = services.document_of(row)
    told = next(table for table in document.tables if table.code == "days")
    assert [[cell.words for cell in line] for line in told.rows] == [
        ["平均办理时长", "1.4天", "—"],
        ["办理时长中位数", "1.0天", "—"],
        ["办理时长 P90", "3.0天", "—"],
    ]
    words = "办结的3件从受理到办结（暂停计时的不算），平均1.4天，中位数1.0天，九成在3.0天以内。"
    assert words in paragraph(row, "quality")
    board = spans.handled(counting.cases_of(d.actor("centre_lead", FIRST), DISTRICT, FIRST), OCTOBER.window, FIRST)
    assert [cells.time_words(one) for one in (board.mean, board.median, board.p90)] == ["1.4 天", "1.0 天", "3.0 天"]


@pytest.mark.both
@pytest.mark.parametrize("area", [DISTRICT, STREET, COMMUNITY])
def test_kept_counts_and_rows_say_the_same(october: District, monkeypatch: pytest.MonkeyPatch, area: str) -> None:
    matter(october, 20, channel="hotline", closed=False)
    matter(october, 28, 9, closed=False)
    now = at(27)  # what was left lying has run out
    kept = counted.count(area, OCTOBER, now)
    monkeypatch.setattr(counting.Scope, "is_kept", lambda *_given: False)
    assert counted.count(area, OCTOBER, now) == kept


def test_a_draft_with_pauses_counted_in_tells_no_durations(october: District, draft: Bulletin) -> None:
    figures = services.figures_of(draft)
    older = {**figures, "schema": 1}
    assert counted.current(older)["quality"]["days"] == [{"many": 0}, {"many": 0}, None]
    assert counted.current(figures) == figures


def test_the_parts_of_an_area_add_up_to_it(october: District) -> None:
    whole, street, community = (counted.count(area, OCTOBER, FIRST) for area in (DISTRICT, STREET, COMMUNITY))
    assert [one["totals"]["accepted_in"][0] for one in (whole, street, community)] == [3, 3, 3]
    assert [row["code"] for row in street["areas"]] == [COMMUNITY]
    assert community["areas"] == []


def test_complaints_are_told_by_unit_from_three_on_and_reports_of_wrongdoing_never(october: District) -> None:
    d = october
    housing, heating = (d.units[key].code for key in ("housing", "heating"))
    for nature, unit in (("service", heating), ("conduct", heating), ("service", heating), ("service", housing)):
        matter(d, 20, closed=False, complained_unit=unit, complaint_nature=nature)
    d.register(now=FIRST.replace(month=10, day=20), complained_unit=housing, complaint_nature="report")
    told = counted.count(DISTRICT, OCTOBER, FIRST)["complained"]
    assert told == {
        "all": 4,
        "answered": 0,
        "units": [{"name": "区供热服务站", "complaints": 3, "answered": 0}],
        "few": {"units": 1, "complaints": 1},
    }


def test_an_older_month_is_looked_at_as_long_after_its_end(october: District) -> None:
    """What September closed later than October was looked at does not make October worse."""
    d = october
    late = matter(d, 28, 9, closed=False)
    for name, by, given in (
        ("resolve", "handler", {"result": "已办", "outcome": "fulfilled", "reply": "已办好。"}),
        ("approve", "supervisor", {}),
        ("confirm", "follow_up", {"satisfaction": 4, "resolved": True, "contacted": True}),
    ):
        d.move(late, name, by, FIRST.replace(month=10, day=20), **given)
    quality = counted.count(DISTRICT, OCTOBER, FIRST)["quality"]
    assert (quality["accepted"], quality["closed"]) == ([3, 2, None], [2, 1, None])


@pytest.mark.usefixtures("october")
def test_what_was_counted_stays_though_the_cases_move_on(october: District, draft: Bulletin) -> None:
    before = services.figures_of(draft)
    matter(october, 15)
    assert services.figures_of(draft) == before
    again = services.make(DISTRICT, OCTOBER, NOON, october.actor("supervisor", NOON))
    assert (again.pk, again.version, again.made_at) == (draft.pk, 2, NOON)
    versions = BulletinVersion.objects.filter(bulletin=draft)
    assert [row.figures["totals"]["registered"][0] for row in versions] == [3, 4]


def test_the_authors_words_stay_and_a_figure_that_moved_is_told(october: District, draft: Bulletin) -> None:
    supervisor = october.actor("supervisor", FIRST)
    generated = paragraph(draft, "overview")
    words = "本月共登记3件，其中集中供热的居多，走访了37户。"
    services.write(supervisor, draft.pk, "overview", words, now=FIRST)
    row = Bulletin.objects.get(pk=draft.pk)
    assert services.warnings_of(row, services.document_of(row)) == {
        "overview": ["文中的“37”不在本期的统计数字里，请核对。"]
    }
    matter(october, 15)
    matter(october, 16)
    row = services.make(DISTRICT, OCTOBER, NOON, supervisor)
    assert paragraph(row, "overview") == words
    told = services.warnings_of(row, services.document_of(row))["overview"]
    assert told[-1] == "文中的“37”不在本期的统计数字里，请核对。"
    services.write(supervisor, draft.pk, "overview", "", now=NOON)
    assert paragraph(row, "overview") != generated
    assert not BulletinText.objects.exists()


def test_the_generated_words_kept_as_the_authors_are_not_warned_of(october: District, draft: Bulletin) -> None:
    supervisor = october.actor("supervisor", FIRST)
    for section in ("overview", "fields", "mediation", "quality", "handling"):
        services.write(supervisor, draft.pk, section, paragraph(draft, section) + "请继续抓好。", now=FIRST)
    row = Bulletin.objects.get(pk=draft.pk)
    assert row.texts.count() == 5
    assert services.warnings_of(row, services.document_of(row)) == {}


def test_what_is_signed_says_next_year_what_it_said(october: District, draft: Bulletin) -> None:
    supervisor, lead = october.actor("supervisor", NOON), october.actor("centre_lead", NOON)
    services.write(supervisor, draft.pk, "advice", "一是建议检修管网。\n二是建议公开电话。", now=NOON)
    signed = services.sign(lead, draft.pk, 1, " 平综治〔2026〕18号 ", now=NOON)
    document = services.document_of(signed)
    assert (document.number, document.state, document.dated) == ("平综治〔2026〕18号", "", "2026-11-02")
    assert document.parts[-1].paragraphs == ("一是建议检修管网。", "二是建议公开电话。")
    matter(october, 15)
    made = services.correct(lead, draft.pk, "表1登记应为4件。", now=NOON)
    later = services.document_of(Bulletin.objects.get(pk=draft.pk))
    assert (later.parts, later.corrections[0].words, made.made_by.name) == (
        document.parts,
        "表1登记应为4件。",
        "孙主任",
    )
    refused: list[Any] = []
    for act in (
        lambda: services.make(DISTRICT, OCTOBER, NOON, supervisor),
        lambda: services.write(supervisor, draft.pk, "advice", "改", now=NOON),
        lambda: services.sign(lead, draft.pk, 1, "", now=NOON),
    ):
        with pytest.raises(NotNow) as why:
            act()
        refused.append(why.value.detail)
    assert refused == [services.SIGNED_ALREADY] * 3
    assert list(
        AuditEntry.objects.filter(target=f"bulletin:{draft.pk}").order_by("pk").values_list("action", flat=True)
    ) == [
        "bulletin.made",
        "bulletin.written",
        "bulletin.signed",
        "bulletin.corrected",
    ]


@pytest.mark.both
def test_the_database_refuses_what_goes_round_the_services(october: District, draft: Bulletin) -> None:
    lead = october.actor("centre_lead", NOON)
    services.write(lead, draft.pk, "advice", "一是建议。", now=NOON)
    services.sign(lead, draft.pk, 1, "", now=NOON)
    services.correct(lead, draft.pk, "更正。", now=NOON)
    text = {"written_at": NOON, "written_by_id": lead.user_id, "words": "补"}
    version = {"version": 9, "figures": {}, "made_at": NOON}
    for act in (
        lambda: Bulletin.objects.filter(pk=draft.pk).update(number="改"),
        lambda: Bulletin.objects.filter(pk=draft.pk).update(
            state="draft", signed_at=None, signed_by=None, document=None
        ),
        lambda: BulletinVersion.objects.filter(bulletin=draft).update(figures={}),
        lambda: BulletinVersion.objects.create(bulletin=draft, **version),
        lambda: BulletinText.objects.filter(bulletin=draft).update(words="改"),
        lambda: BulletinText.objects.filter(bulletin=draft).delete(),
        lambda: BulletinText.objects.create(bulletin=draft, section="hot", **text),
        lambda: BulletinCorrection.objects.filter(bulletin=draft).update(words="改"),
        lambda: BulletinCorrection.objects.filter(bulletin=draft).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert services.document_of(Bulletin.objects.get(pk=draft.pk)).parts[-1].paragraphs == ("一是建议。",)


def test_only_who_may_does_it_and_only_what_was_read_is_signed(october: District, draft: Bulletin) -> None:
    clerk, supervisor, lead = (october.actor(who, NOON) for who in ("clerk", "supervisor", "centre_lead"))
    with pytest.raises(NotYou):
        services.make(DISTRICT, OCTOBER, NOON, clerk)
    with pytest.raises(NotYou):
        services.write(clerk, draft.pk, "advice", "一", now=NOON)
    with pytest.raises(NotYou):
        services.sign(supervisor, draft.pk, 1, "", now=NOON)
    services.make(DISTRICT, OCTOBER, NOON, supervisor)
    with pytest.raises(Stale, match="重新制表"):
        services.sign(lead, draft.pk, 1, "", now=NOON)
    with pytest.raises(Incomplete):
        services.sign(lead, draft.pk, 2, "号" * 41, now=NOON)
    with pytest.raises(Incomplete):
        services.make(DISTRICT, read_span("2026-11"), NOON, supervisor)
    with pytest.raises(NotNow):
        services.correct(lead, draft.pk, "还没有签发", now=NOON)
