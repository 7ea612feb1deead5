"""The resident's look-up: one door for the page and the API, so that both keep the same limits.

An unknown number and a wrong code answer alike, in the same words and after the same work (behaviour 18). Limits
(design/api.md): 60 calls a minute per address; 10 wrong codes an hour per number, and a correct code always answers.
"""

from __future__ import annotations

from datetime import datetime

from accounts import limits
from cases.models import Case, HeldReport
from cases.queries import find_public
from cases.reporting.choices import HeldState
from cases.reporting.queries import find_held
from governance_portal.lib.errors import NotNow, NotYours, TooMany
from governance_portal.lib.numbers import parse_number

CALLS_A_MINUTE = 60
WRONG_AN_HOUR = 10
WAITS = "已经收到，正在核实；核实以后就能办理和评价，请过些时候再来。"
DISCARDED = "经核实，这件没有登记；确实要反映的，请打窗口电话，或者到窗口来。"
NOT_FOUND = "编号和查询码对不上，请核对回执后再试；回执找不到的，请带身份证到窗口补打。"
TOO_MANY_CALLS = "查询太频繁，请等一分钟再试；着急时请打窗口电话。"
TOO_MANY_WRONG = "这个编号输错查询码的次数太多，请一小时后再试，或者打窗口电话。"


class UnderReview(NotNow):
    """Number and code are right, and it is no matter yet: a held report (`held`)."""

    def __init__(self, held: HeldReport) -> None:
        super().__init__(WAITS if held.state == HeldState.WAITING else DISCARDED)
        self.held = held


def open_case(number: str, code: str, address: str, now: datetime) -> Case:
    """Return the case that a number and its query code open.

    address: the caller's, for the limit. Raises TooMany (429), NotYours (404) and, when the report waits for a human or was
    discarded by one, UnderReview (409), each with a sentence for the resident.
    Call it outside a transaction: what is rolled back was not counted.
    """
    called = limits.hit("lookup_address", address, CALLS_A_MINUTE, 60, now)
    if not called:
        raise TooMany(TOO_MANY_CALLS, retry_after=called.retry_after)
    case = find_public(parse_number(number), code)
    held = find_held(parse_number(number), code) if case is None else None
    if case is not None:
        return case
    if held is not None:
        raise UnderReview(held)
    wrong = limits.hit("lookup_wrong", _key(number), WRONG_AN_HOUR, 3600, now)
    if not wrong:
        raise TooMany(TOO_MANY_WRONG, retry_after=wrong.retry_after)
    raise NotYours(NOT_FOUND)


def _key(number: str) -> str:
    """The number as people mean it, so that spaces and full-width digits are no way round the limit."""
    return parse_number(number) or number.strip()[:40]
