"""What a move or a record asks for: the form, in data.

The page draws its form from these rows, the API publishes them as `needs`, the door checks what was given against
them. Types are those of design/api.md: text longtext boolean integer date datetime choice choices unit units person
case photos items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from governance_portal.lib.working_days import SHANGHAI

TEXT_LIMIT = {"text": 200, "longtext": 5000}
#: Years that a date of a matter can lie in; what is far outside overflows in the database or in a time zone.
FIRST_YEAR, LAST_YEAR = 1900, 2200
SMALLEST, LARGEST = -1_000_000, 1_000_000


@dataclass(frozen=True)
class Need:
    """One thing a move asks for.

    `when(case, actor_standing)` narrows it to cases that need it (a photo after only for a hazard); a need that does
    not apply is neither shown nor accepted. `public` says that the resident will read the text.
    """

    name: str
    label: str
    type: str
    required: bool = True
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    choices_url: str = ""
    when: Callable[[Any, frozenset[Any]], bool] | None = None
    public: bool = False
    minimum: int | None = None
    maximum: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the row clients read: `{name, label, type, required, help?, choices?, choices_url?, public}`."""
        row: dict[str, Any] = {"name": self.name, "label": self.label, "type": self.type, "required": self.required}
        if self.help:
            row["help"] = self.help
        if self.choices:
            row["choices"] = [{"value": value, "label": label} for value, label in self.choices]
        if self.choices_url:
            row["choices_url"] = self.choices_url
        if self.minimum is not None:
            row["minimum"] = self.minimum
        if self.maximum is not None:
            row["maximum"] = self.maximum
        row["public"] = self.public
        return row

    def clean(self, value: Any) -> Any:
        """Return the value in its Python type; raise ValueError with a Chinese sentence when it does not fit.

        Codes (units, persons, cases, attachments) stay codes here; the door looks them up.
        """
        return CLEANERS[self.type](self, value)


def is_blank(value: Any) -> bool:
    """Tell whether a field was left empty; False and 0 are answers."""
    return value is None or (isinstance(value, str) and not value.strip()) or value == [] or value == ()


def is_storable(text: str) -> bool:
    """Tell whether a database can keep the text: no NUL, no half of a surrogate pair (JSON can carry both)."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def applying(needs: Iterable[Need], case: Any, standing: frozenset[Any]) -> tuple[Need, ...]:
    """Return the needs that apply to this case and this person."""
    return tuple(need for need in needs if need.when is None or need.when(case, standing))


def clean(needs: Iterable[Need], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Check what was given against what is needed.

    Returns `(cleaned, errors)`; `errors` maps a field to its sentences and is empty when all is well. A field that
    nobody asked for is an error: silently dropping it would lose what somebody typed.
    """
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    known = {need.name: need for need in needs}
    for name in given:
        if name not in known:
            errors[name] = ["这一步不需要填写这一项，请去掉后再提交。"]
    for name, need in known.items():
        value = given.get(name)
        if is_blank(value):
            if need.required:
                errors[name] = [f"请填写{need.label}。" if not need.choices else f"请选择{need.label}。"]
            continue
        try:
            cleaned[name] = need.clean(value)
        except ValueError as refusal:
            errors[name] = [str(refusal)]
    return cleaned, errors


def _text(need: Need, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{need.label}应为文字。")
    text = value.strip()
    if not is_storable(text):
        raise ValueError(f"{need.label}含有不能保存的字符，请重新输入。")
    limit = need.maximum or TEXT_LIMIT[need.type]
    if len(text) > limit:
        raise ValueError(f"{need.label}最多 {limit} 字，现在有 {len(text)} 字。")
    return text


def _boolean(need: Need, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "1", "on", "yes"}:
        return True
    if isinstance(value, str) and value.lower() in {"false", "0", "off", "no"}:
        return False
    raise ValueError(f"{need.label}请选“是”或“否”。")


def _integer(need: Need, value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(f"{need.label}应为整数。")
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{need.label}应为整数。") from error
    least = need.minimum if need.minimum is not None else SMALLEST
    if number < least:
        raise ValueError(f"{need.label}不能小于 {least}。")
    if number > (need.maximum if need.maximum is not None else LARGEST):
        raise ValueError(f"{need.label}过大，请核对。")
    return number


def _date(need: Need, value: Any) -> date:
    sentence = f"{need.label}请按“2026-11-21”的样子填写日期。"
    if isinstance(value, datetime):
        return _datetime(need, value).astimezone(SHANGHAI).date()
    found: date | None = value if isinstance(value, date) else None
    if isinstance(value, str):
        try:
            found = parse_date(value)
        except ValueError as error:
            raise ValueError(sentence) from error
    if found is None or not FIRST_YEAR <= found.year < LAST_YEAR:
        raise ValueError(sentence)
    return found


def _datetime(need: Need, value: Any) -> datetime:
    found: datetime | None = value if isinstance(value, datetime) else None
    if found is None and isinstance(value, str):
        try:
            found = parse_datetime(value)
        except ValueError:
            found = None
    if found is None or not FIRST_YEAR <= found.year < LAST_YEAR:
        raise ValueError(f"{need.label}请按“2026-11-21 16:30”的样子填写时间。")
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _choice(need: Need, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"请从列表中选择{need.label}。")
    if not need.choices:
        return _code(need, value)  # its list is behind a URL; the door looks the code up
    if value not in {code for code, _label in need.choices}:
        raise ValueError(f"请从列表中选择{need.label}。")
    return value


def _code(need: Need, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 150 or not is_storable(value):
        raise ValueError(f"请从列表中选择{need.label}。")
    return value.strip()


def _listing(need: Need, value: Any) -> list[Any]:
    items = [value] if isinstance(value, str) else value
    if need.type == "items" and isinstance(value, str):  # typed into a page, a line each
        items = [{"line": line} for line in value.splitlines() if line.strip()]
    if not isinstance(items, list | tuple):
        raise ValueError(f"请从列表中选择{need.label}。")
    if len(items) > 50:
        raise ValueError(f"{need.label}最多 50 项。")
    if need.type == "choices":
        return [_choice(need, item) for item in items]
    if need.type == "units":
        return list(dict.fromkeys(_code(need, item) for item in items))
    if need.type == "photos":
        return [_code(need, item if isinstance(item, str) else str(item)) for item in items]
    return [item for item in items if isinstance(item, dict)]


CLEANERS: dict[str, Callable[[Need, Any], Any]] = {
    "text": _text,
    "longtext": _text,
    "boolean": _boolean,
    "integer": _integer,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "choices": _listing,
    "unit": _code,
    "units": _listing,
    "person": _code,
    "case": _code,
    "photos": _listing,
    "items": _listing,
}
