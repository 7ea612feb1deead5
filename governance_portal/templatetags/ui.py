"""`{% load ui %}`: icons, spoken dates, numbers, the five words, and fields drawn from what a move needs (docs/design.md)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, FileInput, RadioSelect, Select, Textarea
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.choices import STAGE_OF, Stage, Status
from governance_portal.lib import spoken

register = template.Library()

STRONG_DIGITS = 5
#: The five stages; 办结 is the end of the path, not a word of it.
FIVE = tuple(stage for stage in Stage if stage is not Stage.DONE)
#: 督办 as a stage is the check of what was handled, not an order.
WHAT_IT_IS = {Stage.SUPERVISION: "办结审核"}
ENDED_EARLY = {Status.DECLINED: "不予受理", Status.MERGED: "已并案"}
RADIOS_AT_MOST = 6
PICKER_FROM = 13
SATISFACTION = (
    ("5", "5 非常满意"),
    ("4", "4 满意"),
    ("3", "3 基本满意"),
    ("2", "2 不满意"),
    ("1", "1 非常不满意"),
)
INPUT_TYPES = {"text": "text", "integer": "number", "date": "date", "datetime": "datetime-local"}
PICKED = {"unit", "units", "person", "case"}
MANY = {"units", "choices", "photos"}


@register.simple_tag
def icon(name: str, label: str = "", big: bool = False) -> SafeString:
    """Draw an icon of `static/img/icons.svg`; with a label it is an image with that name, else decoration."""
    href = f"{static('img/icons.svg')}#{name}"
    name_part = format_html(' role="img" aria-label="{}"', label) if label else SafeString(' aria-hidden="true"')
    return format_html(
        '<svg class="icon{}"{} focusable="false"><use href="{}"></use></svg>',
        " icon--big" if big else "",
        name_part,
        href,
    )


@register.simple_tag(takes_context=True)
def moment(context: template.Context, value: datetime | None) -> SafeString:
    """Say a time as people do; the full one on hover. `now` of the context is used when given. Nothing for None."""
    return _time(context, value, spoken.moment_words)


@register.simple_tag(takes_context=True)
def day(context: template.Context, value: datetime | None) -> SafeString:
    """Say the day of a time."""
    return _time(context, value, spoken.day_words)


@register.simple_tag(takes_context=True)
def deadline(context: template.Context, value: datetime | None) -> SafeString:
    """Say the end of a limit: midnight is the end of the day before."""
    return _time(context, value, spoken.deadline_words)


@register.simple_tag
def only_when(choice: Mapping[str, Any], values: str) -> SafeString:
    """Attributes of a part that is there only while a choice has one of these values (intake.js moves it on).

    The server marks what is off at first (`data-off`), so that nothing unfolded is seen before the scripts run; a
    browser without scripts shows every part (static/css/plain.css).
    """
    chosen = {str(row["value"]) for row in choice["choices"] if row["chosen"]}
    off = "" if chosen & set(values.split()) else SafeString(" data-off")
    return format_html('data-when="{}" data-is="{}"{}', choice["name"], values, off)


@register.filter
def full_moment(value: datetime | None) -> str:
    """Return the full time for print and hover; "" for None."""
    return spoken.full_words(value) if value else ""


@register.filter
def size(value: int) -> str:
    """Return a file's size in words."""
    return spoken.size_words(value)


@register.simple_tag
def serial(number: str) -> SafeString:
    """Draw a case number with its last five digits strong: that is the part people compare."""
    return format_html('<span class="serial">{}<b>{}</b></span>', number[:-STRONG_DIGITS], number[-STRONG_DIGITS:])


@register.simple_tag
def five_steps(status: str, notes: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """Return the five words for `components/five.html`: `{code, label, note, state: done|here|todo}`.

    `notes` maps a stage's code to the small words under it (a date). A closed case is done in all five; one declined or
    merged ended where it stood.
    """
    found = Status(status)
    here = {Status.CLOSED: len(FIVE), Status.ARCHIVED: len(FIVE), Status.MERGED: 1}.get(found)
    if here is None:
        here = FIVE.index(STAGE_OF[found])
    given = notes or {}
    return [
        {
            "code": stage.value,
            "label": str(stage.label),
            "note": given.get(stage.value)
            or (ENDED_EARLY.get(found, "") if place == here else "")
            or WHAT_IT_IS.get(stage, ""),
            "state": "done" if place < here else "here" if place == here else "todo",
        }
        for place, stage in enumerate(FIVE)
    ]


@register.simple_tag(takes_context=True)
def url_query(context: template.Context, **changes: Any) -> str:
    """Return this page's query string with some names changed; an empty value drops the name. Starts with `?`."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/field.html")
def need_field(
    need: Mapping[str, Any],
    given: Mapping[str, Any] | None = None,
    errors: Mapping[str, Iterable[str]] | None = None,
    prefix: str = "",
) -> dict[str, Any]:
    """Draw one field from a row of `needs` (design/api.md), keeping what was typed and showing what is wrong with it."""
    return {"field": field_of(need, given or {}, errors or {}, prefix)}


@register.inclusion_tag("components/field.html")
def form_field(bound: BoundField, inner: bool = False, private: bool = False) -> dict[str, Any]:
    """Draw a field of a Django form in the portal's manner. `inner`: only colleagues read it; `private`: no draft of it."""
    return {"field": {**_field_of_bound(bound), "inner": inner, "private": private}}


def field_of(
    need: Mapping[str, Any], given: Mapping[str, Any], errors: Mapping[str, Iterable[str]], prefix: str = ""
) -> dict[str, Any]:
    """Return what `components/field.html` reads: a `look` (which control), its choices with `chosen`, value and errors."""
    kind, name = str(need["type"]), str(need["name"])
    typed = given.get(name, "")
    many = kind in MANY
    chosen = {_text(item) for item in typed} if many and not isinstance(typed, str) else {_text(typed)} - {""}
    choices = _choices_of(need)
    return {
        **{
            part: need.get(part, "")
            for part in ("label", "required", "help", "choices_url", "minimum", "maximum", "public")
        },
        "name": name,
        "id": f"{prefix}{name}",
        "look": _look(kind, choices, need),
        "input_type": INPUT_TYPES.get(kind, "text"),
        "inputmode": "numeric" if kind == "integer" else "",
        "many": many,
        "value": _lines(typed) if kind == "items" else _text(typed),
        "choices": [{**choice, "chosen": choice["value"] in chosen} for choice in choices],
        "errors": list(errors.get(name, ())),
        # Text of colleagues is on pale yellow before it is sent, not only after.
        "inner": need.get("public") is False and kind == "longtext",
    }


def _look(kind: str, choices: list[dict[str, str]], need: Mapping[str, Any]) -> str:
    if kind == "boolean" or need["name"] == "satisfaction":
        return "radios"
    if kind == "photos":
        return "files"
    if kind in {"longtext", "items"}:
        return "area"
    if kind == "choices":
        return "checks"
    if kind in PICKED or (kind == "choice" and (need.get("choices_url") or len(choices) >= PICKER_FROM)):
        return "picker"
    if kind == "choice":
        return "radios" if len(choices) <= RADIOS_AT_MOST else "select"
    return "input"


def _choices_of(need: Mapping[str, Any]) -> list[dict[str, str]]:
    if need["type"] == "boolean":
        return [{"value": "true", "label": "是"}, {"value": "false", "label": "否"}]
    if need["name"] == "satisfaction":
        return [{"value": value, "label": label} for value, label in SATISFACTION]
    return [{"value": str(row["value"]), "label": str(row["label"])} for row in need.get("choices") or ()]


def _field_of_bound(bound: BoundField) -> dict[str, Any]:
    widget = bound.field.widget
    look, choices = "input", []
    if isinstance(widget, CheckboxInput):
        look = "tick"
    elif isinstance(widget, Textarea):
        look = "area"
    elif isinstance(widget, FileInput):
        look = "files"
    elif isinstance(widget, RadioSelect | Select):
        rows = [
            option
            for _group, options, _place in widget.optgroups(bound.html_name, _chosen(bound))
            for option in options
        ]
        choices = [
            {"value": str(row["value"]), "label": str(row["label"]), "chosen": bool(row["selected"])} for row in rows
        ]
        many = getattr(widget, "allow_multiple_selected", False)
        look = "radios" if isinstance(widget, RadioSelect) else "checks" if many else "select"
        choices = [choice for choice in choices if choice["value"]]
    return {
        "name": bound.html_name,
        "id": bound.id_for_label or bound.auto_id or bound.html_name,
        "label": bound.label,
        "required": bound.field.required,
        "help": bound.help_text,
        "look": look,
        "input_type": getattr(widget, "input_type", "text"),
        "inputmode": widget.attrs.get("inputmode", ""),
        "autocomplete": widget.attrs.get("autocomplete", ""),
        "maximum": widget.attrs.get("maxlength", ""),
        "value": "" if getattr(widget, "input_type", "") == "password" else _text(bound.value()),
        "choices": choices,
        "many": getattr(widget, "allow_multiple_selected", False),
        "errors": [str(sentence) for sentence in bound.errors],
    }


def _chosen(bound: BoundField) -> list[str]:
    value = bound.value()
    items = value if isinstance(value, list | tuple) else [value]
    return [_text(item) for item in items]


def _time(context: template.Context, value: datetime | None, words: Any) -> SafeString:
    if value is None:
        return SafeString("")
    now = context.get("now") or timezone.now()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), spoken.full_words(value), words(value, now)
    )


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _lines(value: Any) -> str:
    return "\n".join(str(item) for item in value) if isinstance(value, list | tuple) else _text(value)
