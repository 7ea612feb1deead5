"""How the intake is drawn: few fields, the required ones marked, what was typed put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import Unit
from cases import choices as c
from cases.catalogue import initials
from cases.intake import INTAKE, PARTY_LIMITS
from cases.models import Category
from cases.suggesting.categories import kind_of
from cases.suggesting.places import find_all
from cases.views.intake_given import ALONE, BEHALF, NOBODY, OTHERS, REPORTERS, SEVERAL, who_of
from cases.workflow import TABLE
from grids import territory

Row = dict[str, Any]
NEEDS = {need.name: need for need in INTAKE}
MOVE_NEEDS = {
    name: {need.name: need for need in TABLE[name].needs} for name in ("resolve_on_spot", "decline", "transfer")
}
WHO = ((ALONE, "本人"), (SEVERAL, "几个人一起"), (BEHALF, "代别人来"), (NOBODY, "匿名"))
THEN = (
    ("", "登记，稍后受理"),
    ("accept", "登记并受理"),
    ("resolve_on_spot", "当场答复"),
    ("decline", "引导到别处"),
    ("transfer", "移送"),
)
PERSON_LABELS = {"name": "姓名", "phone": "电话", "id_number": "证件号", "address": "住址"}
#: The line of the contract that a sentence of the door belongs to, on this form.
HELD_BY = {
    "place": "place-address",
    "reporters": "reporter-0-name",
    "other_party": "other-0-name",
    "related": "related",
    "anonymous": "who",
}


def text(values: Mapping[str, Any], errors: Mapping[str, Sequence[str]], name: str, label: str, **more: Any) -> Row:
    """Return one field as `cases/intake/_text.html` draws it."""
    wrong = list(errors.get(name, ()))
    return {"name": name, "id": name, "label": label, "value": values.get(name) or "", "errors": wrong, **more}


def choice(
    values: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]],
    name: str,
    label: str,
    rows: Sequence[tuple[str, str]],
    **more: Any,
) -> Row:
    """Return a group of radios (or a select) with what was chosen."""
    chosen = str(values.get(name) or more.pop("default", ""))
    listed = [
        {
            "value": value,
            "label": word,
            "chosen": value == chosen,
            "also": letters_of(word) if more.get("letters") else "",
        }
        for value, word in rows
    ]
    return {**text(values, errors, name, label, **more), "choices": listed, "chosen": chosen}


@lru_cache(maxsize=2048)
def letters_of(name: str) -> str:
    """Pinyin initials of a unit's name, without the district's that all begin with."""
    return initials(name.removeprefix("中共").removeprefix("朔州市").removeprefix("平鲁区").removeprefix("区"))


def fields_of(values: Mapping[str, Any], errors: Mapping[str, Sequence[str]]) -> dict[str, Row]:
    """Return every field of the screen by a name templates can say."""
    spot, guide, passed = MOVE_NEEDS["resolve_on_spot"], MOVE_NEEDS["decline"], MOVE_NEEDS["transfer"]
    units = all_units()
    kinds = [row for row in c.Kind.choices if row[0] != c.Kind.CONSULTATION] + [
        (c.Kind.CONSULTATION.value, str(c.Kind.CONSULTATION.label))
    ]
    return {
        "who": {**choice(values, errors, "who", "谁来", WHO), "choices": _who(values)},
        "count": text(
            values, errors, "visitor_count", "一共几人", inputmode="numeric", short=True, maximum=6, kind="number"
        ),
        "story": text(values, errors, "description", "反映的事", required=True, maximum=5000),
        "title": text(values, errors, "title", "标题", maximum=120, help="不填就取第一句话"),
        "kind": choice(values, errors, "kind", "大类", kinds, required=True),
        "channel": choice(values, errors, "channel", "来源渠道", c.Channel.choices),
        "category": {**text(values, errors, "category", "类别"), "options": category_options(values.get("category"))},
        "address": text(values, errors, "place-address", "在哪里", required=True, maximum=200),
        "place": text(values, errors, "place-code", "社区或网格"),
        "level": choice(values, errors, "level", "等级", c.Level.choices),
        "level_reason": text(values, errors, "level_reason", "定级理由", maximum=200),
        "unit": choice(values, errors, "complained_unit", "被投诉单位", units, letters=True),
        "nature": choice(values, errors, "complaint_nature", "投诉性质", c.Nature.choices),
        "then": choice(values, errors, "then", "办到哪步", THEN),
        "outcome": choice(
            values,
            errors,
            "outcome",
            "化解结果",
            spot["outcome"].choices,
            default=c.Outcome.ANSWERED.value,
            required=True,
        ),
        "result": text(values, errors, "result", "怎么办的", maximum=5000, inner=True),
        "reply": text(values, errors, "reply", "给来访人的答复", required=True, maximum=5000, public=True),
        "answer": text(values, errors, "reply", "给来访人的答复", maximum=5000, public=True),
        "reason": choice(
            values,
            errors,
            "reason",
            "理由",
            guide["reason"].choices,
            default=c.DeclineReason.NOT_COMPETENT.value,
            required=True,
        ),
        "instead_unit": choice(values, errors, "instead_unit", "应当去哪个单位", units, letters=True),
        "instead": text(values, errors, "instead", "还要告诉他的", maximum=2000, public=True),
        "receiver": choice(values, errors, "receiver", "移送给谁", passed["receiver"].choices, required=True),
        "receipt": text(values, errors, "receipt", "对方的接收回执", required=True, maximum=200),
    }


def _who(values: Mapping[str, Any]) -> list[Row]:
    chosen = who_of(values)
    return [{"value": value, "label": label, "chosen": value == chosen} for value, label in WHO]


def people(values: Mapping[str, Any], errors: Mapping[str, Sequence[str]], prefix: str) -> list[Row]:
    """Return the people's rows: name and phone open, the rest folded unless something is in it."""
    rows = []
    for place in range(REPORTERS if prefix == "reporter" else OTHERS):
        fields = {}
        for name, label in PERSON_LABELS.items():
            more = {"inputmode": "tel"} if name == "phone" else {}
            fields[name] = text(
                values, errors, f"{prefix}-{place}-{name}", label, maximum=PARTY_LIMITS[name], private=True, **more
            )
        folded = bool(fields["id_number"]["value"] or fields["address"]["value"])
        typed = folded or bool(fields["name"]["value"] or fields["phone"]["value"])
        rows.append({"place": place, "fields": fields, "unfolded": folded, "typed": typed})
    return rows


def all_units() -> list[tuple[str, str]]:
    """Every active unit by code and name."""
    return list(Unit.objects.filter(active=True).order_by("kind", "code").values_list("code", "name"))


# --- the two long lists, searched in the browser without waiting ------------------------------------------------


def category_options(chosen: Any) -> SafeString:
    """Every category in use as options; found by a part of its name, its parent's or by pinyin initials. One query."""
    rows = Category.objects.filter(active=True).select_related("parent").order_by("tree", "code")
    return format_html_join(
        "",
        '<option value="{}" data-also="{}" data-kind="{}" data-kinds="{}"{}>{}</option>',
        (
            (
                row.code,
                row.pinyin,
                kind_of(row.kinds),
                row.kinds,
                SafeString(" selected") if row.code == chosen else "",
                f"{row.parent.name} · {row.name}" if row.parent else row.name,
            )
            for row in rows
        ),
    )


def place_options(within: str) -> SafeString:
    """Every community and grid in use as options; made once for each state of the territory."""
    return _place_options(territory.current().stamp, within)


@lru_cache(maxsize=8)
def _place_options(_stamp: str, within: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}" data-also="{}">{}</option>',
        ((code, letters, name) for code, name, letters in find_all(within)),
    )
