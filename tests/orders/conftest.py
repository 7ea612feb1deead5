"""A 12345 line in the small district, and sheets as its platform exports them."""

from io import BytesIO

import pytest

from governance_portal.lib import sheets, webhooks
from hotlines.choices import AdapterKind, LineKind
from hotlines.models import Line
from tests.accounts.conftest import emptied_log
from tests.cases.cast import District
from tests.cases.conftest import _fresh_policies, district
from tests.pages.conftest import client_of, migrated, town

__all__ = ["_fresh_policies", "client_of", "district", "emptied_log", "line", "migrated", "town"]

KEY = webhooks.secret_of(b"orders-secret-0123456789")
HEADER = (
    "工单编号",
    "派单时间",
    "诉求内容",
    "诉求性质",
    "事项分类",
    "事发地址",
    "所属街道",
    "来电人",
    "来电号码",
    "办理时限",
)


def row(number: int, content: str = "", **other: str) -> list[str]:
    """One line of the sheet; `other` by heading."""
    usual = {
        "工单编号": f"PL2026112000{number:04}",
        "派单时间": "2026-11-20 10:30:00",
        "诉求内容": content or f"胜利社区{number}号楼暖气不热，已有一周，请求尽快维修。",
        "诉求性质": "求助",
        "事项分类": "城乡建设/供热",
        "事发地址": f"井坪镇胜利社区{number}号楼",
        "所属街道": "井坪镇",
        "来电人": "张三",
        "来电号码": f"1381234{number:04}",
        "办理时限": "5个工作日",
    }
    return [{**usual, **other}[heading] for heading in HEADER]


def csv_of(rows: list[list[str]], header: tuple[str, ...] = HEADER, encoding: str = "utf-8-sig") -> bytes:
    """A sheet as CSV."""
    lines = [",".join(f'"{cell}"' for cell in line) for line in [list(header), *rows]]
    return "\r\n".join(lines).encode(encoding)


def xlsx_of(rows: list[list[str]], header: tuple[str, ...] = HEADER) -> bytes:
    """A sheet as XLSX."""
    out = BytesIO()
    sheets.write_xlsx(out, header, rows)
    return out.getvalue()


def make_line(code: str = "sz12345", adapter: str = AdapterKind.NONE, address: str = "") -> Line:
    """The city's 12345 platform."""
    return Line.objects.create(
        code=code,
        name="市 12345 平台",
        kind=LineKind.ORDER,
        adapter=adapter,
        address=address,
        secret={"key": KEY},
        channel="hotline",
    )


@pytest.fixture
def line(district: District) -> Line:
    """That line, spoken with by nobody."""
    return make_line()
