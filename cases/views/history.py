"""The history of a case as the page tells it: by stage, the newest first, with the waits, each text under its reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cases import choices as c
from cases.choices import STAGE_OF, Stage, Status
from cases.models import Attachment, Category, Event
from cases.needs import Need
from cases.policies import calendar
from cases.queries import resident_words
from cases.workflow import REGISTER, TABLE, Action
from governance_portal.lib import spoken
from governance_portal.lib.working_days import passed_words
from grids.queries import names_of

#: Shorter pauses between two lines say nothing.
WORTH_TELLING = timedelta(minutes=30)
#: What is told in the headline, so not again beneath it.
IN_HEADLINE = {
    "task",
    "unit",
    "lead_unit",
    "assisting_units",
    "units",
    "handler",
    "attachments",
    "photos_after",
    "order",
    "request",
}
#: The same of single kinds.
TOLD_ALREADY = {
    "contact": {"way", "reached"},
    "order": {"kind", "issuer_number"},
    "request": {"kind"},
    "resolve": {"outcome"},
    "resolve_on_spot": {"outcome", "category"},
    "decide": {"approved"},
    "perform": {"performed", "complete", "instalment", "confirmation"},
    "decide_redo": {"approved"},
    "receive": {"leader", "unit"},
    "sponsor": {"leader", "unit"},
    "team": {"role", "unit"},
    "team_done": {"member", "done"},
    "team_leave": {"member"},
    "whistle": {"units"},
    "crowd": {"name"},
    "items_done": {"items", "done"},
    "items_drop": {"items"},
    "hazard": {"hazard_class", "unit"},
    "hazard_item": {"problem", "unit"},
    "hazard_done": {"item", "done"},
    "hazard_drop": {"item"},
}
SATISFACTION = {"5": "非常满意", "4": "满意", "3": "基本满意", "2": "不满意", "1": "非常不满意"}
RATED = {"satisfaction", "resolved", "comment", "unhappy"}
SERVICES = {"时钟": "时钟（系统自动）", "居民": "居民（网上）", "对接系统": "对接系统（自动）"}
CONTACT_LABELS = {"name": "姓名", "phone": "电话", "id_number": "证件号", "address": "住址"}


def stages_of(
    events: Sequence[Event],
    files: Mapping[str, Attachment],
    shown_files: Any,
    *,
    ratings: bool,
    now: datetime,
    public_only: bool = False,
    is_open: bool = True,
    known: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return `[{label, took, count, from, until, current, entries}]` for components/history.html, the newest stage first.

    files: attachments by uid; shown_files(attachment) makes a row of components/files.html. ratings: whether this reader
    may see what the resident answered (workflow.md: not the handling unit). public_only: what the resident reads, no more.
    known: names of codes that the page has read already.
    """
    names = _names(events, known or {})
    stages: list[dict[str, Any]] = []
    times: dict[str, int] = {}
    previous: Event | None = None
    for event in events:
        stage = Stage(STAGE_OF[Status(event.status_before or event.status_after)])
        if not stages or stages[-1]["code"] != stage.value:
            times[stage.value] = times.get(stage.value, 0) + 1
            stages.append(_stage(stage, times[stage.value], previous.at if previous else event.at))
        stages[-1]["until"] = event.at
        entry = _entry(event, previous, names, files, shown_files, ratings)
        if not public_only or entry["resident"]:
            stages[-1]["entries"].insert(0, _as_resident(entry) if public_only else entry)
        previous = event
    for row in stages:
        row["count"] = len(row["entries"])
        took = row["until"] - row["from"]
        row["took"] = f"用时 {passed_words(row['from'], row['until'], calendar())}" if took >= WORTH_TELLING else ""
    found = [row for row in reversed(stages) if row["entries"]]
    if found and is_open:
        _still_here(found, events[-1], now)
    return found


def _stage(stage: Stage, time: int, begins: datetime) -> dict[str, Any]:
    again = f"（第 {time} 次）" if time > 1 else ""
    return {"code": stage.value, "label": f"{stage.label}{again}", "entries": [], "from": begins, "current": False}


def _still_here(stages: list[dict[str, Any]], last: Event, now: datetime) -> None:
    """Say how long the matter has been waiting since the last line."""
    stages[0]["current"] = True
    if now - last.at >= WORTH_TELLING:
        stages[0]["waiting"] = f"至今已等 {passed_words(last.at, now, calendar())}"


def _entry(
    event: Event,
    previous: Event | None,
    names: Mapping[str, str],
    files: Mapping[str, Attachment],
    shown_files: Any,
    ratings: bool,
) -> dict[str, Any]:
    action = TABLE.get(event.kind, REGISTER)
    wait = event.at - previous.at if previous else timedelta()
    hidden: Collection[str] = () if ratings else RATED
    uids = [*event.data.get("attachments", []), *event.data.get("photos_after", [])]
    return {
        "what": headline(action, event),
        "at": event.at,
        "who": _who(event),
        "kind": _colour(action, event),
        "inner": "\n".join(_lines(action, event.data, names, public=False, hidden=hidden)),
        "public": "\n".join(_lines(action, event.data, names, public=True, hidden=hidden)),
        "wait": f"等了 {passed_words(previous.at, event.at, calendar())}" if previous and wait >= WORTH_TELLING else "",
        "files": [shown_files(files[uid]) for uid in uids if uid in files],
        "resident": resident_words(event),
    }


def _as_resident(entry: dict[str, Any]) -> dict[str, Any]:
    """The same line with what the resident reads of it, and nothing else."""
    label, text = entry["resident"]
    return {**entry, "what": label, "who": "", "inner": "", "public": text, "files": [], "wait": ""}


def ended_tasks(data: Mapping[str, Any]) -> str:
    """Say whose joint tasks ended with a move, "" when none did."""
    units = "、".join(data.get("ended_task_units", ()))
    return f"；{units}的联办任务随之结束" if units else ""


def headline(action: Action, event: Event) -> str:
    """Return what happened in one line: 「分流至区住房和城乡建设局」「签收，承办人老李」."""
    data = event.data
    if event.kind == "register" and data.get("received_at"):  # held for a human first (cases.reporting)
        return f"{action.label}（{spoken.full_words(datetime.fromisoformat(data['received_at']))} 收到，核实后登记）"
    if event.kind in ("dispatch", "conclude", "reassign"):
        joined = "、".join(data.get("assisting_names", []))
        told = f"{action.label}至{data.get('lead_unit_name', '')}" + (f"，协办：{joined}" if joined else "")
        return told + ended_tasks(data)
    if event.kind in ("sign", "assign"):
        return f"{action.label}，承办人{data.get('handler_name', '')}"
    if event.kind == "consult":
        return f"会商：{'、'.join(data.get('unit_names', []))}{ended_tasks(data)}"
    if event.kind == "escalate":
        return f"{action.label}{ended_tasks(data)}"
    if event.kind in ("resolve", "resolve_on_spot"):
        return f"{action.label}：{c.Outcome(data['outcome']).label}"
    if event.kind == "order":
        return f"{c.OrderKind(data['kind']).label} {data.get('number', '')}"
    if event.kind in ("respond", "renew", "lift"):
        return f"{action.label} {data.get('number', '')}"
    if event.kind in ("task", "task_done", "task_drop", "opinion"):
        return f"{action.label}：{data.get('unit_name', '')}"
    if event.kind in CROWD_RECORDS:
        return f"{action.label}：{spoken_of_crowd(event.kind, data)}"
    if event.kind in HAZARD_RECORDS:
        return f"{action.label}：{spoken_of_hazard(event.kind, data)}"
    if event.kind == "perform":
        return f"{action.label}：{spoken_of_performance(data)}"
    if event.kind == "withdraw_request":
        return f"撤回申请：{c.RequestKind(data['kind']).label}"
    if event.kind == "request":
        return f"申请{c.RequestKind(data['kind']).label}"
    if event.kind == "decide":
        return f"{'同意' if data.get('approved') else '不同意'}{c.RequestKind(data['kind']).label}"
    if event.kind == "decide_redo":
        return "同意再次重办" if data.get("approved") else "不同意再次重办，书面说明待会签"
    if words := spoken_of_team(event.kind, data):
        return f"{action.label}：{words}"
    if event.kind == "amend" and "contact" in data:
        side = c.PartySide(data["side"]).label if data.get("side") else "当事人"
        return f"更正{side}的{'、'.join(CONTACT_LABELS.get(name, name) for name in data['contact'])}"
    if event.kind == "contact":
        return f"联系当事人（{c.ContactWay(data['way']).label}，{'已联系上' if data.get('reached') else '未联系上'}）"
    return action.label


def spoken_of_team(kind: str, data: Mapping[str, Any]) -> str:
    """What a reception, a leader's case, a team's part or a whistle is about; "" for every other kind."""
    unit = data.get("unit_name", "")
    if kind in ("receive", "sponsor", "sponsor_progress", "sponsor_end"):
        return str(data.get("leader", "")) + (f"，责任单位{unit}" if unit else "")
    if kind == "team_done":
        return f"{data.get('role_name', '')} {unit}，{'已完成' if data.get('done') else '没有完成'}"
    if kind in ("team", "team_leave"):
        return f"{data.get('role_name', '')} {unit}"
    return f"{data.get('number', '')}，呼叫{'、'.join(data.get('unit_names', []))}" if kind == "whistle" else ""


def spoken_of_performance(data: Mapping[str, Any]) -> str:
    """What was kept, and how far 司法确认 is: 「第 2 期，按约履行；司法确认：双方已共同申请」."""
    found = []
    if data.get("performed") is not None:
        said = "全部履行完毕" if data.get("complete") else "按约履行" if data["performed"] else "没有按约履行"
        found.append(f"第 {data['instalment']} 期，{said}" if data.get("instalment") else said)
    if data.get("confirmation"):
        found.append(f"司法确认：{c.Confirmation(data['confirmation']).label}")
    return "；".join(found)


CROWD_RECORDS = ("crowd", "crowd_end", "items", "items_done", "items_drop")


def spoken_of_crowd(kind: str, data: Mapping[str, Any]) -> str:
    """What a record of a joint matter is about: its name and the one before, or how many sub-items and how far they are."""
    if kind in ("crowd", "crowd_end"):
        name, was = str(data.get("name", "")), data.get("was", "")
        return f"{name}（原名“{was}”）" if was and was != name else name
    progress = f"已完成 {data.get('finished', 0)}/{data.get('total', 0)}"
    if kind == "items":
        return f"{data.get('added', 0)} 项（{data.get('positions', '')}），{progress}"
    verb = "取消" if kind == "items_drop" else "完成" if data.get("done") else "改为没有完成"
    return f"{data.get('items', '')} {verb}，{progress}"


HAZARD_RECORDS = ("hazard", "hazard_item", "hazard_done", "hazard_drop")


def spoken_of_hazard(kind: str, data: Mapping[str, Any]) -> str:
    """What a record of a hazard's file is about: its class and who answers, or the line and how far the list is."""
    if kind == "hazard":
        return f"{data.get('label', '')}，责任单位{data.get('unit_name', '')}"
    line = f"第 {data.get('item', '')} 条“{data.get('problem', '')}”"
    if kind == "hazard_item":
        return f"{line}，责任单位{data.get('unit_name', '')}"
    done = "移出" if kind == "hazard_drop" else "已完成" if data.get("done") else "改为没有完成"
    return f"{line}{done}，已整改 {data.get('finished', 0)}/{data.get('total', 0)}"


def _who(event: Event) -> str:
    name = SERVICES.get(event.actor_name, event.actor_name) if not event.actor_role else event.actor_name
    who = f"{event.actor_role} {name}" if event.actor_role else name
    if event.acting_for:
        who = f"{who}（代{event.acting_for}）"
    return f"{who} · {event.actor_unit}" if event.actor_unit else who


def _colour(action: Action, event: Event) -> str:
    if event.kind in ("order", "respond", "renew", "lift"):
        return "order"
    if not event.actor_role and event.actor_name == "时钟":
        return "clock"
    if not event.actor_role and event.actor_name == "居民":
        return "resident"
    return "move" if action.is_move else ""


def _lines(
    action: Action, data: Mapping[str, Any], names: Mapping[str, str], *, public: bool, hidden: Collection[str]
) -> list[str]:
    if action.name == "amend":
        return [] if public else _amended(data, names)
    if not public and hidden and RATED & set(data):
        return ["居民已评价。"] if "satisfaction" in data else []
    told = IN_HEADLINE | TOLD_ALREADY.get(action.name, set())
    wanted = [need for need in action.needs if need.public is public and need.name not in told]
    lines = []
    for need in {need.name: need for need in wanted}.values():
        value = data.get(need.name)
        if value in (None, "", []) or need.name in hidden:
            continue
        text = _value(need, value, names)
        lines.append(text if need.type == "longtext" and len(wanted) == 1 else f"{need.label}：{text}")
    return lines


def _amended(data: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    if "contact" in data:  # of contact data only which and why, never what (PIPL §51)
        return [f"理由：{data.get('reason', '')}"]
    labels = {need.name: need for need in TABLE["amend"].needs}
    lines = [
        f"{labels[name].label}：{_value(labels[name], data['before'].get(name), names) or '（空）'} → "
        f"{_value(labels[name], after, names) or '（空）'}"
        for name, after in data.get("after", {}).items()
        if name in labels
    ]
    return [*lines, f"理由：{data.get('reason', '')}"]


def _value(need: Need, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if need.type == "items":
        return "；".join(
            f"第 {number} 期 {spoken.date_words(row['due_on'])} {row['what']}" for number, row in enumerate(value, 1)
        )
    if isinstance(value, list):
        return "、".join(_value(need, item, names) for item in value)
    if need.name == "satisfaction":
        return SATISFACTION.get(str(value), str(value))
    if need.choices:
        return dict(need.choices).get(str(value), str(value))
    if need.type == "date":
        return spoken.date_words(str(value))
    if need.type == "datetime":
        return spoken.full_words(datetime.fromisoformat(str(value)))
    return names.get(str(value), str(value)) if value is not None else ""


def _names(events: Sequence[Event], known: Mapping[str, str]) -> dict[str, str]:
    """Names of the codes that the history mentions: categories and places; a query only for what is not known yet."""
    wanted: dict[str, set[str]] = {"category": set(), "place": set()}
    for event in events:
        told = (event.data, event.data.get("before"), event.data.get("after"))
        for data in (one for one in told if isinstance(one, dict)):
            wanted["category"] |= {data[name] for name in ("category",) if data.get(name)}
            wanted["place"] |= {data[name] for name in ("area", "grid") if data.get(name)}
    found = dict(known)
    if missing := wanted["category"] - found.keys():
        found |= dict(Category.objects.filter(code__in=missing).values_list("code", "name"))
    if wanted["place"]:
        found |= names_of(wanted["place"])
    return found
