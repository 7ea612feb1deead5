"""A letter as PDF, by typst. Text goes in as JSON; the page is `letter.typ`."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from cases.letters.letter import Letter, clean, dated, lines_of, title_lines

PAGE = Path(__file__).with_name("letter.typ")
OPEN_TYPE = ("400Regular", "700Bold")
#: Licensed type a site may lay into PORTAL_FONTS (facts §4.0); the first that is there wins, the open Song type follows.
BODY_TYPES = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FandolFang", "FandolFang R")
HEAD_TYPES = ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "方正小标宋_GBK")
FALLBACK = ("Noto Serif SC", "Noto Serif CJK SC")
#: Letters without a place to break; more of them than fit a line get places to break.
_UNBROKEN = re.compile(r"[\x21-\x7e]{24}(?=[\x21-\x7e])")


def pdf(letter: Letter) -> bytes:
    """Return the letter as a PDF with its type embedded; nothing personal stands in its metadata."""
    made = typst.compile(
        PAGE.read_bytes(),
        font_paths=loaded(str(settings.PORTAL_FONTS), str(settings.NODE_MODULES)),
        format="pdf",
        sys_inputs={"letter": json.dumps(_data(letter), ensure_ascii=False)},
        timestamp=datetime.combine(letter.issued_on, time(), UTC),
    )
    assert isinstance(made, bytes)  # noqa: S101  told to the type checker: no output path was given
    return made


def pictures(letter: Letter, ppi: float = 96) -> list[bytes]:
    """Return the letter's pages as PNG, for eyes and tests."""
    made = typst.compile(
        PAGE.read_bytes(),
        font_paths=loaded(str(settings.PORTAL_FONTS), str(settings.NODE_MODULES)),
        format="png",
        ppi=ppi,
        sys_inputs={"letter": json.dumps(_data(letter), ensure_ascii=False)},
    )
    return [made] if isinstance(made, bytes) else list(made or ())


def _data(letter: Letter) -> dict[str, Any]:
    fonts = loaded(str(settings.PORTAL_FONTS), str(settings.NODE_MODULES))
    return {
        "title": [breakable(line) for line in title_lines(clean(letter.title))],
        "number": clean(letter.number),
        "addressee": breakable(letter.addressee),
        "paragraphs": [breakable(line) for text in letter.paragraphs for line in lines_of(text)],
        "issuer": clean(letter.issuer),
        "date": dated(letter.issued_on),
        "attachments": [breakable(name) for name in letter.attachment_names],
        "contact": breakable(letter.contact),
        "case": clean(letter.case_number),
        "qr": segno.make(letter.query_url, error="m").svg_inline(border=0) if letter.query_url else "",
        "forms": [
            {
                "title": clean(form.title),
                "note": clean(form.note),
                "rows": [
                    {
                        "label": clean(row.label),
                        "value": "\n".join(breakable(line) for line in lines_of(row.value)),
                        "lines": row.lines,
                    }
                    for row in form.rows
                ],
            }
            for form in letter.forms
        ],
        "fonts": {"body": chosen(fonts, BODY_TYPES), "head": chosen(fonts, HEAD_TYPES)},
    }


def breakable(text: str) -> str:
    """Return a cleaned text in which what is too long for a line may be broken."""
    return _UNBROKEN.sub(lambda found: found.group() + "\u200b", clean(text))


def chosen(fonts: typst.Fonts, wanted: tuple[str, ...]) -> list[str]:
    """Return those of the wanted families that are there, the open ones last."""
    there = set(fonts.families())
    return [name for name in (*wanted, *FALLBACK) if name in there]


@lru_cache(maxsize=4)
def loaded(own: str, modules: str) -> typst.Fonts:
    """Load the type once a process: the site's folder, the open Song type, what the machine has for rare letters."""
    song = Path(modules) / "@expo-google-fonts" / "noto-serif-sc"
    folders = [own] if own else []
    return typst.Fonts(include_system_fonts=True, font_paths=[*folders, *(str(song / name) for name in OPEN_TYPE)])
