"""The tables of a bulletin, read off its figures. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cases.bulletins import cells
from cases.bulletins.cells import Cell, Column, Table
from cases.bulletins.choices import Section
from cases.bulletins.sentences import Triple
from cases.indicators.lasting import BASIS, NAMES
from cases.statistics.wording import NOTHING, number

Figures = Mapping[str, Any]
#: So many lines a table of categories has before its sum.
MOST_ROWS = 19


def of(section: str, figures: Figures, first: int) -> list[Table]:
    """Return the tables of a section that have rows, numbered from `first`."""
    made = [table for table in TABLES.get(section, lambda _figures: [])(figures) if table.rows]
    return [
        Table(table.code, f"表{first + place}　{table.title}", table.columns, table.rows, table.summed, table.note)
        for place, table in enumerate(made)
    ]


def _moved(three: Triple, figures: Figures) -> list[Cell]:
    """The number, 环比 and, unless it is a year, 同比."""
    told = [cells.count(three[0]), cells.change(three[0], three[1])]
    return told if figures["period"]["kind"] == "year" else [*told, cells.change(three[0], three[2])]


def _moved_columns(label: str, figures: Figures) -> list[Column]:
    columns = [Column(label), Column("环比", 1.4)]
    return columns if figures["period"]["kind"] == "year" else [*columns, Column("同比", 1.4)]


def _sum(rows: Sequence[Figures], name: str) -> list[int | None]:
    return [
        None if any(row[name][place] is None for row in rows) else sum(row[name][place] for row in rows)
        for place in range(3)
    ]


# --- the tables --------------------------------------------------------------------------------------------------


def _overview(figures: Figures) -> list[Table]:
    totals, quality, period = figures["totals"], figures["quality"], figures["period"]
    year = period["kind"] != "year"
    rows = []
    counts = [
        ("登记（件）", totals["registered"]),
        ("受理（件）", totals["accepted_in"]),
        ("办结（件）", totals["closed_in"]),
        ("窗口来访（批）", totals["visits"]),
        ("窗口来访（人次）", totals["visitors"]),
        ("受理调解纠纷（件）", figures["mediation"]["accepted"]),
        ("调解成功（件）", figures["mediation"]["settled"]),
    ]
    for label, three in counts:
        row = [cells.name(label), cells.count(three[0]), cells.count(three[1]), cells.change(three[0], three[1])]
        rows.append((*row, cells.count(three[2]), cells.change(three[0], three[2])) if year else tuple(row))
    rates = [
        ("办结率", quality["closed"], quality["accepted"]),
        ("按期办结率", quality["on_time"], quality["due_closed"]),
        ("调解成功率", figures["mediation"]["settled"], figures["mediation"]["ended"]),
        ("满意率", quality["satisfied_closed"], quality["rated_closed"]),
    ]
    for label, above, below in rates:
        now, before, ago = zip(above, below, strict=True)
        row = [cells.name(label), cells.rate(*now), cells.rate(*before), cells.points(now, before)]
        rows.append((*row, cells.rate(*ago), cells.points(now, ago)) if year else tuple(row))
    columns = [Column("指标", 2.8, text=True), Column("本期", 1.2), Column(period["before"], 1.2), Column("环比", 1.8)]
    columns += [Column("去年同期", 1.3), Column("同比", 1.8)] if year else []
    return [Table("overview", "主要指标", tuple(columns), tuple(rows))]


def _fields(figures: Figures) -> list[Table]:
    whole = figures["totals"]["accepted_in"][0] or 0
    made = []
    for code, title, first, rows in (
        ("channels", "按来源渠道", "来源渠道", figures["channels"]),
        ("categories", "按涉及领域", "类别", figures["categories"]),
    ):
        lines = [
            (
                cells.name(row["name"]),
                *_moved(row["accepted_in"], figures),
                cells.rate(row["accepted_in"][0], whole),
                cells.count(row["closed_in"][0]),
            )
            for row in rows
        ]
        if len(lines) > MOST_ROWS:  # those with the fewest in one line, so that the table stays on a page
            rest = rows[MOST_ROWS - 1 :]
            few = _sum(rest, "accepted_in")
            name = cells.name(f"其余 {len(rest)} 类")
            last = (cells.rate(few[0], whole), cells.count(_sum(rest, "closed_in")[0]))
            lines = [*lines[: MOST_ROWS - 1], (name, *_moved(few, figures), *last)]
        if rows:
            accepted, closed = _sum(rows, "accepted_in"), _sum(rows, "closed_in")
            lines.append(
                (cells.name("合计"), *_moved(accepted, figures), cells.rate(accepted[0], whole), cells.count(closed[0]))
            )
        columns = (Column(first, 2.2, text=True), *_moved_columns("受理", figures), Column("占比"), Column("办结"))
        made.append(Table(code, title, columns, tuple(lines), summed=bool(rows)))
    areas = figures["areas"]
    lines = [
        (
            cells.name(row["name"]),
            *_moved(row["accepted_in"], figures),
            cells.count(row["closed_in"][0]),
            cells.count(row["open"]),
            cells.rate(row["on_time"][0], row["due_closed"][0]),
        )
        for row in areas
    ]
    if areas:
        accepted, closed, on_time, due = (
            _sum(areas, name) for name in ("accepted_in", "closed_in", "on_time", "due_closed")
        )
        still = sum(row["open"] for row in areas)
        ends = (cells.count(closed[0]), cells.count(still), cells.rate(on_time[0], due[0]))
        lines.append((cells.name("合计"), *_moved(accepted, figures), *ends))
    columns = (
        Column("属地", 2.2, text=True),
        *_moved_columns("受理", figures),
        Column("办结"),
        Column("在办"),
        Column("按期办结率", 1.6),
    )
    note = "按区划代码排列。登记、受理多少不比高低。"
    made.append(Table("areas", "按属地", columns, tuple(lines), summed=bool(areas), note=note))
    return made


def _complained(figures: Figures) -> list[Table]:
    told = figures["complained"]
    if not told["all"]:
        return []
    lines = [
        (
            cells.name(row["name"]),
            cells.count(row["complaints"]),
            cells.count(row["answered"]),
            cells.rate(row["answered"], row["complaints"]),
        )
        for row in told["units"]
    ]
    if told["few"]["units"]:
        words = f"其他 {told['few']['units']} 个单位（各不足 3 件）"
        lines.append(
            (cells.name(words), cells.count(told["few"]["complaints"]), cells.name(NOTHING), cells.name(NOTHING))
        )
    lines.append(
        (
            cells.name("合计"),
            cells.count(told["all"]),
            cells.count(told["answered"]),
            cells.rate(told["answered"], told["all"]),
        )
    )
    columns = (Column("单位", 3, text=True), Column("被投诉"), Column("已答复"), Column("答复率"))
    return [Table("complained", "被投诉较多的单位", columns, tuple(lines), summed=True)]


def _handling(figures: Figures) -> list[Table]:
    told = figures["handling"]
    ways = [
        (
            cells.name(label),
            *_moved(told[name], figures),
            cells.count(told[f"{name}_closed"][0]),
            cells.rate(told[f"{name}_closed"][0], told[name][0]),
        )
        for label, name in (("转送", "forwarded"), ("交办", "assigned"))
    ]
    made = [
        Table(
            "ways",
            "转送、交办",
            (Column("方式", 1.6, text=True), *_moved_columns("受理", figures), Column("已办结"), Column("办结率")),
            tuple(ways),
            note=f"另移送有权机关 {number(told['transferred'][0] or 0)} 件。",
        )
    ]
    orders = [
        (cells.name(row["name"]), *(cells.count(row[key]) for key in ("issued", "responded", "lifted")))
        for row in told["orders"]
    ]
    if orders:
        orders.append(
            (
                cells.name("合计"),
                *(cells.count(sum(row[key] for row in told["orders"])) for key in ("issued", "responded", "lifted")),
            )
        )
    columns = (Column("形式", 1.6, text=True), Column("发出"), Column("已回复"), Column("已解除"))
    return [*made, Table("orders", "督办", columns, tuple(orders), summed=True)]


def _mediation(figures: Figures) -> list[Table]:
    told = figures["mediation"]
    types = [_mediated(row["type"], row["accepted"], row["ended"], row["settled"]) for row in told["types"]]
    types.append(_mediated("合计", *(told[name][0] or 0 for name in ("accepted", "ended", "settled"))))
    columns = (
        Column("纠纷类型", 1.8, text=True),
        Column("受理"),
        Column("调解终结"),
        Column("调解成功"),
        Column("不成功"),
        Column("成功率"),
    )
    accepted = told["accepted"][0] or 0
    ways = [(cells.name(name), cells.count(many), cells.rate(many, accepted)) for name, many in told["sources"].items()]
    ways.append((cells.name("合计"), cells.count(accepted), cells.rate(accepted, accepted)))
    after = [
        (cells.name("达成协议待履行"), cells.count(told["agreed"])),
        (cells.name("登记了协议生效日"), cells.count(told["dated"])),
        (cells.name("双方申请司法确认"), cells.count(told["applied"])),
        (cells.name("涉及人数（人）"), cells.count(told["people"][0] or 0)),
    ]
    return [
        Table("mediation", "人民调解月报（按纠纷类型）", columns, tuple(types), summed=True),
        Table(
            "sources",
            "调解案件来源",
            (Column("来源", 2, text=True), Column("受理"), Column("占比")),
            tuple(ways),
            summed=True,
        ),
        Table("agreements", "协议和司法确认", (Column("项目", 3, text=True), Column("件数")), tuple(after)),
    ]


def _mediated(label: str, accepted: int, ended: int, settled: int) -> tuple[Cell, ...]:
    return (
        cells.name(label),
        *(cells.count(many) for many in (accepted, ended, settled, ended - settled)),
        cells.rate(settled, ended),
    )


def _quality(figures: Figures) -> list[Table]:
    told, period = figures["quality"], figures["period"]
    lines = []
    for label, above, below in (
        ("办结率", "closed", "accepted"),
        ("按期办结率", "on_time", "due_closed"),
        ("响应率", "contacted", "contact_due"),
        ("解决率", "solved", "asked_solved"),
        ("满意率", "satisfied_closed", "rated_closed"),
        ("回访率", "called", "call_due"),
    ):
        now, before, _ago = zip(told[above], told[below], strict=True)
        lines.append(
            (
                cells.name(label),
                cells.count(now[0]),
                cells.count(now[1]),
                cells.rate(*now),
                cells.rate(*before),
                cells.points(now, before),
            )
        )
    columns = (Column("指标", 1.5, text=True), Column("分子"), Column("分母"), Column("本期"))
    moved = (Column(period["before"]), Column("环比", 1.8))
    days = told["days"]
    lasted = [
        (cells.name(label), cells.lasting(days[0], which), cells.lasting(days[1], which))
        for which, label in NAMES.items()
        if days[0]["many"]
    ]
    return [
        Table("rates", "办理质量", (*columns, *moved), tuple(lines)),
        Table(
            "days",
            "办理时长（受理至办结）",
            (Column("时长", 2, text=True), Column("本期"), Column(period["before"])),
            tuple(lasted),
            note=BASIS,
        ),
    ]


def _hot(figures: Figures) -> list[Table]:
    lines = [
        (
            cells.name(row["place"]),
            cells.name(row["category"]),
            cells.count(row["count"][0]),
            cells.count(row["count"][1]),
            cells.change(row["count"][0], row["count"][1]),
        )
        for row in figures["hot"]
    ]
    columns = (
        Column("社区（村）", 1.8, text=True),
        Column("类别", 2, text=True),
        Column("登记"),
        Column(figures["period"]["before"]),
        Column("环比"),
    )
    return [Table("hot", "热点事项", columns, tuple(lines))]


def _hazards(figures: Figures) -> list[Table]:
    told, names = figures["hazards"], ("found", "closed", "open", "overdue")
    lines = [
        (cells.name(row["name"]), *(cells.count(row[key]) for key in names), cells.rate(row["closed"], row["found"]))
        for row in told["classes"]
    ]
    if lines:
        whole = {key: sum(row[key] for row in told["classes"]) for key in names}
        lines.append(
            (
                cells.name("合计"),
                *(cells.count(whole[key]) for key in names),
                cells.rate(whole["closed"], whole["found"]),
            )
        )
    columns = (
        Column("类别", 1.6, text=True),
        *(Column(label) for label in ("发现", "已销号", "未销号", "超期未改", "整改率")),
    )
    patrols = told["patrols"]
    done = [
        (
            cells.name("排查任务（次）"),
            cells.count(patrols["due"]),
            cells.count(patrols["done"]),
            cells.rate(patrols["done"], patrols["due"]),
        ),
        (
            cells.name("排查点位（个）"),
            cells.count(patrols["points_due"]),
            cells.count(patrols["points_seen"]),
            cells.rate(patrols["points_seen"], patrols["points_due"]),
        ),
    ]
    return [
        Table("hazards", "安全隐患", columns, tuple(lines), summed=True),
        Table(
            "patrols",
            "排查完成情况",
            (Column("项目", 2, text=True), Column("应完成"), Column("已完成"), Column("完成率")),
            tuple(done) if patrols["due"] else (),
        ),
    ]


def _advice(figures: Figures) -> list[Table]:
    rows = figures["handling"]["proposals"]
    lines = [(cells.name(row["name"]), cells.count(row["made"]), cells.count(row["adopted"])) for row in rows]
    columns = (Column("形式", 2, text=True), Column("提出"), Column("已采纳"))
    return [Table("proposals", "建议和采纳", columns, tuple(lines))]


TABLES: Mapping[str, Callable[[Figures], list[Table]]] = {
    Section.OVERVIEW: _overview,
    Section.FIELDS: _fields,
    Section.COMPLAINED: _complained,
    Section.HANDLING: _handling,
    Section.MEDIATION: _mediation,
    Section.QUALITY: _quality,
    Section.HOT: _hot,
    Section.HAZARDS: _hazards,
    Section.ADVICE: _advice,
}
