"""What a letter says, before anybody decides how it is printed.

Everything in it is data: it is never spliced into markup (typst reads it as JSON, Word as runs of text). Source of
the parts: GB/T 9704-2012 §7 and §10.1, facts §4.0.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

#: Characters of 22 pt that one line of 156 mm holds.
TITLE_WIDTH = 20
#: Directions that make text read otherwise than it stands; not a part of any letter.
_TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True)
class Row:
    """One line of a form: what stands there already, or empty space of `lines` lines to write in."""

    label: str
    value: str = ""
    lines: int = 1


@dataclass(frozen=True)
class Form:
    """A form that goes with a letter, on a page of its own (e.g. D12 采纳反馈表)."""

    title: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Letter:
    """One letter.

    title: 标题, without the issuer's name; number: 发文字号, e.g. "平综治督〔2026〕45号" ("" is printed as 草稿 by the
    caller's choice of title, never invented here); addressee: 主送机关 without the colon; paragraphs: 正文, each one a
    paragraph (lines inside one become paragraphs, too); issuer: full name of the office that signs; issued_on: 成文日期
    in Asia/Shanghai; attachments: names of what is enclosed (`str`) or a `Form` that is printed behind the letter;
    contact: 附注, e.g. "联系人：…，电话：…"; case_number: 受理编号, printed beside the QR; query_url: what the QR holds:
    an address, never personal data (facts §4.0).
    """

    title: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    issuer: str
    issued_on: date
    attachments: tuple[str | Form, ...] = ()
    contact: str = ""
    case_number: str = ""
    query_url: str = ""

    @property
    def forms(self) -> tuple[Form, ...]:
        """Those of the attachments that are printed behind the letter."""
        return tuple(one for one in self.attachments if isinstance(one, Form))

    @property
    def attachment_names(self) -> tuple[str, ...]:
        """What 附件说明 lists, without book-title marks (GB/T 9704 §7.3.4)."""
        return tuple(clean(one.title if isinstance(one, Form) else one) for one in self.attachments)


def clean(text: str) -> str:
    """Return the text as one line that paper can hold: no control characters, no turns of direction, no surrogates."""
    return "".join(" " if char in "\t\n\r" else char for char in text if _printable(char)).strip()


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something, each cleaned."""
    return [line for line in (clean(part) for part in text.splitlines()) if line]


def title_lines(title: str) -> list[str]:
    """Return a title as one line, or two that break where a phrase ends (GB/T 9704 §7.3.1: 回行时词意完整、排列对称)."""
    if not TITLE_WIDTH < len(title) <= 2 * TITLE_WIDTH:
        return [title]
    fits = range(len(title) - TITLE_WIDTH, TITLE_WIDTH + 1)
    phrases = [at for at in fits if title[at - 1] in "的，、" and len(title) - at > 1]
    at = min(phrases or fits, key=lambda place: abs(2 * place - len(title)))
    return [title[:at], title[at:]]


def dated(day: date) -> str:
    """Return 成文日期 in Arabic figures, months and days without a leading zero (GB/T 9704 §7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def _printable(char: str) -> bool:
    if char in "\t\n\r":
        return True
    point = ord(char)
    if (point & 0xFFFE) == 0xFFFE or 0xFDD0 <= point <= 0xFDEF or char in _TURNS:
        return False
    return unicodedata.category(char) not in ("Cc", "Cs")
