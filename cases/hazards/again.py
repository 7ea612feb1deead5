"""Looking again at a closed hazard: on the spot, by somebody who did not put it right (facts §8 rows 0.31, 1.11).

The day and what was seen, no time of day and no position; a photo only if somebody wants to attach one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.queries import Actor
from cases.following_up.choices import LookBackResult
from cases.following_up.keeping import looked
from cases.hazards.queries import re_inspections_for, today_of
from cases.models import LookBack
from cases.needs import Need
from governance_portal.lib.errors import NotYours
from governance_portal.lib.masking import mask_text

#: How it stands, in the words of a place and not of a dispute.
RESULTS = (
    (LookBackResult.STABLE.value, "整改保持"),
    (LookBackResult.RELAPSED.value, "有反弹"),
    (LookBackResult.RECURRED.value, "再次出现"),
    (LookBackResult.UNREACHED.value, "没能进入"),
)
LOOKING_AGAIN = (
    Need("result", "现在怎么样", "choice", choices=RESULTS),
    Need(
        "note", "情况", "longtext", required=False, maximum=1000, help="有反弹、再次出现的必填；写地方和设施，不写人。"
    ),
    Need(
        "number",
        "新登记的隐患",
        "text",
        required=False,
        maximum=30,
        help="再次出现、已作为新隐患登记的，填它的受理编号。",
    ),
)


def find_again(pk: int, actor: Actor, now: datetime) -> LookBack:
    """Return one that this person is to look at; NotYours (404) otherwise."""
    found = re_inspections_for(actor, today_of(now), now).filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def look_again(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> LookBack:
    """Write how a closed hazard stands: `{result, note?, number?}`; NotYours, NotNow when somebody just did, Incomplete."""
    with transaction.atomic():
        find_again(pk, actor, now)
        note = given.get("note")
        return looked(pk, {**given, "note": mask_text(note)} if isinstance(note, str) else given, actor=actor, now=now)
