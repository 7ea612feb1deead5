"""The boards beside each other, as the main board and these pages link them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cases.boards.asking import Asked

#: Name of the address, what it is called, what it shows.
PAGES = (
    ("boards:bands", "三端闭环", "前端排查、中端调处、末端问效"),
    ("boards:levels", "小事不出网格", "在网格、社区、镇街、区级各化解多少"),
    ("boards:network", "解纷网络", "1+13+10+N 各层成员和在办"),
    ("boards:property", "物业", "每千户物业事项"),
    ("cases:indicators", "指标说明", "每个数怎么算、口径和依据"),
)


def nav(query: str = "") -> list[dict[str, str]]:
    """Return `{code, label, says, url}` of the pages; the query (area and period) goes along where a page reads it."""
    tail = f"?{query}" if query else ""
    return [
        {"code": name.partition(":")[2], "label": label, "says": says, "url": f"{reverse(name)}{tail}"}
        for name, label, says in PAGES
    ]


def tabs(here: str, asked: Asked) -> list[dict[str, Any]]:
    """Return the tabs of a page: the main board first."""
    query = asked.query()
    rows = [{"code": "board", "label": "看板", "says": "", "url": f"{reverse('cases:board')}?{query}"}, *nav(query)]
    return [{**row, "current": row["code"] == here} for row in rows]
