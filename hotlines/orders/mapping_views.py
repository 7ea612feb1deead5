"""The page of a line's mapping: which column is what, what their words mean here, and the versions before."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.queries import Actor
from cases.choices import Kind, Nature
from cases.suggesting.named import NamedCategory, categories_in_use
from governance_portal.lib.errors import Incomplete
from hotlines.choices import BatchState
from hotlines.models import Line, OrderBatch, OrderMapping
from hotlines.orders import mappings, queries
from hotlines.orders.door import takers
from hotlines.orders.fields import FIELDS
from hotlines.orders.mappings import Words
from hotlines.orders.natures import USUAL, Meaning, propose_meaning

GUARDED = "（保密）"
MEANINGS: tuple[tuple[str, str], ...] = (
    ("consultation::", str(Kind.CONSULTATION.label)),
    ("appeal::", str(Kind.APPEAL.label)),
    ("appeal:service:", f"{Kind.APPEAL.label} · {Nature.SERVICE.label}"),
    ("appeal:conduct:", f"{Kind.APPEAL.label} · {Nature.CONDUCT.label}"),
    ("appeal:report:1", f"{Kind.APPEAL.label} · {Nature.REPORT.label}{GUARDED}"),
    ("appeal::1", f"{Kind.APPEAL.label}{GUARDED}"),
    ("dispute::", str(Kind.DISPUTE.label)),
    ("hazard::", str(Kind.HAZARD.label)),
    ("suggestion::", str(Kind.SUGGESTION.label)),
)
_CODE = re.compile(r"（([0-9A-Za-z]{1,20})）$")
VERSIONS = 10


@takers
@require_http_methods(["GET", "HEAD", "POST"])
def of_batch(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The mapping for a sheet that waits: proposed from its header, and from the last time."""
    batch = queries.batch_of(uid)
    if batch.state != BatchState.DRAFT:
        return HttpResponseRedirect(reverse("hotlines:order-batch", args=[uid]))
    return _page(request, batch.line, batch)


@takers
@require_http_methods(["GET", "HEAD", "POST"])
def of_line(request: HttpRequest, code: str) -> HttpResponse:
    """The mapping in force of a line, without a sheet: what its words mean."""
    return _page(request, queries.line_of(code), None)


def _page(request: HttpRequest, line: Line, batch: OrderBatch | None) -> HttpResponse:
    before = mappings.in_force(line)
    known = categories_in_use()
    if request.method != "POST":
        columns = mappings.propose(batch.header, before) if batch else dict(before.columns if before else {})
        words = {name: _words(batch, before, name, columns.get(name, "")) for name in ("nature", "category")}
        return _draw(request, line, batch, before, columns, words, {}, known, 200)
    columns, words, natures, categories = _posted(request, known)
    if batch is None:
        columns = dict(before.columns if before else {})
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        mappings.save(line, columns, natures, categories, actor=actor, now=timezone.now(), batch=batch)
    except Incomplete as refused:
        return _draw(request, line, batch, before, columns, words, refused.errors, known, 400, natures, categories)
    if batch is None:
        return HttpResponseRedirect(reverse("hotlines:order-line", args=[line.code]) + "?kept=1")
    return HttpResponseRedirect(reverse("hotlines:order-batch", args=[batch.uid]))


def _words(batch: OrderBatch | None, before: OrderMapping | None, name: str, heading: str) -> Words:
    if batch is not None:
        return mappings.words_in(batch, heading)
    kept = (before.natures if name == "nature" else before.categories) if before else {}
    return Words(tuple((word, 0) for word in kept))


def _posted(
    request: HttpRequest, known: Mapping[str, NamedCategory]
) -> tuple[dict[str, str], dict[str, Words], dict[str, dict[str, Any]], dict[str, str]]:
    """What the form says; a value that is no choice of ours stays, so that `save` refuses it beside its field."""
    post = request.POST
    columns = {field.name: post.get(f"col-{field.name}", "") for field in FIELDS}
    said = {name: _pairs(post, name) for name in ("nature", "category")}
    natures = {word: _meaning(value) for word, value in said["nature"]}
    categories = {word: _code(value, known) for word, value in said["category"]}
    words = {name: Words(tuple((word, 0) for word, _value in pairs)) for name, pairs in said.items()}
    return columns, words, natures, categories


def _pairs(post: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    found = []
    for at in range(mappings.MOST_WORDS):
        word = post.get(f"{name}-{at}-word", "")
        if not word:
            break
        found.append((str(word), str(post.get(f"{name}-{at}", "")).strip()))
    return found


def _meaning(value: str) -> dict[str, Any]:
    if value not in dict(MEANINGS):
        return {"kind": "", "nature": "", "confidential": False}
    kind, nature, secret = value.split(":")
    return Meaning(kind, nature, bool(secret)).as_dict()


def _value(kept: Mapping[str, Any]) -> str:
    meaning = Meaning.from_dict({"kind": "", **kept})
    return f"{meaning.kind}:{meaning.nature}:{'1' if meaning.confidential else ''}"


def _code(value: str, known: Mapping[str, NamedCategory]) -> str:
    """The code at the end of 「住房与物业 · 物业服务（A0201）」, or a code, or a name that only one category bears."""
    if not value:
        return ""
    if found := _CODE.search(value):
        return found[1]
    named = [row.code for row in known.values() if value in (row.code, row.name, row.label)]
    return named[0] if len(named) == 1 else value


def _draw(
    request: HttpRequest,
    line: Line,
    batch: OrderBatch | None,
    before: OrderMapping | None,
    columns: Mapping[str, str],
    words: Mapping[str, Words],
    errors: Mapping[str, list[str]],
    known: Mapping[str, NamedCategory],
    status: int,
    natures: Mapping[str, Mapping[str, Any]] | None = None,
    categories: Mapping[str, str] | None = None,
) -> HttpResponse:
    if natures is None:
        natures = mappings.propose_natures(words["nature"], before)
    if categories is None:
        categories = mappings.propose_categories(words["category"], before)
    context = {
        "title": f"列名对照：{line.name}",
        "line": line,
        "batch": batch,
        "before": before,
        "errors": errors,
        "kept": request.GET.get("kept") == "1",
        "columns": _column_rows(batch, columns, errors) if batch else [],
        "named": [(field.label, columns[field.name]) for field in FIELDS if columns.get(field.name)],
        "natures": _nature_rows(words["nature"], natures, errors),
        "categories": _category_rows(words["category"], categories, errors, known),
        "unmapped": sum(not categories.get(word) for word in words["category"]),
        "more": {name: found.more for name, found in words.items()},
        "known": [f"{row.label}（{row.code}）" for row in known.values()],
        "versions": list(OrderMapping.objects.filter(line=line).order_by("-version")[:VERSIONS]),
        "back_url": reverse("hotlines:orders"),
        "now": timezone.now(),
    }
    return render(request, "hotlines/orders/columns.html", context, status=status)


def _column_rows(
    batch: OrderBatch, columns: Mapping[str, str], errors: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    return [
        {
            "id": f"col-{field.name}",
            "label": field.label,
            "required": field.required,
            "help": field.help,
            "errors": errors.get(f"col-{field.name}", []),
            "choices": [
                {"value": heading, "chosen": heading == columns.get(field.name, "")} for heading in batch.header
            ],
        }
        for field in FIELDS
    ]


def _nature_rows(
    words: Words, natures: Mapping[str, Mapping[str, Any]], errors: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    rows = []
    for at, (word, count) in enumerate(words.rows):
        guess = propose_meaning(word)
        chosen = _value(natures.get(word) or (guess or USUAL).as_dict())
        rows.append(
            {
                "id": f"nature-{at}",
                "word": word,
                "count": count,
                "guessed": word not in natures and guess is None,
                "choices": [{"value": value, "label": label, "chosen": value == chosen} for value, label in MEANINGS],
                "errors": errors.get(f"nature-{word}", []),
            }
        )
    return rows


def _category_rows(
    words: Words, categories: Mapping[str, str], errors: Mapping[str, list[str]], known: Mapping[str, NamedCategory]
) -> list[dict[str, Any]]:
    """Those without a category first."""
    counts = dict(words.rows)
    rows = [
        {"id": f"category-{at}", "word": word, "count": counts[word], "value": _label(categories.get(word, ""), known)}
        for at, word in enumerate(_unmapped_first(words, categories))
    ]
    return [{**row, "errors": errors.get(f"category-{row['word']}", [])} for row in rows]


def _unmapped_first(words: Iterable[str], categories: Mapping[str, str]) -> list[str]:
    return sorted(words, key=lambda word: bool(categories.get(word)))


def _label(code: str, known: Mapping[str, NamedCategory]) -> str:
    return f"{known[code].label}（{code}）" if code in known else code
