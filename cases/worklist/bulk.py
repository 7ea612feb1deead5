"""One step on many cases: each goes through the door on its own, and each refusal is told with its sentence.

Nothing here knows a rule: what is offered is asked of the table, what is done is `cases.services.move` or `record`, in
a transaction of its own (design/behaviours.md 26).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.queries import Actor
from cases import services
from cases.choices import Status
from cases.models import Case
from cases.needs import Need, applying, clean
from cases.services.door import posts_of
from cases.views import choices
from cases.views.due import step_of
from cases.workflow import MOVES, RECORDS, TABLE, Action, refusal
from governance_portal.lib.errors import Incomplete, NotYours, Refusal

MOST = 100
#: What is said of one person or one paper: never of many at once.
ONE_BY_ONE = frozenset(
    {
        *("register", "import_result", "confirm", "close_unreached", "contact", "rate", "perform", "request", "decide"),
        *("respond", "renew", "lift", "amend", "attach", "reissue", "supplement", "unmerge", "resolve_on_spot"),
    }
)
EXPECTED_UP_TO = 10
#: Offered last: a slip of the hand would end many matters at once.
ENDINGS = frozenset(
    {"decline", "transfer", "terminate", "withdraw", "suspend", "escalate", "archive", "review_decline"}
)


@dataclass(frozen=True)
class Marked:
    """A marked case as this person stands to it."""

    case: Case
    standing: frozenset[Any]

    def needs(self, action: Action) -> tuple[Need, ...]:
        """What this action asks for on this case."""
        return applying(action.needs, self.case, self.standing)


@dataclass(frozen=True)
class Offer:
    """An action on the marked cases: on which it may be done, and why not on the others."""

    action: Action
    can: list[Marked]
    refused: list[tuple[Case, str]]

    @property
    def expected(self) -> bool:
        """Whether this is the step these statuses wait for."""
        return self.action.primary <= EXPECTED_UP_TO

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """The expected step first, what ends or stops a matter last."""
        return (not self.expected, self.action.name in ENDINGS, -len(self.can))

    @property
    def words(self) -> str:
        """「12 件」 or 「12 件中的 8 件」."""
        many = len(self.can) + len(self.refused)
        return f"{len(self.can)} 件" if not self.refused else f"{many} 件中的 {len(self.can)} 件"


@dataclass
class Report:
    """What became of each: done `(case, sentence)`, refused `(number, title, sentence, url)`."""

    action: Action
    done: list[tuple[Case, str]] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)


def marked(numbers: Iterable[str], visible: Any, actor: Actor, now: datetime) -> list[Marked]:
    """The marked cases that this person still sees, in the order they were marked, at most `MOST`."""
    wanted = list(dict.fromkeys(number for number in numbers if number.isascii() and number.isdigit()))
    if len(wanted) > MOST:
        raise Incomplete({"case": [f"一次最多办理 {MOST} 件，现在选了 {len(wanted)} 件。请分几次办。"]})
    rows = visible.filter(number__in=wanted).select_related("category", "lead_unit", "handler")
    found = {case.number: case for case in rows.prefetch_related("assisting_rows")}
    return [Marked(found[n], frozenset(posts_of(found[n], actor, now))) for n in wanted if n in found]


def offers(cases: Sequence[Marked], now: datetime) -> list[Offer]:
    """The actions that at least one of these cases allows, the expected ones and those for most cases first."""
    found = []
    for action in (*MOVES, *RECORDS):
        if action.name in ONE_BY_ONE or any(need.type == "photos" and need.required for need in action.needs):
            continue
        offer = offer_of(action, cases, now)
        if offer.can:
            found.append(offer)
    return sorted(found, key=lambda offer: offer.rank)


def offer_of(action: Action, cases: Sequence[Marked], now: datetime) -> Offer:
    """One action on these cases."""
    can, refused = [], []
    for one in cases:
        why = refusal(action, one.case, one.standing, now)
        if why is None:
            can.append(one)
        else:
            refused.append((one.case, why[1]))
    return Offer(action, can, refused)


def needs_of(offer: Offer) -> list[Need]:
    """The fields of the one form: what any of these cases asks for, once; required where all of them require it."""
    asked = [one.needs(offer.action) for one in offer.can]
    named: dict[str, list[Need]] = {}
    for needs in asked:
        for need in needs:
            named.setdefault(need.name, []).append(need)
    found = []
    for rows in named.values():
        strict = len(rows) == len(asked) and all(need.required for need in rows)
        found.append(rows[0] if rows[0].required == strict else Need(**{**rows[0].__dict__, "required": strict}))
    return [need for need in found if need.type != "photos"]


def drawn(offer: Offer, needs: Sequence[Need], now: datetime) -> list[dict[str, Any]]:
    """The fields with their lists: for a merge the marked cases come first, people of every lead unit are offered."""
    rows = choices.drawn(needs, offer.can[0].case, now)
    by_unit = {one.case.lead_unit_id: one.case for one in offer.can}
    kinds = {one.case.kind: one.case for one in offer.can}
    for row, need in zip(rows, needs, strict=True):
        if need.type == "case":
            row["choices"] = choices.matters([one.case for one in offer.can], now)
        if need.type == "person" and len(by_unit) > 1:
            row["choices"] = _united(choices.drawn([need], case, now)[0] for case in by_unit.values())
        if need.name == "category" and len(kinds) > 1:
            row["choices"] = _united(choices.drawn([need], case, now)[0] for case in kinds.values())
            row.pop("choices_url", None)
    return rows


def _united(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return list({choice["value"]: choice for row in rows for choice in row.get("choices", ())}.values())


def check(offer: Offer, needs: Sequence[Need], given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Sentences about the form itself, before any case is touched."""
    return clean(needs, given)[1] if offer.can else {}


def run(
    action: Action,
    cases: Sequence[Marked],
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    batch: str,
    versions: Mapping[str, int],
) -> Report:
    """Do it on each case; whatever one refuses, the others go on. Sent twice (`batch`), it is done once."""
    report = Report(action)
    for one in cases:
        case = one.case
        if action.name == "merge" and given.get("master") == case.number:
            continue  # the one the others go into
        fitting = {need.name: given[need.name] for need in one.needs(action) if need.name in given}
        key = f"{batch}-{case.number}" if batch else None
        try:
            after = _once(action, case, fitting, actor, now, key, versions.get(case.number))
        except Refusal as refused:
            report.refused.append(_refused(case, refused))
        else:
            report.done.append((after, _told(after, action, now)))
    return report


def _once(
    action: Action,
    case: Case,
    given: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    key: str | None,
    version: int | None,
) -> Case:
    if action.is_move:
        return services.move(case, action.name, actor=actor, now=now, version=version, client_id=key, given=given)
    services.record(case, action.name, actor=actor, now=now, client_id=key, given=given)
    return case


def _refused(case: Case, refused: Refusal) -> dict[str, str]:
    told = refused.detail
    if isinstance(refused, Incomplete):
        told = "".join(sentence for rows in refused.errors.values() for sentence in rows) or refused.detail
    way = "查看最新情况" if refused.status in (409, 412) else "打开这一件"
    return {
        "number": case.number,
        "title": case.title,
        "sentence": told,
        "url": "" if refused.status == 404 else reverse("cases:case", args=[case.number]),
        "way": way,
    }


def lost(numbers: Iterable[str], cases: Sequence[Marked]) -> list[dict[str, str]]:
    """The marked ones that are not, or no longer, this person's to see."""
    found = {one.case.number for one in cases}
    gone = [number for number in dict.fromkeys(numbers) if number not in found]
    return [
        {"number": number[:14], "title": "", "sentence": NotYours.default_detail, "url": "", "way": ""}
        for number in gone
    ]


def _told(case: Case, action: Action, now: datetime) -> str:
    if not action.is_move:
        return f"已记入“{action.label}”"
    step = step_of(case, now) if case.is_open else None
    until = f"，{step.words}" if step and step.words else ""
    return f"现为“{Status(case.status).label}”{until}"


def action_of(name: str) -> Action | None:
    """An action that may be done on many, or None."""
    return TABLE.get(name) if name not in ONE_BY_ONE else None
