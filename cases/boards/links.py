"""The boards beside each other, as the main board and these pages link them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cases.boards.asking import Asked

#: Name of the page, what it is called, what it shows.
PAGES = (
    ("bands", "三端闭环", "前端排查、中端调处、末端问效"),
    ("levels", "小事不出网格", "在网格、社区、镇街、区级各化解多少"),
    ("network", "解纷网络", "1+13+10+N 各层成员和在办"),
    ("property", "物业", "每千户物业事项"),
)


def nav(query: str = "") -> list[dict[str, str]]:
    """Return `{code, label, says, url}` of the pages; the query (area and period) goes along where a page reads it."""
    tail = f"?{query}" if query else ""
    return [
        {"code": code, "label": label, "says": says, "url": f"{reverse(f'boards:{code}')}{tail}"}
        for code, label, says in PAGES
    ]


def tabs(here: str, asked: Asked) -> list[dict[str, Any]]:
    """Return the tabs of a page: the main board first."""
    query = asked.query()
    rows = [{"code": "board", "label": "看板", "says": "", "url": f"{reverse('cases:board')}?{query}"}, *nav(query)]
    return [{**row, "current": row["code"] == here} for row in rows]
