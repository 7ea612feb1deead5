"""The standard's documents: one tree of names and values, written as JSON or as XML.

GeoReport v2 gives each resource a root and a row name in XML and a bare array or object in JSON; dates are ISO 8601 with
offset, text is UTF-8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse, JsonResponse

XML, JSON = "text/xml; charset=utf-8", "application/json; charset=utf-8"
FORMATS = ("xml", "json")


@dataclass(frozen=True)
class Document:
    """What is answered: rows under a root (`row` empty: one object)."""

    root: str
    row: str
    content: Any


def services(rows: Sequence[Mapping[str, Any]]) -> Document:
    """GET services: `{service_code, service_name, description, metadata, type, keywords, group}`."""
    return Document("services", "service", rows)


def definition(content: Mapping[str, Any]) -> Document:
    """GET service definition: `{service_code, attributes: [{variable, code, datatype, required, …, values}]}`."""
    return Document("service_definition", "", content)


def requests(rows: Sequence[Mapping[str, Any]]) -> Document:
    """POST request, GET requests, GET request and GET token all answer rows of `service_requests`."""
    return Document("service_requests", "request", rows)


def errors(status: int, sentences: Sequence[str]) -> Document:
    """The standard's array of `{code, description}`; code is the HTTP status."""
    return Document("errors", "error", [{"code": status, "description": text} for text in sentences])


def answer(document: Document, form: str, status: int = 200) -> HttpResponse:
    """Write a document as "xml" or "json"."""
    if form == "json":
        return JsonResponse(
            document.content,
            safe=False,
            status=status,
            content_type=JSON,
            json_dumps_params={"ensure_ascii": False},
        )
    root = ElementTree.Element(document.root)
    if document.row:
        for row in document.content:
            _fill(ElementTree.SubElement(root, document.row), row)
    else:
        _fill(root, document.content)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, status=status, content_type=XML)


#: Rows inside a row, and what one of them is called.
ROW_OF = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format"}


def _fill(element: ElementTree.Element, content: Any) -> None:
    if isinstance(content, Mapping):
        for name, value in content.items():
            child = ElementTree.SubElement(element, name)
            if isinstance(value, list):
                for row in value:
                    _fill(ElementTree.SubElement(child, ROW_OF[name]), row)
            else:
                _fill(child, value)
    elif content is not None:
        element.text = _plain(str(content).lower() if isinstance(content, bool) else str(content))


def _plain(text: str) -> str:
    """XML 1.0 has no way to write most control characters; they are left out."""
    return "".join(sign for sign in text if sign in "\t\n\r" or sign >= " ")
