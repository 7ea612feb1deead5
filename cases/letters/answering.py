"""A letter as an answer to a browser."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from django.http import HttpResponse

from cases.letters.letter import Letter
from cases.letters.typeset import pdf
from cases.letters.word import docx

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def answer(letter: Letter, form: Literal["pdf", "docx"], filename: str) -> HttpResponse:
    """Return the letter as a file; `filename` without ending and without personal data. PDF opens, Word is kept.

    Nobody's cache keeps it: whether somebody may read it is asked each time.
    """
    response = HttpResponse(pdf(letter) if form == "pdf" else docx(letter), content_type=TYPES[form])
    way = "inline" if form == "pdf" else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(f'{filename}.{form}', safe='')}"
    response["Cache-Control"] = "no-store"
    return response
