"""Plays a story through the real doors, each step at its own time; a story is in the database whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.choices import SERVICE_ACCOUNTS
from accounts.models import User
from accounts.queries import Actor, actor_for, service_actor
from cases import services
from cases.services.attachments import store
from cases.services.joint import heard_of
from cases.workflow import MOVE_NAMES
from governance_portal.demo.pictures import draw
from governance_portal.demo.script import Day, Latest, Moment, Number, Photos, Step, Story
from governance_portal.demo.timetable import Timetable
from governance_portal.lib.errors import Incomplete, NotNow
from hotlines import services as hotlines

#: Who acted, and how the door was reached, when a story looks at contact data.
_ADDRESS = "127.0.0.1"
#: Why a matter that the catalogue gives to a department goes to a township after all.
_WHY_DOWN = "设施由乡镇管护，先由属地处理，需要时请主管部门配合。"
_WHY_WAIVED = "协办单位已电话答复，意见一致，不再等书面意见。"


class Player:
    """Plays stories one after another.

    What happened before `told_from` is told to nobody (nobody wants an inbox of six weeks); later steps are announced
    as they would be. Cases are kept by the key of their story, for stories that refer to earlier ones.
    """

    def __init__(self, timetable: Timetable, told_from: datetime) -> None:
        self.timetable = timetable
        self.told_from = told_from
        self.cases: dict[str, Any] = {}
        self._actors: dict[str, Actor] = {}

    def play(self, story: Story) -> bool:
        """Play a story unless it has been played before (its registration answers); true when it was new."""
        try:
            with transaction.atomic():
                fresh, self.cases[story.key] = self._register(story)
                if not fresh:
                    transaction.set_rollback(True)  # a call that was recorded for nothing
                    return False
                self.go_on(story, self.cases[story.key])
        except NotNow:
            if story.key in self.cases:
                raise
            return False  # told by an earlier edition of the portal, in other words
        return True

    def enter(self, story: Story) -> None:
        """Play a story in the midst of another one, within its transaction."""
        _fresh, self.cases[story.key] = self._register(story)
        self.go_on(story, self.cases[story.key])

    def go_on(self, story: Story, case: Any) -> None:
        """Take every step of a story whose case is registered."""
        scene = _Scene(self, case)
        for step in story.steps:
            scene.take(step)

    def actor(self, who: str) -> Actor:
        """The actor of a log-in name or a service account; posts of the demonstration never change."""
        if who not in self._actors:
            self._actors[who] = (
                service_actor(who)
                if who in SERVICE_ACCOUNTS
                else actor_for(User.objects.get(username=who), self.timetable.now)
            )
        return self._actors[who]

    def _register(self, story: Story) -> tuple[bool, Any]:
        day, hour, who = story.came
        now, actor = self.timetable.moment(day, hour), self.actor(who)
        body = {
            "kind": story.kind,
            "channel": story.channel,
            "title": story.title,
            "description": story.text,
            "place": dict(story.place),
            "reporters": [dict(row) for row in story.people],
            **{name: _plain(value) for name, value in story.given.items()},
        }
        client_id = f"demo:{story.key}"
        if story.channel == "hotline":
            phone = story.people[0]["phone"] if story.people else ""
            call = hotlines.answer(actor, phone=phone, now=now)
            made = hotlines.open_case(call, body, actor=actor, now=now, client_id=client_id, quiet=now < self.told_from)
        else:
            made = services.register(actor, body, now=now, client_id=client_id, quiet=now < self.told_from)
        return made.fresh, made.case


def _plain(value: Any) -> Any:
    return [dict(row) for row in value] if isinstance(value, tuple) else value


class _Scene:
    """One story while it is played: its case, the photos taken, the ids that later steps name."""

    def __init__(self, player: Player, case: Any) -> None:
        self.player, self.case = player, case
        self.photos: dict[str, list[str]] = {}
        self.latest: dict[str, int] = {}

    def take(self, step: Step) -> None:
        """Take one step."""
        now = self.player.timetable.moment(step.day, step.hour)
        given = {name: self._value(value) for name, value in step.given.items()}
        special: dict[str, Callable[..., None]] = {
            "photo": self._photo,
            "rate": self._rate,
            "unmask": self._unmask,
            "enter": self._enter,
        }
        act = special.get(step.what, self._move if step.what in MOVE_NAMES else self._record)
        act(step, self.player.actor(step.who), now, given)

    def _value(self, value: Any) -> Any:
        match value:
            case Day():
                return self.player.timetable.day(value.offset)
            case Moment():
                return self.player.timetable.moment(value.offset, value.hour)
            case Number():
                return self.player.cases[value.key].number
            case Photos():
                return self.photos[value.purpose]
            case Latest():
                return self.latest[value.kind]
            case _:
                return value

    def _move(self, step: Step, actor: Actor, now: datetime, given: Mapping[str, Any]) -> None:
        quiet = now < self.player.told_from
        try:
            self.case = services.move(self.case, step.what, actor=actor, now=now, given=given, quiet=quiet)
        except Incomplete as refused:  # what the catalogue gives to a department goes down for a written reason only
            if not set(refused.errors) <= {"why_down", "waived"}:
                raise
            more = {"why_down": _WHY_DOWN} if "why_down" in refused.errors else self._one_answer()
            told = {**given, **more}
            self.case = services.move(self.case, step.what, actor=actor, now=now, given=told, quiet=quiet)

    def _one_answer(self) -> dict[str, Any]:
        """What was said by the assisting units is in the answer; who said nothing was asked by telephone."""
        units = [row.unit_id for row in self.case.assisting_rows.all()]
        heard = heard_of(self.case, units, self.case.events.order_by("seq"))
        said = {"taken_in": [one.unit.code for one in heard if one.opinion]}
        return said if all(one.has_answered for one in heard) else {**said, "waived": _WHY_WAIVED}

    def _record(self, step: Step, actor: Actor, now: datetime, given: Mapping[str, Any]) -> None:
        quiet = now < self.player.told_from
        event = services.record(self.case, step.what, actor=actor, now=now, given=given, quiet=quiet)
        if step.what in event.data:
            self.latest[step.what] = event.data[step.what]

    def _rate(self, step: Step, actor: Actor, now: datetime, given: Mapping[str, Any]) -> None:
        quiet = now < self.player.told_from
        self.case = services.rate(self.case, given, actor=actor, now=now, quiet=quiet)

    def _enter(self, step: Step, _actor: Actor, _now: datetime, _given: Mapping[str, Any]) -> None:
        self.player.enter(step.given["story"])

    def _unmask(self, step: Step, actor: Actor, now: datetime, given: Mapping[str, Any]) -> None:
        services.unmask(self.case, actor=actor, now=now, address=_ADDRESS, **given)

    def _photo(self, step: Step, actor: Actor, now: datetime, given: Mapping[str, Any]) -> None:
        purpose = given["purpose"]
        count = len(self.photos.setdefault(purpose, [])) + 1
        upload = SimpleUploadedFile(f"{purpose}{count}.png", draw(given["scene"]), "image/png")
        stored = store(self.case, upload, actor=actor, now=now, purpose=purpose, public=given["public"])
        self.photos[purpose].append(str(stored.uid))
