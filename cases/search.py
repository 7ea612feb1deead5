"""Finds cases by words and by numbers; what is found is cut by whatever queryset is given, so by the reading door too.

A list shows the newest of what was found, and two ways lead there. What few cases hold is asked of the index of bigrams,
and the cases are fetched by key. What many hold is not: fetching and sorting tens of thousands to show fifty costs more
than walking the list from the top and looking into each text. One short question of the index decides. A count always
asks the index. (Left to itself PostgreSQL read the whole hit list once per row of the list: 46 s; design/stack.md.)
"""

# ruff: noqa: S608  statements are put together from this module's own words; what was typed goes in as parameters

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func

from cases.querysets import CaseQuerySet
from governance_portal.lib.bigrams import bigrams, words
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.numbers import parse_number

MOST_WORDS = 8
#: From so many cases on a word is common.
FEW = 3000
NUMBER_LENGTH, SHORTEST_TAIL = 14, 4
_DIGITS = re.compile(rf"[0-9]{{{SHORTEST_TAIL},{NUMBER_LENGTH}}}")
_PHONE = re.compile(r"(?:\+?86|0086)?1[3-9]\d{9}|0\d{2,3}[1-9]\d{6,7}", re.ASCII)
_ID_NUMBER = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_MOBILE_INSIDE = re.compile(
    r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)|(?<![0-9A-Z])[1-9]\d{16}[\dX](?![0-9A-Z])", re.ASCII
)
_JOINTS = re.compile(r"[\s\-‐‑–—()]+")
NOT_HERE = "电话、证件号不能和文字一起查，也不放进网址；请在页面上方的查找框里单独输入。"


class CannotSearch(ValueError):
    """What was typed cannot be searched; the sentence says what to type instead."""


@dataclass(frozen=True)
class Asked:
    """What was asked for: one case by its whole number, or all the cases that have every one of the words."""

    number: str = ""
    words: tuple[str, ...] = ()


def person_kind(text: str) -> str:
    """Tell whether a text is a phone ("phone") or an ID number ("id_number") and nothing else; else ""."""
    packed = _JOINTS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if parse_number(packed):
        return ""
    if _PHONE.fullmatch(packed):
        return "phone"
    return "id_number" if _ID_NUMBER.fullmatch(packed) else ""


def names_a_person(text: str) -> bool:
    """Tell whether a phone or an ID number stands anywhere in the text."""
    return bool(person_kind(text) or _MOBILE_INSIDE.search(unicodedata.normalize("NFKC", text).upper()))


def person_index(kind: str, text: str) -> str:
    """Return the keyed hash a party with this phone or ID number is found by."""
    return blind_index(kind, text)


def read(text: str) -> Asked:
    """Understand what was typed. Raises CannotSearch with a sentence."""
    if number := parse_number(text):
        return Asked(number=number)
    if names_a_person(text):
        raise CannotSearch(NOT_HERE)
    found = words(text)
    if not found:
        raise CannotSearch("请输入受理编号（或末 4 位以上），或者至少两个字的词。")
    short = [word for word in found if len(word) < 2]
    if short:
        raise CannotSearch(f"一个字查不准，每个词至少两个字；请把“{short[0]}”写长一些，例如“暖气”“噪声”。")
    if len(found) > MOST_WORDS:
        raise CannotSearch(f"一次最多查 {MOST_WORDS} 个词，请去掉几个。")
    return Asked(words=found)


def matching(cases: CaseQuerySet, text: str) -> CaseQuerySet:
    """Narrow cases to what was typed: a whole number, or words that all occur; a word of four digits or more may also
    be the end of a number. One query decides the way. Raises CannotSearch."""
    asked = read(text)
    if asked.number:
        return cases.filter(number=asked.number)
    few = _few(asked)
    return cases.filter(_Few("pk", ids=few) if few is not None else _Common("pk", asked=asked))


# --- the conditions ---------------------------------------------------------------------------------------------


class _Few(Func):
    """The key is one of these."""

    output_field = BooleanField()

    def __init__(self, *expressions: Any, ids: tuple[int, ...]) -> None:
        super().__init__(*expressions)
        self.ids = ids

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """One parameter for all of them: three thousand would cost more to read than to find."""
        key, parameters = compiler.compile(self.source_expressions[0])
        if not self.ids:
            return "1 = 0", []
        listed = ",".join(map(str, self.ids))
        if connection.vendor == "postgresql":
            return f"{key} = ANY(%s::bigint[])", [*parameters, f"{{{listed}}}"]
        return f"{key} IN (SELECT value FROM json_each(%s))", [*parameters, f"[{listed}]"]


class _Common(Func):
    """The text of the case has every word: asked row by row where the query shows a page, of the index where it counts."""

    output_field = BooleanField()

    def __init__(self, *expressions: Any, asked: Asked) -> None:
        super().__init__(*expressions)
        self.asked = asked

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A subquery of one value is never turned into a join, so the order of the list stays the plan."""
        key, parameters = compiler.compile(self.source_expressions[0])
        if compiler.query.is_sliced:
            said, more = _in_the_text(self.asked)
            return f"(SELECT {said} FROM cases_searchtext t WHERE t.case_id = {key})", [*more, *parameters]
        source, more = _hits(self.asked)
        once = "AS MATERIALIZED" if connection.vendor == "postgresql" else "AS"
        return f"{key} IN (WITH hits {once} ({source}) SELECT case_id FROM hits)", [*parameters, *more]


def _few(asked: Asked) -> tuple[int, ...] | None:
    """The cases that have the words, or None when there are many."""
    source, parameters = _hits(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"{source} LIMIT {FEW + 1}", parameters)
        ids = tuple(row[0] for row in cursor.fetchall())
    return ids if len(ids) <= FEW else None


def _hits(asked: Asked) -> tuple[str, list[Any]]:
    """SQL that answers the keys of all cases with every word, by the index."""
    numbers = [word for word in asked.words if _DIGITS.fullmatch(word)]
    texts = [word for word in asked.words if word not in numbers]
    source = "cases_searchtext t"
    said: list[str] = []
    parameters: list[Any] = []
    if texts:
        pairs, holds = _pairs(texts), _holds(texts)
        if connection.vendor == "postgresql":
            said, parameters = ["cases_bigrams(t.text) @> %s::text[]"], [pairs]
            # A word of two characters is its bigram: what the index says of it needs no second look.
            holds = _holds([word for word in texts if len(word) > 2])
        else:
            source = "cases_searchgrams g CROSS JOIN cases_searchtext t ON t.case_id = g.rowid"
            said, parameters = ["g.cases_searchgrams MATCH %s"], [_tokens(pairs)]
        said, parameters = said + holds[0], parameters + holds[1]
    for word in numbers:
        either, more = _number_or_text(word)
        said.append(either)
        parameters += more
    return f"SELECT t.case_id FROM {source} WHERE {' AND '.join(said)}", parameters


def _number_or_text(word: str) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        by_pairs = "cases_bigrams(t.text) @> %s::text[]"
        pairs: Any = _pairs([word])
    else:
        by_pairs = "t.case_id IN (SELECT rowid FROM cases_searchgrams WHERE cases_searchgrams MATCH %s)"
        pairs = _tokens(_pairs([word]))
    ends, tail = _ends_with(word)
    held, text = _holds([word])
    return f"({ends} OR ({by_pairs} AND {held[0]}))", [*tail, pairs, *text]


def _in_the_text(asked: Asked) -> tuple[str, list[Any]]:
    """The same condition of one text that is at hand."""
    said: list[str] = []
    parameters: list[Any] = []
    for word in asked.words:
        held, text = _holds([word])
        if _DIGITS.fullmatch(word):
            ends, tail = _ends_with(word)
            said.append(f"({held[0]} OR {ends})")
            parameters += [*text, *tail]
        else:
            said += held
            parameters += text
    return " AND ".join(said), parameters


def _holds(found: list[str]) -> tuple[list[str], list[Any]]:
    finds = "strpos" if connection.vendor == "postgresql" else "instr"
    return [f"{finds}(t.text, %s) > 0" for _word in found], list(found)


def _ends_with(digits: str) -> tuple[str, list[Any]]:
    """The number ends so: its reverse begins so, a range that the index by `tail` serves."""
    backwards = digits[::-1]
    return "(t.tail >= %s AND t.tail < %s)", [backwards, backwards[:-1] + chr(ord(backwards[-1]) + 1)]


def _pairs(found: list[str]) -> list[str]:
    return sorted({pair for word in found for pair in bigrams(word)})


def _tokens(pairs: list[str]) -> str:
    """What FTS5 is asked: every pair, as the triggers wrote it (UTF-8 in hexadecimal)."""
    return " ".join(pair.encode().hex() for pair in pairs)
