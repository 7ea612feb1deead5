"""A city app's side of Open311: GeoReport v2 and its discovery, written from the published standard alone.

Nothing here knows the portal. Words and shapes are those of http://wiki.open311.org/GeoReport_v2 and
http://wiki.open311.org/Service_Discovery; JSON follows the Spark convention, so both forms are read into one shape.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from typing import Any, Literal
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener
from xml.etree import ElementTree

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
MIME = {"xml": "text/xml", "json": "application/json"}
#: The elements that hold rows; in JSON these are arrays, however many rows there are.
ARRAYS = frozenset({"services", "attributes", "values", "service_requests", "errors", "endpoints", "formats"})

Form = Literal["xml", "json"]
#: What an answer is meant to be; an answer of 400 and above is always "errors".
Kind = Literal["discovery", "services", "definition", "receipt", "token", "requests", "errors"]
#: What a form field may be given as; a list is sent as `name[]` repeated.
Value = str | float | Iterable[str]


@dataclass(frozen=True)
class Answer:
    """One answer as it came: what was asked, what it is meant to be, status, headers, bytes."""

    asked: str
    kind: Kind
    form: Form
    status: int
    headers: Message
    body: bytes

    def read(self) -> Any:
        """Either form as the Spark convention has it in JSON."""
        if self.form == "json":
            return json.loads(self.body.decode("utf-8"))
        return spark(ElementTree.fromstring(self.body))


def spark(element: ElementTree.Element) -> Any:
    """An element as JSON has it: containers as arrays, parents as objects, empty text as null."""
    if element.tag in ARRAYS:
        return [spark(row) for row in element]
    if len(element):
        return {child.tag: spark(child) for child in element}
    return element.text or None


@dataclass(frozen=True)
class Fault:
    """One row of an error answer."""

    code: str
    description: str


class Refused(Exception):
    """The server did not do what was asked, and said why."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.status = answer.status
        self.faults = [Fault(_text(row.get("code")), _text(row.get("description"))) for row in answer.read()]
        super().__init__(f"{answer.status}: " + "; ".join(fault.description for fault in self.faults))


@dataclass(frozen=True)
class Endpoint:
    """One endpoint that discovery tells of."""

    specification: str
    url: str
    changeset: str
    type: str
    formats: tuple[str, ...]


@dataclass(frozen=True)
class Service:
    """What can be reported."""

    code: str
    name: str
    description: str
    metadata: bool
    type: str
    keywords: tuple[str, ...]
    group: str


@dataclass(frozen=True)
class Attribute:
    """A question that a service asks besides."""

    code: str
    variable: bool
    datatype: str
    required: bool
    datatype_description: str
    order: int
    description: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Receipt:
    """What a report is answered with: an id, or a token to ask for the id with later."""

    service_request_id: str
    token: str
    service_notice: str
    account_id: str


@dataclass(frozen=True)
class Report:
    """A service request, as anybody may read it; fields that were not returned are empty."""

    service_request_id: str
    status: str
    status_notes: str
    service_name: str
    service_code: str
    description: str
    agency_responsible: str
    service_notice: str
    requested_datetime: datetime | None
    updated_datetime: datetime | None
    expected_datetime: datetime | None
    address: str
    address_id: str
    zipcode: str
    lat: float | None
    long: float | None
    media_url: str


@dataclass
class Client:
    """Speaks to one endpoint in one form; keeps every answer in `answers`, so that it can be looked at afterwards."""

    url: str
    form: Form = "xml"
    api_key: str = ""
    jurisdiction: str = ""
    answers: list[Answer] = field(default_factory=list)

    @classmethod
    def discover(cls, discovery: str, form: Form = "xml", api_key: str = "", jurisdiction: str = "") -> Client:
        """Find the production endpoint of GeoReport v2 that speaks this form; `discovery` ends before `.xml`."""
        asking = cls("", form, api_key, jurisdiction)
        for endpoint in asking.endpoints(discovery):
            known = endpoint.specification.rstrip("/") == SPECIFICATION and endpoint.type == "production"
            if known and MIME[form] in endpoint.formats:
                asking.url = endpoint.url.rstrip("/")
                return asking
        raise LookupError(f"{discovery} tells of no production endpoint of GeoReport v2 in {MIME[form]}")

    def endpoints(self, discovery: str) -> list[Endpoint]:
        """All that discovery tells of."""
        told = self._told(self.send("discovery", f"{discovery}.{self.form}"))
        return [
            Endpoint(
                _text(row["specification"]),
                _text(row["url"]),
                _text(row["changeset"]),
                _text(row["type"]),
                tuple(_text(mime) for mime in row["formats"]),
            )
            for row in told["endpoints"]
        ]

    def services(self) -> list[Service]:
        """GET Service List."""
        return [
            Service(
                code=_text(row.get("service_code")),
                name=_text(row.get("service_name")),
                description=_text(row.get("description")),
                metadata=_yes(row.get("metadata")),
                type=_text(row.get("type")),
                keywords=tuple(word.strip() for word in _text(row.get("keywords")).split(",") if word.strip()),
                group=_text(row.get("group")),
            )
            for row in self._told(self.get("services", "services"))
        ]

    def definition(self, service_code: str) -> list[Attribute]:
        """GET Service Definition: its attributes, in the order they are to be shown."""
        told = self._told(self.get("definition", f"services/{quote(service_code, safe='')}"))
        attributes = [
            Attribute(
                code=_text(row.get("code")),
                variable=_yes(row.get("variable")),
                datatype=_text(row.get("datatype")),
                required=_yes(row.get("required")),
                datatype_description=_text(row.get("datatype_description")),
                order=int(row.get("order") or 0),
                description=_text(row.get("description")),
                values={_text(value["key"]): _text(value["name"]) for value in row.get("values") or ()},
            )
            for row in told.get("attributes") or ()
        ]
        return sorted(attributes, key=lambda attribute: attribute.order)

    def report(
        self, service_code: str, attributes: Mapping[str, Value] | None = None, /, **given: Value | None
    ) -> Receipt:
        """POST Service Request; `lat`, `long`, `address_string`, `description` and the like by their own names."""
        [row] = self._told(self.post(service_code, attributes, **given))
        return Receipt(*(_text(row.get(name)) for name in Receipt.__dataclass_fields__))

    def id_of(self, token: str) -> str:
        """GET service_request_id from a token; empty while there is none yet."""
        [row] = self._told(self.get("token", f"tokens/{quote(token, safe='')}"))
        return _text(row.get("service_request_id"))

    def request(self, service_request_id: str) -> Report:
        """GET Service Request."""
        [row] = self._told(self.get("requests", f"requests/{quote(service_request_id, safe='')}"))
        return _report(row)

    def requests(self, **filters: str | datetime | Iterable[str] | None) -> list[Report]:
        """GET Service Requests; several ids, codes or statuses are sent comma delimited, dates as the W3 note says."""
        query = {name: _query(value) for name, value in filters.items() if value is not None}
        return [_report(row) for row in self._told(self.get("requests", "requests", **query))]

    def get(self, kind: Kind, resource: str, /, **query: str) -> Answer:
        """Ask for a resource, as it is, without reading the answer."""
        if self.jurisdiction:
            query.setdefault("jurisdiction_id", self.jurisdiction)
        return self.send(kind, f"{self.url}/{resource}.{self.form}" + (f"?{urlencode(query)}" if query else ""))

    def post(
        self, service_code: str | None, attributes: Mapping[str, Value] | None = None, /, **given: Value | None
    ) -> Answer:
        """Send a report, as it is, without reading the answer."""
        fields: list[tuple[str, str]] = []
        named: dict[str, Value | None] = {
            "api_key": self.api_key or None,
            "jurisdiction_id": self.jurisdiction or None,
            "service_code": service_code,
            **given,
            **{f"attribute[{code}]": value for code, value in (attributes or {}).items()},
        }
        for name, value in named.items():
            if isinstance(value, (str, float, int)):
                fields.append((name, str(value)))
            elif value is not None:
                fields.extend((f"{name}[]", one) for one in value)
        return self.send("receipt", f"{self.url}/requests.{self.form}", urlencode(fields).encode())

    def send(self, kind: Kind, url: str, body: bytes | None = None) -> Answer:
        """One exchange; what is refused is an answer too."""
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"} if body is not None else {}
        request = Request(url, body, headers)
        try:
            with _opener().open(request, timeout=20) as got:
                answer = Answer(f"{request.get_method()} {url}", kind, self.form, got.status, got.headers, got.read())
        except HTTPError as error:
            with error:
                asked = f"{request.get_method()} {url}"
                answer = Answer(asked, "errors", self.form, error.code, error.headers, error.read())
        self.answers.append(answer)
        return answer

    def _told(self, answer: Answer) -> Any:
        if answer.kind == "errors":
            raise Refused(answer)
        return answer.read()


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}))


def _report(row: Mapping[str, Any]) -> Report:
    told: dict[str, Any] = {}
    for name in Report.__dataclass_fields__:
        text = _text(row.get(name))
        if name.endswith("_datetime"):
            told[name] = datetime.fromisoformat(text) if text else None
        elif name in ("lat", "long"):
            told[name] = float(text) if text else None
        else:
            told[name] = text
    return Report(**told)


def _query(value: str | datetime | Iterable[str]) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value if isinstance(value, str) else ",".join(value)


def _text(value: Any) -> str:
    """Ids and codes may be numbers in JSON; what is null or missing is empty."""
    return "" if value is None else str(value)


def _yes(value: Any) -> bool:
    return value is True or value == "true"
