"""docs/indicators.md, written from the registry; a test says whether the page is current."""

from __future__ import annotations

from cases.indicators.registry import HALF_UP, in_groups
from cases.indicators.shapes import Indicator, Unit

HEAD = f"""# 指标

由 `manage.py write_indicators` 生成，请勿手改。每个指标的公式、口径、依据只写在 `cases/indicators/registry.py`（事项数的条件在
`cases/statistics/figures.py`、`indicated.py`）；本页、看板上的“怎么算的”、指标说明页、`GET /api/v1/stats/indicators/` 和测试都从那里读。

百分率{HALF_UP}；两个百分率之差用“百分点”。分子、分母是事项数的，打开的清单与数字用的是同一个条件，行数与数字相同。
"""


def page() -> str:
    """The whole document."""
    parts = [HEAD]
    for _code, label, indicators in in_groups():
        parts.append(f"\n## {label}\n\n| 指标 | 公式 | 单位 | 时间 | 分子、分母 | 口径和算例 | 依据 |")
        parts.append("|---|---|---|---|---|---|---|")
        parts.extend(_row(one) for one in indicators)
    return "\n".join(parts) + "\n"


def _row(one: Indicator) -> str:
    unit = Unit(one.unit).label
    figures = "、".join(f"`{name}`" for name in one.figures)
    counts_cases = len(one.figures) == 1  # its formula says what is counted
    what = "" if counts_cases else "<br>".join(part for part in (one.numerator, one.denominator) if part)
    cells = (
        f"{one.label}<br>`{one.code}`",
        one.formula,
        unit,
        one.days,
        "<br>".join(part for part in (what, figures) if part),
        "<br>".join(part for part in (one.basis, one.golden and f"例：{one.golden}") if part) or "—",
        one.base,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
