"""The three kinds of transfer: what each brings, by when it wants an answer, how it calls what came of it.

诉调: 诉前委派, thirty days from the papers' receipt, fifteen after filing; only where the parties agree
(特邀调解规定 §§5, 27; facts §2.3 TY). 警调: contact in an hour, an answer in 24 hours, five days where it is
complicated (facts §2.3 YS). 访调: told within fifteen days, decided in sixty (信访工作条例 §§22, 23, 34).
Our own clocks are those of the policy table, by channel and procedure; the dates here are the other side's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.choices import Kind, Level, Outcome
from cases.policies import calendar
from governance_portal.lib.working_days import Limit, LimitUnit, due
from hotlines.choices import LineKind
from hotlines.links.words import Unreadable

Document = Mapping[str, Any]
COURT_BEFORE, COURT_AFTER = Limit(30, LimitUnit.NATURAL_DAY), Limit(15, LimitUnit.NATURAL_DAY)
POLICE_PLAIN, POLICE_COMPLICATED = Limit(24, LimitUnit.HOUR), Limit(5, LimitUnit.NATURAL_DAY)
PETITION_WHOLE = Limit(60, LimitUnit.NATURAL_DAY)
SIDES = {"applicant": "申请人", "respondent": "被申请人"}
PARTY = ("name", "phone", "id_number", "address", "role")


@dataclass(frozen=True)
class Form:
    """How a document of one kind of line is read, and what its results are called there."""

    given: Callable[[Document], dict[str, Any]]
    due: Callable[[Document, datetime], datetime | None]
    results: Mapping[str, str]
    otherwise: str = ""

    def result(self, outcome: str) -> dict[str, str]:
        """Return what came of it in their words, nothing where ours are theirs."""
        said = self.results.get(outcome, self.otherwise)
        return {"result": said} if said else {}


def _given(document: Document, said: list[str]) -> dict[str, Any]:
    """The part of an intake that all kinds share; what they say beside it goes below the description."""
    told = [line for line in said if line]
    description = str(document.get("description") or "").strip()
    given: dict[str, Any] = {
        "kind": document.get("kind") or Kind.DISPUTE.value,
        "description": "\n".join([description, *told]) if description else "",
        "reporters": _people(document, "applicants"),
        "other_party": _people(document, "respondents"),
    }
    if document.get("title"):
        given["title"] = str(document["title"])
    place = document.get("place")
    if place:
        if not isinstance(place, Mapping):
            raise Unreadable("地点（place）应为对象，有 address、area 或者坐标。")
        given["place"] = dict(place)
    return given


def _people(document: Document, name: str) -> list[dict[str, str]]:
    rows = document.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Unreadable(f"当事人（{name}）应为列表，每人有 name、phone、id_number、address。")
    return [{key: str(row[key]) for key in PARTY if row.get(key)} for row in rows]


def _said(document: Document, name: str, label: str) -> str:
    value = str(document.get(name) or "").strip()
    return f"{label}：{value[:500]}" if value else ""


# --- 诉调 ---------------------------------------------------------------------------------------------------------


def _court(document: Document) -> dict[str, Any]:
    consent = document.get("consent") or {}
    if not isinstance(consent, Mapping):
        raise Unreadable("当事人是否同意（consent）应为对象：applicant、respondent 各为 true 或 false。")
    answers = {side: consent.get(side) for side in SIDES}
    if not all(answer is None or isinstance(answer, bool) for answer in answers.values()):
        raise Unreadable("当事人是否同意（consent）的 applicant、respondent 应为 true 或 false，没有问过的不填。")
    words = "，".join(f"{SIDES[side]}{_CONSENT[answer]}" for side, answer in answers.items() if answer is not None)
    given = _given(document, [_said(document, "cause", "案由"), f"当事人意愿：{words}。" if words else ""])
    if False in answers.values():
        given["willing_to_mediate"] = False
    elif all(answers.values()):
        given["willing_to_mediate"] = True
    return given


_CONSENT = {True: "同意调解", False: "不同意调解"}


def _court_due(document: Document, received: datetime) -> datetime:
    return _by(received, COURT_AFTER if document.get("stage") == "after_filing" else COURT_BEFORE)


# --- 警调 ---------------------------------------------------------------------------------------------------------


def _police(document: Document) -> dict[str, Any]:
    given = _given(document, [_said(document, "reported_at", "报警时间"), _said(document, "scene", "出警处置")])
    if document.get("complicated"):
        return given | {"level": Level.MAJOR.value, "level_reason": "公安机关注明情况复杂"}
    return given | {"level": Level.GENERAL.value}


def _police_due(document: Document, received: datetime) -> datetime:
    return _by(received, POLICE_COMPLICATED if document.get("complicated") else POLICE_PLAIN)


# --- 访调 ---------------------------------------------------------------------------------------------------------


def _petition(document: Document) -> dict[str, Any]:
    given = _given(document, [_said(document, "form", "信访形式"), _said(document, "demand", "请求")])
    return given if document.get("kind") else given | {"kind": Kind.APPEAL.value}


def _petition_due(_document: Document, received: datetime) -> datetime:
    return _by(received, PETITION_WHOLE)


def _by(start: datetime, limit: Limit) -> datetime:
    return due(start, limit, calendar()).due


def _plain(document: Document) -> dict[str, Any]:
    return _given(document, [])


def _no_date(_document: Document, _received: datetime) -> None:
    return None


def _order(document: Document) -> dict[str, Any]:
    """The order as it came: its words are read by the line's saved mapping (hotlines.orders)."""
    return {name: value for name, value in document.items() if name not in ("type", "id", "papers")}


_PLAIN = Form(_plain, _no_date, {})
FORMS: Mapping[str, Form] = {
    LineKind.COURT.value: Form(
        _court,
        _court_due,
        {
            Outcome.FULFILLED: "agreement",
            Outcome.AGREED: "agreement",
            Outcome.PARTLY: "agreement_in_part",
            Outcome.WITHDRAWN: "withdrawn",
        },
        otherwise="failed",
    ),
    LineKind.POLICE.value: Form(_police, _police_due, {}),
    LineKind.PETITION.value: Form(_petition, _petition_due, {}),
    LineKind.ORDER.value: Form(_order, _no_date, {}),
    LineKind.OTHER.value: _PLAIN,
}
