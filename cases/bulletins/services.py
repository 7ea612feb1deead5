"""The course of a bulletin: made (a version of figures each time), edited, signed once, corrected beside it. On record.

Every function raises in the order NotYours (what), NotYou (who), NotNow (when), Incomplete (how).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.queries import Actor
from cases.bulletins import counted, linking, sentences
from cases.bulletins.access import check_signer, check_writer
from cases.bulletins.choices import Section, State
from cases.bulletins.document import Correction, Document, compose, read
from cases.bulletins.periods import Span
from cases.models import Bulletin, BulletinCorrection, BulletinText, BulletinVersion
from cases.needs import is_storable
from governance_portal.lib.errors import Incomplete, NotNow, NotYours, Stale
from governance_portal.lib.working_days import day_of

WORDS_LIMIT, NUMBER_LIMIT = 4000, 40
SIGNED_ALREADY = "这份报告已经签发，内容不再改动；发现有误请写更正，附在报告后面。"
MADE_ANEW = "这份报告刚才重新制表，数字有变。请看过最新一版再签发。"


# --- making ------------------------------------------------------------------------------------------------------


def check_over(span: Span, now: datetime) -> None:
    """Incomplete for a period that still runs: its bulletin would be of half of it."""
    last = span.window.last
    if last is None or last >= day_of(now):
        raise Incomplete({"period": [f"{span.label}还没有结束，结束后再制表。"]})


def is_signed(area: str, span: Span) -> bool:
    """Tell whether the bulletin of an area and a period is signed."""
    return Bulletin.objects.filter(area_code=area, period=span.code, kind=span.kind, state=State.SIGNED).exists()


def check_unsigned(area: str, span: Span) -> None:
    """NotNow for a bulletin that is signed."""
    if is_signed(area, span):
        raise NotNow(SIGNED_ALREADY)


def make(area: str, span: Span, now: datetime, actor: Actor | None = None) -> Bulletin:
    """Count a period and keep it; `actor` None: the clock. NotNow when it is signed. A person's are counted by `asking`."""
    if actor is not None:
        check_writer(actor, area)
    check_over(span, now)
    check_unsigned(area, span)
    return keep(area, span, counted.count(area, span, now), now, actor)


def keep(area: str, span: Span, figures: dict[str, Any], now: datetime, actor: Actor | None = None) -> Bulletin:
    """Keep the figures of a period: the first time as a draft, then as the next version of the draft's figures.

    What the author wrote stays. NotNow when it was signed meanwhile.
    """
    with transaction.atomic():
        window: Any = span.window
        row, new = Bulletin.objects.select_for_update(of=("self",)).get_or_create(
            area_code=area,
            period=span.code,
            kind=span.kind,
            defaults={"first": window.first, "last": window.last, "made_at": now},
        )
        if row.state == State.SIGNED:
            raise NotNow(SIGNED_ALREADY)
        if not new:
            row.version, row.made_at = row.version + 1, now
            row.save(update_fields=["version", "made_at"])
        by = actor.user_id if actor is not None else None
        BulletinVersion.objects.create(bulletin=row, version=row.version, figures=figures, made_at=now, made_by_id=by)
        if actor is not None:
            _log(actor, "bulletin.made", row, {"version": row.version}, now, {})
    return row


def figures_of(row: Bulletin) -> dict[str, Any]:
    """The newest figures."""
    return counted.current(BulletinVersion.objects.get(bulletin=row, version=row.version).figures)


# --- reading -----------------------------------------------------------------------------------------------------


def document_of(row: Bulletin) -> Document:
    """Return the bulletin as it is read: what was signed with its corrections, or the draft as it stands."""
    if row.document is None:
        return _composed(row, figures_of(row))
    document = read(row.document)
    said = tuple(
        Correction(one.words, one.made_by.name, str(day_of(one.made_at)))
        for one in row.corrections.select_related("made_by")
    )
    return Document(**{**document.__dict__, "corrections": said})


def _composed(row: Bulletin, figures: dict[str, Any], *, number: str = "", signed: datetime | None = None) -> Document:
    texts = dict(row.texts.values_list("section", "words"))
    dated = day_of(signed or row.made_at)
    return compose(figures, texts, number=number or row.number, dated=dated, state="" if signed else State.DRAFT.label)


def warnings_of(row: Bulletin, document: Document) -> dict[str, list[str]]:
    """Return `{section: sentences}`: figures in the author's paragraphs that are none of the bulletin's (any more)."""
    figures, told = figures_of(row), {}
    generated = {section.value: sentences.said(figures, section) for section in Section}
    known = {name: value for one in generated.values() for name, value in one.linked.items()}
    read_off = [one.words for one in generated.values()]
    read_off += [word for table in document.tables for word in table.words]
    also = {one for words in read_off for one in linking.numbers_in(words)}
    for text in row.texts.all():
        own = generated[text.section].linked
        if found := linking.warnings(text.words, text.linked, {**known, **own}, also):
            told[text.section] = found
    return told


# --- editing -----------------------------------------------------------------------------------------------------


def write(actor: Actor, pk: int, section: str, words: str, *, now: datetime, **meta: Any) -> Bulletin:
    """Put the author's words in the place of a generated paragraph; empty words give the generated one back."""
    with transaction.atomic():
        row = locked(pk)
        check_writer(actor, row.area_code)
        check_draft(row)
        if section not in Section.values:
            raise NotYours()
        text = words.replace("\r\n", "\n").strip()
        if len(text) > WORDS_LIMIT or not is_storable(text):
            raise Incomplete({"words": [f"这一部分最多 {WORDS_LIMIT} 字，请精简，或去掉不能保存的字符。"]})
        generated = sentences.said(figures_of(row), section)
        if not text or text == generated.words:
            gone, _rows = BulletinText.objects.filter(bulletin=row, section=section).delete()
            if gone:
                _log(actor, "bulletin.restored", row, {"section": section}, now, meta)
            return row
        BulletinText.objects.update_or_create(
            bulletin=row,
            section=section,
            defaults={
                "words": text,
                "linked": linking.linked_in(text, generated.linked),
                "written_at": now,
                "written_by_id": actor.user_id or 0,
            },
        )
        _log(actor, "bulletin.written", row, {"section": section}, now, meta)
    return row


def sign(actor: Actor, pk: int, version: int, number: str, *, now: datetime, **meta: Any) -> Bulletin:
    """Sign the version that was read: from now on it stays word for word. Stale (412) when it was made anew meanwhile."""
    with transaction.atomic():
        row = locked(pk)
        if row.state == State.DRAFT and row.version != version:
            raise Stale(MADE_ANEW)
        check_signer(actor, row.area_code)
        check_draft(row)
        given = number.strip()
        if len(given) > NUMBER_LIMIT or not is_storable(given):
            raise Incomplete({"number": [f"文号最多 {NUMBER_LIMIT} 字，如“平综治〔2026〕45号”；没有可以不填。"]})
        document = _composed(row, figures_of(row), number=given, signed=now)
        row.state, row.number, row.signed_at, row.signed_by_id = State.SIGNED, given, now, actor.user_id
        row.document = document.as_json()
        row.save(update_fields=["state", "number", "signed_at", "signed_by", "document"])
        _log(actor, "bulletin.signed", row, {"version": row.version, "number": given}, now, meta)
    return row


def correct(actor: Actor, pk: int, words: str, *, now: datetime, **meta: Any) -> BulletinCorrection:
    """Say beside a signed bulletin what was wrong in it."""
    with transaction.atomic():
        row = locked(pk)
        check_signer(actor, row.area_code)
        if row.state != State.SIGNED:
            raise NotNow("这份报告还没有签发，请直接修改草稿。")
        text = words.replace("\r\n", "\n").strip()
        if not text or len(text) > WORDS_LIMIT or not is_storable(text):
            raise Incomplete({"correction": [f"请写明哪个数字或哪句话有误、应为什么（{WORDS_LIMIT} 字以内）。"]})
        made = BulletinCorrection.objects.create(bulletin=row, words=text, made_at=now, made_by_id=actor.user_id or 0)
        _log(actor, "bulletin.corrected", row, {}, now, meta)
    return made


def locked(pk: int) -> Bulletin:
    """Lock a bulletin; NotYours when there is none."""
    row = Bulletin.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotYours()
    return row


def check_draft(row: Bulletin) -> None:
    """NotNow for what is signed."""
    if row.state != State.DRAFT:
        raise NotNow(SIGNED_ALREADY)


def _log(actor: Actor, action: str, row: Bulletin, detail: dict[str, Any], now: datetime, meta: Any) -> None:
    told = {"area": row.area_code, "period": row.period, **detail}
    audit.record(actor, action, f"bulletin:{row.pk}", "", told, now=now, **meta)
