"""Pages are light: HTML goes compressed, files and the API as they are; the table of weights is kept where it belongs."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client

from bench import pages
from governance_portal.middleware import PageCompressionMiddleware


def answered(content_type: str, **headers: str) -> Any:
    """What goes over the line for an answer of 5,000 characters, to a browser that takes gzip."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip, deflate"
    told = HttpResponse("综治中心" * 1250, content_type=content_type, headers=headers)
    return PageCompressionMiddleware(lambda _request: told)(request)


def test_a_page_goes_compressed_and_reads_the_same(client: Client, db: None) -> None:
    plain, packed = client.get("/login/"), client.get("/login/", headers={"accept-encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert len(packed.content) < len(plain.content) / 2
    assert "</html>" in gzip.decompress(packed.content).decode()


def test_files_and_answers_with_an_etag_go_as_they_are() -> None:
    assert "Content-Encoding" in answered("text/html; charset=utf-8")
    assert "Content-Encoding" not in answered("image/png")
    assert "Content-Encoding" not in answered("application/json")
    assert "Content-Encoding" not in answered("text/html", ETag='"3"')


def test_the_table_says_whether_the_aims_are_met_and_stays_between_its_marks(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("# How fast\n\nwords of people\n", encoding="utf-8")
    light, heavy = pages.Visit(131.4, 12, 6.21), pages.Visit(61.0, 3, 1.5)

    for _ in range(2):
        pages.keep(pages.written({"list": (light, heavy), "desk": (light, light)}), document)

    told = document.read_text(encoding="utf-8")
    assert told.startswith("# How fast\n\nwords of people\n")
    assert told.count(pages.BEGIN) == told.count(pages.END) == told.count("| list |") == 1
    assert "| list | 131 | 12 | 6.2 | 61 | 3 | 1.5 | < 250, < 60: missed |" in told
    assert "| desk | 131 | 12 | 6.2 | 131 | 12 | 6.2 | – |" in told
