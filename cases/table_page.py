"""The page docs/workflow.md, drawn from the table: what is on it is what the door does."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextChoices

from cases import choices as c
from cases.needs import Need
from cases.workflow import MOVES, RECORDS, Action

HEAD = """# 办理流程

本页由 `manage.py write_docs` 从 `cases/workflow/` 生成，请勿手工修改；测试保证两者一致。
This page is generated from the table in `cases/workflow/`; a test holds the two together.

受理 — 分流 — 化解 — 督办 — 回访。事项的**办理状态**与**化解结果**是两件事：已办结不等于已化解。
"""
STARTED = "开始"
CLOCK_EFFECTS = (("starts", "起"), ("meets", "止"), ("pauses", "暂停"), ("resumes", "恢复"), ("cancels", "取消"))
ENDS = {"all": "全部取消", "halt": "全部停住", "unhalt": "停住的继续"}


def page() -> str:
    """Return the whole page as Markdown, ending in a newline."""
    parts = [HEAD, _statuses(), _diagram(), _moves(), _records(), _codes()]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _statuses() -> str:
    rows = [
        f"| {c.STAGE_OF[status].label} | `{status.value}` | {status.label} | {_ending(status)} |" for status in c.Status
    ]
    return _titled("状态", ["| 阶段 | 代码 | 状态 | |", "|---|---|---|---|", *rows])


def _ending(status: c.Status) -> str:
    return "终点" if status in c.ENDED else ""


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {status.value} : {status.label}" for status in c.Status]
    arrows: dict[tuple[str, str], list[str]] = {}
    for action in MOVES:
        for source in action.sources or (None,):
            for target in _targets_from(action, source):
                arrows.setdefault((source.value if source else "[*]", target), []).append(str(action.label))
    lines += [f"    {source} --> {target} : {'、'.join(labels)}" for (source, target), labels in arrows.items()]
    lines += ["    archived --> [*]", "```"]
    return _titled("状态图", lines)


def _targets_from(action: Action, source: c.Status | None) -> list[str]:
    """A move that goes back to where the case was has an arrow to each; a case is never moved onto itself by it."""
    return [target.value for target in action.targets if target != source or len(action.targets) == 1]


def _moves() -> str:
    rows = [
        f"| {action.label} `{action.name}` | {_names(action.sources) or STARTED} | {_names(action.targets)} | {_who(action)} "
        f"| {_needs(action.needs)} | {_clocks(action)} |"
        for action in MOVES
    ]
    head = ["| 步骤 | 从 | 到 | 由谁 | 需填（*必填，〔公〕居民可见） | 时限 |", "|---|---|---|---|---|---|"]
    return _titled("步骤", head + rows)


def _records() -> str:
    rows = [
        f"| {action.label} `{action.name}` | {_names(action.sources)} | {_who(action)} | {_needs(action.needs)} "
        f"| {_clocks(action)} |"
        for action in RECORDS
    ]
    head = ["不改变状态的记录。", "", "| 记录 | 在哪些状态 | 由谁 | 需填 | 时限 |", "|---|---|---|---|---|"]
    return _titled("记录", head + rows)


def _codes() -> str:
    lists: tuple[type[TextChoices], ...] = (c.Kind, c.Procedure, c.Level, c.Channel, c.Nature, c.Outcome, c.Clock)
    titles = ("事项大类", "程序", "等级", "来源渠道", "投诉性质", "化解结果", "时限")
    rows = [
        f"| {title} | {'、'.join(f'{item.label} `{item.value}`' for item in items)} |"
        for title, items in zip(titles, lists, strict=True)
    ]
    return _titled("代码", ["| | |", "|---|---|", *rows])


def _titled(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"## {title}", "", *lines, ""])


def _names(statuses: Iterable[c.Status]) -> str:
    return "、".join(str(status.label) for status in statuses)


def _who(action: Action) -> str:
    return "、".join(standing.label for standing in action.who)


def _needs(needs: Iterable[Need]) -> str:
    told: dict[str, str] = {}
    for need in needs:
        if need.name != "note" or need.required:
            told.setdefault(need.name, f"{need.label}{'*' if need.required else ''}{'〔公〕' if need.public else ''}")
    return "、".join(told.values())


def _clocks(action: Action) -> str:
    told = [
        f"{word} {'、'.join(str(clock.label) for clock in getattr(action, name))}"
        for name, word in CLOCK_EFFECTS
        if getattr(action, name)
    ]
    return "；".join([*told, *([ENDS[action.ends]] if action.ends else [])])
