"""What GeoReport v2 and its discovery demand of every answer, field by field, written from the published standard alone.

`deviations` looks at one answer as it came over the wire and says, in the standard's terms, what is not as described;
`differences` holds the two forms of one answer against one another (JSON is the XML in the Spark convention).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit
from xml.etree import ElementTree

from tests.open311.client import ARRAYS, MIME, SPECIFICATION, Answer, Form, Kind, spark

#: "Returned in w3 format"; "Timezone information (either Z meaning UTC, or an HH:MM offset from UTC) must be included".
W3_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
DECLARATION = re.compile(rb"<\?xml\s+version=(['\"])1\.[01]\1\s+encoding=(['\"])utf-8\2[^>]*\?>\s*<", re.IGNORECASE)
TAG = re.compile(r"</?[A-Za-z][^>]*>")
DATATYPES = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
LISTS = ("singlevaluelist", "multivaluelist")
#: "always 404 for resources that don't exist, 403 [for] wrong or missing api_key and basically 400 for any other error".
FAILURES = (400, 403, 404)

#: What a value must be: given the value (never null) and its form, the complaint, or nothing.
Check = Callable[[Any, Form], str]


def _plain(value: Any) -> str | None:
    """A single value as text; ids and codes may be numbers in JSON. Nothing for what is not a single value."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value)


def text(value: Any, form: Form) -> str:
    """Any words."""
    return "" if _plain(value) is not None else f"{value!r} is no text"


def prose(value: Any, form: Form) -> str:
    """Free text: no html, 4,000 characters at most."""
    words = _plain(value)
    if words is None:
        return f"{value!r} is no text"
    if len(words) > 4000:
        return f"is longer than 4,000 characters ({len(words)})"
    return "contains html" if TAG.search(words) else ""


def identifier(value: Any, form: Form) -> str:
    """A unique identifier: text without blanks around or in it."""
    words = _plain(value)
    return "" if words and not re.search(r"\s", words) else f"{value!r} is no identifier"


def boolean(value: Any, form: Form) -> str:
    """True or false: bare in JSON, in lower case in XML."""
    right = value in ("true", "false") if form == "xml" else isinstance(value, bool)
    return "" if right else f"{value!r} is neither true nor false"


def one_of(*options: str) -> Check:
    """One of the values the standard lists."""
    return lambda value, form: "" if value in options else f"{value!r} is none of {', '.join(options)}"


def moment(value: Any, form: Form) -> str:
    """A date and time as the W3 note has it, with its offset."""
    if not isinstance(value, str) or not W3_MOMENT.fullmatch(value):
        return f"{value!r} is not in w3 format with a timezone"
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        return f"{value!r} is no moment: {error}"
    return ""


def degrees(limit: float) -> Check:
    """Degrees of WGS84, a number in JSON."""

    def check(value: Any, form: Form) -> str:
        if form == "json" and (isinstance(value, bool) or not isinstance(value, (int, float))):
            return f"{value!r} is no number"
        try:
            right = abs(float(value)) <= limit
        except (TypeError, ValueError):
            return f"{value!r} is no number"
        return "" if right else f"{value!r} is not within ±{limit:g}"

    return check


def position(value: Any, form: Form) -> str:
    """Any positive integer."""
    right = re.fullmatch(r"[1-9]\d*", value) if form == "xml" else type(value) is int and value > 0
    return "" if right else f"{value!r} is no positive integer"


def listed(value: Any, form: Form) -> str:
    """A comma separated list without empty places."""
    words = _plain(value)
    if words is None:
        return f"{value!r} is no text"
    return "" if all(word.strip() for word in words.split(",")) else f"{value!r} has an empty place between commas"


def address_of_page(value: Any, form: Form) -> str:
    """A whole URL."""
    parts = urlsplit(value) if isinstance(value, str) else None
    return "" if parts and parts.scheme in ("http", "https") and parts.netloc else f"{value!r} is no URL"


def mime(value: Any, form: Form) -> str:
    """A MIME type."""
    right = isinstance(value, str) and re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", value)
    return "" if right else f"{value!r} is no MIME type"


@dataclass(frozen=True)
class Field:
    """One field: `always` it is there, `filled` it says something, as the check wants it."""

    check: Check
    presence: Literal["filled", "always", "may"] = "filled"


SERVICE: Mapping[str, Field] = {
    "service_code": Field(identifier),
    "service_name": Field(text),
    "description": Field(text, "always"),
    "metadata": Field(boolean),
    "type": Field(one_of("realtime", "batch", "blackbox")),
    "keywords": Field(listed, "always"),
    "group": Field(text, "always"),
}
ATTRIBUTE: Mapping[str, Field] = {
    "variable": Field(boolean),
    "code": Field(identifier),
    "datatype": Field(one_of(*DATATYPES)),
    "required": Field(boolean),
    "datatype_description": Field(text, "always"),
    "order": Field(position),
    "description": Field(text, "always"),
}
VALUE: Mapping[str, Field] = {"key": Field(text), "name": Field(text)}
RECEIPT: Mapping[str, Field] = {
    "service_request_id": Field(identifier, "may"),
    "token": Field(identifier, "may"),
    "service_notice": Field(text, "may"),
    "account_id": Field(text, "may"),
}
TOKEN: Mapping[str, Field] = {"service_request_id": Field(identifier, "always"), "token": Field(identifier)}
REQUEST: Mapping[str, Field] = {
    "service_request_id": Field(identifier),
    "status": Field(one_of("open", "closed")),
    "status_notes": Field(text, "may"),
    "service_name": Field(text),
    "service_code": Field(identifier),
    "description": Field(prose, "always"),
    "agency_responsible": Field(text, "may"),
    "service_notice": Field(text, "may"),
    "requested_datetime": Field(moment),
    "updated_datetime": Field(moment),
    "expected_datetime": Field(moment, "may"),
    "address": Field(text, "always"),
    "address_id": Field(text, "always"),
    "zipcode": Field(text, "always"),
    "lat": Field(degrees(90), "always"),
    "long": Field(degrees(180), "always"),
    "media_url": Field(address_of_page, "always"),
}
ERROR: Mapping[str, Field] = {"code": Field(identifier), "description": Field(text)}
DISCOVERY: Mapping[str, Field] = {"changeset": Field(text), "contact": Field(text), "key_service": Field(text)}
ENDPOINT: Mapping[str, Field] = {
    "specification": Field(text),
    "url": Field(address_of_page),
    "changeset": Field(text),
    "type": Field(one_of("production", "test")),
}

#: What each answer is in XML: its root, and the rows in it where it is an array.
ROOTS: Mapping[Kind, str] = {
    "discovery": "discovery",
    "services": "services",
    "definition": "service_definition",
    "receipt": "service_requests",
    "token": "service_requests",
    "requests": "service_requests",
    "errors": "errors",
}
ROWS: Mapping[str, str] = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}


def deviations(answer: Answer) -> list[str]:
    """All that is not as the standard describes it; empty for a good answer."""
    return [f"{answer.asked} → {answer.status}: {complaint}" for complaint in _complaints(answer)]


def differences(xml: Answer, other: Answer) -> list[str]:
    """Where the JSON of an answer says something else than its XML."""
    return list(_unlike(xml.read(), other.read(), ROOTS[xml.kind]))


def _complaints(answer: Answer) -> Iterator[str]:
    yield from _wire(answer)
    if answer.kind == "errors" and answer.status not in FAILURES:
        yield f"the HTTP status of an error is one of {FAILURES}"
    if answer.kind != "errors" and answer.status not in ((200, 201) if answer.kind == "receipt" else (200,)):
        yield f"the HTTP status of a {answer.kind} answer should be 200"
    try:
        told = json.loads(answer.body) if answer.form == "json" else ElementTree.fromstring(answer.body)
    except (ValueError, ElementTree.ParseError) as error:
        yield f"cannot be read as {answer.form}: {error}"
        return
    if isinstance(told, ElementTree.Element):
        if told.tag != ROOTS[answer.kind]:
            yield f"the root element is <{told.tag}>, not <{ROOTS[answer.kind]}>"
            return
        yield from _markup(told)
        told = spark(told)
    if not isinstance(told, list if ROOTS[answer.kind] in ARRAYS else dict):
        yield f"a {answer.kind} answer is {'an array' if ROOTS[answer.kind] in ARRAYS else 'an object'}"
        return
    yield from BODIES[answer.kind](told, answer.form)


def _wire(answer: Answer) -> Iterator[str]:
    """Header, encoding, declaration."""
    told = answer.headers.get("Content-Type", "")
    if told.lower().replace(" ", "") != f"{MIME[answer.form]};charset=utf-8":
        yield f"Content-Type is {told!r}, not {MIME[answer.form]}; charset=utf-8"
    try:
        answer.body.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"is not UTF-8: {error}"
    if answer.form == "xml" and not DECLARATION.match(answer.body):
        yield "the root element is not preceded with the XML declaration including encoding=UTF-8"


def _markup(element: ElementTree.Element) -> Iterator[str]:
    """No namespaces, no attributes, rows by their name, no field twice, no text between elements."""
    if "}" in element.tag:
        yield f"<{element.tag}> is of a namespace"
    if element.attrib:
        yield f"<{element.tag}> has attributes {sorted(element.attrib)}"
    if (len(element) or element.tag in ARRAYS) and (element.text or "").strip():
        yield f"<{element.tag}> holds text besides elements"
    names = [child.tag for child in element]
    if element.tag in ARRAYS:
        yield from (f"<{element.tag}> holds <{name}>" for name in names if name != ROWS[element.tag])
    else:
        yield from (f"<{name}> stands twice in <{element.tag}>" for name in sorted(set(names)) if names.count(name) > 1)
    for child in element:
        yield from _markup(child)


def _fields(row: Any, fields: Mapping[str, Field], form: Form, where: str, *, besides: str = "") -> Iterator[str]:
    """A row's presence, types and values; `besides` names an array that is looked at elsewhere."""
    if not isinstance(row, dict):
        yield f"{where} is no object: {row!r}"
        return
    for name in row:
        if name not in fields and name != besides:
            yield f"{where}.{name} is foreign to the standard"
    for name, field in fields.items():
        if name not in row:
            if field.presence != "may":
                yield f"{where}.{name} is missing"
        elif row[name] is None or row[name] == "":
            if field.presence == "filled":
                yield f"{where}.{name} is empty"
            elif row[name] == "":
                yield f"{where}.{name} is an empty string; what is empty in XML is null in JSON"
        elif complaint := field.check(row[name], form):
            yield f"{where}.{name} {complaint}"


def _array(holder: Any, name: str, where: str) -> tuple[list[Any], list[str]]:
    """An array within an object, and what is wrong with it."""
    rows = holder.get(name) if isinstance(holder, dict) else None
    return (rows, []) if isinstance(rows, list) else ([], [f"{where}.{name} is no array: {rows!r}"])


def _unique(rows: list[Any], name: str, where: str) -> Iterator[str]:
    told = [str(row.get(name)) for row in rows if isinstance(row, dict)]
    yield from (
        f"{where}: {name} {value!r} stands {told.count(value)} times"
        for value in sorted(set(told))
        if told.count(value) > 1
    )


def _services(told: Any, form: Form) -> Iterator[str]:
    for place, row in enumerate(told):
        yield from _fields(row, SERVICE, form, f"services[{place}]")
    yield from _unique(told, "service_code", "services")


def _definition(told: Any, form: Form) -> Iterator[str]:
    yield from _fields(told, {"service_code": Field(identifier)}, form, "service_definition", besides="attributes")
    attributes, wrong = _array(told, "attributes", "service_definition")
    yield from wrong
    for place, row in enumerate(attributes):
        where = f"attributes[{place}]"
        yield from _fields(row, ATTRIBUTE, form, where, besides="values")
        if not isinstance(row, dict):
            continue
        is_list = row.get("datatype") in LISTS
        values, wrong = _array(row, "values", where) if is_list or row.get("values") is not None else ([], [])
        yield from wrong
        if is_list and not values:
            yield f"{where} is a {row['datatype']} without values"
        if values and not is_list:
            yield f"{where} is a {row.get('datatype')} with values"
        for number, value in enumerate(values):
            yield from _fields(value, VALUE, form, f"{where}.values[{number}]")
        yield from _unique(values, "key", f"{where}.values")
    yield from _unique(attributes, "code", "attributes")
    yield from _unique(attributes, "order", "attributes")


def _receipt(told: Any, form: Form) -> Iterator[str]:
    if len(told) != 1:
        yield f"one report is answered with one row, not {len(told)}"
    for row in told:
        yield from _fields(row, RECEIPT, form, "request")
        if isinstance(row, dict) and bool(row.get("service_request_id")) == bool(row.get("token")):
            yield "either service_request_id or token is returned, never both and never neither"


def _token(told: Any, form: Form) -> Iterator[str]:
    if len(told) != 1:
        yield f"one token is answered with one row, not {len(told)}"
    for row in told:
        yield from _fields(row, TOKEN, form, "request")


def _requests(told: Any, form: Form) -> Iterator[str]:
    if len(told) > 1000:
        yield f"the default limit is the first 1000 requests, not {len(told)}"
    for place, row in enumerate(told):
        where = f"service_requests[{place}]"
        yield from _fields(row, REQUEST, form, where)
        if not isinstance(row, dict):
            continue
        if (row.get("lat") is None) != (row.get("long") is None):
            yield f"{where} has one of lat and long without the other"
        asked, updated = row.get("requested_datetime"), row.get("updated_datetime")
        if not isinstance(asked, str) or not isinstance(updated, str) or moment(asked, form) or moment(updated, form):
            continue
        if datetime.fromisoformat(updated) < datetime.fromisoformat(asked):
            yield f"{where} was updated before it was requested"
    yield from _unique(told, "service_request_id", "service_requests")


def _errors(told: Any, form: Form) -> Iterator[str]:
    if not told:
        yield "an error answer names at least one error"
    for place, row in enumerate(told):
        yield from _fields(row, ERROR, form, f"errors[{place}]")


def _discovery(told: Any, form: Form) -> Iterator[str]:
    yield from _fields(told, DISCOVERY, form, "discovery", besides="endpoints")
    endpoints, wrong = _array(told, "endpoints", "discovery")
    yield from wrong
    if not any(isinstance(row, dict) and row.get("specification") == SPECIFICATION for row in endpoints):
        yield f"no endpoint is of {SPECIFICATION}"
    for place, row in enumerate(endpoints):
        where = f"endpoints[{place}]"
        yield from _fields(row, ENDPOINT, form, where, besides="formats")
        formats, wrong = _array(row, "formats", where)
        yield from wrong
        yield from (f"{where}.formats {complaint}" for one in formats if (complaint := mime(one, form)))
        if MIME["xml"] not in formats:
            yield f"{where} does not offer {MIME['xml']}, which is required"


BODIES: Mapping[Kind, Callable[[Any, Form], Iterator[str]]] = {
    "discovery": _discovery,
    "services": _services,
    "definition": _definition,
    "receipt": _receipt,
    "token": _token,
    "requests": _requests,
    "errors": _errors,
}


def _unlike(xml: Any, other: Any, where: str) -> Iterator[str]:
    if isinstance(xml, list) and isinstance(other, list):
        if len(xml) != len(other):
            yield f"{where}: {len(xml)} rows in XML, {len(other)} in JSON"
        for place, (one, two) in enumerate(zip(xml, other, strict=False)):
            yield from _unlike(one, two, f"{where}[{place}]")
    elif isinstance(xml, dict) and isinstance(other, dict):
        if list(xml) != list(other):
            yield f"{where}: {list(xml)} in XML, {list(other)} in JSON"
        for name in xml.keys() & other.keys():
            yield from _unlike(xml[name], other[name], f"{where}.{name}")
    else:
        written = {True: "true", False: "false"}.get(other, str(other)) if isinstance(other, bool) else other
        if xml != (written if written is None else str(written)):
            yield f"{where}: {xml!r} in XML, {other!r} in JSON"
