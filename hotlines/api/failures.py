"""Who keeps failing to prove which system calls is told to wait: one rule for every door of another system.

The doors are the telephone system (`desk/api`), the lines (`links/api`, `orders/api`) and the apps of Open311
(`open311/views`). A right key or signature is always taken, however often others failed: an address may be shared by
many systems behind one gateway, and one that is set up wrongly must not silence its neighbours. Only a failure is
counted, by door and address, across processes, and only a failure is told 429.

This is no bar against guessing and needs to be none: keys that we make have 192 or 256 bits, and with 128 already
guessing comes to no end. It tells a system that is set up wrongly to stop asking, and keeps its address countable.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from accounts import limits
from accounts.audit import client_address
from governance_portal.lib.errors import NotYou, Refusal, TooMany

SCOPE = "proof_failed"
FAILURES, SECONDS = 60, 3600
#: The doors that count; links and orders have the same keys and count together.
TELEPHONY, LINES, OPEN311 = "telephony", "lines", "open311"
TOO_OFTEN = f"这个地址一小时内没有通过验证已超过 {FAILURES} 次。请核对地址、密钥和时钟，稍后再试，或与区综治中心联系；验证正确的照常接收。"


def failed(door: str, request: HttpRequest, why: str, now: datetime) -> Refusal:
    """Count a failed proof and return what it is answered: NotYou with `why`; TooMany after `FAILURES` within an hour.

    Call it outside a transaction that may be rolled back, and only once the proof has failed.
    """
    free = limits.hit(SCOPE, f"{door}@{client_address(request)}", FAILURES, SECONDS, now)
    return NotYou(why) if free else TooMany(TOO_OFTEN, retry_after=free.retry_after)
