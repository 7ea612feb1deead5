"""What people type, and what programs send, is answered in sentences and never with a crash."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import intake
from cases.needs import CLEANERS, Need, clean
from cases.workflow import TABLE
from governance_portal.lib.errors import Incomplete
from tests.cases.cast import District

EVERY_NEED = [need for action in TABLE.values() for need in action.needs] + list(intake.INTAKE)
EVERY_NEED += [Need("field", "一项", kind) for kind in CLEANERS]

ODD = [
    *(None, True, False, 0, -1, 10**40, -(10**40), 1.5, float("nan"), float("inf"), float("-inf"), Decimal("NaN")),
    *(Decimal("Infinity"), Decimal("3"), 1j, b"12", bytearray(b"x"), "", "  ", "\x00", "a\x00b", "\ud800", "是" * 9000),
    *("１２", "9" * 5000, "2026-13-45", "0001-01-01", "9999-12-31", "2026-11-21T25:61", "0001-01-01T00:00+14:00"),
    *([], [[]], [None], [{}], {"a": 1}, {"a": {"b": []}}, (), ("x",), {1, 2}, frozenset(), object(), type, len),
    *(date.min, date.max, datetime.min, datetime.max, datetime.max.replace(tzinfo=UTC), datetime(2026, 11, 21)),  # noqa: DTZ001, DTZ901
    *(["x"] * 60, ["\ud800"], [1, 2], "yes", "no", "true", [b"x"], range(3), iter(()), ...),
]


def _is_sentences(errors: dict[Any, list[str]]) -> bool:
    return all(rows and all(isinstance(row, str) and row.endswith("。") for row in rows) for rows in errors.values())


def _is_chinese(errors: dict[Any, list[str]]) -> bool:
    return all("一" <= row[0] <= "鿿" for rows in errors.values() for row in rows)


def test_every_need_answers_every_odd_value_with_a_value_or_a_chinese_sentence() -> None:
    for need in EVERY_NEED:
        for value in ODD:
            cleaned, errors = clean([need], {need.name: value})
            assert set(cleaned) | set(errors) <= {need.name}, (need, value)
            assert not (set(cleaned) & set(errors)), (need, value)
            assert _is_sentences(errors) and _is_chinese(errors), (need, value, errors)


def test_what_was_cleaned_can_always_be_stored() -> None:
    for need in EVERY_NEED:
        for value in ODD:
            cleaned, _errors = clean([need], {need.name: value})
            repr(cleaned).encode()
            if need.type != "items":
                assert "\\ud8" not in ascii(cleaned) and "\\x00" not in ascii(cleaned), (need, value)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.sampled_from(sorted(TABLE)), st.dictionaries(st.text(), ANYTHING, max_size=3), st.lists(ANYTHING, max_size=8))
def test_every_form_answers_anything_at_all_in_sentences(name: str, strange: dict[str, Any], values: list[Any]) -> None:
    needs = TABLE[name].needs
    filled = {need.name: value for need, value in zip(needs, values, strict=False)}

    _cleaned, errors = clean(needs, {**strange, **filled})

    assert _is_sentences(errors)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.dictionaries(st.sampled_from([need.name for need in intake.INTAKE]), ANYTHING))
def test_an_intake_answers_anything_at_all_in_sentences(body: dict[str, Any]) -> None:
    _cleaned, errors = intake.check(body)

    assert errors and _is_sentences(errors)


def test_an_intake_with_odd_values_in_place_and_people_is_answered_in_sentences() -> None:
    plain = {"kind": "appeal", "channel": "window", "description": "路灯不亮"}
    for value in ODD:
        for field in ("address", "lng", "lat", "datum", "area", "grid"):
            _cleaned, errors = intake.check({**plain, "place": {"address": "门口", field: value}})
            assert _is_sentences(errors), (field, value)
        for field in ("name", "phone", "id_number", "address", "role"):
            _cleaned, errors = intake.check({**plain, "place": {"address": "门口"}, "reporters": [{field: value}]})
            assert _is_sentences(errors), (field, value)


@pytest.mark.parametrize("text", ["半个字\ud800", "空\x00字"])
def test_text_that_no_database_can_keep_is_refused_with_and_without_a_submission_key(
    district: District, text: str
) -> None:
    from cases import services

    case = district.register()
    for key in (None, "k-1"):
        with pytest.raises(Incomplete) as refused:
            services.record(
                case,
                "note",
                actor=district.actor("clerk"),
                now=case.registered_at,
                client_id=key,
                given={"text": text},
            )
        assert refused.value.errors == {"text": ["进展含有不能保存的字符，请重新输入。"]}


def test_a_category_with_a_character_that_no_database_can_keep_is_refused(district: District) -> None:
    case = district.register()
    with pytest.raises(Incomplete) as refused:
        district.move(case, "accept", "clerk", category="A\x00", level="general")
    assert refused.value.errors == {"category": ["请从列表中选择类别。"]}
