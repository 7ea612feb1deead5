"""What each write takes, published from the same needs that the door checks: no second list of fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cases import choices as c
from cases.intake import INTAKE, MOST_RELATED, PARTY_FIELDS, PARTY_LIMITS
from cases.needs import TEXT_LIMIT, Need
from cases.workflow import MOVES, TABLE

CLIENT_ID = {"type": "string", "maxLength": 64, "description": "提交号：同一提交号重复提交，返回第一次的结果"}
VERSION = {"type": "integer", "description": "所见版本；已变化则返回 409"}
_STRING = {"type": "string"}
_PLAIN: Mapping[str, dict[str, Any]] = {
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "units": {"type": "array", "items": _STRING},
    "choices": {"type": "array", "items": _STRING},
    "photos": {"type": "array", "items": {"type": "string", "format": "uuid"}},
}
_PARTY = {
    "type": "object",
    "properties": {
        **{name: {"type": "string", "maxLength": PARTY_LIMITS[name]} for name in PARTY_FIELDS},
        "role": {"type": "string", "enum": list(c.PartyRole.values)},
    },
    "additionalProperties": False,
}
_PLACE = {
    "type": "object",
    "properties": {
        "address": {"type": "string", "maxLength": 200},
        "lng": {"type": "number", "minimum": -180, "maximum": 180},
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "datum": {"type": "string", "enum": ["wgs84", "gcj02"]},
        "area": {"type": "string", "maxLength": 12},
        "grid": {"type": "string", "maxLength": 15},
    },
    "additionalProperties": False,
}
_RELATED = {
    "type": "object",
    "required": ["number", "relation"],
    "properties": {
        "number": {"type": "string", "pattern": "^[0-9]{14}$"},
        "relation": {"type": "string", "enum": list(c.Relation.values)},
    },
    "additionalProperties": False,
}
_INSTALMENTS = {
    "type": "array",
    "maxItems": 50,
    "items": {
        "type": "object",
        "required": ["due_on", "what"],
        "properties": {
            "due_on": {"type": "string", "format": "date"},
            "what": {"type": "string", "maxLength": TEXT_LIMIT["text"]},
        },
        "additionalProperties": False,
    },
}
_MEMBERS: Mapping[str, dict[str, Any]] = {
    "place": _PLACE,
    "reporters": {"type": "array", "items": _PARTY},
    "other_party": {"type": "array", "items": _PARTY},
    "related": {"type": "array", "items": _RELATED, "maxItems": MOST_RELATED},
    "instalments": _INSTALMENTS,
}


def schema_of(need: Need) -> dict[str, Any]:
    """Return the JSON schema of what one need takes."""
    if need.type == "items":
        return {**_MEMBERS[need.name], "description": need.label}
    schema = dict(_PLAIN.get(need.type, _STRING))
    if need.type in TEXT_LIMIT:
        schema["maxLength"] = need.maximum or TEXT_LIMIT[need.type]
    if need.choices:
        schema["enum"] = [value for value, _label in need.choices]
    if need.type == "integer":
        schema |= {key: value for key, value in (("minimum", need.minimum), ("maximum", need.maximum)) if value}
    return {**schema, "description": need.label}


def body_of(
    needs: Iterable[Need],
    *,
    without: Sequence[str] = (),
    spoken: Mapping[str, str] | None = None,
    more: Mapping[str, dict[str, Any]] | None = None,
) -> dict[str, dict[str, Any]]:
    """Return the request to publish: the needs (a need named twice is optional), `client_id` and `version`."""
    wanted = [need for need in merged(needs) if need.name not in without]
    names = spoken or {}
    properties = {names.get(need.name, need.name): schema_of(need) for need in wanted}
    required = [names.get(need.name, need.name) for need in wanted if need.required]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {**properties, **(more or {}), "client_id": CLIENT_ID, "version": VERSION},
        "additionalProperties": False,
    }
    return {"application/json": {**schema, "required": required} if required else schema}


def merged(needs: Iterable[Need]) -> list[Need]:
    """Return each name once; required only when it is so in every case."""
    found: dict[str, Need] = {}
    for need in needs:
        again = need.name in found
        always = need.required and need.when is None and not again
        found[need.name] = Need(**{**need.__dict__, "required": always, "when": None})
    return list(found.values())


def record_body(kind: str, **more: Any) -> dict[str, dict[str, Any]]:
    """Return the request of one kind of record."""
    return body_of(TABLE[kind].needs, **more)


INTAKE_BODY = body_of(INTAKE)
del INTAKE_BODY["application/json"]["properties"]["version"]  # nothing was there before

MOVE_BODY = {
    "application/json": {
        "type": "object",
        "required": ["move"],
        "properties": {
            "move": {"type": "string", "enum": [move.name for move in MOVES if move.name != "register"]},
            "client_id": CLIENT_ID,
            "version": VERSION,
        },
        "additionalProperties": True,
        "description": "其余各项见 allowed_moves 的 needs。",
    }
}
REASON_BODY = {"application/json": {"type": "object", "required": ["reason"], "properties": {"reason": _STRING}}}
CONTACT_BODY = {
    "application/json": {
        "type": "object",
        "required": ["reason"],
        "properties": {
            "reason": _STRING,
            **{name: {"type": "string", "maxLength": PARTY_LIMITS[name]} for name in PARTY_FIELDS},
        },
        "additionalProperties": False,
    }
}
FILE_BODY = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "purpose": {"type": "string", "maxLength": 40},
            "public": {"type": "boolean"},
            "client_id": CLIENT_ID,
        },
    }
}
#: What a resident's report may say; anything else is refused (behaviour 3).
PUBLIC_FIELDS: Mapping[str, dict[str, Any]] = {
    "client_id": {**CLIENT_ID, "minLength": 1},
    "kind": {"type": "string", "enum": list(c.Kind.values)},
    "description": {"type": "string", "maxLength": 5000, "minLength": 1},
    "place": _PLACE,
    "name": {"type": "string", "maxLength": PARTY_LIMITS["name"]},
    "phone": {"type": "string", "maxLength": PARTY_LIMITS["phone"]},
    "anonymous": {"type": "boolean"},
    "confidential": {"type": "boolean"},
    "privacy_version": {"type": "string", "maxLength": 20, "minLength": 1},
    "attachments": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    "proof": {"type": "string", "maxLength": 400},
}
CHALLENGE_BODY = {
    "application/json": {
        "type": "object",
        "required": ["client_id"],
        "properties": {"client_id": {**CLIENT_ID, "minLength": 1}},
        "additionalProperties": False,
    }
}
PUBLIC_REQUIRED = ("client_id", "kind", "description", "privacy_version")
PUBLIC_BODY = {
    "application/json": {
        "type": "object",
        "required": list(PUBLIC_REQUIRED),
        "properties": dict(PUBLIC_FIELDS),
        "additionalProperties": False,
    }
}
PUBLIC_FILE_BODY = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}, "client_id": CLIENT_ID},
    }
}
_RECEIPT = {"number": {**_STRING, "maxLength": 60}, "query_code": {**_STRING, "maxLength": 40}}
LOOKUP_BODY = {
    "application/json": {
        "type": "object",
        "required": list(_RECEIPT),
        "properties": _RECEIPT,
        "additionalProperties": False,
    }
}
RATING_BODY = {
    "application/json": {
        "type": "object",
        "required": [*_RECEIPT, "satisfaction", "resolved"],
        "properties": {
            **_RECEIPT,
            **{need.name: schema_of(need) for need in TABLE["rate"].needs},
            "client_id": CLIENT_ID,
        },
        "additionalProperties": False,
    }
}
