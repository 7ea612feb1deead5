"""When a case's contact data goes, so does what other systems sent about its people and what was, or should be, sent to them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from hotlines.choices import OWED, MessageState
from hotlines.links.guarding import MARK
from hotlines.models import Link, LinkMessage

ENDED = "保存期满，内容已清除，没有发送"


def forget_case(case: Any) -> int:
    """Empty what is sealed in the case's links and messages; numbers, dates and states stay. In a transaction.

    What was still owed ends: a worker that holds it writes nothing afterwards. The mark of links.guarding stays.
    """
    links = list(Link.objects.filter(case_id=case.pk))
    for link in links:
        papers = link.papers or {}
        link.papers, link.place_index = {MARK: papers[MARK]} if MARK in papers else {}, ""
        link.save(update_fields=["papers", "place_index"])
    theirs = Q(link__in=links)
    LinkMessage.objects.filter(theirs, state__in=OWED).update(
        state=MessageState.GIVEN_UP, claimed_until=None, answer=ENDED
    )
    for message in LinkMessage.objects.filter(theirs):
        message.payload = {}
        message.save(update_fields=["payload"])
    return len(links)
