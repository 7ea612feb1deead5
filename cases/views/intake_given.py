"""What the intake's form says, as the body of `POST cases/` and of the move that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.choices import Role
from accounts.models import Unit
from accounts.queries import Actor
from cases import choices as c
from cases.intake import MOST_REPRESENTATIVES, PARTY_FIELDS, PRIVACY_VERSION
from cases.matching import Asked
from cases.models import Category
from cases.suggesting.categories import kind_of

REPORTERS, OTHERS = MOST_REPRESENTATIVES, 2
GRID_DIGITS = 15
PLAIN = (
    *("kind", "channel", "title", "description", "category", "level", "level_reason", "visitor_count"),
    *("complained_unit", "complaint_nature"),
)
TICKS = ("anonymous", "confidential", "willing_to_mediate", "urgent")
#: What each way of going on at once asks for, by the form's names.
ASKED_AT_ONCE: Mapping[str, tuple[str, ...]] = {
    "accept": (),
    "resolve_on_spot": ("result", "outcome", "reply"),
    "decline": ("reason", "instead"),
    "transfer": ("receiver", "receipt"),
}
#: In a consultation the answer is the result.
CONSULT_RESULT = "窗口当场解答咨询。"
#: What colleagues read when nothing more was written than the answer itself.
SPOT_RESULT = "窗口当场答复。"
SEVERAL, BEHALF, NOBODY, ALONE = "several", "behalf", "anonymous", "person"


def channel_of(actor: Actor) -> str:
    """Return the channel somebody registers by."""
    if actor.has(Role.CLERK):
        return str(c.Channel.WINDOW.value)
    return str((c.Channel.HOTLINE if actor.has(Role.OPERATOR) else c.Channel.GRID).value)


def typed_in(posted: Mapping[str, Any], name: str) -> str:
    """Return one field without the blanks around it."""
    return str(posted.get(name) or "").strip()


def given_of(posted: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Return the body of `POST cases/` for what was typed; blanks are left out."""
    given: dict[str, Any] = {name: typed_in(posted, name) for name in PLAIN if typed_in(posted, name)}
    given.setdefault("channel", channel_of(actor))
    for name in TICKS:
        if posted.get(name):
            given[name] = posted[name] in ("on", "true")
    if who_of(posted) == NOBODY:
        given["anonymous"] = True
    if given.get("category") and not given.get("kind"):
        given["kind"] = _kind_of_category(given["category"])
    if typed_in(posted, "mode") == "consult":
        given |= {"kind": c.Kind.CONSULTATION.value, "level": c.Level.GENERAL.value}
    given["place"] = place_of(posted)
    given["reporters"] = people_of(posted, "reporter", REPORTERS)
    given["other_party"] = people_of(posted, "other", OTHERS)
    if related := related_of(posted):
        given["related"] = related
    given["privacy_version"] = PRIVACY_VERSION
    return given


def at_once_of(posted: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return `(move, what it needs)` of what is done in the same submission; ("", {}) only registers."""
    if typed_in(posted, "mode") == "consult":
        reply = typed_in(posted, "reply")
        answered = {"result": CONSULT_RESULT, "outcome": str(c.Outcome.ANSWERED.value), "reply": reply}
        return ("resolve_on_spot", answered) if reply else ("", {})
    name = typed_in(posted, "then")
    needed = {field: typed_in(posted, field) for field in ASKED_AT_ONCE.get(name, ())}
    if name == "resolve_on_spot":
        needed["result"] = needed["result"] or SPOT_RESULT
    if name == "decline" and typed_in(posted, "instead_unit"):
        words = where_to_turn(typed_in(posted, "instead_unit"))
        needed["instead"] = "\n".join(part for part in (words, needed["instead"]) if part)
    return name, needed


def where_to_turn(unit_code: str) -> str:
    """Return where a unit is found, in the words the slip prints: name, address, phone, hours."""
    unit = Unit.objects.filter(code=unit_code, active=True).first()
    if unit is None:
        return ""
    parts = (
        ("请到", unit.name),
        ("地址：", unit.address),
        ("电话：", unit.phone),
        ("办公时间：", unit.office_hours),
    )
    return "\n".join(label + value for label, value in parts if value)


def who_of(posted: Mapping[str, Any]) -> str:
    """Return who came: person, several, behalf or anonymous."""
    return typed_in(posted, "who") or (NOBODY if posted.get("anonymous") else ALONE)


def place_of(posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the place: words, a point of the map, and one code of a grid or a community."""
    names = ("address", "area", "grid", "lng", "lat", "datum")
    place: dict[str, Any] = {name: typed_in(posted, f"place-{name}") for name in names}
    if code := typed_in(posted, "place-code"):
        place["grid" if len(code) == GRID_DIGITS else "area"] = code
    if not place["lng"]:
        place["datum"] = ""
    return {name: value for name, value in place.items() if value}


def people_of(posted: Mapping[str, Any], prefix: str, most: int) -> list[dict[str, str]]:
    """Return the people typed, each with the capacity that follows from who came."""
    rows = []
    for place in range(most):
        row = {name: typed_in(posted, f"{prefix}-{place}-{name}") for name in PARTY_FIELDS}
        if any(row.values()):
            rows.append({**row, "role": typed_in(posted, f"{prefix}-{place}-role") or _role(posted, prefix, place)})
    return rows


def _role(posted: Mapping[str, Any], prefix: str, place: int) -> str:
    who = who_of(posted)
    if prefix == "reporter" and who == BEHALF:
        return str((c.PartyRole.AGENT if place == 0 else c.PartyRole.PRINCIPAL).value)
    count = typed_in(posted, "visitor_count")
    joint = count.isascii() and count.isdigit() and int(count) >= c.JOINT_VISIT_FROM
    if prefix == "reporter" and who == SEVERAL and joint:
        return str(c.PartyRole.REPRESENTATIVE.value)
    return str(c.PartyRole.PERSON.value)


def related_of(posted: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what the clerk decided of earlier matters; "no relation" is no answer."""
    return [
        {"number": name.removeprefix("related-"), "relation": str(value)}
        for name, value in sorted(posted.items())
        if name.startswith("related-") and value
    ]


def _kind_of_category(code: str) -> str:
    kinds = Category.objects.filter(code=code, active=True).values_list("kinds", flat=True).first()
    return kind_of(kinds) if kinds is not None else ""


def asked_of(posted: Mapping[str, Any]) -> Asked:
    """Return what the recogniser is asked."""
    place = place_of(posted)
    return Asked(
        people=people_of(posted, "reporter", REPORTERS) if who_of(posted) != NOBODY else [],
        story=typed_in(posted, "description"),
        category=typed_in(posted, "category"),
        grid=place.get("grid", ""),
        area=place.get("area", ""),
        address=place.get("address", ""),
        unit=typed_in(posted, "complained_unit"),
        anonymous=who_of(posted) == NOBODY,
    )
