"""Limits in versions: published from tomorrow on, never edited, never looser than the law, never moving a running clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from cases import policies
from cases.limits import lawful, versions
from cases.limits.foreseeing import foresee_case
from cases.models import Case, Deadline, LimitPolicy
from cases.services.integrity import faults
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.api.phone import Phone
from tests.cases.cast import District, at

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NOW = at(23, 9)
TERMS = {
    **{"amount": "3", "unit": "working_day", "extension_amount": "", "extension_times": "", "extension_by": "lead"},
    **{"legal_base": "区委政法委试行办法", "valid_from": "2026-11-24", "reason": "提速"},
}


def general() -> LimitPolicy:
    return LimitPolicy.objects.get(clock="resolve_by", kind="", procedure="", level="general", channel="")


def petition() -> LimitPolicy:
    return LimitPolicy.objects.get(clock="resolve_by", kind="", procedure="petition", channel="")


def publish(d: District, row: LimitPolicy | None, by: str = "centre_lead", now: Any = NOW, **given: str) -> LimitPolicy:
    made, _before = versions.publish({**TERMS, **given}, row.pk if row else None, d.actor(by, now), now)
    return made


def refused(d: District, row: LimitPolicy | None, **given: str) -> dict[str, list[str]]:
    with pytest.raises(Incomplete) as found:
        publish(d, row, **given)
    return {name: list(sentences) for name, sentences in found.value.errors.items()}


def accepted(d: District, now: Any, **given: Any) -> Case:
    return d.move(d.register(now=now, **given), "accept", "clerk", now, category="A0102", level="general")


def test_a_new_version_begins_the_day_after_the_old_one_ends(district: District) -> None:
    before = general()
    made = publish(district, before, valid_from="2026-12-01")
    before.refresh_from_db()
    assert (before.valid_to, before.amount, made.valid_from, made.valid_to) == (
        date(2026, 11, 30),
        7,
        date(2026, 12, 1),
        None,
    )
    facts = {"kind": "appeal", "procedure": "ordinary", "category": "A0102", "level": "general", "channel": "window"}
    policies.forget()
    held = [policies.policy_for("resolve_by", facts, at(day, 23, month=month)) for day, month in ((30, 11), (1, 12))]
    assert [(row.pk, row.amount) for row in held if row] == [(before.pk, 7), (made.pk, 3)]


def test_a_change_never_moves_a_running_clock(district: District) -> None:
    """Seven working days from 23 November are 2 December; the version of three is for what is accepted from the 24th on."""
    running = accepted(district, NOW)
    kept = Deadline.objects.get(case=running, clock="resolve_by").due_at
    publish(district, general())
    policies.forget()
    later = at(24, 9)
    district.move(running, "dispatch", "dispatcher", later, lead_unit="housing", mode="forward")
    district.move(running, "sign", "handler", later)
    district.record(running, "note", "handler", later, text="已联系")
    fresh = accepted(district, later)
    assert Deadline.objects.get(case=running, clock="resolve_by").due_at == kept
    assert Case.objects.get(pk=running.pk).due_at == kept
    assert fresh.due_at == at(28, 0)
    assert list(faults()) == []


def test_what_is_accepted_today_still_has_the_old_limit(district: District) -> None:
    publish(district, general())
    policies.forget()
    assert accepted(district, at(23, 18)).due_at == at(3, 0, month=12)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("amount", 30),
        ("unit", "natural_day"),
        ("valid_from", date(2020, 1, 1)),
        ("statutory", True),
        ("clock", "sign_by"),
    ],
)
def test_the_database_refuses_to_edit_a_version(district: District, change: str, value: Any) -> None:
    row = general()
    with pytest.raises(DatabaseError, match="a limit is a version"), transaction.atomic():
        LimitPolicy.objects.filter(pk=row.pk).update(**{change: value})
    assert general().amount == 7


def test_the_database_refuses_to_move_an_end_or_to_delete_what_was_published(district: District) -> None:
    before = general()
    made = publish(district, before)
    for day in (None, date(2027, 1, 1)):
        with pytest.raises(DatabaseError, match="a limit is a version"), transaction.atomic():
            LimitPolicy.objects.filter(pk=before.pk).update(valid_to=day)
    with pytest.raises(DatabaseError, match="a limit is a version"), transaction.atomic():
        LimitPolicy.objects.filter(pk=made.pk).delete()


def test_two_rows_of_one_line_are_never_open_at_once(district: District) -> None:
    row = general()
    row.pk, row.valid_from = None, date(2027, 1, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"valid_from": "2026-11-23"}, "valid_from", "最早从明天起施行：今天受理的已经按原规定计时。"),
        ({"valid_from": "?"}, "valid_from", "请填施行日，如 2026-11-24。"),
        ({"valid_from": "2030-01-01"}, "valid_from", "施行日最晚在一年以内。"),
        ({"amount": "-1"}, "amount", "请填 0 到 3650 的整数。"),
        ({"amount": "3.5"}, "amount", "请填 0 到 3650 的整数。"),
        ({"unit": "week"}, "unit", "请从列表中选一项。"),
        ({"reason": ""}, "reason", "请写明为什么改，如“区委政法委2027年1号文”。"),
        ({"extension_amount": "3"}, "extension_amount", "延长多少和延期几次要一起填，或者都留空。"),
        (
            {"amount": "", "extension_amount": "3", "extension_times": "1"},
            "extension_amount",
            "不设时限就没有延期，请留空。",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    district: District, given: dict[str, str], field: str, sentence: str
) -> None:
    assert refused(district, general(), **given) == {field: [sentence]}
    assert LimitPolicy.objects.filter(valid_to__isnull=False).count() == 0


def test_the_same_terms_again_are_no_new_version(district: District) -> None:
    same = {"amount": "7", "extension_amount": "3", "extension_times": "1", "legal_base": ""}
    assert refused(district, general(), **same) == {"amount": ["与现行规定一样，没有要改的。"]}


def test_an_old_version_is_not_the_one_to_go_on_from(district: District) -> None:
    before = general()
    publish(district, before)
    with pytest.raises(NotNow):
        publish(district, before, valid_from="2026-12-24")


# --- the law ----------------------------------------------------------------------------------------------------

LAW = "《信访工作条例》第三十四条规定的办结时限"


def test_what_the_law_sets_may_be_tightened_and_keeps_its_base(district: District) -> None:
    made = publish(
        district,
        petition(),
        amount="45",
        unit="natural_day",
        extension_amount="30",
        extension_times="1",
        legal_base="x",
    )
    assert (made.amount, made.statutory, made.legal_base) == (45, True, "《信访工作条例》第三十四条")


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"amount": "61", "unit": "natural_day"}, "amount", f"{LAW}不得放宽：60 天（自然日）。请填不比它长的时限。"),
        ({"amount": "60", "unit": "working_day"}, "amount", f"{LAW}不得放宽：60 天（自然日）。请填不比它长的时限。"),
        ({"amount": "1441", "unit": "hour"}, "amount", f"{LAW}不得放宽：60 天（自然日）。请填不比它长的时限。"),
        ({"amount": ""}, "amount", f"{LAW}是法定期限，不能不设。"),
        (
            {"amount": "60", "unit": "natural_day", "extension_amount": "31", "extension_times": "1"},
            "extension_amount",
            f"{LAW}的延期不得放宽：1 次，每次最多 30 天（自然日），承办单位负责人批准。",
        ),
        (
            {"amount": "30", "unit": "natural_day", "extension_amount": "30", "extension_times": "2"},
            "extension_amount",
            f"{LAW}的延期不得放宽：1 次，每次最多 30 天（自然日），承办单位负责人批准。",
        ),
    ],
)
def test_what_the_law_sets_is_never_loosened(
    district: District, given: dict[str, str], field: str, sentence: str
) -> None:
    assert refused(district, petition(), **given) == {field: [sentence]}


def test_a_more_special_row_does_not_get_round_the_law_either(district: District) -> None:
    new = {"clock": "resolve_by", "kind": "appeal", "level": "major", "amount": "90", "unit": "natural_day"}
    assert list(refused(district, None, **new)) == ["amount"]
    assert list(refused(district, None, **{**new, "procedure": "petition"})) == ["amount"]
    made = publish(district, None, **{**new, "procedure": "ordinary"})  # no petition is ever judged by this one
    assert (made.procedure, made.amount) == ("ordinary", 90)


def test_whether_a_limit_is_longer_is_asked_of_the_calendar() -> None:
    limit = lawful.Limit
    pairs = [(10, 15), (11, 15), (5, 15), (40, 60), (38, 60)]
    found = [
        lawful.is_longer(
            limit(days, lawful.LimitUnit.WORKING_DAY), limit(natural, lawful.LimitUnit.NATURAL_DAY), date(2026, 11, 23)
        )
        for days, natural in pairs
    ]
    assert found == [True, True, False, True, True]


def test_a_special_line_can_be_ended_and_the_general_one_holds_again(district: District) -> None:
    row = LimitPolicy.objects.get(clock="resolve_by", kind="appeal", channel="grid")
    lead = district.actor("centre_lead", NOW)
    ended = versions.end(row.pk, {"valid_to": "2026-11-30", "end_reason": "与窗口统一"}, lead, NOW)
    policies.forget()
    facts = {"kind": "appeal", "procedure": "ordinary", "category": "", "level": "general", "channel": "grid"}
    held = [policies.policy_for("resolve_by", facts, at(day, 9, month=month)) for day, month in ((30, 11), (1, 12))]
    assert [found.amount for found in held if found] == [5, 7]
    assert (ended.valid_to, AuditEntry.objects.get(action="limitpolicy.ended").reason) == (
        date(2026, 11, 30),
        "与窗口统一",
    )
    for other, sentence in (
        (petition(), "法定期限不能停用。"),
        (_plain(), "这是通用的一行，停用后就没有时限了；请改为新的时长。"),
    ):
        with pytest.raises(Incomplete) as found_:
            versions.end(other.pk, {"valid_to": "2026-11-30", "end_reason": "x"}, lead, NOW)
        assert found_.value.errors == {"valid_to": [sentence]}


def _plain() -> LimitPolicy:
    return LimitPolicy.objects.get(clock="dispatch_by", kind="", procedure="", level="", category="", channel="")


def test_every_change_stands_in_the_log_and_others_make_none(district: District, admin: str) -> None:
    publish(district, general(), by=admin)
    entry = AuditEntry.objects.get(action="limitpolicy.published")
    assert (entry.username, entry.reason) == ("sysadmin", "提速")
    assert [entry.detail[side]["amount"] for side in ("from", "to")] == [7, 3]
    for who in ("supervisor", "clerk", "housing_lead", "auditor"):
        with pytest.raises(NotYou):
            publish(district, petition(), by=who)


# --- until when -------------------------------------------------------------------------------------------------


def test_until_when_a_case_accepted_now_would_run_is_what_the_door_gives(district: District) -> None:
    facts = {"kind": "appeal", "procedure": "petition", "category": "A0102", "level": "general", "channel": "window"}
    now = at(2, 9, month=8)
    told = {row.label: row.found for row in foresee_case(facts, now)}
    case = accepted(district, now, procedure="petition")
    clock = Deadline.objects.get(case=case, clock="resolve_by")
    found = told["办结时限"]
    assert found is not None
    assert (found.nominal, found.due, found.tentative) == (clock.nominal_at, clock.due_at, clock.tentative)
    assert found.nominal != found.due


def test_the_table_shows_every_line_once_and_what_comes(district: District, client_of: Callable[[str], Client]) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).astimezone(at(1).tzinfo).date()
    publish(district, general(), now=timezone.now(), valid_from=str(tomorrow))
    page = client_of("centre_lead").get("/limits/").content.decode()
    rows = sum(len(lines) for _label, lines in versions.table(timezone.now()))
    assert page.count('class="limit-go"') == rows == LimitPolicy.objects.filter(valid_to__isnull=True).count()
    assert f"{tomorrow.year}年{tomorrow.month}月{tomorrow.day}日 起 3 个工作日" in page


def test_the_form_foresees_in_place_and_publishes(district: District, client_of: Callable[[str], Client]) -> None:
    lead, row = client_of("centre_lead"), petition()
    asked = {"line": str(row.pk), "amount": "61", "unit": "natural_day"}
    piece = lead.get("/limits/draft/", asked).content.decode()
    assert ("不得放宽" in piece, "<html" in piece, "现在受理的一件（信访程序）" in piece) == (True, False, True)
    tomorrow = (timezone.now() + timedelta(days=1)).astimezone(at(1).tzinfo).date()
    body = {**TERMS, "amount": "61", "unit": "natural_day", "valid_from": str(tomorrow)}
    wrong = lead.post(f"/limits/{row.pk}/", body)
    assert (wrong.status_code, "amount-errors" in wrong.content.decode()) == (400, True)
    assert lead.post(f"/limits/{row.pk}/", {**body, "amount": "50"}).status_code == 302
    assert (
        LimitPolicy.objects.get(clock="resolve_by", kind="", procedure="petition", valid_to__isnull=True).amount == 50
    )


def test_a_new_line_is_added_by_the_form_and_a_second_one_like_it_refused(
    district: District, client_of: Callable[[str], Client]
) -> None:
    lead = client_of("centre_lead")
    tomorrow = (timezone.now() + timedelta(days=1)).astimezone(at(1).tzinfo).date()
    body = {**TERMS, "clock": "resolve_by", "kind": "appeal", "category": "A01", "valid_from": str(tomorrow)}
    assert lead.get("/limits/new/").status_code == 200
    assert lead.post("/limits/new/", body).status_code == 302
    again = lead.post("/limits/new/", body)
    assert (again.status_code, "已有同样范围的规定" in again.content.decode()) == (400, True)


def test_odd_questions_to_the_previews_are_answered(district: District, client_of: Callable[[str], Client]) -> None:
    lead = client_of("centre_lead")
    odd = ["?kind=x&level=%00", "?amount=99999999999999999999", "?line=%F0%9F%98%80", "?amount=٣", "?unit=week&clock=x"]
    found = {
        (page, query): lead.get(f"/limits/{page}{query}").status_code
        for page in ("foresee/", "draft/")
        for query in odd
    }
    assert set(found.values()) == {200}


def test_the_phone_of_the_centre_lead_reads_the_same_table(district: District) -> None:
    rows = Phone(district, "centre_lead").get("limits/").json()
    table = versions.table(timezone.now())
    assert [(row["clock"], row["amount"]) for row in rows] == [
        (line.current.clock, line.current.amount) for _label, lines in table for line in lines
    ]
    assert next(
        row for row in rows if row["clock"] == "resolve_by" and row["procedure"] == "petition" and not row["kind"]
    ) == {
        **{"clock": "resolve_by", "kind": "", "procedure": "petition", "category": "", "level": "", "channel": ""},
        **{"amount": 60, "unit": "natural_day", "extension_amount": 30, "extension_times": 1, "extension_by": "lead"},
        **{"legal_base": "《信访工作条例》第三十四条", "statutory": True, "valid_from": "2000-01-01", "valid_to": None},
    }
