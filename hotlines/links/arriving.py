"""What comes in over a line becomes a case: once, whoever sends it how often, through the matter's own door.

An arrival is known by its line and their number. The first registers the case and writes link and receipt in one
transaction; the same again changes nothing; other content under the same number is kept with the link and told in the
case's history, unless it accuses somebody who reads there (links.guarding). A refusal (Incomplete, with sentences beside
the fields) leaves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.queries import Actor, service_actor
from cases import services as matter
from cases.intake import INTAKE
from cases.services.submitting import digest_of
from governance_portal.lib.crypto import blind_index, blind_index_candidates
from governance_portal.lib.errors import Incomplete, Refusal
from governance_portal.lib.masking import mask_text
from hotlines.choices import Direction
from hotlines.links import guarding
from hotlines.links.answering import owe
from hotlines.links.looking_back import tell_followers
from hotlines.links.papers import keep_papers, named
from hotlines.links.words import Arrival
from hotlines.models import Line, Link
from hotlines.models.links import RETURN_BY

__all__ = ["Arrival", "Taken", "fingerprints_of", "take_in"]

#: A description that is repeated in the history is cut here; the whole is with the link.
LONGEST_QUOTE = 1000
#: Shorter addresses say too little to be the same place.
SHORTEST_PLACE = 5
LABELS = {need.name: need.label for need in INTAKE} | {
    "their_due_at": "对方时限",
    "return_by": "退回截止",
    "papers": "材料",
}


@dataclass(frozen=True)
class Taken:
    """What became of an arrival: its link (with the case), whether it is new, whether it said something else."""

    link: Link
    fresh: bool
    changed: bool = False
    changes: tuple[str, ...] = field(default=())


def take_in(line: Line, arrival: Arrival, now: datetime) -> Taken:
    """Take an arrival in; safe to call again, at the same time elsewhere, or after a kill.

    Raises Incomplete when the matter's door refuses it (nothing is left), also for a line that is switched off.
    """
    number = arrival.foreign_number.strip()
    if not number or len(number) > 60:
        raise Incomplete({"foreign_number": ["来件应带有对方的编号，最多 60 个字。"]})
    if not line.is_active:
        raise Incomplete({"line": [f"“{line.name}”已停用，请先在对接页面启用。"]})
    known = _known(line, number)
    if known is not None:
        return _again(known, arrival, now)
    try:
        with transaction.atomic():
            return _first(line, number, arrival, now)
    except (Refusal, IntegrityError):
        known = _known(line, number)  # the same number, a moment earlier in another process
        if known is None:
            raise
        return _again(known, arrival, now)


def _known(line: Line, number: str) -> Link | None:
    return Link.objects.filter(line=line, foreign_number=number).select_related("case", "line").first()


def _first(line: Line, number: str, arrival: Arrival, now: datetime) -> Taken:
    actor = service_actor("integration")
    made = matter.register(actor, _body(line, number, arrival.given), now=now)
    link = Link.objects.create(
        line=line,
        foreign_number=number,
        case=made.case,
        direction=Direction.IN,
        received_at=arrival.received_at,
        their_due_at=arrival.their_due_at,
        fingerprint=_fingerprint(arrival),
        place_index=place_index(arrival.given),
    )
    kept = keep_papers(link, arrival.papers, actor, now)
    link.papers = {"given": dict(arrival.given), "papers": kept, "words": [], **_window(arrival)}
    link.save(update_fields=["papers"])
    owe(link, now)
    tell_followers(link, now)
    return Taken(link, fresh=True)


def _body(line: Line, number: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The intake of this line: its channel and procedure, whatever the other side writes there."""
    own = {"channel": line.channel, "foreign_source": line.code, "foreign_number": number}
    return {**given, **own, **({"procedure": line.procedure} if line.procedure else {})}


def _again(known: Link, arrival: Arrival, now: datetime) -> Taken:
    """The same number again: nothing, or what has changed."""
    if known.fingerprint in fingerprints_of(arrival):
        return Taken(known, fresh=False)
    with transaction.atomic():
        link = Link.objects.select_for_update(of=("self",)).select_related("case", "line").get(pk=known.pk)
        if link.fingerprint in fingerprints_of(arrival):
            return Taken(link, fresh=False)
        actor = service_actor("integration")
        before = link.papers or {}
        changes = _changes(before, link, arrival)
        link.version += 1
        link.fingerprint, link.their_due_at = _fingerprint(arrival), arrival.their_due_at
        new = [
            paper for paper in arrival.papers if named(paper) not in {row["key"] for row in before.get("papers", [])}
        ]
        mark = guarding.mark_of(link, arrival.given)
        fresh = keep_papers(link, new, actor, now) if mark is None else guarding.not_taken(link, new)
        guarded = {} if mark is None else {guarding.MARK: mark}
        papers = [*before.get("papers", []), *fresh]
        kept = {name: value for name, value in before.items() if name != RETURN_BY}
        link.papers = {**kept, **guarded, "given": dict(arrival.given), "papers": papers, **_window(arrival)}
        link.save(update_fields=["version", "fingerprint", "their_due_at", "papers"])
        tell(link, _told(link, changes, arrival) if mark is None else _untold(link), actor, now)
        if mark is not None:
            guarding.tell_dispatchers(link, f"v{link.version}", now)
        owe(link, now)
    return Taken(link, fresh=False, changed=True, changes=changes)


def tell(link: Link, text: str, actor: Actor, now: datetime) -> bool:
    """Write a note into the case's history; False where an archived case takes none (the link has it all the same)."""
    try:
        matter.record(link.case, "note", actor=actor, now=now, given={"text": text})
    except Refusal:
        return False
    return True


def _changes(before: Mapping[str, Any], link: Link, arrival: Arrival) -> tuple[str, ...]:
    """The labels of what reads otherwise than before, in the order of an intake."""
    old, new = before.get("given", {}), arrival.given
    names = [name for name in LABELS if name != RETURN_BY and old.get(name) != new.get(name)]
    if link.their_due_at == arrival.their_due_at:
        names = [name for name in names if name != "their_due_at"]
    else:
        names = [*(name for name in names if name != "their_due_at"), "their_due_at"]
    if before.get(RETURN_BY) != _window(arrival).get(RETURN_BY):
        names.append(RETURN_BY)
    if {named(paper) for paper in arrival.papers} - {row["key"] for row in before.get("papers", [])}:
        names.append("papers")
    return tuple(LABELS[name] for name in names)


def _window(arrival: Arrival) -> dict[str, str]:
    """What `Link.papers` keeps of until when they take it back; nothing where they do not say."""
    return {RETURN_BY: arrival.return_by.isoformat()} if arrival.return_by else {}


def _told(link: Link, changes: tuple[str, ...], arrival: Arrival) -> str:
    what = "、".join(changes) or "内容"
    text = f"{link.line.name}更新了来件 {link.foreign_number}（第 {link.version} 版），有变动的是：{what}。"
    if LABELS["description"] in changes:
        text += f"\n更新后的反映事项：{mask_text(str(arrival.given.get('description', '')))[:LONGEST_QUOTE]}"
    return text


def _untold(link: Link) -> str:
    return f"{link.line.name}的来件有更新（第 {link.version} 版），由分流员查看。"


def place_index(given: Mapping[str, Any]) -> str:
    """Return the keyed hash of where it is, "" without an address that says it: finds the same place, lists nobody."""
    place = given.get("place") or {}
    address = "".join(str(place.get("address", "")).split()) if isinstance(place, Mapping) else ""
    return blind_index("place", address) if len(address) >= SHORTEST_PLACE else ""


def _content(arrival: Arrival) -> str:
    read = {"given": dict(arrival.given), "due": arrival.their_due_at}
    said = read if arrival.said is None else {"said": dict(arrival.said)}
    return digest_of({**said, "papers": sorted(named(paper) for paper in arrival.papers)})


def _fingerprint(arrival: Arrival) -> str:
    return blind_index("arrival", _content(arrival))


def fingerprints_of(arrival: Arrival) -> tuple[str, ...]:
    """Return what `Link.fingerprint` is when this arrival is the content last seen (one for each key in use)."""
    return blind_index_candidates("arrival", _content(arrival))
