"""What the other side says of a matter under way: their receipt, their result, that they take it back; heard once.

The words are kept sealed with the link; the case's history gets a note with phones and identity numbers masked. The
workflow is not moved by them: a person decides what follows (design/workflow.md "One door").
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.queries import service_actor
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.masking import mask_text
from hotlines.choices import Direction, MessageState
from hotlines.links import guarding
from hotlines.links.arriving import tell
from hotlines.links.sending import receive
from hotlines.links.words import Word, WordKind
from hotlines.models import Line, Link, LinkMessage

UNKNOWN = "没有找到这个编号的对接事项，请核对 about：填本平台的 reference，或者转来时的编号。"


def hear(line: Line, word: Word, now: datetime) -> bool:
    """Take one word in; False when it was heard before. Incomplete when it is about nothing that we know."""
    about = _letter(line, word.about)
    found = about.link if about else _link(line, word.about)
    if found is None:
        raise Incomplete({"about": [UNKNOWN]})
    with transaction.atomic():
        link = Link.objects.select_for_update(of=("self",)).select_related("case", "line").get(pk=found.pk)
        papers = link.papers or {}
        words = papers.get("words", [])
        if any(row["key"] == word.key for row in words):
            return False
        said = {"key": word.key, "kind": word.kind.value, "text": word.text, "at": word.at.isoformat()}
        link.papers = {**papers, "words": [*words, said]}
        fields = ["papers", *_effects(link, word, now)]
        link.save(update_fields=fields)
        if about is not None:
            _of_letter(about, word)
        if word.kind is WordKind.RECEIPT:
            receive(link, word.foreign_number, now)
        if word.kind not in (WordKind.RECEIPT, WordKind.REFUSED) or word.text:
            tell(link, _note(link, word), service_actor("integration"), now)
        if word.text and guarding.is_guarded(link):
            guarding.tell_dispatchers(link, f"w{len(words) + 1}", now)
    return True


def _letter(line: Line, about: str) -> LinkMessage | None:
    """The letter that is meant, where a word is about one."""
    uid = _uid(about)
    found = LinkMessage.objects.filter(uid=uid, link__line=line) if uid else LinkMessage.objects.none()
    return found.select_related("link").first()


def _link(line: Line, about: str) -> Link | None:
    uid = _uid(about)
    return Link.objects.filter(Q(foreign_number=about) | (Q(uid=uid) if uid else Q(pk__in=())), line=line).first()


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _of_letter(letter: LinkMessage, word: Word) -> None:
    mine = LinkMessage.objects.filter(pk=letter.pk)
    if word.kind is WordKind.RECEIPT:
        mine.update(receipt=word.foreign_number[:60])
    if word.kind is WordKind.REFUSED:
        mine.filter(state=MessageState.SENT).update(state=MessageState.REFUSED, answer="对方拒收，原因见对方来文")


def _effects(link: Link, word: Word, now: datetime) -> list[str]:
    """Set what a word changes in the link and return the names of the fields."""
    if word.their_due_at is not None:
        link.their_due_at = word.their_due_at
        return ["their_due_at"]
    if link.direction == Direction.OUT and word.kind in (WordKind.RESULT, WordKind.RETURNED):
        link.answered_at = now
        return ["answered_at"]
    return []


def _note(link: Link, word: Word) -> str:
    about = f"（对方编号 {link.foreign_number}）" if link.foreign_number else ""
    text = f"：{mask_text(word.text)}" if word.text else "。"
    if word.text and guarding.is_guarded(link):
        text = "，由分流员查看。"
    return f"{link.line.name}{about}{word.kind.label}{text}"
