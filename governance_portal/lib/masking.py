"""How personal data looks to those who need not see it (de-identification, GB/T 35273).

Every function takes and gives text, never raises, and never gives back the whole of a non-empty value.
"""

import re
import unicodedata

_MOBILE_LENGTH = 11
_SHORTEST_NUMBER_WITH_A_TAIL = 7
_ADDRESS_SHOWN = 6

# An ID number first: its digits would otherwise be found again as a mobile number.
_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])", re.ASCII)
_MOBILE_IN_TEXT = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)", re.ASCII)


def mask_name(name: str) -> str:
    """``王小明`` → ``王**``. Always two stars: the length of a given name is not told."""
    name = name.strip()
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """``13812341234`` → ``138****1234``; a landline keeps its last four digits; short numbers are hidden wholly."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone), flags=re.ASCII)
    if not digits:
        return "****" if phone.strip() else ""
    if len(digits) == _MOBILE_LENGTH + 2 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == _MOBILE_LENGTH and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) < _SHORTEST_NUMBER_WITH_A_TAIL:
        return "****"
    return f"{'*' * (len(digits) - 4)}{digits[-4:]}"


def mask_id(number: str) -> str:
    """``140603199001011234`` → ``1****************4``: first and last character only."""
    number = number.strip()
    if len(number) <= 2:
        return "*" * len(number)
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}"


def mask_address(address: str) -> str:
    """``北关路街道阳光小区3栋`` → ``北关路街道阳****``: six characters are kept, at most half of a short address."""
    address = address.strip()
    if not address:
        return ""
    shown = _ADDRESS_SHOWN if len(address) > _ADDRESS_SHOWN else len(address) // 2
    return f"{address[:shown]}****"


def without_numbers(text: str) -> str:
    """Take mobile and ID numbers out of free text, so that nobody finds it by them; all else stays."""
    return _MOBILE_IN_TEXT.sub(" ", _ID_IN_TEXT.sub(" ", text))


def mask_text(text: str) -> str:
    """Mask mobile and ID numbers inside free text (a description, a note, a log line); all else stays."""
    text = _ID_IN_TEXT.sub(lambda found: mask_id(found.group()), text)
    return _MOBILE_IN_TEXT.sub(lambda found: mask_phone(found.group()), text)
