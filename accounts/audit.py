"""The log: one function writes, one seals, one verifies. See `AuditEntry` for what is never in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import AuditEntry, AuditSeal, User

START_OF_CHAIN = "0" * 64
BATCH = 2000


class RequestMeta(TypedDict):
    """Where a request came from."""

    address: str
    agent: str


def record(
    actor: Actor | User | AnonymousUser | None,
    action: str,
    target: str,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    *,
    ok: bool = True,
    address: str = "",
    agent: str = "",
    now: datetime | None = None,
) -> AuditEntry:
    """Append one entry. `target` says what by its number or code, `detail` what changed: never residents' data.

    `address` and `agent` come from `request_meta(request)`. `now` defaults to the moment of the call.
    """
    user_id, username = _who(actor)
    entry = AuditEntry(
        at=now or timezone.now(),
        user_id=user_id,
        username=username,
        action=action,
        target=target[:200],
        ok=ok,
        reason=reason[:500],
        detail=detail or {},
        address=address[:45],
        agent=agent[:200],
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def request_meta(request: HttpRequest) -> RequestMeta:
    """Where a request came from, as keyword arguments of `record` (`REMOTE_ADDR` is made true by the middleware)."""
    return {"address": client_address(request), "agent": request.META.get("HTTP_USER_AGENT", "")}


def client_address(request: HttpRequest) -> str:
    """The caller's address; forwarded headers were judged before the request got here."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _who(actor: Actor | User | AnonymousUser | None) -> tuple[int | None, str]:
    if actor is None:
        return None, ""
    if isinstance(actor, Actor):
        return actor.user_id, actor.username
    return actor.pk, actor.get_username()


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry's content in a fixed order; the id is covered by the seal."""
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [
        moment,
        entry.user_id,
        entry.username,
        entry.action,
        entry.target,
        entry.ok,
        entry.reason,
        entry.detail,
        entry.address,
        entry.agent,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def seal(now: datetime) -> AuditSeal | None:
    """Chain every entry written since the last seal; None when there is nothing new (or somebody else seals).

    Writers never wait for the chain: only the highest number is read under a lock, the hashing is done afterwards.
    """
    last_id = _settled_id()
    previous = AuditSeal.objects.order_by("-id").first()
    first_id = previous.last_id + 1 if previous else 1
    if last_id < first_id:
        return None
    root = previous.root if previous else START_OF_CHAIN
    link = _walk(first_id, last_id, root)
    # UNIQUE(previous): of two that seal at once, one wins.
    sealed, made = AuditSeal.objects.get_or_create(
        previous=root,
        defaults={"at": now, "first_id": first_id, "last_id": last_id, "entries": link.entries, "root": link.root},
    )
    return sealed if made else None


def _settled_id() -> int:
    """The highest entry number below which nothing can appear any more.

    On PostgreSQL a number is taken before its transaction commits, so a lower one may still come: a SHARE lock waits
    for those in flight (at most two seconds, else the caller tries again later). SQLite has one writer at a time.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                cursor.execute(f"LOCK TABLE {AuditEntry._meta.db_table} IN SHARE MODE")
        return AuditEntry.objects.aggregate(last=Max("id"))["last"] or 0


@dataclass
class _Link:
    root: str
    entries: int = 0
    altered: list[int] = field(default_factory=list)


def _walk(first_id: int, last_id: int, root: str) -> _Link:
    link = _Link(root)
    for entry in _entries(first_id, last_id):
        digest = digest_of(entry)
        if digest != entry.digest:
            link.altered.append(entry.pk)
        link.root = hashlib.sha256(f"{link.root}:{entry.pk}:{digest}".encode()).hexdigest()
        link.entries += 1
    return link


def _entries(first_id: int, last_id: int) -> Iterator[AuditEntry]:
    rows = AuditEntry.objects.filter(id__gte=first_id, id__lte=last_id).order_by("id")
    return rows.iterator(chunk_size=BATCH)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with the log."""

    first_id: int
    last_id: int
    sentence: str


def verify(root: str = "") -> list[Finding]:
    """Recompute everything; an empty list means nothing was altered, removed or slipped in.

    `root` is a seal kept elsewhere: it must still be one of the chain's links.
    """
    findings: list[Finding] = []
    previous, expected_first = START_OF_CHAIN, 1
    seals = list(AuditSeal.objects.order_by("id"))
    for sealed in seals:
        findings += _check_seal(sealed, previous, expected_first)
        previous, expected_first = sealed.root, sealed.last_id + 1
    findings += _check_unsealed(expected_first)
    if root and root not in {sealed.root for sealed in seals}:
        findings.append(Finding(0, 0, "异地保存的封印不在链上：整条链可能被重做过。"))
    return findings


def verify_last() -> list[Finding]:
    """Recompute the newest link and what is not sealed yet: quick enough for a page; `verify` does the whole chain."""
    seals = list(AuditSeal.objects.order_by("-id")[:2])
    if not seals:
        return _check_unsealed(1)
    previous = seals[1] if len(seals) > 1 else None
    root, first_id = (previous.root, previous.last_id + 1) if previous else (START_OF_CHAIN, 1)
    return _check_seal(seals[0], root, first_id) + _check_unsealed(seals[0].last_id + 1)


def _check_seal(sealed: AuditSeal, previous: str, first_id: int) -> list[Finding]:
    span = (sealed.first_id, sealed.last_id)
    link = _walk(sealed.first_id, sealed.last_id, previous)
    findings = [Finding(number, number, f"第 {number} 条记录的内容被改动过。") for number in link.altered]
    if link.entries != sealed.entries:
        sentence = f"第 {span[0]}–{span[1]} 条应有 {sealed.entries} 条记录，现有 {link.entries} 条。"
        findings.append(Finding(*span, sentence))
    elif not findings and link.root != sealed.root:
        findings.append(Finding(*span, f"第 {span[0]}–{span[1]} 条与封印不符。"))
    if sealed.previous != previous or sealed.first_id != first_id:
        findings.append(Finding(*span, f"第 {span[0]}–{span[1]} 条的封印与前一封印接不上。"))
    return findings


def _check_unsealed(first_id: int) -> list[Finding]:
    last_id = AuditEntry.objects.aggregate(last=Max("id"))["last"] or 0
    altered = _walk(first_id, last_id, "").altered
    return [Finding(number, number, f"第 {number} 条记录的内容被改动过。") for number in altered]
