"""Sends the messages: claimed with a lease, of a matter strictly in order, tried again for two days, by hand after that.

A message goes only when all before it in its link have arrived. The other side drops a second one by its key, so a
worker killed between speaking and writing costs nothing. A line that fails is left alone for the rest of the run.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from governance_portal.lib.errors import Incomplete, NotNow
from governance_portal.lib.leasing import Run, claimable, wait_after
from hotlines.choices import OWED, AdapterKind, Direction, MessageKind, MessageState
from hotlines.links.adapters import Adapter, adapter_of
from hotlines.links.words import Away, Letter, Outcome
from hotlines.models import Line, Link, LinkMessage

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.DELIVERY_LEASE)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
#: A quarter of an hour apart at most: two days until a person must look.
MOST_ATTEMPTS = 200
BATCH = 200


@dataclass
class Sent:
    """What one run did."""

    sent: int = 0
    failed: int = 0
    refused: int = 0
    given_up: int = 0


@dataclass
class _Run(Run):
    """What is remembered while one run lasts."""

    done: Sent = field(default_factory=Sent)


def send_due(now: datetime) -> Sent:
    """Send what is due, each matter's in order; safe to run twice at once, late, or after a kill."""
    run, after = _Run(now), 0
    while not run.over():
        heads = list(due(now).filter(pk__gt=after).select_related("link__line", "link__case").order_by("pk")[:BATCH])
        if not heads:
            break
        after = heads[-1].pk
        for head in heads:
            _safely(head, run)
    return run.done


def due(now: datetime) -> QuerySet[LinkMessage]:
    """Return messages that nobody holds, whose time has come and before which nothing of their link waits."""
    earlier = LinkMessage.objects.filter(link=OuterRef("link"), seq__lt=OuterRef("seq")).exclude(
        state=MessageState.SENT
    )
    return LinkMessage.objects.filter(
        claimable(now, LEASE, 2 * LONGEST_WAIT), ~Exists(earlier), state__in=OWED, link__line__is_active=True
    ).exclude(link__line__adapter=AdapterKind.NONE)


def _safely(head: LinkMessage, run: _Run) -> None:
    """One letter whose outcome cannot be written must not keep the others from going out."""
    try:
        _matter(head, run)
    except Exception:
        log.exception("link_message=%d cannot be sent", head.pk)


def _matter(head: LinkMessage, run: _Run) -> None:
    """Send one message, and those behind it as long as they arrive."""
    line, message = head.link.line, head
    adapter = _adapter(line)
    while message and adapter and not run.over() and not run.leaves_alone(line.pk) and _one(message, adapter, run):
        following = due(run.moment).filter(link=head.link, seq__gt=message.seq)
        message = following.select_related("link__line", "link__case").order_by("seq").first()  # type: ignore[assignment]


def _adapter(line: Line) -> Adapter | None:
    try:
        return adapter_of(line)
    except Away as trouble:
        _troubled(line, str(trouble), None)
        return None


def _one(message: LinkMessage, adapter: Adapter, run: _Run) -> bool:
    lease = run.moment + LEASE
    # Said of the row itself, too: who waited for another worker's claim looks at the row again, not at the inner query.
    free = claimable(run.moment, LEASE, 2 * LONGEST_WAIT) & Q(state__in=OWED)
    claimed = due(run.moment).filter(pk=message.pk)
    if not LinkMessage.objects.filter(free, pk__in=claimed.values("pk")).update(
        state=MessageState.SENDING, claimed_until=lease, attempts=F("attempts") + 1
    ):
        return False
    message.attempts += 1
    outcome = _speak(adapter, letter_of(message))
    run.heard(message.link.line_id, answered=outcome.arrived or outcome.refused)
    return _write(message, lease, outcome, run)


def _speak(adapter: Adapter, letter: Letter) -> Outcome:
    try:
        return adapter.send(letter)
    except Exception as broken:  # one broken letter must not keep the others from going out
        return Outcome(False, f"内部错误（{type(broken).__name__}）")


def letter_of(message: LinkMessage) -> Letter:
    """Return a message as it leaves us."""
    link = message.link
    return Letter(
        uid=str(message.uid),
        kind=message.kind,
        reference=str(link.uid),
        foreign_number=link.foreign_number,
        number=link.case.number,
        seq=message.seq,
        body=message.payload or {},
    )


def _write(message: LinkMessage, lease: datetime, outcome: Outcome, run: _Run) -> bool:
    """Only while the row is still ours: a worker that comes back late does not undo what another has done."""
    now, done = run.moment, run.done
    values: dict[str, object] = {"claimed_until": None, "answer": outcome.answer[:120]}
    if outcome.arrived:
        values |= {"state": MessageState.SENT, "sent_at": now, "receipt": outcome.receipt}
        done.sent += 1
    elif outcome.refused:
        values |= {"state": MessageState.REFUSED}
        done.refused += 1
        log.error("link_message=%d refused", message.pk)
    elif message.attempts >= MOST_ATTEMPTS:
        values |= {"state": MessageState.GIVEN_UP}
        done.given_up += 1
        log.error("link_message=%d given up after %d attempts", message.pk, message.attempts)
    else:
        again = now + wait_after(message.attempts, FIRST_WAIT, LONGEST_WAIT)
        values |= {"state": MessageState.FAILED, "next_attempt_at": again}
        done.failed += 1
    mine = LinkMessage.objects.filter(pk=message.pk, state=MessageState.SENDING, claimed_until=lease)
    with transaction.atomic():
        written = bool(mine.update(**values))
        if written and outcome.arrived and outcome.receipt and message.kind == MessageKind.TRANSFER:
            receive(message.link, outcome.receipt, now)
    if outcome.arrived:
        Line.objects.filter(pk=message.link.line_id).update(spoken_at=now)
    else:
        _troubled(message.link.line, outcome.answer, now)
    return written and outcome.arrived


def _troubled(line: Line, why: str, now: datetime | None) -> None:
    Line.objects.filter(pk=line.pk).update(trouble=why[:120], **({"failed_at": now} if now else {}))


def receive(link: Link, number: str, now: datetime) -> None:
    """Keep the other side's receipt of a matter that we passed on: their number, unless another has it, and when."""
    number = number.strip()[:60]
    waiting = Link.objects.filter(pk=link.pk, direction=Direction.OUT, receipt_at__isnull=True)
    if number and not link.foreign_number and not _is_taken(link, number):
        try:
            with transaction.atomic():
                waiting.update(receipt_at=now, foreign_number=number)
            return
        except IntegrityError:
            log.warning("link=%d their number is another's since", link.pk)
    waiting.update(receipt_at=now)


def _is_taken(link: Link, number: str) -> bool:
    return Link.objects.filter(line=link.line_id, foreign_number=number).exclude(pk=link.pk).exists()


# --- by hand --------------------------------------------------------------------------------------------------------


def send_again(message: LinkMessage, now: datetime) -> None:
    """Have a message tried once more, by hand, under the key it had.

    NotNow while it is being sent, once it arrived, or when its content is gone (links.forgetting).
    """
    if message.state != MessageState.SENT and not message.payload:
        raise NotNow("这条消息的内容已按期限清除，不能再发；对方仍需知道的，请用别的办法告知后在这里记下。")
    ready = LinkMessage.objects.filter(pk=message.pk).exclude(state=MessageState.SENDING, claimed_until__gte=now)
    ready = ready.exclude(state=MessageState.SENT)
    if not ready.update(
        state=MessageState.WAITING, next_attempt_at=now, claimed_until=None, attempts=0, answer="人工要求重发"
    ):
        raise NotNow("这条消息已经送达，或者正在发送；请刷新后看过结果再决定。")


def settle_by_hand(message: LinkMessage, note: str, now: datetime) -> None:
    """Say that the other side knows by another way (telephone, paper): what waits behind it may go.

    Incomplete without a word on how; NotNow for one that arrived, is being sent or has others waiting before it.
    """
    if not note.strip():
        raise Incomplete({"note": ["请写明怎样告知的，例如：已电话告知对方立案庭。"]})
    earlier = LinkMessage.objects.filter(link=message.link_id, seq__lt=message.seq).exclude(state=MessageState.SENT)
    if earlier.exists():
        raise NotNow("它前面还有没有送达的消息，请按顺序处理。")
    ready = LinkMessage.objects.filter(pk=message.pk).exclude(state=MessageState.SENT)
    ready = ready.exclude(state=MessageState.SENDING, claimed_until__gte=now)
    if not ready.update(
        state=MessageState.SENT, sent_at=now, claimed_until=None, answer=f"人工告知：{note.strip()}"[:120]
    ):
        raise NotNow("这条消息已经送达，或者正在发送；请刷新后再看。")
