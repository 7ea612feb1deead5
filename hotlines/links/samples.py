"""The lines in a demonstration: invented systems beside matters that are there already, so that no figure changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.queries import service_actor
from cases.choices import Outcome
from cases.queries import visible_cases
from hotlines.choices import AdapterKind, Direction, MessageState
from hotlines.links.adapters.folder import make_rooms
from hotlines.links.answering import owe
from hotlines.links.arriving import place_index
from hotlines.links.transferring import pass_on
from hotlines.models import Line, Link, LinkMessage

#: So many matters of a channel get a link; what is younger than this is still on its way.
MOST, FRESH = 6, timedelta(minutes=30)


@dataclass(frozen=True)
class SampleLine:
    """One invented system; `number` makes the other side's number of a matter from its place in the row."""

    code: str
    name: str
    kind: str
    adapter: str
    procedure: str
    number: str
    days: int


def lay_samples(lines: tuple[SampleLine, ...], now: datetime) -> int:
    """Make the lines that are missing and link what came by their channels; answers how many links were made."""
    made = 0
    for told in lines:
        if not Line.objects.filter(code=told.code).exists():
            with transaction.atomic():
                made += _lay(told, now)
    return made


def _lay(told: SampleLine, now: datetime) -> int:
    folder = told.code if told.adapter == AdapterKind.FILE else ""
    line = Line.objects.create(
        code=told.code,
        name=told.name,
        kind=told.kind,
        adapter=told.adapter,
        address=folder,
        channel=told.kind,
        procedure=told.procedure,
        spoken_at=now,
    )
    if folder:
        make_rooms(line)
    cases = visible_cases(service_actor("integration"), now)
    links = [
        _link(line, told, case, place, now)
        for place, case in enumerate(cases.filter(channel=told.kind).order_by("-registered_at")[:MOST], 1)
    ]
    if links:
        _refuse_one(links[0])
    for case in cases.filter(outcome=Outcome.TRANSFERRED).order_by("-closed_at")[:MOST]:
        pass_on(case, now)
    LinkMessage.objects.filter(link__line=line, link__direction=Direction.OUT).update(
        state=MessageState.SENT, sent_at=now, answer="已放入交换文件夹"
    )
    return len(links)


def _link(line: Line, told: SampleLine, case: Any, place: int, now: datetime) -> Link:
    link = Link.objects.create(
        line=line,
        foreign_number=told.number.format(place=place),
        case=case,
        received_at=case.registered_at,
        their_due_at=case.registered_at + timedelta(days=told.days),
        place_index=place_index({"place": {"address": case.address}}),
    )
    owe(link, now)
    times = dict(case.events.values_list("seq", "at"))
    for message in link.messages.all():
        at = times.get(int(message.cause.removeprefix("e") or 0)) if message.cause.startswith("e") else None
        if at is not None and at < now - FRESH:
            LinkMessage.objects.filter(pk=message.pk).update(
                state=MessageState.SENT, created_at=at, sent_at=at + timedelta(minutes=1), answer="对方已接收"
            )
    last = link.messages.filter(kind="result").first()
    if last is not None and last.sent_at:
        Link.objects.filter(pk=link.pk).update(answered_at=last.sent_at)
    return link


def _refuse_one(link: Link) -> None:
    """The newest matter's last message was refused: somebody has to look."""
    last = link.messages.order_by("-seq").first()
    if last is not None:
        LinkMessage.objects.filter(pk=last.pk).update(
            state=MessageState.REFUSED, sent_at=None, attempts=1, answer="对方拒收（422）"
        )
