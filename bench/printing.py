"""Prints many cases of one played history as lines for COPY: one template a table, filled in by `%`, some 0.1 ms a case.

`bench.stamping` makes each row anew and takes five times as long. What differs from case to case (numbers, words, people,
places, units) is marked in the played rows, the marks become the holes of the template, and the chain of hashes is computed
through a template of its own, so that every history holds as if the door had written it (`bench.load.verify` looks).
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.queries import Actor
from bench.histories import SPAN, Played
from bench.people import Cast
from bench.stamping import GIVEN, ROLE_LABELS, SURNAMES, cells
from cases.choices import CHANNEL_DIGITS, Channel
from cases.models import Assisting, Case, Deadline, Event, Outbox, Party, SearchText
from governance_portal.lib.bigrams import plain
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.numbers import check_digit
from governance_portal.lib.working_days import SHANGHAI

TABLES = (Case, Party, Deadline, Event, Outbox, Assisting, SearchText)
#: A mark that stands for a whole number.
_WHOLE = 770_000_000
_WHOLES = {name: _WHOLE + place for place, name in enumerate(("pk", "by_id", "officer_id", "unit_id"))}
Line = tuple[type[Any], str]


@dataclass(frozen=True)
class Words:
    """What a case is about: as it is told and as it is searched."""

    title: str
    description: str
    address: str
    searched: str


@dataclass(frozen=True)
class Place:
    """Where a matter comes in: the holes of a template that depend on it."""

    holes: dict[str, Any]

    @classmethod
    def of(cls, actor: Actor, area: str, grid: str, desk: str) -> Place:
        """The place of an area and a grid ("" where unknown), registered by this person at this desk."""
        return cls({"area": area, "grid": grid, "desk": desk, **_person("by", actor)})


def _person(prefix: str, actor: Actor) -> dict[str, Any]:
    post = actor.posts[0]
    names = {"name": actor.name, "role": ROLE_LABELS[post.role], "unit": post.unit_name}
    return {f"{prefix}_id": actor.user_id, **{f"{prefix}_{key}": value for key, value in names.items()}}


def unit_holes(cast: Cast) -> dict[int, dict[str, Any]]:
    """Return the holes that depend on the unit in charge, by unit."""
    found = {}
    for key, post in cast.units.items():
        officer = cast.officers[key]
        unit = {"unit_id": key, "unit_code": post.unit_code, "unit_name": post.unit_name}
        found[key] = {**unit, "officer_login": officer.username, **_person("officer", officer)}
    return found


def _mark(name: str) -> Any:
    return _WHOLES.get(name) or f"@@{name}@@"


def _template(text: str) -> str:
    """Make of a text with marks a template."""
    text = text.replace("%", "%%")
    for name, number in _WHOLES.items():
        text = text.replace(str(number), f"%({name})s")
    parts = text.split("@@")
    return "".join(f"%({part})s" if place % 2 else part for place, part in enumerate(parts))


class Plate:
    """A played history as templates; `full` gives all of its rows, `light` the case and its first event."""

    def __init__(self, played: Played, cast: Cast, outbox_since: datetime) -> None:
        case, unit = played.case, played.unit
        self.officer = cast.officers[unit]
        day = case.registered_at.astimezone(SHANGHAI)
        self.stem = f"{day:%y%m%d}{CHANNEL_DIGITS[Channel(case.channel)]}"
        self.channel, self.is_open, self.category = case.channel, case.is_open, case.category_code
        self.reply = next((event.data["reply"] for event in reversed(played.events) if event.data.get("reply")), "")
        rows = list(played.rows())
        self.deadlines = "".join(
            f"{_WHOLES['pk']}{number:02d}\t" + _after_id(row, case_id=_mark("pk"))
            for number, row in enumerate(row for row in rows if isinstance(row, Deadline))
        )
        self.deadlines = _template(self.deadlines)
        swap = lambda key: _mark("unit_id") if key == unit else key  # noqa: E731
        self.assisting = _template(
            "".join(
                f"{_WHOLES['pk']}{number:02d}\t{_WHOLES['pk']}\t{row.unit_id}\n"
                for number, row in enumerate(row for row in rows if isinstance(row, Assisting))
            )
        )
        officer = self.officer.user_id
        for name in ("number", "client_id", "title", "description", "address"):
            setattr(case, name, f"@@{name}@@")
        case.area_code, case.grid_code, case.desk_area = "@@area@@", "@@grid@@", "@@desk@@"
        case.pk, case.registered_by_id = _mark("pk"), _mark("by_id")
        case.lead_unit_id, case.first_unit_id = swap(case.lead_unit_id), swap(case.first_unit_id)
        case.handler_id = _mark("officer_id") if case.handler_id == officer else case.handler_id
        case.handled_by = [_mark("officer_id") if who == officer else who for who in case.handled_by]
        self.case = _template("\t".join(cells(case)) + "\n")
        self.events = [self._event(event) for event in played.events]
        self.outbox = _template(
            "".join(
                f"{_WHOLES['pk']}{event.seq:02d}\t{_WHOLES['pk']}{event.seq:02d}\t"
                + "\t".join(cells(Outbox(event_id=1, created_at=event.at, attempts=1, sent_at=event.at))[2:])
                + "\n"
                for event in played.events
                if event.at >= outbox_since
            )
        )

    def _event(self, event: Event) -> tuple[str, str]:
        """The template of what is hashed and that of the line."""
        data = dict(event.data)
        if event.kind == "register":
            data |= {"area_code": "@@area@@", "grid_code": "@@grid@@", "desk_area": "@@desk@@"}
            _marked_by(event, "by")
        elif event.actor_id == self.officer.user_id:
            _marked_by(event, "officer")
        if event.kind == "dispatch":
            data |= {"lead_unit": "@@unit_code@@", "lead_unit_id": _mark("unit_id"), "lead_unit_name": "@@unit_name@@"}
        elif event.kind == "sign":
            data |= {
                "handler": "@@officer_login@@",
                "handler_id": _mark("officer_id"),
                "handler_name": "@@officer_name@@",
            }
        event.data, event.prev_hash, event.hash = data, "@@previous@@", "@@hash@@"
        return _template(_hashed(event)), _template(
            f"{_WHOLES['pk']}{event.seq:02d}\t" + _after_id(event, case_id=_mark("pk"))
        )

    def light(self, holes: dict[str, Any]) -> Iterator[Line]:
        """The lines of a case of which only the row and the first event are kept."""
        yield Case, self.case % holes
        yield Event, self._chained(holes, 1)

    def full(self, holes: dict[str, Any], searched: str) -> Iterator[Line]:
        """All lines of a case but its parties."""
        yield Case, self.case % holes
        yield Deadline, self.deadlines % holes
        yield Event, self._chained(holes, None)
        if self.outbox:
            yield Outbox, self.outbox % holes
        if self.assisting:
            yield Assisting, self.assisting % holes
        yield SearchText, f"{holes['pk']}\t{holes['number'][::-1]}\t{searched}\n"

    def _chained(self, holes: dict[str, Any], many: int | None) -> str:
        holes["previous"], lines = "", []
        for hashed, line in self.events[:many]:
            holes["hash"] = sha256((hashed % holes).encode()).hexdigest()
            lines.append(line % holes)
            holes["previous"] = holes["hash"]
        return "".join(lines)

    def number(self, pk: int) -> str:
        """The number of the case with this id, as `case_number` makes it."""
        body = f"{self.stem}{pk % 1_000_000:06d}"
        return body + check_digit(body)


def _marked_by(event: Event, who: str) -> None:
    event.actor_id = _mark(f"{who}_id")
    event.actor_name, event.actor_role, event.actor_unit = f"@@{who}_name@@", f"@@{who}_role@@", f"@@{who}_unit@@"


def _after_id(row: Any, **changed: Any) -> str:
    for name, value in changed.items():
        setattr(row, name, value)
    return "\t".join(cells(row)[1:]) + "\n"


def _hashed(event: Event) -> str:
    """The text that `cases.services.door.hash_of` digests, with marks."""
    row = {
        "number": "@@number@@",
        "seq": event.seq,
        "kind": event.kind,
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "role": event.actor_role,
        "unit": event.actor_unit,
        "acting_for": event.acting_for,
        "at": event.at.astimezone(SHANGHAI).isoformat(),
        "before": event.status_before,
        "after": event.status_after,
        "data": event.data,
        "prev": "@@previous@@",
    }
    return json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)


def parties(pk: int, chance: random.Random) -> Iterator[Line]:
    """Return the sealed people of a case: one, in fifteen of a hundred two."""
    for position, side in enumerate(["reporter", "other"] if chance.random() < 0.15 else ["reporter"]):
        name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
        phone = f"13{chance.randrange(10**9):09d}"
        uid = uuid.UUID(int=chance.getrandbits(128), version=4)
        party = Party(pk=pk * SPAN + position, uid=uid, case_id=pk, side=side, position=0)
        party.contact = {"name": name, "phone": phone, "id_number": "", "address": ""}
        party.phone_index = blind_index("phone", phone)
        yield Party, "\t".join(cells(party)) + "\n"


def searched(words: Words, category: str, reply: str) -> str:
    """The plain text a case is found by, as `indexing.text_of` makes it of words without numbers of persons."""
    return f"{words.searched} {_plain(reply)} {_plain(category)}".strip()


_kept: dict[str, str] = {}


def _plain(text: str) -> str:
    if text not in _kept:
        _kept[text] = plain(text)
    return _kept[text]
