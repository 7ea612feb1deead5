"""Limits in versions: the next one begins the day after the last one ends; nobody edits what was in force.

A running clock keeps the limit that its event was written with (architecture.md "Limits travel with the event"), so a
new version is for what is accepted from its first day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_date

from accounts import audit
from accounts.queries import Actor
from cases import choices as c
from cases import policies
from cases.limits import lawful
from cases.limits.importing import check_keeper
from cases.models import Category, LimitPolicy
from governance_portal.lib.errors import Incomplete, NotNow, NotYours
from governance_portal.lib.spoken import date_words
from governance_portal.lib.working_days import day_of as day_of

KEY = ("clock", "kind", "procedure", "category", "level", "channel")
TERMS = ("amount", "unit", "extension_amount", "extension_times", "extension_by", "legal_base")
CHOICES: Mapping[str, frozenset[str]] = {
    "clock": frozenset([*c.Clock.values, *c.Window.values]) - {"order_by", "confirmation_by", "performance_by"},
    "kind": frozenset(["", *c.Kind.values]),
    "procedure": frozenset(["", *c.Procedure.values]),
    "level": frozenset(["", *c.Level.values]),
    "channel": frozenset(["", *c.Channel.values]),
    "unit": frozenset(lawful.UNITS),
    "extension_by": frozenset(lawful.APPROVERS),
}
MOST = {"amount": 3650, "extension_amount": 365, "extension_times": 5}
#: Whose limit may be prolonged on request (cases.services.preparing).
EXTENSIBLE = c.Clock.RESOLVE_BY


@dataclass
class Line:
    """One line of the table: what holds now (or will, or held last), with its versions, the newest first."""

    current: LimitPolicy
    versions: list[LimitPolicy] = field(default_factory=list)

    @property
    def scheduled(self) -> LimitPolicy | None:
        """The version that has not begun."""
        newest = self.versions[0]
        return newest if newest.pk != self.current.pk and newest.valid_from > self.current.valid_from else None


def table(now: datetime) -> list[tuple[str, list[Line]]]:
    """Return the limits grouped by clock, each line once, general before special; one query."""
    today = day_of(now)
    groups: dict[str, dict[tuple[str, ...], Line]] = {}
    for row in LimitPolicy.objects.order_by("-valid_from", "-pk"):
        lines = groups.setdefault(row.clock, {})
        key = tuple(getattr(row, name) for name in KEY)
        line = lines.setdefault(key, Line(row))
        line.versions.append(row)
        if row.valid_from <= today and line.current.valid_from > today:
            line.current = row
    order = [*c.Clock.values, *c.Window.values]
    labels = dict([*c.Clock.choices, *c.Window.choices])
    return [(str(labels[clock]), sorted(groups[clock].values(), key=_speciality)) for clock in order if clock in groups]


def _speciality(line: Line) -> tuple[int, tuple[str, ...]]:
    row = line.current
    weight = sum(weight for name, weight in policies.WEIGHTS if getattr(row, name))
    return weight, tuple(getattr(row, name) for name in KEY)


def line_of(pk: int) -> Line:
    """Return the line that a version belongs to; NotYours (404) otherwise."""
    row = LimitPolicy.objects.filter(pk=pk).first()
    if row is None:
        raise NotYours()
    same = LimitPolicy.objects.filter(**{name: getattr(row, name) for name in KEY})
    return Line(row, list(same.order_by("-valid_from", "-pk")))


# --- the next version -------------------------------------------------------------------------------------------


def draft_of(given: Mapping[str, str], before: LimitPolicy | None, now: datetime) -> tuple[LimitPolicy, dict[str, Any]]:
    """Return the version that was filled in, not saved, and sentences by field; the line of `before` stays its own."""
    errors: dict[str, list[str]] = {}
    draft = LimitPolicy()
    for name in KEY:
        setattr(draft, name, getattr(before, name) if before else given.get(name, "").strip())
    for name in ("amount", "extension_amount", "extension_times"):
        setattr(draft, name, _number(given, name, errors))
    draft.extension_amount, draft.extension_times = draft.extension_amount or 0, draft.extension_times or 0
    draft.unit, draft.extension_by = given.get("unit", ""), given.get("extension_by", "") or "lead"
    draft.statutory = bool(before and before.statutory)
    draft.legal_base = before.legal_base if before and before.statutory else given.get("legal_base", "").strip()
    draft.reason = given.get("reason", "").strip()
    _check_choices(draft, errors, new=before is None)
    _check_text(draft, errors)
    begins = _day(given.get("valid_from", ""))
    _check_day(draft, begins, before, now, errors)
    if not errors:
        errors |= lawful.problems(draft, day_of(now))
    return draft, errors


def _number(given: Mapping[str, str], name: str, errors: dict[str, list[str]]) -> int | None:
    typed = given.get(name, "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()) or int(typed[:9]) > MOST[name]:
        errors[name] = [f"请填 0 到 {MOST[name]} 的整数。"]
        return None
    return int(typed)


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed.strip())
    except ValueError:
        return None


def _check_choices(draft: LimitPolicy, errors: dict[str, list[str]], *, new: bool) -> None:
    for name, known in CHOICES.items():
        if getattr(draft, name) not in known:
            errors[name] = ["请从列表中选一项。"]
    if new and draft.category and not Category.objects.filter(code__startswith=draft.category, active=True).exists():
        errors["category"] = ["没有以此开头的类别，请填类别代码或它的前几位，如 A01。"]
    if draft.extension_amount and draft.clock != EXTENSIBLE:
        errors["extension_amount"] = ["只有办结时限可以申请延期，请留空。"]
    elif bool(draft.extension_amount) != bool(draft.extension_times):
        errors["extension_amount"] = ["延长多少和延期几次要一起填，或者都留空。"]
    if draft.amount is None and draft.extension_amount:
        errors["extension_amount"] = ["不设时限就没有延期，请留空。"]


def _check_text(draft: LimitPolicy, errors: dict[str, list[str]]) -> None:
    for name, most in (("legal_base", 200), ("reason", 200)):
        if len(getattr(draft, name)) > most:
            errors[name] = [f"最多 {most} 字。"]
    if not draft.reason:
        errors["reason"] = ["请写明为什么改，如“区委政法委2027年1号文”。"]


def _check_day(
    draft: LimitPolicy, begins: date | None, before: LimitPolicy | None, now: datetime, errors: dict[str, list[str]]
) -> None:
    tomorrow = day_of(now) + timedelta(days=1)
    draft.valid_from = begins or tomorrow
    if begins is None:
        errors["valid_from"] = [f"请填施行日，如 {tomorrow}。"]
    elif begins < tomorrow:
        errors["valid_from"] = ["最早从明天起施行：今天受理的已经按原规定计时。"]
    elif begins > tomorrow + timedelta(days=366):
        errors["valid_from"] = ["施行日最晚在一年以内。"]
    elif before is not None and begins <= before.valid_from:
        errors["valid_from"] = [f"已有 {date_words(before.valid_from)} 起施行的新规定，施行日要在它之后。"]
    elif before is None and _open_line(draft) is not None:
        errors["clock"] = ["已有同样范围的规定，请在表里找到那一行，点“修改”。"]


def _open_line(draft: LimitPolicy) -> LimitPolicy | None:
    same = {name: getattr(draft, name) for name in KEY}
    return LimitPolicy.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=draft.valid_from), **same).first()


def publish(
    given: Mapping[str, str], before_pk: int | None, actor: Actor, now: datetime, **meta: Any
) -> tuple[LimitPolicy, LimitPolicy | None]:
    """Publish the next version of a line, or the first of a new one; returns it and the one that it ends.

    NotYou for who does not keep the limits, Incomplete with sentences by field, NotNow when somebody was faster.
    """
    check_keeper(actor)
    with transaction.atomic():
        before = _newest(before_pk) if before_pk else None
        draft, errors = draft_of(given, before, now)
        if not errors and before is not None and all(getattr(draft, n) == getattr(before, n) for n in TERMS):
            errors = {"amount": ["与现行规定一样，没有要改的。"]}
        if errors:
            raise Incomplete(errors)
        draft.author_name, draft.made_at = actor.name or actor.username, now
        if before is not None:
            _end(before, draft.valid_from - timedelta(days=1))
        draft.save(force_insert=True)
        detail = {"from": _terms(before), "to": _terms(draft), "valid_from": str(draft.valid_from)}
        audit.record(actor, "limitpolicy.published", f"limitpolicy:{draft.pk}", draft.reason, detail, now=now, **meta)
    return draft, before


def end(pk: int, given: Mapping[str, str], actor: Actor, now: datetime, **meta: Any) -> LimitPolicy:
    """End a line from a day on, so that the more general one holds again; never what a statute sets."""
    check_keeper(actor)
    with transaction.atomic():
        before = _newest(pk)
        last, reason = _day(given.get("valid_to", "")), given.get("end_reason", "").strip()
        errors: dict[str, list[str]] = {}
        if before.statutory:
            errors["valid_to"] = ["法定期限不能停用。"]
        elif not any(getattr(before, name) for name, _weight in policies.WEIGHTS):
            errors["valid_to"] = ["这是通用的一行，停用后就没有时限了；请改为新的时长。"]
        elif last is None or last < day_of(now) or last < before.valid_from:
            errors["valid_to"] = [f"请填最后一天，今天（{day_of(now)}）或以后，不早于施行日。"]
        if not reason or len(reason) > 200:
            errors["end_reason"] = ["请写明为什么停用（200 字以内）。"]
        if errors or last is None:
            raise Incomplete(errors)
        _end(before, last)
        detail = {"from": _terms(before), "valid_to": str(last)}
        audit.record(actor, "limitpolicy.ended", f"limitpolicy:{before.pk}", reason, detail, now=now, **meta)
    return before


def _newest(pk: int) -> LimitPolicy:
    """Lock the newest version of a line, if this is it."""
    row = LimitPolicy.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotYours()
    if row.valid_to is not None:
        raise NotNow("这一版已经有了下一版或已停用，请从最新的一版改起。")
    return row


def _end(row: LimitPolicy, last: date) -> None:
    row.valid_to = last
    row.save(update_fields=["valid_to"])


def _terms(row: LimitPolicy | None) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*KEY, *TERMS)} if row else {}
