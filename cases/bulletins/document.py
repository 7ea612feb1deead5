"""A bulletin as it is read: title, sections, paragraphs, tables. Plain values, kept as JSON when it is signed.

Page, Word, PDF and Excel are made of this and of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cases.bulletins import sentences, tables
from cases.bulletins.cells import Cell, Column, Table
from cases.bulletins.choices import Kind, Section

NUMERALS = "一二三四五六七八九十"
#: What the report is made after; stands at its end.
BASIS = "内容依据《信访工作条例》第四十一条；人民调解按司法行政月报的15类纠纷统计。"


@dataclass(frozen=True)
class Part:
    """One section: its heading without the numeral, its paragraphs, its tables."""

    code: str
    heading: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Correction:
    """What was said beside a signed bulletin afterwards."""

    words: str
    by: str
    on: str


@dataclass(frozen=True)
class Document:
    """The whole. `dated`: ISO day under the signature; `state`: "" once it is signed."""

    title: str
    subtitle: str
    number: str
    issuer: str
    dated: str
    state: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()

    @property
    def headings(self) -> list[str]:
        """The headings with their numerals: 一、总体情况."""
        return [f"{NUMERALS[place]}、{part.heading}" for place, part in enumerate(self.parts)]

    @property
    def numbered(self) -> list[tuple[str, Part]]:
        """Heading and part, in order."""
        return list(zip(self.headings, self.parts, strict=True))

    @property
    def tables(self) -> list[Table]:
        """All tables in order."""
        return [table for part in self.parts for table in part.tables]

    @property
    def day(self) -> date:
        """The day under the signature."""
        return date.fromisoformat(self.dated)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def compose(
    figures: Mapping[str, Any],
    texts: Mapping[str, str],
    *,
    number: str,
    dated: date,
    state: str,
) -> Document:
    """Put a document together: generated paragraphs and tables, the author's `{section: words}` in their place."""
    kind, period = Kind(figures["period"]["kind"]), figures["period"]
    made, place = [], 1
    for section in Section:
        found = tables.of(section, figures, place)
        place += len(found)
        words = texts.get(section) or sentences.said(figures, section).words
        made.append(Part(section.value, str(section.label), tuple(_lines(words)), tuple(found)))
    return Document(
        title=f"{figures['area']['issuer']}工作{kind.label}",
        subtitle=period["label"],
        number=number,
        issuer=figures["area"]["issuer"],
        dated=str(dated),
        state=state,
        parts=tuple(made),
        notes=tuple(_notes(figures)),
    )


def _notes(figures: Mapping[str, Any]) -> Iterable[str]:
    period = figures["period"]
    at = sentences.moment_words(figures["as_of"])
    yield f"统计期间 {period['first']} 至 {period['last']}，制表时间 {at}；制表后数字不再变动，发现有误的另附更正。"
    yield "登记、受理、办结各按发生的日子统计，与何时登记无关；“在办”“超时”为制表时的情况。"
    yield "基数为0或没有同期数据的，变化写“—”；百分率之差用百分点。办结率的各期都看到期末后同样长的时间，以便可比。"
    yield "调解成功率＝调解成功÷调解终结；涉及人数按登记时的来访人数。门户不登记协议的书面、口头形式，需要时由作者在正文补写。"
    yield "检举控告不在投诉表中；一个单位的投诉不足3件的只计合计。"
    yield BASIS


def _lines(words: str) -> list[str]:
    return [line.strip() for line in words.splitlines() if line.strip()]


def read(kept: Mapping[str, Any]) -> Document:
    """Read what was kept by `as_json`."""
    return Document(
        **{name: kept[name] for name in ("title", "subtitle", "number", "issuer", "dated", "state")},
        parts=tuple(_part(part) for part in kept["parts"]),
        notes=tuple(kept["notes"]),
        corrections=tuple(Correction(**one) for one in kept.get("corrections", ())),
    )


def _part(kept: Mapping[str, Any]) -> Part:
    return Part(
        kept["code"], kept["heading"], tuple(kept["paragraphs"]), tuple(_table(table) for table in kept["tables"])
    )


def _table(kept: Mapping[str, Any]) -> Table:
    return Table(
        code=kept["code"],
        title=kept["title"],
        columns=tuple(Column(**column) for column in kept["columns"]),
        rows=tuple(tuple(Cell(**cell) for cell in row) for row in kept["rows"]),
        summed=kept["summed"],
        note=kept["note"],
    )
