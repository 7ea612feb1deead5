"""What another system must hear of its matter, read off the history alone: pure, so that whoever looks finds the same.

Of an event at most one message. Told are: received, accepted and dispatched (these words and the unit, nothing of the
work inside), declined with ground and where to turn, an extension asked for and decided, and the result with the reply
that the resident reads. Numbers of phones and identity cards inside a text are masked: what the other side did not send
does not go out. Codes travel with their words, so that a system without our lists can show them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cases.choices import DeclineReason, Outcome, Receiver, RequestKind, Status, TerminateReason
from cases.fold import EventLike, State, apply
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import Calendar
from hotlines.choices import MessageKind


class Told(EventLike, Protocol):
    """What is read of an event."""

    seq: int


@dataclass(frozen=True)
class Telling:
    """One message owed: what kind, for which event, with which words."""

    kind: MessageKind
    cause: str
    payload: dict[str, Any]


def tellings(events: Sequence[Told], days: Calendar, after: int) -> list[Telling]:
    """Return what is owed for the events behind `after` of a whole history, in order."""
    found, state = [], State()
    for event in events:
        apply(state, event, days)
        told = _told(event, events, state) if event.seq > after else None
        if told is not None:
            kind, payload = told
            found.append(Telling(kind, cause_of(event), {"at": event.at.isoformat(), **payload}))
    return found


def cause_of(event: Told) -> str:
    """Name the event that a message comes from."""
    return f"e{event.seq}"


def of_master(number: str, closed_at: datetime, outcome: str) -> Telling:
    """Return the result of a matter that was joined to another one: how that ended. Its texts are somebody else's."""
    return Telling(
        MessageKind.RESULT,
        f"m{number}:{closed_at.isoformat()}"[:40],
        {
            "at": closed_at.isoformat(),
            **_outcome(outcome),
            "reply": "与同一诉求合并办理，已办结。",
            "closed_at": closed_at.isoformat(),
        },
    )


_Words = Callable[[Told, Sequence[Told], State], "tuple[MessageKind, dict[str, Any]] | None"]


def _told(event: Told, events: Sequence[Told], state: State) -> tuple[MessageKind, dict[str, Any]] | None:
    if event.status_after == Status.CLOSED and event.kind in _CLOSING:
        return MessageKind.RESULT, _result(event, events, state)
    words = _WORDS.get(event.kind)
    return words(event, events, state) if words else None


_CLOSING = frozenset(
    {
        "transfer",
        "close_verified",
        "confirm",
        "close_unreached",
        "close_uncalled",
        "close_explained",
        "withdraw",
        "terminate",
    }
)


def _progress(status: str, words: str, **more: Any) -> tuple[MessageKind, dict[str, Any]]:
    return MessageKind.PROGRESS, {"status": status, "words": words, **more}


def _registered(event: Told, _events: Sequence[Told], _state: State) -> tuple[MessageKind, dict[str, Any]]:
    return MessageKind.RECEIPT, {"words": "已登记，等待受理", "registered_at": event.at.isoformat()}


def _accepted(_event: Told, _events: Sequence[Told], state: State) -> tuple[MessageKind, dict[str, Any]]:
    clock = state.latest("resolve_by")
    due = {"due_at": clock.due_at.isoformat(), "due_tentative": clock.tentative} if clock else {}
    return _progress("accepted", "已受理", **due)


def _dispatched(event: Told, _events: Sequence[Told], _state: State) -> tuple[MessageKind, dict[str, Any]]:
    unit = str(event.data.get("lead_unit_name", ""))
    return _progress("dispatched", f"已转交{unit}", unit=unit)


def _declined(event: Told, _events: Sequence[Told], _state: State) -> tuple[MessageKind, dict[str, Any]]:
    reason = str(event.data.get("reason", ""))
    label = str(DeclineReason(reason).label) if reason in DeclineReason.values else ""
    instead = mask_text(str(event.data.get("instead", "")))
    return MessageKind.RETURNED, {"reason": reason, "words": f"不予受理：{label}", "instead": instead}


def _asked(event: Told, _events: Sequence[Told], _state: State) -> tuple[MessageKind, dict[str, Any]] | None:
    if event.data.get("kind") != RequestKind.EXTENSION:
        return None
    why = mask_text(str(event.data.get("public_reason", "")))
    return MessageKind.EXTENSION, {
        "step": "asked",
        "words": "已申请延期",
        "amount": event.data.get("amount"),
        "why": why,
    }


def _decided(event: Told, _events: Sequence[Told], _state: State) -> tuple[MessageKind, dict[str, Any]] | None:
    if event.data.get("kind") != RequestKind.EXTENSION:
        return None
    if not event.data.get("approved"):
        return MessageKind.EXTENSION, {"step": "refused", "words": "没有批准延期，仍按原期限办理"}
    payload = {"step": "approved", "words": "已批准延期", "why": mask_text(str(event.data.get("public_reason", "")))}
    return MessageKind.EXTENSION, payload | {
        name: event.data[name] for name in ("due_before", "due_after") if event.data.get(name)
    }


def _merged(_event: Told, _events: Sequence[Told], _state: State) -> tuple[MessageKind, dict[str, Any]]:
    return _progress("merged", "与同一诉求合并办理")


def _reopened(_event: Told, _events: Sequence[Told], _state: State) -> tuple[MessageKind, dict[str, Any]]:
    return _progress("reopened", "恢复办理")


def _reviewed(_event: Told, _events: Sequence[Told], _state: State) -> tuple[MessageKind, dict[str, Any]]:
    return _progress("registered", "经复审重新办理受理手续")


_WORDS: Mapping[str, _Words] = {
    "register": _registered,
    "accept": _accepted,
    "dispatch": _dispatched,
    "conclude": _dispatched,
    "reassign": _dispatched,
    "decline": _declined,
    "request": _asked,
    "decide": _decided,
    "merge": _merged,
    "reopen": _reopened,
    "review_decline": _reviewed,
}


def _result(event: Told, events: Sequence[Told], state: State) -> dict[str, Any]:
    return {
        **_outcome(state.outcome),
        "reply": mask_text(_reply(event, events)),
        "closed_at": event.at.isoformat(),
        **_ending(event),
    }


def _outcome(outcome: str) -> dict[str, str]:
    return {"outcome": outcome, "words": str(Outcome(outcome).label) if outcome in Outcome.values else "已办结"}


def _reply(event: Told, events: Sequence[Told]) -> str:
    """The last reply before this end; that of an ended round is not told again after withdrawing or terminating."""
    if event.kind in ("withdraw", "transfer"):
        return ""
    if event.kind == "terminate":
        return str(event.data.get("routes", ""))
    answers = (one for one in reversed(events) if one.seq < event.seq and one.kind in ("resolve", "resolve_on_spot"))
    found = next(answers, None)
    return str(found.data.get("reply", "")) if found else ""


def _ending(event: Told) -> dict[str, str]:
    if event.kind == "transfer":
        return {"receiver": str(Receiver(event.data["receiver"]).label)}
    if event.kind == "terminate" and event.data.get("reason") in TerminateReason.values:
        return {"reason": event.data["reason"], "reason_words": str(TerminateReason(event.data["reason"]).label)}
    return {}
