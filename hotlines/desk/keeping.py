"""知识库, kept: by dispatchers and the centre's lead, in versions. What was read to somebody on the telephone stays readable."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.choices import Role
from accounts.models import Unit
from accounts.queries import Actor
from cases.catalogue import initials
from cases.needs import is_storable
from cases.services import statements
from governance_portal.lib.bigrams import plain
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from hotlines.desk.knowledge import today_of
from hotlines.models import KnownAnswer

ONLY_KEEPERS = "知识库由分流员和中心负责人维护；发现过期、不准的答复，请告诉他们。"
LONGEST = {"question": 120, "also": 200, "answer": 2000, "source": 200, "note": 200}
LABELS = {"question": "问题", "answer": "答复", "source": "出处"}
SHORTEST = 2


@dataclass(frozen=True)
class Written:
    """What stands in a version."""

    question: str
    also: str
    answer: str
    source: str
    valid_until: date
    unit: Unit
    categories: str
    note: str = ""


def may_keep(actor: Actor) -> bool:
    """Tell whether this person keeps the known answers."""
    return actor.has(Role.DISPATCHER) or actor.leads_centre


def check_keeper(actor: Actor) -> None:
    """Refuse everybody else (NotYou)."""
    if not may_keep(actor):
        raise NotYou(ONLY_KEEPERS)


def newest_of(entry: str) -> KnownAnswer:
    """Return the newest version of an entry; NotYours (404)."""
    found = KnownAnswer.objects.filter(entry=entry, superseded_at__isnull=True).select_related("unit").first()
    if found is None:
        raise NotYours()
    return found


def history_of(entry: str) -> list[KnownAnswer]:
    """Return every version of an entry, the newest first."""
    return list(KnownAnswer.objects.filter(entry=entry).select_related("unit", "written_by").order_by("-number"))


def write(actor: Actor, given: Mapping[str, str], *, now: datetime, entry: str = "", seen: int = 0) -> KnownAnswer:
    """Write a new entry, or the next version of one; on record.

    `seen` is the version that was edited: NotNow when somebody wrote another one meanwhile. Incomplete with sentences.
    """
    check_keeper(actor)
    written = check(given, now)
    with transaction.atomic():
        before = _lock(entry, seen) if entry else None
        if before is not None:
            KnownAnswer.objects.filter(pk=before.pk).update(superseded_at=now)
        made = KnownAnswer.objects.create(
            entry=before.entry if before else uuid.uuid4(),
            number=before.number + 1 if before else 1,
            **written.__dict__,
            plain=plain(f"{written.question} {written.also} {written.answer}"),
            letters=initials(written.question),
            written_at=now,
            written_by_id=actor.user_id,
        )
        audit.record(actor, "known_answer.written", f"known_answer:{made.pk}", written.note, now=now)
    return made


def withdraw(actor: Actor, entry: str, reason: str, *, now: datetime) -> None:
    """Offer an entry no more; its versions stay for who read from them. Incomplete without a reason."""
    check_keeper(actor)
    if len(reason.strip()) < SHORTEST or len(reason) > LONGEST["note"] or not is_storable(reason):
        raise Incomplete({"note": ["请写明为什么停用，例如“新办法已公布”。"]})
    with transaction.atomic():
        row = _lock(entry, 0)
        KnownAnswer.objects.filter(pk=row.pk).update(withdrawn=True, note=reason.strip())
        audit.record(actor, "known_answer.withdrawn", f"known_answer:{row.pk}", reason.strip(), now=now)


def _lock(entry: str, seen: int) -> KnownAnswer:
    row = KnownAnswer.objects.select_for_update().filter(entry=entry, superseded_at__isnull=True).first()
    if row is None:
        raise NotYours()
    if seen and row.number != seen:
        raise NotNow(f"这条答复刚刚被别人改到第 {row.number} 版，请看过新的再改；您写的还在页面上。")
    return row


def check(given: Mapping[str, Any], now: datetime) -> Written:
    """Check what was typed; Incomplete with sentences beside the fields."""
    text = {name: str(given.get(name) or "").strip() for name in (*LONGEST, "valid_until", "unit", "categories")}
    errors: dict[str, list[str]] = {}
    for name, longest in LONGEST.items():
        if name in LABELS and len(text[name]) < SHORTEST:
            errors[name] = [f"请填写{LABELS[name]}。"]
        elif len(text[name]) > longest or not is_storable(text[name]):
            errors[name] = [f"最多 {longest} 字，请改短。"]
    until = _day(text["valid_until"])
    if until is None or until < today_of(now):
        errors["valid_until"] = ["请填写有效期，不早于今天；到期后不再提示给话务员，须复核后续期。"]
    unit = Unit.objects.filter(code=text["unit"], active=True).first() if is_storable(text["unit"]) else None
    if unit is None:
        errors["unit"] = ["请选择负责这条答复的单位。"]
    codes = text["categories"].replace("，", " ").replace(",", " ").split()
    if unknown := [code for code in codes if not is_storable(code) or statements.CATEGORY.first(code=code) is None]:
        errors["categories"] = [f"没有这个类别代码：{unknown[0]}。"]
    if errors or until is None or unit is None:
        raise Incomplete(errors)
    words = {name: text[name] for name in LONGEST}
    return Written(**words, valid_until=until, unit=unit, categories=" ".join(codes))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
