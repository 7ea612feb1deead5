"""What a code says by itself: national area codes (6, 9, 12 digits) and grid codes. Pure."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings

from grids.choices import LEVEL_OF_LENGTH, GridKind, WorkClass

DEFAULT_GRID_CODE_PATTERN = r"^\d{12}\d{3}$"

#: 专属网格 are numbered from here within their community (facts §3.7).
FIRST_DEDICATED_NUMBER = 900


def parent_code(code: str) -> str:
    """The code one level up: grid → community → street → district → "". Pure: codes say it themselves."""
    return next((code[:length] for length in (12, 9, 6) if len(code) > length), "")


def plain_code(text: str) -> str:
    """A code without full-width digits and spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def code_problem(code: str, lengths: tuple[int, ...] = tuple(LEVEL_OF_LENGTH)) -> str:
    """What is wrong with an area code, as a Chinese sentence; "" if nothing is."""
    if not code:
        return "没有代码。"
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", code, re.IGNORECASE):
        return f"代码「{code}」被表格软件改成了科学计数法，请把这一列设为文本后重新导出。"
    if not (code.isascii() and code.isdigit()):
        return f"代码「{code}」里有数字以外的字符。"
    if len(code) not in lengths:
        return f"代码「{code}」是 {len(code)} 位，应为 {'、'.join(str(length) for length in lengths)} 位。"
    return ""


def trimmed_area_code(code: str) -> str:
    """The national table pads districts and streets with zeros to 12 digits; a community is never numbered 000."""
    if len(code) == 12 and code.isdigit():
        return code[:6] if code.endswith("000000") else code[:9] if code.endswith("000") else code
    return code


def kind_by_number(code: str) -> str:
    """专属网格 are numbered 900–999 (facts §3.7)."""
    number = code[12:]
    return GridKind.DEDICATED if number.isdigit() and int(number) >= FIRST_DEDICATED_NUMBER else GridKind.BASIC


def grid_code_problem(code: str, kind: str) -> str:
    """What is wrong with a grid code, as a Chinese sentence; "" if nothing is.

    The pattern is the setting ``PORTAL_GRID_CODE_PATTERN``; 专属网格 have the numbers 900–999 where the number has
    three digits (facts §3.7).
    """
    pattern = getattr(settings, "PORTAL_GRID_CODE_PATTERN", DEFAULT_GRID_CODE_PATTERN)
    if not re.match(pattern, code) or not code.isascii() or not code.isdigit():
        return "网格编码不符合本区规则：一般是社区（村）12 位代码加 3 位网格顺序码。"
    number = code[12:]
    if len(number) == 3 and (int(number) >= FIRST_DEDICATED_NUMBER) != (kind == GridKind.DEDICATED):
        return "专属网格的顺序码用 900 至 999，基础网格用 001 至 899。"
    return ""


def default_work_class(kind: str, community_name: str) -> str:
    """The work class where nobody said one: villages are named …村委会 or …村民委员会."""
    if kind == GridKind.DEDICATED:
        return WorkClass.DEDICATED
    return WorkClass.VILLAGE if community_name.endswith(("村委会", "村民委员会", "村")) else WorkClass.COMMUNITY
