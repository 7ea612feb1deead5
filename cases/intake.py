"""What an intake asks for, and the rules between its fields; no database here.

Facts §1.8 (joint visits, at most five representatives: 信访工作条例 §20 ¶3), §4.1 D1 (登记表), §7.1 (nothing that is
not needed). An e-mail or a phone is never compulsory (behaviour 25).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cases import choices as c
from cases.needs import Need, is_blank, is_storable
from cases.workflow import CATEGORY_URL, UNIT_URL

#: The version of the privacy notice (templates/public/privacy.html) that an intake or a report names.
PRIVACY_VERSION = "2026-2"
MOST_REPRESENTATIVES = 5  # 信访工作条例 §20 ¶3
MOST_RELATED = 5
PARTY_FIELDS = ("name", "phone", "id_number", "address")
PARTY_LIMITS = {"name": 60, "phone": 30, "id_number": 30, "address": 200}
PLACE_FIELDS = ("address", "lng", "lat", "datum", "area", "grid")
PLACELESS = (c.Kind.CONSULTATION, c.Kind.SUGGESTION)
TITLE_LENGTH = 28

NO_PLACE = "请写明地点，或者选择社区、网格。"

#: 复查 and 复核 begin from the case whose answer they look at (cases.reviewing), not at the window's form.
ENTERED_AS = tuple(row for row in c.Procedure.choices if row[0] not in c.REVIEWS)

INTAKE: tuple[Need, ...] = (
    Need("kind", "事项大类", "choice", choices=tuple(c.Kind.choices)),
    Need("channel", "来源渠道", "choice", choices=tuple(c.Channel.choices)),
    Need("description", "反映事项", "longtext", help="什么时间、什么地点、什么事、有什么请求。", maximum=5000),
    Need("title", "标题", "text", required=False, maximum=120, help="不填则取反映事项的开头。"),
    Need("procedure", "程序", "choice", required=False, choices=ENTERED_AS),
    Need("category", "类别", "choice", required=False, choices_url=CATEGORY_URL),
    Need("level", "等级", "choice", required=False, choices=tuple(c.Level.choices)),
    Need("level_reason", "定级理由", "text", required=False),
    Need("urgent", "重大紧急", "boolean", required=False, help="登记时立即报告中心负责人、领导和分流员。"),
    Need("place", "地点", "items", required=False, help="地址、坐标、社区或网格，至少一项；咨询和建议可不填。"),
    Need("reporters", "来访人", "items", required=False, help="姓名、电话、证件号、住址、身份；都不是必填。"),
    Need("visitor_count", "来访人数", "integer", required=False, minimum=1, maximum=100_000),
    Need("other_party", "对方", "items", required=False),
    Need("complained_unit", "被投诉单位", "unit", required=False, choices_url=UNIT_URL),
    Need("complaint_nature", "投诉性质", "choice", required=False, choices=tuple(c.Nature.choices)),
    Need("anonymous", "匿名", "boolean", required=False),
    Need("confidential", "要求保密", "boolean", required=False),
    Need("willing_to_mediate", "愿意调解", "boolean", required=False),
    Need("related", "与以前事项的关系", "items", required=False, help="由人认定：重复、新情况新理由、同一群体。"),
    Need("privacy_version", "告知书版本", "text", required=False, maximum=20),
    Need("attachments", "附件", "photos", required=False),
    Need("foreign_source", "外部来源", "text", required=False, maximum=40),
    Need("foreign_number", "外部编号", "text", required=False, maximum=60),
)


def check(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Check an intake as far as no table is needed.

    Returns `(cleaned, errors)`. cleaned has `place: dict`, `reporters: [dict]`, `other_party: [dict]`, `related: [dict]`
    beside the plain fields; absent optional ones are left out.
    """
    plain = [need for need in INTAKE if need.type != "items"]
    cleaned, errors = _plain(plain, given)
    _structures(given, cleaned, errors)
    for name, sentences in _between(cleaned).items():
        errors.setdefault(name, sentences)
    return cleaned, errors


def _plain(needs: list[Need], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    known = {need.name for need in INTAKE}
    for name in given:
        if name not in known:
            errors[name] = ["登记时没有这一项，请去掉后再提交。"]
    for need in needs:
        value = given.get(need.name)
        if is_blank(value):
            if need.required:
                errors[need.name] = [f"请{'选择' if need.choices else '填写'}{need.label}。"]
            continue
        try:
            cleaned[need.name] = need.clean(value)
        except ValueError as refusal:
            errors[need.name] = [str(refusal)]
    return cleaned, errors


def _structures(given: Mapping[str, Any], cleaned: dict[str, Any], errors: dict[str, list[str]]) -> None:
    for name in ("reporters", "other_party"):
        try:
            cleaned[name] = _parties(given.get(name), name)
        except ValueError as refusal:
            errors[name] = [str(refusal)]
    for name, structure in (("place", _place), ("related", _related)):
        try:
            cleaned[name] = structure(given.get(name))
        except ValueError as refusal:
            errors[name] = [str(refusal)]


def _parties(value: Any, name: str) -> list[dict[str, str]]:
    label = "来访人" if name == "reporters" else "对方"
    if is_blank(value):
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError(f"{label}应逐人填写。")
    if len(value) > 50:
        raise ValueError(f"{label}最多登记 50 人；人数更多的请填来访人数。")
    return [party for party in (_party(row, label) for row in value) if party]


def check_contact(row: Mapping[str, Any], label: str = "当事人") -> dict[str, str]:
    """Check one person's contact data; returns every field of PARTY_FIELDS, ValueError with a Chinese sentence."""
    found = _party(row, label)
    return {name: found.get(name, "") for name in PARTY_FIELDS}


def _party(row: Mapping[str, Any], label: str) -> dict[str, str]:
    unknown = set(row) - {*PARTY_FIELDS, "role"}
    if unknown:
        raise ValueError(f"{label}只登记姓名、电话、证件号、住址和身份。")
    party: dict[str, str] = {}
    for name in PARTY_FIELDS:
        text = row.get(name) or ""
        if not isinstance(text, str) or not is_storable(text):
            raise ValueError(f"{label}的各项应为文字。")
        text = text.strip()
        if len(text) > PARTY_LIMITS[name]:
            raise ValueError(f"{label}的一项过长，请核对。")
        party[name] = text
    if party["phone"] and not re.fullmatch(r"\+?[0-9][0-9\-\s转]{4,24}", party["phone"]):
        raise ValueError("电话请填数字，如 13812341234 或 0349-6021234；没有电话可以不填。")
    role = row.get("role") or c.PartyRole.PERSON.value
    if role not in c.PartyRole.values:
        raise ValueError(f"{label}的身份请从列表中选择。")
    if not any(party.values()):
        return {}
    return {**party, "role": str(role)}


def _place(value: Any) -> dict[str, Any]:
    if is_blank(value) or value == {}:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError("地点应写明地址、坐标、社区或网格。")
    if set(value) - set(PLACE_FIELDS):
        raise ValueError("地点只填地址、坐标、社区或网格。")
    place: dict[str, Any] = {}
    for name in ("address", "datum", "area", "grid"):
        text = value.get(name)
        if is_blank(text):
            continue
        if not isinstance(text, str) or len(text) > 200 or not is_storable(text):
            raise ValueError("地点过长或含有不能保存的字符，请重新填写。")
        place[name] = text.strip()
    lng, lat = value.get("lng"), value.get("lat")
    if (lng is None) != (lat is None):
        raise ValueError("坐标应同时有经度和纬度。")
    if lng is not None:
        try:
            place["lng"], place["lat"] = float(lng), float(lat)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError("坐标应为数字。") from error
        if not (-180 <= place["lng"] <= 180 and -90 <= place["lat"] <= 90):
            raise ValueError("坐标超出范围，请重新选点。")
    if place.get("datum", "wgs84") not in ("wgs84", "gcj02"):
        raise ValueError("坐标系只能是 wgs84 或 gcj02。")
    return place


def _related(value: Any) -> list[dict[str, str]]:
    """Earlier matters and what a human said of each: `[{number, relation}]`, each number once."""
    if is_blank(value):
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError("与以前事项的关系请逐件填写编号和关系。")
    if len(value) > MOST_RELATED:
        raise ValueError(f"最多关联 {MOST_RELATED} 件以前的事项。")
    found: dict[str, str] = {}
    for row in value:
        number, relation = row.get("number"), row.get("relation")
        if set(row) - {"number", "relation"} or not isinstance(number, str) or relation not in c.Relation.values:
            raise ValueError("与以前事项的关系只填编号和关系（重复、新情况新理由、同一群体）。")
        if not re.fullmatch(r"[0-9]{14}", number) or number in found:
            raise ValueError("以前事项的编号应为 14 位数字，每件只填一次。")
        found[number] = str(relation)
    return [{"number": number, "relation": relation} for number, relation in found.items()]


def _between(cleaned: Mapping[str, Any]) -> dict[str, list[str]]:
    """Rules between fields, told together with what is wrong of the fields themselves; what is not sound is left out."""
    errors: dict[str, list[str]] = {}
    place, reporters = cleaned.get("place") or {}, cleaned.get("reporters") or []
    located = any(place.get(name) for name in ("address", "area", "grid")) or "lng" in place
    if cleaned.get("kind") not in PLACELESS and not located:
        errors["place"] = [NO_PLACE if "kind" in cleaned else f"{NO_PLACE.rstrip('。')}；咨询和建议可以不填。"]
    if cleaned.get("anonymous") and reporters:
        errors["anonymous"] = ["匿名反映不登记姓名和电话；请去掉来访人信息，或取消“匿名”。"]
    representatives = [party for party in reporters if party["role"] == c.PartyRole.REPRESENTATIVE]
    if len(representatives) > MOST_REPRESENTATIVES:
        errors["reporters"] = ["多人反映共同事项的，推选的代表不超过 5 人（信访工作条例第二十条）。"]
    if bool(cleaned.get("complained_unit")) != bool(cleaned.get("complaint_nature")):
        missing = "complaint_nature" if cleaned.get("complained_unit") else "complained_unit"
        errors[missing] = ["投诉单位时，请同时选择被投诉单位和投诉性质。"]
    count = cleaned.get("visitor_count")
    if count is not None and count < len(reporters):
        errors["visitor_count"] = [f"来访人数不能少于已登记的 {len(reporters)} 人。"]
    return errors


def level_of(cleaned: Mapping[str, Any]) -> str:
    """Return the level: the one a human set; what is reported at once is 紧急 unless he said otherwise."""
    if cleaned.get("level"):
        return str(cleaned["level"])
    return str(c.Level.URGENT.value) if cleaned.get("urgent") else ""


def title_of(cleaned: Mapping[str, Any]) -> str:
    """Return the title: the one given, or the beginning of the story up to its first stop."""
    if cleaned.get("title"):
        return str(cleaned["title"])
    text = re.sub(r"\s+", " ", cleaned["description"]).strip()
    first = re.split(r"[。；！？!?;]", text, maxsplit=1)[0] or text
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def procedure_of(cleaned: Mapping[str, Any]) -> str:
    """Return which statutory clocks run: as given, else by channel and by the wish to mediate."""
    if cleaned.get("procedure"):
        return str(cleaned["procedure"])
    if cleaned["channel"] == c.Channel.PETITION:
        return str(c.Procedure.PETITION.value)
    if cleaned["kind"] == c.Kind.DISPUTE and cleaned.get("willing_to_mediate"):
        return str(c.Procedure.MEDIATION.value)
    return str(c.Procedure.ORDINARY.value)
