"""What the form of a move asks, with which defaults and helps: short, and only what this case needs.

The table says what a move may be given; here is what is drawn first, what is folded, what is filled in already, and the
one-tap helps (canned answers, the proposal of the catalogue).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from cases import choices as c
from cases import conditions as on
from cases import queries
from cases.choices import Procedure, RequestKind
from cases.hazards.prefilling import prefilled_hazard
from cases.hazards.preparing import HAZARDS
from cases.models import Case
from cases.needs import Need, applying
from cases.policies import calendar
from cases.reviewing.queries import final_of
from cases.standing import Standing
from cases.supervising.prefilling import prefilled_answer, prefilled_order
from cases.views.agreement import terms_of
from cases.workflow import Action
from governance_portal.lib.working_days import Limit, LimitUnit, due

#: What is asked before it is done, with its consequence in the question.
ASKS: Mapping[str, str] = {
    "decline": "不予受理后，居民会看到去哪里反映；确定吗？",
    "merge": "并案后本件不再单独办理，居民会看到合并到哪一件；确定吗？",
    "withdraw": "撤回后本件办结，居民会看到“已撤回”；确定吗？",
    "terminate": "终止后本件办结，居民会看到其他途径；确定吗？",
    "archive": "归档后不能再改动；确定吗？",
    "reissue": "补打后旧的查询码立即作废；确定吗？",
}
#: Optional fields that most people leave alone; they open with one tap.
FOLDED = {"note", "assisting_units", "instruction", "level_reason", "issuer", "issuer_number", "mode"}
FOLDED |= {"effective_on", "instalments", "why_down", "attendees", "reply_by"}
#: A record that asks for one thing of several has a button for each.
VARIANT_FIELD = "kind"
VARIANTS: Mapping[str, Mapping[str, tuple[str, frozenset[str]]]] = {
    "request": {
        RequestKind.EXTENSION.value: ("申请延期", frozenset({"kind", "amount", "reason", "public_reason", "consent"})),
        RequestKind.SUSPENSION.value: ("申请暂停计时", frozenset({"kind", "suspend_reason", "expected_end", "reason"})),
        RequestKind.SIGN_OFF.value: ("申请签发办结", frozenset({"kind", "reason"})),
    }
}
#: What is told when a human has called the matter the same as one that 复核 has ended (信访工作条例 §36 ¶3).
FINALITY = (
    "您反映的事项已经复核终结（复核件受理编号 {number}），同一事实和理由不再受理（《信访工作条例》第三十六条）。"
    "有新的事实和理由的，请写明后重新提出。"
)
#: Days a resident has for 补正 when nobody says otherwise.
MATERIAL_DAYS = 10
MANY = ("units", "choices", "photos")


def address_of(case: Case, action: Action) -> str:
    """Where the form of a move or record lives."""
    return reverse("cases:move" if action.is_move else "cases:record", args=[case.number, action.name])


def slot_of(action: Action, variant: str) -> str:
    """The name of a form on the page: ids and drafts are named by it."""
    return f"{action.name}-{variant}" if variant else action.name


def variants_of(case: Case, action: Action) -> list[tuple[str, str]]:
    """Return `[(code, label)]` of the buttons of a record that has several, as far as they make sense for this case."""
    found = [(code, label) for code, (label, _needs) in VARIANTS.get(action.name, {}).items()]
    senseless = set()
    if action.name == "request":
        if case.procedure == Procedure.PETITION:
            senseless.add(RequestKind.SUSPENSION.value)
        if case.procedure in c.REVIEWS:
            senseless.add(RequestKind.EXTENSION.value)  # 30 days, by statute never more
        if not on.is_formal(case) or case.signed_off:
            senseless.add(RequestKind.SIGN_OFF.value)
    return [(code, label) for code, label in found if code not in senseless]


def asked_of(case: Case, action: Action, standing: frozenset[Standing], variant: str) -> tuple[Need, ...]:
    """Return the needs to draw and to read: those that apply, of a variant only its own."""
    needs = applying(action.needs, case, standing)
    if variant in dict(variants_of(case, action)):
        wanted = VARIANTS[action.name][variant][1]
        return tuple(need for need in needs if need.name in wanted)
    return needs


def is_folded(action: Action, row: Mapping[str, Any]) -> bool:
    """Tell whether a field waits behind 「补充」: optional and seldom used."""
    return not row["required"] and row["name"] in FOLDED and action.name != "supplement"


def given_of(posted: QueryDict, needs: tuple[Need, ...]) -> dict[str, Any]:
    """Return what was typed for these needs; blanks are left out, of two fields with one name the filled one counts."""
    given: dict[str, Any] = {}
    for need in needs:
        filled = [value for value in posted.getlist(need.name) if value.strip()]
        if filled:
            given[need.name] = filled if need.type in MANY else filled[-1]
    return given


def defaults_of(case: Case, action: Action, asked: QueryDict, now: datetime) -> dict[str, Any]:
    """Return what the form holds before anybody types: what most people would choose, or what stands there now."""
    days = calendar()
    given: dict[str, Any] = dict(DEFAULTS.get(action.name, {}))
    if action.name == "accept":
        given = {"category": case.category_code, "level": case.level or c.Level.GENERAL.value}
    elif action.name == "resolve_on_spot":
        given = {"level": c.Level.GENERAL.value}
    elif action.name in ("dispatch", "conclude"):
        formal = case.procedure == Procedure.PETITION
        given = {"mode": case.mode or (c.Mode.ASSIGN if formal else c.Mode.FORWARD).value}
    elif action.name == "resolve":
        given = terms_of(case)
    elif action.name == "request_material":
        end = due(now, Limit(MATERIAL_DAYS, LimitUnit.WORKING_DAY), days).due
        given = {"due_on": (end - timedelta(minutes=1)).date().isoformat()}
    elif action.name == "order":
        given = prefilled_order(case, asked.get("watch", ""), now)
    elif action.name == "amend":
        given = {"title": case.title, "category": case.category_code, "level": case.level, "address": case.address}
    elif action.name == "decline" and (final := final_of(case)) is not None:
        given = {"reason": c.DeclineReason.FINAL.value, "instead": FINALITY.format(number=final.number)}
    elif action.name in ("decide", "withdraw_request"):
        given = {"request": case.requests.waiting().values_list("pk", flat=True).first()}
    elif action.name in ("task_done", "task_drop"):
        undone = case.tasks.filter(done_at__isnull=True, dropped_at__isnull=True)
        given = {"task": undone.values_list("pk", flat=True).first()}
    elif action.name in ("respond", "renew", "lift"):
        given = prefilled_answer(case, action.name, now)
    elif action.name in HAZARDS:
        given = prefilled_hazard(case, action.name, asked.get("item", ""))
    if VARIANTS.get(action.name) and asked.get(VARIANT_FIELD):
        given[VARIANT_FIELD] = asked[VARIANT_FIELD]
    return {name: value for name, value in given.items() if value not in (None, "")}


DEFAULTS: Mapping[str, Mapping[str, Any]] = {"contact": {"way": c.ContactWay.PHONE.value}}


def follows_of(case: Case, action: Action) -> str:
    """Say what the resident will read afterwards, so that nobody is surprised."""
    if not action.is_move:
        return ""
    if action.name == "resolve":
        return "上报后由督办员审核；审核通过后，居民会看到您写的答复。"
    label = queries.PUBLIC_EVENTS.get(action.name)
    return f"办理后居民会看到“{label}”。" if label else "居民看不到这一步。"
