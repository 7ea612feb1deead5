"""The history of a case as the page tells it: by stage, with the waits between, each text under its reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cases import choices as c
from cases.choices import STAGE_OF, Stage, Status
from cases.models import Attachment, Category, Event
from cases.needs import Need
from cases.workflow import REGISTER, TABLE, Action
from governance_portal.lib import spoken
from grids.queries import names_of

#: Shorter pauses between two lines say nothing.
WORTH_TELLING = timedelta(minutes=30)
#: What is told in the headline, so not again beneath it.
IN_HEADLINE = {"lead_unit", "assisting_units", "units", "handler", "attachments", "photos_after", "order", "request"}
RATED = {"satisfaction", "resolved", "comment"}
SERVICE_CLOCK = "时钟"


def stages_of(
    events: Sequence[Event], files: Mapping[str, Attachment], shown_files: Any, *, ratings: bool, now: datetime
) -> list[dict[str, Any]]:
    """Return `[{label, took, entries}]` for components/history.html.

    files: attachments by uid; shown_files(attachment) makes a row of components/files.html. ratings: whether this reader
    may see what the resident answered (workflow.md: not the handling unit).
    """
    names = _names(events)
    stages: list[dict[str, Any]] = []
    previous: Event | None = None
    for event in events:
        stage = Stage(STAGE_OF[Status(event.status_before or event.status_after)])
        if not stages or stages[-1]["code"] != stage.value:
            stages.append({"code": stage.value, "label": str(stage.label), "entries": [], "from": event.at})
        if previous is not None and stages[-1]["entries"] == []:
            stages[-1]["from"] = previous.at
        stages[-1]["until"] = event.at
        stages[-1]["entries"].append(_entry(event, previous, names, files, shown_files, ratings))
        previous = event
    for stage_row in stages:
        took = stage_row["until"] - stage_row["from"]
        stage_row["took"] = f"用时 {spoken.wait_words(took)}" if took >= WORTH_TELLING else ""
    return stages


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
        "wait": f"等待 {spoken.wait_words(wait)}" if wait >= WORTH_TELLING else "",
        "files": [shown_files(files[uid]) for uid in uids if uid in files],
    }


def headline(action: Action, event: Event) -> str:
    """Return what happened in one line: 「分流至区住房和城乡建设局」「签收，承办人老李」."""
    data = event.data
    if event.kind in ("dispatch", "conclude", "reassign"):
        joined = "、".join(data.get("assisting_names", []))
        return f"{action.label}至{data.get('lead_unit_name', '')}" + (f"，协办：{joined}" if joined else "")
    if event.kind in ("sign", "assign"):
        return f"{action.label}，承办人{data.get('handler_name', '')}"
    if event.kind == "consult":
        return f"会商：{'、'.join(data.get('unit_names', []))}"
    if event.kind in ("resolve", "resolve_on_spot"):
        return f"{action.label}：{c.Outcome(data['outcome']).label}"
    if event.kind == "order":
        return f"{c.OrderKind(data['kind']).label} {data.get('number', '')}"
    if event.kind in ("respond", "lift"):
        return f"{action.label} {data.get('number', '')}"
    if event.kind == "request":
        return f"申请{c.RequestKind(data['kind']).label}"
    if event.kind == "decide":
        return f"{'同意' if data.get('approved') else '不同意'}{c.RequestKind(data['kind']).label}"
    if event.kind == "contact":
        return f"联系当事人（{c.ContactWay(data['way']).label}，{'已联系上' if data.get('reached') else '未联系上'}）"
    return action.label


def _who(event: Event) -> str:
    who = f"{event.actor_role}{event.actor_name}" if event.actor_role else event.actor_name
    if event.acting_for:
        who = f"{who}（代{event.acting_for}）"
    return f"{who} · {event.actor_unit}" if event.actor_unit else who


def _colour(action: Action, event: Event) -> str:
    if event.kind in ("order", "respond", "lift"):
        return "order"
    if event.actor_name == SERVICE_CLOCK:
        return "clock"
    return "move" if action.is_move else ""


def _lines(
    action: Action, data: Mapping[str, Any], names: Mapping[str, str], *, public: bool, hidden: Collection[str]
) -> list[str]:
    if action.name == "amend":
        return [] if public else _amended(data, names)
    if not public and hidden and RATED & set(data):
        return ["居民已评价。"] if "satisfaction" in data else []
    wanted = [need for need in action.needs if need.public is public and need.name not in IN_HEADLINE]
    lines = []
    for need in {need.name: need for need in wanted}.values():
        value = data.get(need.name)
        if value in (None, "", []) or need.name in hidden:
            continue
        text = _value(need, value, names)
        lines.append(text if need.type == "longtext" and len(wanted) == 1 else f"{need.label}：{text}")
    return lines


def _amended(data: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
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
    if isinstance(value, list):
        return "、".join(_value(need, item, names) for item in value)
    if need.choices:
        return dict(need.choices).get(str(value), str(value))
    if need.type == "datetime":
        return spoken.full_words(datetime.fromisoformat(str(value)))
    return names.get(str(value), str(value)) if value is not None else ""


def _names(events: Sequence[Event]) -> dict[str, str]:
    """Names of the codes that the history mentions: categories, units, places; at most two queries."""
    wanted: dict[str, set[str]] = {"category": set(), "place": set()}
    for event in events:
        for data in (event.data, event.data.get("before") or {}, event.data.get("after") or {}):
            wanted["category"] |= {data[name] for name in ("category",) if data.get(name)}
            wanted["place"] |= {data[name] for name in ("area", "grid") if data.get(name)}
    found: dict[str, str] = {}
    if wanted["category"]:
        found |= dict(Category.objects.filter(code__in=wanted["category"]).values_list("code", "name"))
    if wanted["place"]:
        found |= names_of(wanted["place"])
    return found
