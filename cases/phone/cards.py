"""How a matter looks on the phone: a card with number, title, where, who has it, until when; the same for page and API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from cases.models import Case
from cases.views.due import DueWords, due_of, step_of
from governance_portal.lib.masking import mask_text
from grids.queries import beside, names_of

#: What a card names besides the case's own row.
JOINED = ("category", "lead_unit", "handler")


@dataclass(frozen=True)
class Card:
    """One matter as the phone lists it."""

    number: str
    title: str
    url: str
    where: str
    who: str
    stage: str
    status: str
    status_label: str
    due: DueWords
    orders: int

    def as_dict(self) -> dict[str, Any]:
        """Return the card as the API tells it; the address is the phone's page."""
        return {
            "number": self.number,
            "title": self.title,
            "url": self.url,
            "where": self.where,
            "who": self.who,
            "status": self.status,
            "status_label": self.status_label,
            "due": {"state": self.due.state, "words": self.due.told},
            "supervised": self.orders > 0,
        }


def cards_of(cases: Iterable[Case], now: datetime, *, by_step: bool = False) -> list[Card]:
    """Return the cards of cases read with `JOINED`; no query beyond the territory's cached names."""
    rows = list(cases)
    codes = {code for case in rows for code in (case.area_code[:9], case.area_code, case.grid_code) if code}
    names = names_of(codes)
    return [_card(case, names, now, by_step) for case in rows]


def _card(case: Case, names: Mapping[str, str], now: datetime, by_step: bool) -> Card:
    return Card(
        number=case.number,
        title=mask_text(case.title),
        url=reverse("phone:case", args=[case.number]),
        where=_where(case, names),
        who=who_has(case),
        stage=case.stage,
        status=case.status,
        status_label=str(case.get_status_display()),
        due=step_of(case, now) if by_step else due_of(case, now),
        orders=case.orders_open,
    )


def _where(case: Case, names: Mapping[str, str]) -> str:
    street = names.get(case.area_code[:9]) or names.get(case.area_code, "")
    nearest = names.get(case.grid_code) or (names.get(case.area_code, "") if len(case.area_code) > 9 else "")
    return beside(nearest, street) or street


def who_has(case: Case) -> str:
    """Say who has it: unit and 承办人, or nobody yet ("")."""
    if not case.lead_unit_id or not case.lead_unit:
        return ""
    unit = case.lead_unit.short_name or case.lead_unit.name
    return f"{unit} {case.handler.name}" if case.handler_id and case.handler else unit
