"""A bulletin as PDF, by typst. Text goes in as JSON and is never markup; the page is `bulletin.typ`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from cases.bulletins.cells import Table
from cases.bulletins.document import Document
from cases.letters.letter import clean, dated, title_lines
from cases.letters.typeset import BODY_TYPES, HEAD_TYPES, breakable, chosen, loaded

PAGE = Path(__file__).with_name("bulletin.typ")


def pdf(document: Document) -> bytes:
    """Return the bulletin as a PDF with its type embedded; nobody's name stands in its metadata."""
    fonts = loaded(str(settings.PORTAL_FONTS), str(settings.NODE_MODULES))
    data = _data(document) | {"fonts": {"body": chosen(fonts, BODY_TYPES), "head": chosen(fonts, HEAD_TYPES)}}
    made = typst.compile(
        PAGE.read_bytes(),
        font_paths=fonts,
        format="pdf",
        sys_inputs={"bulletin": json.dumps(data, ensure_ascii=False)},
        timestamp=datetime.combine(document.day, time(), UTC),
    )
    assert isinstance(made, bytes)  # noqa: S101  told to the type checker: no output path was given
    return made


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": [breakable(line) for line in title_lines(clean(document.title))],
        "subtitle": clean(document.subtitle),
        "number": clean(document.number),
        "state": clean(document.state),
        "issuer": clean(document.issuer),
        "date": dated(document.day),
        "parts": [
            {
                "heading": clean(heading),
                "paragraphs": [breakable(words) for words in part.paragraphs],
                "tables": [_table(table) for table in part.tables],
            }
            for heading, part in document.numbered
        ],
        "corrections": [breakable(f"更正（{one.by}，{one.on}）：{one.words}") for one in document.corrections],
        "notes": [breakable(words) for words in document.notes],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": clean(table.title),
        "columns": [
            {"label": clean(column.label), "wide": column.wide, "text": column.text} for column in table.columns
        ],
        "rows": [[breakable(cell.words) for cell in row] for row in table.rows],
        "summed": table.summed,
        "note": clean(table.note),
    }
