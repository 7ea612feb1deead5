"""Case numbers and query codes (design/api.md "Numbers", "Query codes").

A number is 14 digits: 年月日 (6) + channel (1) + running number (6) + check digit (1). The check digit is H. M. Damm's
(Dissertation, Marburg 2004): it catches every single wrong digit and every swap of neighbours.

A query code is 10 digits derived from number and issue count with a key of its own, so nothing is stored and a receipt
can be printed again; raising the issue count voids the old code.
"""

import re
import unicodedata
from datetime import date
from hmac import compare_digest, digest

from governance_portal.lib.keyring import keyring

_NUMBER_LENGTH = 14
_SERIALS = 10**6
_CODE_LENGTH = 10
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−_.·]+")

# The totally anti-symmetric quasigroup of order 10 given by Damm; rows are the interim digit, columns the next one.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def case_number(day: date, channel_digit: str, serial: int) -> str:
    """The 14-digit number of a case registered on ``day`` (in Asia/Shanghai) by a channel, ``serial`` from a sequence.

    The sequence may run past a million: six digits of it are used, and a day does not see a million cases.
    ValueError when the channel is not one digit, the serial negative or the year not of 2000-2099.
    """
    if not re.fullmatch(r"[0-9]", channel_digit):
        raise ValueError(f"a channel is one digit, not {channel_digit!r}")
    if serial < 0:
        raise ValueError(f"a running number is not negative: {serial}")
    if not 2000 <= day.year <= 2099:
        raise ValueError(f"a number holds years 2000 to 2099, not {day.year}")
    body = f"{day:%y%m%d}{channel_digit}{serial % _SERIALS:06d}"
    return body + check_digit(body)


def check_digit(digits: str) -> str:
    """Damm's check digit of a string of ASCII digits."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def is_valid_number(text: str) -> bool:
    """Whether the text is exactly 14 ASCII digits with a real date and the right check digit."""
    if not re.fullmatch(r"[0-9]{14}", text) or check_digit(text) != "0":
        return False
    try:
        date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return False
    return True


def parse_number(text: str) -> str:
    """The number a person wrote, with full-width digits, spaces and dashes forgiven; "" when it is not a valid one."""
    digits = _plain(text, _NUMBER_LENGTH)
    return digits if is_valid_number(digits) else ""


def query_code(number: str, issue: int) -> str:
    """The 10-digit code of the ``issue``-th receipt of a case.

    64 bits of HMAC-SHA256 modulo 10^10: no code is likelier than another by more than 1 in 1.8 thousand million.
    """
    return _code(number, issue, keyring().keys("query-code")[0])


def format_code(code: str) -> str:
    """As printed, 3-3-4: ``1234567890`` → ``123-456-7890``."""
    return f"{code[:3]}-{code[3:6]}-{code[6:]}"


def parse_code(text: str) -> str:
    """The ten digits a person typed, with spaces, dashes and full-width digits forgiven; "" when they are not ten."""
    return _plain(text, _CODE_LENGTH)


def matches(number: str, issue: int, code: str) -> bool:
    """Whether ``code`` (as typed) is that of the issue; in the same time whatever is wrong with it.

    Codes made with an older key still count while that key is configured: a printed receipt outlives a rotation.
    """
    given = (parse_code(code) or "-" * _CODE_LENGTH).encode()
    right = False
    for key in keyring().keys("query-code"):
        right |= compare_digest(_code(number, issue, key).encode(), given)
    return right


def _code(number: str, issue: int, key: bytes) -> str:
    mac = digest(key, f"{number}:{issue}".encode(), "sha256")
    return f"{int.from_bytes(mac[:8], 'big') % 10**_CODE_LENGTH:0{_CODE_LENGTH}d}"


def _plain(text: str, length: int) -> str:
    # Longer texts are nobody's typing; they are not worth normalising.
    if len(text) > 4 * length:
        return ""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return digits if re.fullmatch(rf"[0-9]{{{length}}}", digits) else ""
