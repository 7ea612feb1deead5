"""How a line's orders are read: proposed from the header, corrected by a person, kept in versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts import audit
from accounts.queries import Actor
from cases.choices import Kind, Nature
from cases.suggesting.named import categories_in_use, same_named
from governance_portal.lib.errors import Incomplete, NotNow
from hotlines.models import Line, OrderBatch, OrderMapping
from hotlines.orders.fields import BY_NAME, REQUIRED, propose_columns
from hotlines.orders.natures import Meaning, propose_meanings
from hotlines.orders.queries import check_taker
from hotlines.orders.reading import EMPTY, Rules

LONGEST_WORD = 120
#: So many different words are shown to be mapped; a column with more of them is hardly a code list.
MOST_WORDS = 300


@dataclass(frozen=True)
class Words:
    """The different words of a column with how often they come, the most frequent first; `more` were left out."""

    rows: tuple[tuple[str, int], ...] = ()
    more: int = 0

    def __iter__(self) -> Any:
        return (word for word, _count in self.rows)


def in_force(line: Line) -> OrderMapping | None:
    """The mapping of a line that holds now."""
    return OrderMapping.objects.filter(line=line).order_by("-version").first()


def rules_of(line: Line) -> Rules:
    """What the line's words mean by the mapping in force; nothing is known without one."""
    mapping = in_force(line)
    return Rules(mapping.natures, mapping.categories) if mapping else Rules()


def fits(mapping: OrderMapping, header: Iterable[str]) -> bool:
    """Tell whether a sheet has every column that the mapping names."""
    return set(mapping.columns.values()) <= set(header)


def propose(header: Iterable[str], before: OrderMapping | None) -> dict[str, str]:
    """Return `{field: heading}`: as the last time where the heading is still there, the others by known headings."""
    header = list(header)
    kept = {name: heading for name, heading in (before.columns if before else {}).items() if heading in header}
    rest = propose_columns([heading for heading in header if heading not in kept.values()])
    chosen = {**{name: heading for name, heading in rest.items() if name not in kept}, **kept}
    return {name: chosen[name] for name in BY_NAME if name in chosen}


def words_in(batch: OrderBatch, heading: str) -> Words:
    """The words of one column of a batch."""
    if not heading:
        return Words()
    texts = (str(row.cells.get(heading, "")).strip() for row in batch.rows.iterator(chunk_size=500))
    counted = Counter(text[:LONGEST_WORD] for text in texts if text and text not in EMPTY).most_common()
    return Words(tuple(counted[:MOST_WORDS]), max(len(counted) - MOST_WORDS, 0))


def propose_natures(words: Iterable[str], before: OrderMapping | None) -> dict[str, dict[str, Any]]:
    """Return what each word means: as kept, else as known; a word that is neither is left out."""
    words = list(words)
    kept = before.natures if before else {}
    return propose_meanings(words) | {word: kept[word] for word in words if word in kept}


def propose_categories(words: Iterable[str], before: OrderMapping | None) -> dict[str, str]:
    """Return `{word: our code or ""}`: as kept, else the category of the same name."""
    words = list(words)
    kept = before.categories if before else {}
    same = same_named([word for word in words if not kept.get(word)], categories_in_use())
    return {word: kept.get(word) or same.get(word, "") for word in words}


def save(
    line: Line,
    columns: Mapping[str, str],
    natures: Mapping[str, Mapping[str, Any]],
    categories: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    batch: OrderBatch | None = None,
) -> OrderMapping:
    """Keep a mapping as the next version and have `batch` read by it; the one in force again when nothing changed.

    What other sheets called things stays: words that this form did not show are taken over. Incomplete beside the
    fields (`col-…`, `nature-…`, `category-…`); NotNow when somebody else saved at the same moment.
    """
    check_taker(actor)
    before = in_force(line)
    errors = _wrong(columns, natures, categories, batch)
    if errors:
        raise Incomplete(errors)
    values = {
        "columns": {name: columns[name] for name in BY_NAME if columns.get(name)},
        "natures": {**(before.natures if before else {}), **natures},
        "categories": {**(before.categories if before else {}), **categories},
    }
    with transaction.atomic():
        if before and all(getattr(before, name) == value for name, value in values.items()):
            made = before
        else:
            made = _next(line, values, actor, now)
        if batch is not None:
            OrderBatch.objects.filter(pk=batch.pk).update(mapping=made)
    return made


def _next(line: Line, values: Mapping[str, Any], actor: Actor, now: datetime) -> OrderMapping:
    version = (OrderMapping.objects.filter(line=line).aggregate(last=Max("version"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            made = OrderMapping.objects.create(
                line=line,
                version=version,
                author_id=actor.user_id,
                author_name=actor.name or actor.username,
                created_at=now,
                **values,
            )
    except IntegrityError as clash:
        raise NotNow("刚才有人保存了新的对照，请刷新后再核对。") from clash
    told = {"version": version, "columns": len(values["columns"]), "categories": len(values["categories"])}
    audit.record(actor, "orders.mapping", f"line:{line.code}", detail=told, now=now)
    return made


def _wrong(
    columns: Mapping[str, str],
    natures: Mapping[str, Mapping[str, Any]],
    categories: Mapping[str, str],
    batch: OrderBatch | None,
) -> dict[str, list[str]]:
    errors = {f"col-{name}": [f"请选择哪一列是{BY_NAME[name].label}。"] for name in REQUIRED if not columns.get(name)}
    header = set(batch.header) if batch else None
    seen: dict[str, str] = {}
    for name, heading in columns.items():
        if not heading:
            continue
        if name not in BY_NAME or (header is not None and heading not in header):
            errors[f"col-{name}"] = ["表里没有这一列，请重新选择。"]
        elif heading in seen:
            errors[f"col-{name}"] = [f"“{heading}”已经选作{BY_NAME[seen[heading]].label}，一列只能用一次。"]
        seen.setdefault(heading, name)
    for word, meaning in natures.items():
        if not _is_meaning(meaning) or len(word) > LONGEST_WORD:
            errors[f"nature-{word}"] = ["请从列表中选择。"]
    known = categories_in_use() if any(categories.values()) else {}
    for word, code in categories.items():
        if code and code not in known:
            errors[f"category-{word}"] = ["没有这个类别，请从列表中选择；不确定的可以留空。"]
    return errors


def _is_meaning(kept: Mapping[str, Any]) -> bool:
    meaning = Meaning.from_dict(kept) if kept.get("kind") else None
    return meaning is not None and meaning.kind in Kind.values and meaning.nature in ("", *Nature.values)
