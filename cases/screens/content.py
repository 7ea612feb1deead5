"""What stands on a screen, as plain values: first HTML and every poll are made of the same.

Counted over what a leader of the area without any unit sees: sensitive matters are in the totals and in no list. A list
has a fixed number of rows, so that the page changes words and never nodes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from accounts.choices import Role
from accounts.queries import Actor, PostView
from cases import choices as c
from cases.mapping import drawing
from cases.mapping.figures import year_until
from cases.mapping.points import PRIVATE
from cases.mapping.suppressing import hidden_parts
from cases.models import Screen, SupervisionOrder, WhistleCall
from cases.patrols.coverage import coverage, facts
from cases.patrols.queries import tasks_read
from cases.reception.queries import ledger
from cases.screens import ground, news
from cases.screens.ground import SMALL, STAR
from cases.statistics import counting, ranking, tables, wording
from cases.statistics.figures import FIGURES, RATES
from cases.statistics.windows import EVER, Window, today_of
from cases.whistling import queries as whistles
from governance_portal.environment import BASE_DIR
from governance_portal.lib.working_days import SHANGHAI

TREND_DAYS = 30
CHANNEL_ROWS, CATEGORY_ROWS, UNIT_ROWS, ORDER_ROWS, NEWS_ROWS = 5, 10, 8, 6, 10
STRIP = ("accepted", "closed", "open", "today_accepted", "due_soon", "overdue")
STRIP_RATES = ("closure_rate", "resolution_rate", "satisfaction_rate")
STRIP_WORDS = {"accepted": "累计受理", "closed": "累计办结"}
LEVELS = (
    (c.Level.GENERAL, "一般 蓝", "blue"),
    (c.Level.MAJOR, "较大 黄", "yellow"),
    (c.Level.SERIOUS, "重大 橙", "orange"),
    (c.Level.URGENT, "紧急 红", "red"),
)
#: Files by which a page on the wall knows that it is out of date.
FACE = ("static/js/screen.js", "static/css/screen.css", "templates/screens/screen.html")

Rows = list[dict[str, Any]]


def leader_of(area: str) -> Actor:
    """Whose sight a screen has: a leader of the area who belongs to no unit. Nobody can log in as this."""
    post = PostView(0, Role.LEADER, 0, "", "", "", "", area, False)
    return Actor(None, "screen", "大屏", posts=(post,))


def version() -> str:
    """Changes with what a page on the wall is made of, files and outlines: the page loads itself anew then."""
    return f"{_face()}-{drawing.stamp()}"


@lru_cache(maxsize=1)
def _face() -> str:
    digest = hashlib.sha256()
    for name in FACE:
        digest.update((BASE_DIR / name).read_bytes())
    return digest.hexdigest()[:12]


class Content:
    """One screen at one moment."""

    def __init__(self, screen: Screen, now: datetime) -> None:
        self.screen, self.now = screen, now
        self.actor = leader_of(screen.area_code)
        self.scope = counting.cases_of(self.actor, screen.area_code, now)

    def whole(self) -> dict[str, Any]:
        """The template's names; `told` flattens the same."""
        units, orders, lines = self.units(), self.orders(), self.news()
        empty = {"units": units, "orders": orders, "news": lines}
        return {
            "strip": self.strip(),
            "channels": self.channels(),
            "categories": self.categories(),
            "trend": self.trend(),
            "ground": self.ground(),
            "units": units,
            "orders": orders,
            "news": lines,
            "none": {name: not rows[0]["shown"] for name, rows in empty.items()},
            "levels": self.levels(),
            "works": self.works(),
        }

    # -- top -------------------------------------------------------------------------------------------------------

    @cached_property
    def ever(self) -> counting.Counts:
        """Every figure over all days, and today's."""
        return counting.overview(self.scope, EVER, self.now)

    def strip(self) -> Rows:
        """累计受理、办结、在办、今日、即将超时、超时 and the three rates: totals of a whole street or district."""
        rows = [
            {
                "label": STRIP_WORDS.get(name, FIGURES[name].label),
                "value": wording.number(self.ever[name]),
                "tone": {"due_soon": "soon", "overdue": "late"}.get(name, "") if self.ever[name] else "",
            }
            for name in STRIP
        ]
        rates = counting.rates(self.ever, STRIP_RATES)
        for name in STRIP_RATES:
            rows.append({"label": RATES[name].label, "value": _percent(rates[name]["value"]), "tone": ""})
        return rows

    # -- left ------------------------------------------------------------------------------------------------------

    @cached_property
    def year(self) -> Window:
        """The last 365 days."""
        return year_until(self.now)

    def channels(self) -> Rows:
        """Where matters came from within a year."""
        counted = counting.by(self.scope, "channel", self.year, self.now)
        labels: Mapping[str, str] = dict(c.Channel.choices)
        parts = {code: (labels.get(code, code), counts["registered"]) for code, counts in counted.items()}
        return _bars(parts, CHANNEL_ROWS)

    def categories(self) -> Rows:
        """The ten main categories with the most matters within a year."""
        rows = tables.main_categories(tables.categories(self.scope, self.year, self.now))
        return _bars({row.code: (row.name, row.counts["registered"]) for row in rows}, CATEGORY_ROWS)

    def trend(self) -> dict[str, Any]:
        """登记 and 办结 by day for thirty days, and against the thirty before."""
        today = today_of(self.now).last
        assert today is not None  # noqa: S101
        window = Window(today - timedelta(days=2 * TREND_DAYS - 1), today)
        days = counting.trend(self.scope, window, "day")
        before, last = days[:TREND_DAYS], days[TREND_DAYS:]
        most = max([1, *(day[name] for day in last for name in ("registered", "closed"))])
        told: dict[str, Any] = {"most": str(most)}
        for name in ("registered", "closed"):
            total, then = sum(day[name] for day in last), sum(day[name] for day in before)
            change = wording.change_of_count(total, then, f"前 {TREND_DAYS} 天")
            told[name] = {"total": wording.number(total), "change": change.words, "line": _line(last, name, most)}
        told["first"] = f"{last[0]['start'].month}月{last[0]['start'].day}日"
        told["days"] = [
            {
                "day": f"{day['start'].month}月{day['start'].day}日",
                "registered": day["registered"],
                "closed": day["closed"],
            }
            for day in last
        ]
        return told

    # -- centre ----------------------------------------------------------------------------------------------------

    def ground(self) -> dict[str, Any]:
        """The map's steps, its legend, the places right below with 在办."""
        found = ground.counted(self.scope, self.ever["open"], self.year)
        legend = [{"words": row["words"], "shown": True} for row in found["legend"]]
        legend += [{"words": "", "shown": False}] * (ground.STEPS - len(legend))
        return {**found, "legend": legend}

    # -- right -----------------------------------------------------------------------------------------------------

    def units(self) -> Rows:
        """Units by 按期办结率, those with enough to judge by; outcome only, no person, nothing of what came in."""
        judged = ranking.judged(tables.ranked_units(self.scope, self.year, self.now))
        found = []
        for row in judged[:UNIT_ROWS]:
            rate = counting.rates(row.counts, ["on_time_rate"])["on_time_rate"]
            found.append(
                {
                    "name": row.name,
                    "rate": _percent(rate["value"]),
                    "parts": f"{wording.number(rate['numerator'])}/{wording.number(rate['denominator'])}",
                    "bar": int(rate["value"]),
                    "shown": True,
                }
            )
        return _padded(found, UNIT_ROWS, {"name": "", "rate": "", "parts": "", "bar": 0})

    def orders(self) -> Rows:
        """督办 that stand, by number and stage; of no sensitive matter, and never what it is about."""
        standing = SupervisionOrder.objects.filter(
            lifted_at__isnull=True, case__in=self.scope.rows.exclude(PRIVATE)
        ).order_by("-issued_at", "-id")
        found = [
            {"number": row.number, "kind": row.get_kind_display(), "stage": self._stage(row), "shown": True}
            for row in standing[:ORDER_ROWS]
        ]
        return _padded(found, ORDER_ROWS, {"number": "", "kind": "", "stage": ""})

    def _stage(self, order: SupervisionOrder) -> str:
        if order.responded_at is not None:
            return "已回复"
        return "回复超期" if order.deadline < self.now else "待回复"

    def news(self) -> Rows:
        """The newest steps, masked (`news`)."""
        found: Rows = [{**line, "shown": True} for line in news.lines(self.scope, NEWS_ROWS)]
        return _padded(found, NEWS_ROWS, {"what": "", "where": "", "said": "", "day": ""})

    # -- bottom ----------------------------------------------------------------------------------------------------

    def levels(self) -> Rows:
        """在办 by level; a small level takes another along, so that 在办 does not tell it."""
        counted = counting.by(self.scope, "level", EVER, self.now)
        parts = {code: counts["open"] for code, counts in counted.items()}
        small = {code for code, value in parts.items() if 0 < value < SMALL}
        hidden = hidden_parts(parts, small | {""} if small else small)  # what has no level yet stands in no tile
        return [
            {
                "label": label,
                "tone": tone,
                "value": STAR if hidden is None or level in hidden else wording.number(parts.get(level, 0)),
            }
            for level, label, tone in LEVELS
        ]

    def works(self) -> Rows:
        """会商、吹哨报到、包案 and 巡查 of this month: what is worked at together; of no single matter."""
        today = today_of(self.now).last
        assert today is not None  # noqa: S101
        month = Window(today.replace(day=1), today)
        consulting = self.scope.rows.filter(status=c.Status.CONSULTING).count()
        called = whistles.visible_to(self.actor, self.now).filter(month.holds("called_at"))
        calls = WhistleCall.objects.filter(whistle__in=called).exclude(stage=c.WhistleStage.RECALLED)
        arrived = calls.filter(arrived_at__isnull=False).count()
        patrolled = coverage(facts(tasks_read(self.actor), today.replace(day=1), today))
        return [
            {"label": "会商中", "value": wording.number(consulting)},
            {"label": "本月吹哨", "value": wording.number(called.count())},
            {"label": "报到/应到", "value": f"{arrived}/{calls.count()}"},
            {"label": "领导包案", "value": wording.number(ledger(self.actor, self.now).count())},
            {"label": "本月巡查完成", "value": _percent(patrolled.rate)},
        ]


def told(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The same flat, by the keys that the page's nodes bear (`strip.0.value`), with the version of the page."""
    found: dict[str, Any] = {"version": version()}
    _flatten("", whole, found)
    return found


def tag_of(flat: Mapping[str, Any]) -> str:
    """The ETag: the same as long as nothing on the screen would change."""
    text = json.dumps(flat, ensure_ascii=False, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def clock_of(now: datetime) -> str:
    """18:42, as it stands in the corner."""
    return f"{now.astimezone(SHANGHAI):%H:%M}"


def _flatten(path: str, value: Any, found: dict[str, Any]) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            _flatten(f"{path}.{name}" if path else str(name), part, found)
    elif isinstance(value, list):
        for place, part in enumerate(value):
            _flatten(f"{path}.{place}", part, found)
    else:
        found[path] = value


def _percent(value: Decimal | float | None) -> str:
    """99.2%: closer than on a desk, where a tile is not read from eight metres."""
    return wording.NOTHING if value is None else f"{value}%"


def _hidden(parts: Mapping[str, int]) -> set[str] | None:
    return hidden_parts(parts, {code for code, value in parts.items() if 0 < value < SMALL})


def _bars(parts: Mapping[str, tuple[str, int]], many: int) -> Rows:
    """The largest as rows with a bar; what is hidden or comes after them is 其他, which is never one small cell alone."""
    counts = {code: value for code, (_name, value) in parts.items()}
    hidden = _hidden(counts)
    seen = [] if hidden is None else [code for code in counts if code not in hidden and counts[code]]
    seen.sort(key=lambda code: (-counts[code], code))
    shown = seen[:many]
    rest = sum(counts.values()) - sum(counts[code] for code in shown)
    most = max([1, *(counts[code] for code in shown)])
    found: Rows = [
        {
            "name": parts[code][0],
            "value": wording.number(counts[code]),
            "bar": 100 * counts[code] // most,
            "shown": True,
        }
        for code in shown
    ]
    blank = {"name": "", "value": "", "bar": 0}
    other = {"name": "其他", "value": wording.number(rest), "bar": min(100, 100 * rest // most), "shown": rest > 0}
    return [*_padded(found, many, blank), other]


def _padded(rows: Rows, many: int, blank: Mapping[str, Any]) -> Rows:
    return rows + [{**blank, "shown": False} for _ in range(many - len(rows))]


def _line(days: Rows, name: str, most: int) -> str:
    """A path over 30 days in a box of 290 × 100."""
    return "M" + "L".join(f"{place * 10} {100 - 100 * day[name] // most}" for place, day in enumerate(days))
