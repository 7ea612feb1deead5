"""Taking a report from an app: checked whole, registered through the one door, answered with number and notice."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from accounts.queries import service_actor
from cases.choices import Channel
from cases.intake import PRIVACY_VERSION
from cases.needs import is_storable
from cases.services import register
from governance_portal.lib.errors import Incomplete, NotYours
from hotlines.choices import AttributeType
from hotlines.models import Open311Attribute, Open311Client, Open311Post, Open311Service

LONGEST = 4000  # GeoReport v2: description, 4,000 characters
LONGEST_ANSWER = 200
NAMES = ("first_name", "last_name")
#: Asked of nobody and kept nowhere (facts §7.1, 最小必要); apps send them because the standard has them.
NOT_KEPT = ("email", "device_id", "account_id")
NOTICE = "已经收到，这是受理编号。一般在一个工作日内受理；着急的事请打窗口电话，危险请打 110、119、120。"
DEGREES = re.compile(r"[+-]?\d{1,3}(\.\d{1,12})?", re.ASCII)
ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_-]{1,30})\](?:\[\])?")
URL = URLValidator(schemes=("https", "http"))


def post(client: Open311Client, given: QueryDict, now: datetime, key: str = "") -> Open311Post:
    """Register one report and return its row; again with the same `key` (Idempotency-Key), the first one.

    NotYours when there is no such service; Incomplete with a sentence for everything that is missing or wrong.
    """
    service = _service(given.get("service_code", ""))
    errors: dict[str, list[str]] = {}
    body: dict[str, Any] = {
        "kind": service.kind,
        "channel": Channel.OTHER.value,
        "category": service.category_id,
        "description": _description(service, given, errors),
        "place": _place(given, errors),
        "privacy_version": PRIVACY_VERSION,
    }
    if reporter := _reporter(given, errors):
        body["reporters"] = [reporter]
    media = _media(given, errors)
    if errors:
        raise Incomplete(errors)
    address = given.get("address_string", "").strip()
    if len(address) > LONGEST_ANSWER:
        body["description"] += f"\n地点：{address}"
    if media:
        body["description"] += f"\n图片：{media}"
    client_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"open311:{client.pk}:{key}")) if key else None
    with transaction.atomic():
        made = register(service_actor("integration"), body, now=now, client_id=client_id)
        row, _made = Open311Post.objects.get_or_create(
            case=made.case, defaults={"client": client, "service": service, "media_url": media, "posted_at": now}
        )
    return row


def _service(code: str) -> Open311Service:
    code = code.strip()
    if not code:
        raise Incomplete({"service_code": ["缺少 service_code，请从 services 中选一项。"]})
    found = Open311Service.objects.select_related("category").filter(category_id=code, offered=True).first()
    if found is None:
        raise NotYours("没有这个 service_code，请重新读取 services。")
    return found


def _description(service: Open311Service, given: QueryDict, errors: dict[str, list[str]]) -> str:
    text = given.get("description", "").strip()
    if len(text) > LONGEST:
        errors["description"] = [f"description 最多 {LONGEST} 字，请改短。"]
    elif not is_storable(text):
        errors["description"] = ["description 里有无法保存的字符，请改成普通文字。"]
    answers = _answers(service, given, errors)
    return "\n".join([text or service.category.name, *answers])


def _answers(service: Open311Service, given: QueryDict, errors: dict[str, list[str]]) -> list[str]:
    """One line per answered question, in the words of the question; every unknown or bad answer is named."""
    questions = {one.code: one for one in service.attributes.all() if one.variable}
    sent: dict[str, list[str]] = {}
    for name, values in given.lists():
        if found := ATTRIBUTE.fullmatch(name):
            sent.setdefault(found[1], []).extend(value.strip() for value in values if value.strip())
        elif name.startswith("attribute["):
            errors[name[:40]] = ["attribute 请写成 attribute[代码]=值。"]
    for code in sent.keys() - questions.keys():
        errors[f"attribute[{code}]"] = [f"这项服务没有代码为 {code} 的问题。"]
    lines = []
    for code, question in questions.items():
        values = sent.get(code, [])
        if not values:
            if question.required:
                errors[f"attribute[{code}]"] = [f"请回答：{question.description}"]
            continue
        try:
            lines.append(f"{question.description}：{_answer(question, values)}")
        except ValueError as refusal:
            errors[f"attribute[{code}]"] = [f"{question.description}：{refusal}"]
    return lines


def _answer(question: Open311Attribute, values: list[str]) -> str:
    """The words of one answer; ValueError says what to do."""
    if question.datatype in (AttributeType.SINGLE, AttributeType.MULTI):
        choices = question.values()
        if unknown := [value for value in values if value not in choices]:
            raise ValueError(f"没有选项 {unknown[0][:30]}，请用选项的 key。")
        if question.datatype == AttributeType.SINGLE and len(values) > 1:
            raise ValueError("只能选一项。")
        return "、".join(choices[value] for value in values)
    value = values[0]
    if question.datatype == AttributeType.STRING and "\n" in value:
        raise ValueError("只能写一行。")
    if len(values) > 1:
        raise ValueError("只能有一个值。")
    if (len(value) > LONGEST_ANSWER and question.datatype != AttributeType.TEXT) or len(value) > LONGEST:
        raise ValueError("太长，请改短。")
    if not is_storable(value):
        raise ValueError("含有无法保存的字符。")
    if question.datatype == AttributeType.NUMBER and not re.fullmatch(r"[+-]?\d+(\.\d+)?", value, re.ASCII):
        raise ValueError("应为数字。")
    if question.datatype == AttributeType.DATETIME and not _is_moment(value):
        raise ValueError("应为日期时间，如 2026-01-31T08:00:00+08:00。")
    return value


def _is_moment(value: str) -> bool:
    try:
        return (parse_datetime(value) or parse_date(value)) is not None
    except ValueError:
        return False


def _place(given: QueryDict, errors: dict[str, list[str]]) -> dict[str, Any]:
    """The standard asks for lat and long, or an address, or an id of one (we give out none)."""
    lat, lng, address = (given.get(name, "").strip() for name in ("lat", "long", "address_string"))
    place: dict[str, Any] = {}
    if bool(lat) != bool(lng):
        errors["lat"] = ["lat 和 long 要一起填写。"]
    elif lat:
        if not (DEGREES.fullmatch(lat) and DEGREES.fullmatch(lng)):
            errors["lat"] = ["lat 和 long 应为十进制度数（WGS-84）。"]
        elif abs(float(lat)) > 90 or abs(float(lng)) > 180:
            errors["lat"] = ["lat 应在 -90 到 90 之间，long 应在 -180 到 180 之间。"]
        else:
            place |= {"lat": float(lat), "lng": float(lng), "datum": "wgs84"}
    if address:
        place["address"] = address[:LONGEST_ANSWER]
    if not place and "lat" not in errors:
        what = "本系统不提供 address_id，" if given.get("address_id", "").strip() else "缺少地点："
        errors["lat"] = [f"{what}请填 lat 和 long，或者 address_string。"]
    return place


def _reporter(given: QueryDict, errors: dict[str, list[str]]) -> dict[str, str]:
    """Name and phone, if they were given; nothing else about a person is kept."""
    first, last = (given.get(name, "").strip() for name in NAMES)
    name = f"{last}{first}" if _is_chinese(first + last) else f"{first} {last}".strip()
    if email := given.get("email", "").strip():
        try:
            validate_email(email)
        except ValidationError:
            errors["email"] = ["email 格式不对；不填也可以。"]
    return {field: text for field, text in (("name", name), ("phone", given.get("phone", "").strip())) if text}


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def _media(given: QueryDict, errors: dict[str, list[str]]) -> str:
    """The address of a picture. It is kept for the handler and never fetched by us (design/safety.md)."""
    media = given.get("media_url", "").strip()
    if not media:
        return ""
    try:
        URL(media)
    except ValidationError:
        errors["media_url"] = ["media_url 应为 http 或 https 地址。"]
    if len(media) > 500:
        errors["media_url"] = ["media_url 最多 500 个字符。"]
    return media
