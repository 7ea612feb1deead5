"""Case numbers and query codes."""

from datetime import date

import pytest
from django.test import override_settings

from governance_portal.lib import numbers
from governance_portal.lib.numbers import (
    case_number,
    check_digit,
    format_code,
    is_valid_number,
    matches,
    parse_code,
    parse_number,
    query_code,
)

OLD_KEY, NEW_KEY = "2025:the key of twenty twenty-five", "2026:the key of twenty twenty-six"
DAY = date(2026, 11, 21)
NUMBER = "26112110000422"
SAMPLES = [
    case_number(DAY, channel, serial) for channel in "0123456789" for serial in (0, 1, 42, 999, 123_456, 999_999)
] + [case_number(date(2027, 1, 1), "3", serial) for serial in range(0, 1_000_000, 9_973)]


@pytest.fixture(autouse=True)
def _one_key(settings: object) -> None:
    settings.PORTAL_FIELD_KEYS = [NEW_KEY]  # type: ignore[attr-defined]


def test_a_number_is_day_channel_serial_and_check_digit() -> None:
    assert case_number(DAY, "1", 42) == NUMBER
    assert case_number(DAY, "1", 1_000_042) == NUMBER
    assert case_number(date(2026, 1, 5), "0", 0)[:13] == "2601050000000"


def test_the_check_digit_is_that_of_damms_example() -> None:
    assert check_digit("572") == "4"


def test_every_single_wrong_digit_is_caught() -> None:
    for number in SAMPLES:
        wrong = {
            number[:at] + digit + number[at + 1 :] for at in range(14) for digit in "0123456789" if digit != number[at]
        }
        assert len(wrong) == 126
        assert [text for text in wrong if is_valid_number(text)] == []


def test_every_swap_of_neighbours_is_caught() -> None:
    for number in SAMPLES:
        swapped = {
            number[:at] + number[at + 1] + number[at] + number[at + 2 :]
            for at in range(13)
            if number[at] != number[at + 1]
        }
        assert [text for text in swapped if is_valid_number(text)] == []


def test_the_check_digit_alone_catches_them_for_every_state() -> None:
    """Exhaustive: from any interim digit, two different digits or a swapped pair never meet again."""
    table = numbers._DAMM
    assert all(len(set(row)) == 10 and row[state] == 0 for state, row in enumerate(table))
    assert all(len({row[digit] for row in table}) == 10 for digit in range(10))
    assert [
        (state, a, b) for state in range(10) for a in range(10) for b in range(a)
        if table[table[state][a]][b] == table[table[state][b]][a]
    ] == []  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "2611211000042", "261121100004220", "2611211000042x", "２６１１２１１００００４２２", f" {NUMBER}"]
)
def test_what_is_not_fourteen_digits_is_no_number(text: str) -> None:
    assert is_valid_number(text) is False


def test_a_day_that_never_was_is_no_number_even_with_the_right_check_digit() -> None:
    body = "2613321000042"
    assert is_valid_number(body + check_digit(body)) is False


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (NUMBER, NUMBER),
        ("2611 2110 0004 22", NUMBER),
        ("261121-1-000042-2", NUMBER),
        ("２６１１２１１００００４２２", NUMBER),
        ("26112110000423", ""),
        ("abc", ""),
        ("2" * 5000, ""),
    ],
)
def test_a_number_as_people_write_it(typed: str, number: str) -> None:
    assert parse_number(typed) == number


@pytest.mark.parametrize(
    ("day", "channel", "serial"),
    [(DAY, "12", 1), (DAY, "", 1), (DAY, "１", 1), (DAY, "1", -1), (date(1999, 1, 1), "1", 1)],
)
def test_a_number_that_could_not_be_read_back_is_refused(day: date, channel: str, serial: int) -> None:
    with pytest.raises(ValueError, match=r"a (channel|running number|number)"):
        case_number(day, channel, serial)


def test_a_code_is_ten_digits_and_always_the_same() -> None:
    code = query_code(NUMBER, 1)
    assert (len(code), code.isdecimal(), query_code(NUMBER, 1)) == (10, True, code)


def test_another_issue_another_number_and_another_key_give_another_code() -> None:
    codes = {query_code(NUMBER, 1), query_code(NUMBER, 2), query_code(SAMPLES[0], 1)}
    with override_settings(PORTAL_FIELD_KEYS=[OLD_KEY]):
        codes.add(query_code(NUMBER, 1))
    assert len(codes) == 4


def test_digits_of_codes_are_spread_evenly() -> None:
    """2,000 codes; chi-square of 9 degrees of freedom stays under 27.9 (p = 0.001) at each place. Fixed input."""
    codes = [query_code(NUMBER, issue) for issue in range(2000)]
    for place in range(10):
        counts = [sum(code[place] == digit for code in codes) for digit in "0123456789"]
        assert sum((count - 200) ** 2 / 200 for count in counts) < 27.9


def test_a_code_is_printed_in_three_groups_and_read_back() -> None:
    assert format_code("1234567890") == "123-456-7890"
    assert [parse_code(text) for text in ("123-456-7890", "123 456 7890", "１２３４５６７８９０", "123—456—7890")] == [
        "1234567890"
    ] * 4
    assert [parse_code(text) for text in ("", "123456789", "12345678901", "12345678九0", "9" * 1000)] == [""] * 5


def test_a_code_matches_its_number_and_issue_only() -> None:
    code = query_code(NUMBER, 2)
    assert matches(NUMBER, 2, format_code(code)) is True
    assert [
        matches(NUMBER, 1, code),
        matches(SAMPLES[0], 2, code),
        matches(NUMBER, 2, ""),
        matches(NUMBER, 2, "x"),
    ] == [False] * 4
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert matches(NUMBER, 2, wrong) is False


def test_a_printed_receipt_outlives_a_change_of_key() -> None:
    code = query_code(NUMBER, 1)
    with override_settings(PORTAL_FIELD_KEYS=["2027:the key of twenty twenty-seven", NEW_KEY]):
        assert (matches(NUMBER, 1, code), query_code(NUMBER, 1) == code) == (True, False)
    with override_settings(PORTAL_FIELD_KEYS=["2027:the key of twenty twenty-seven"]):
        assert matches(NUMBER, 1, code) is False
