"""Beside an intake: matters that somebody else reported in like words, for who takes this one in (同事; facts §1.8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.queries import Actor
from cases.crowds.finding import Words, by_words
from cases.crowds.traces import SHORTEST
from cases.matching import MAY_RECOGNISE, Asked, Likely
from cases.models import Case

MOST_SHOWN = 3


def said_before(actor: Actor, asked: Asked, now: datetime, known: Collection[int] = ()) -> list[Likely]:
    """Return the matters in sight whose words are like the story as far as it is typed, without those known already.

    Two queries, four where something is alike; none for a story too short or for posts that do not take matters in. Shows
    nothing about anybody: two texts are compared.
    """
    if not actor.has(*MAY_RECOGNISE) or len(asked.story.strip()) < SHORTEST:
        return []
    words = Words.told(asked.story, asked.category, asked.grid, asked.grid or asked.area)
    found = by_words(words, Case.objects.visible_to(actor, now), now)
    fresh = [one for one in found if one.other.pk not in known]
    return [Likely(one.other, one.reasons, one.evidence) for one in fresh[:MOST_SHOWN]]
