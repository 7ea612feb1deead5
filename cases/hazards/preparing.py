"""What the records of a hazard make of what they were given (三张清单; facts §8 rows 0.31, 1.9).

Preparers of the door, like those of `cases.services.preparing`; rows go with the event in one transaction. The rows keep how
it stands, the events what was said and by whom. Names here are of people who answer for a site in their office; telephone and
ID numbers are masked wherever somebody typed them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from accounts.models import Unit
from cases import choices as c
from cases.hazards.choices import HazardClass
from cases.models import HazardFile, HazardItem
from cases.services.finding import check_unit, find_unit, not_past
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.masking import mask_text

if TYPE_CHECKING:
    from cases.services.door import Turn

Preparer = Callable[["Turn", dict[str, Any]], dict[str, Any] | None]

#: More lines than these are several hazards.
MOST_ITEMS = 200
WORDS = ("detail", "person", "plan", "measure")
ITEM_WORDS = ("problem", "basis", "measure", "person")
NO_FILE = "这处隐患还没有建档，请先填“隐患档案”（类别、责任单位和责任人、期限、应急预案）。"


def _unit(turn: Turn, code: str, now_is: Unit | None) -> Unit:
    """A unit that may have to do with this case (rule 4); one that answers already is not asked again whether anybody sits there."""
    if now_is is not None and now_is.code == code:
        return now_is
    unit = find_unit("unit", code)
    check_unit("unit", turn.case, unit, turn.now)
    return unit


def file_of(turn: Turn) -> HazardFile | None:
    """Return the file of this hazard, locked by the case's own lock."""
    return HazardFile.objects.select_related("unit").filter(case=turn.case).first()


def _hazard(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    """Open the file, or change it; the event says all that holds from now on, None where nothing changed."""
    found = file_of(turn)
    unit = _unit(turn, cleaned["unit"], found.unit if found else None)
    told = {name: mask_text(cleaned.get(name, "")) for name in WORDS}
    values: dict[str, Any] = {"hazard_class": cleaned["hazard_class"], **told, "unit": unit, "term": cleaned["term"]}
    if found is None:
        not_past(turn, "term", cleaned["term"])
        HazardFile.objects.create(case=turn.case, filed_at=turn.now, **values)
    else:
        changed = [name for name, value in values.items() if getattr(found, name) != value]
        if not changed:
            return None
        if "term" in changed:
            not_past(turn, "term", cleaned["term"])
        for name in changed:
            setattr(found, name, values[name])
        found.save(update_fields=changed)
    label = str(HazardClass(cleaned["hazard_class"]).label)
    return {**cleaned, **{name: text for name, text in told.items() if text}, "unit_name": unit.name, "label": label}


def _item(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Enter one line; what it leaves out is that of the file."""
    file = file_of(turn)
    if file is None:
        raise NotNow(NO_FILE, current_status=turn.state.status)
    rows = HazardItem.objects.filter(case=turn.case)
    if rows.filter(dropped_at__isnull=True).count() >= MOST_ITEMS:
        raise NotNow(f"一处隐患最多列 {MOST_ITEMS} 条，请分成几处登记。", current_status=turn.state.status)
    unit = _unit(turn, cleaned["unit"], file.unit) if "unit" in cleaned else file.unit
    not_past(turn, "due_on", cleaned.get("due_on"))
    words = {name: mask_text(cleaned.get(name, "")) for name in ITEM_WORDS}
    words["person"] = words["person"] or file.person
    if rows.filter(dropped_at__isnull=True, problem=words["problem"]).exists():
        raise Incomplete({"problem": ["这个问题已经在清单里了。"]})
    last = rows.aggregate(last=Max("position"))["last"] or 0
    due_on = cleaned.get("due_on", file.term)
    row = HazardItem.objects.create(case=turn.case, position=last + 1, unit=unit, due_on=due_on, **words)
    return {
        **cleaned,
        **{name: text for name, text in words.items() if text},
        "item": row.position,
        "unit": unit.code,
        "unit_name": unit.name,
        "due_on": due_on,
        **counted(turn),
    }


def _named(turn: Turn, position: int) -> HazardItem:
    row = HazardItem.objects.filter(case=turn.case, position=position, dropped_at__isnull=True).first()
    if row is None:
        raise Incomplete({"item": [f"清单里没有第 {position} 条，请核对序号。"]})
    return row


def _done(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    """Write what came of a line, or that it is not done after all."""
    row, result = _named(turn, cleaned["item"]), mask_text(cleaned.get("result", ""))
    if cleaned["done"] and not result:
        raise Incomplete({"result": ["整改完成的，请写明做了什么、现在怎样。"]})
    if not cleaned["done"] and result:
        raise Incomplete({"result": ["没有完成的不填结果；进展请写在“办理进展”里。"]})
    if (row.done_at is not None, row.result) == (cleaned["done"], result):
        return None
    row.done_at, row.result = (turn.now, result) if cleaned["done"] else (None, "")
    row.save(update_fields=["done_at", "result"])
    told = {"result": result} if result else {}
    return {**cleaned, **told, "problem": row.problem, **counted(turn)}


def _drop(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    row = _named(turn, cleaned["item"])
    if row.done_at:
        raise Incomplete({"item": [f"第 {row.position} 条已经整改完成，不能移出；确实没有完成的，请先改为没有完成。"]})
    row.dropped_at = turn.now
    row.save(update_fields=["dropped_at"])
    return {**cleaned, "problem": row.problem, **counted(turn)}


def counted(turn: Turn) -> dict[str, int]:
    """`{finished, total}` of the lines as they stand now, for the event and for whoever reads it later."""
    live = HazardItem.objects.filter(case=turn.case, dropped_at__isnull=True)
    return {"finished": live.filter(done_at__isnull=False).count(), "total": live.count()}


HAZARDS: Mapping[str, Preparer] = {
    "hazard": _hazard,
    "hazard_item": _item,
    "hazard_done": _done,
    "hazard_drop": _drop,
}


# --- what the moves ask of a hazard ---------------------------------------------------------------------------------


def need_all_done(turn: Turn) -> None:
    """NotNow for a hazard that is reported as put right while a line of its list is not."""
    if turn.state.kind != c.Kind.HAZARD:
        return
    open_items = HazardItem.objects.filter(case=turn.case, dropped_at__isnull=True, done_at__isnull=True)
    if left := list(open_items.order_by("position").values_list("position", flat=True)):
        numbers = "、".join(str(position) for position in left[:10]) + ("等" if len(left) > 10 else "")
        raise NotNow(
            f"整改清单还有 {len(left)} 条没有完成（第 {numbers} 条），请先逐条登记整改结果，不再需要的移出清单。",
            current_status=turn.state.status,
        )


def need_another(turn: Turn) -> None:
    """NotYou for whoever wrote a line of the hazard's lists and would now verify it (网格巡查分离, facts §8 row 0.31)."""
    if turn.state.kind == c.Kind.HAZARD and any(
        event.kind == "hazard_item" and event.actor_id == turn.actor.user_id for event in turn.events
    ):
        raise NotYou("这处隐患的问题由您列出，审核、核查销号须由没有发现、没有经办它的人办理。")
