"""What the pickers offer: each need of a move with its list filled in, small enough for a page.

Lists that may be long (categories, matters) also name an address that answers a typed search; without scripts the list in
the page is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.choices import UnitKind
from accounts.models import Post, Unit
from accounts.querysets import day_of
from cases import choices as c
from cases.deciding.queries import maximum_of
from cases.models import Case, Category, TeamRole
from cases.needs import Need
from cases.services.joint import Heard, heard_of
from cases.services.people import officers_of
from cases.services.requesting import UNITS
from cases.standing import OFFICER_ROLES
from cases.views.agreement import instalments_of
from governance_portal.lib import spoken
from grids.models import Area, Grid

Row = dict[str, Any]
MOST_GRIDS = 600


def drawn(needs: Iterable[Need], case: Case, now: datetime) -> list[Row]:
    """Return rows for `{% need_field %}`: the needs as the API publishes them, with their lists."""
    return [_drawn(need, case, now) for need in needs]


def _drawn(need: Need, case: Case, now: datetime) -> Row:
    row = need.as_dict()
    row.pop("choices_url", None)
    special = LISTS.get(need.name) if need.type in ("integer", "choice") else None
    if special is not None:
        row |= {"type": "choice", **special(case)}
    elif need.name in SPOKEN:
        row |= SPOKEN[need.name](case, now)
    elif need.type in ("unit", "units"):
        row["choices"] = units(now)
    elif need.type == "person":
        row["choices"] = _people(case, now)
    elif (need.type == "photos" and not need.required) or need.name == "photos_after":
        row["choices"] = [{"value": str(a.uid), "label": a.name} for a in case.attachments.all()]
    elif need.type == "case":
        row["choices_url"] = f"{reverse('cases:choices', args=['matters'])}?but={case.number}"
    return row


def units(now: datetime) -> list[Row]:
    """Every unit where somebody could sign now, the departments first, each with its kind."""
    staffed = Post.objects.in_force(day_of(now)).filter(Q(role__in=OFFICER_ROLES) | Q(lead=True), user__is_active=True)
    found = Unit.objects.filter(active=True, pk__in=staffed.values("unit_id")).order_by("kind", "code")
    labels = dict(UnitKind.choices)
    return [{"value": unit.code, "label": f"{unit.name}（{labels.get(unit.kind, '')}）"} for unit in found]


def all_units() -> list[Row]:
    """Every active unit, for naming the one complained about."""
    return [
        {"value": code, "label": name}
        for code, name in Unit.objects.filter(active=True).order_by("kind", "code").values_list("code", "name")
    ]


def _people(case: Case, now: datetime) -> list[Row]:
    return [{"value": user.username, "label": user.name} for user in officers_of(case.lead_unit_id or 0, now)]


def categories(kind: str, typed: str = "") -> list[Row]:
    """The categories that suit a kind (all for ""), as 「上级 · 名称」 in the list's order; narrowed by name or initials."""
    rows = Category.objects.filter(active=True).select_related("parent").order_by("tree", "code")
    if typed:
        rows = rows.filter(
            Q(name__icontains=typed)
            | Q(pinyin__icontains=typed)
            | Q(code__iexact=typed)
            | Q(parent__name__icontains=typed)
        )
    fitting = [row for row in rows if not kind or not row.kinds or kind in row.kinds.split()]
    return [
        {"value": row.code, "label": f"{row.parent.name} · {row.name}" if row.parent else row.name} for row in fitting
    ]


def matters(cases: Iterable[Case], now: datetime) -> list[Row]:
    """Matters for 并案: number, title and since when."""
    return [
        {
            "value": case.number,
            "label": f"{case.number[-5:]} {case.title}（{spoken.day_words(case.registered_at, now)}登记）",
        }
        for case in cases
    ]


def places(within: str, typed: str = "") -> list[Row]:
    """Streets and communities inside an area code, as 「街道 · 社区」; narrowed by a part of either name."""
    rows = list(Area.objects.filter(code__startswith=within, active=True).order_by("code").values_list("code", "name"))
    names = dict(rows)
    found = [
        {"value": code, "label": f"{names[code[:9]]} · {name}" if len(code) == 12 and code[:9] in names else name}
        for code, name in rows
        if len(code) > 6 or len(rows) == 1
    ]
    return [row for row in found if typed in row["label"]]


def grids(within: str) -> list[Row]:
    """Active grids inside an area code."""
    rows = Grid.objects.filter(code__startswith=within, active=True).order_by("code")[:MOST_GRIDS] if within else ()
    return [{"value": grid.code, "label": grid.name} for grid in rows]


def _requests(case: Case) -> Row:
    waiting = case.requests.waiting()
    rows = [{"value": str(r.pk), "label": f"{r.get_kind_display()}：{r.reason[:40]}"} for r in waiting]
    return {"choices": rows, "label": "哪一份申请"}


def _orders(case: Case) -> Row:
    rows = [
        {"value": str(o.pk), "label": f"{o.get_kind_display()} {o.number}"}
        for o in case.orders.filter(lifted_at__isnull=True)
    ]
    return {"choices": rows, "label": "哪一份督办"}


def _categories(case: Case) -> Row:
    url = f"{reverse('cases:choices', args=['categories'])}?kind={case.kind}"
    return {"choices": categories(case.kind), "choices_url": url}


def _areas(case: Case) -> Row:
    return {"choices": places(case.desk_area[:6])}


def _grids(case: Case) -> Row:
    return {"choices": grids(case.area_code[:12] if len(case.area_code) >= 12 else case.area_code)}


def _members(case: Case) -> Row:
    rows = case.team.filter(left_at__isnull=True).select_related("role", "unit")
    return {"choices": [{"value": str(m.pk), "label": f"{m.role.name} · {m.unit.name}"} for m in rows]}


def _team_roles(_case: Case) -> Row:
    roles = TeamRole.objects.filter(active=True)
    return {"choices": [{"value": r.code, "label": f"{r.name}（{r.about}）" if r.about else r.name} for r in roles]}


def _tasks(case: Case) -> Row:
    rows = case.tasks.filter(done_at__isnull=True, dropped_at__isnull=True).select_related("unit")
    return {
        "choices": [{"value": str(row.pk), "label": f"{row.unit.name}：{row.what[:40]}"} for row in rows],
        "label": "哪一项任务",
    }


def _instalments(case: Case) -> Row:
    left = [row for row in instalments_of(case, list(case.deadlines.all())) if not row.kept]
    return {"choices": [{"value": str(row.number), "label": row.told} for row in left]}


def _longest(case: Case, now: datetime) -> Row:
    """How far a limit may be lengthened, said before it is asked for."""
    policy, used = maximum_of(case, now)
    if policy is None or not policy.extension_amount:
        return {}
    unit = UNITS.get(policy.unit, "")
    base = f"依据：{policy.legal_base}。" if policy.legal_base else ""
    return {
        "label": f"延长多少（{unit.removeprefix('个')}）",
        "help": f"按规定最多 {policy.extension_amount} {unit}、{policy.extension_times} 次，已延 {used} 次。{base}",
    }


def _opinions(case: Case, _now: datetime) -> Row:
    """The opinions of the assisting units beside the answer they should go into."""
    rows = [one for one in _heard(case) if one.opinion]
    return {
        "type": "choices",
        "choices": [{"value": one.unit.code, "label": f"{one.unit.name}：{one.opinion}"} for one in rows],
        "help": "一个口径：勾选已写进上面答复的意见。" if rows else "协办单位还没有提出意见。",
    }


def _unanswered(case: Case, _now: datetime) -> Row:
    heard = _heard(case)
    late = "、".join(one.unit.name for one in heard if not one.has_answered and not one.undone)
    undone = "、".join(f"{one.unit.name} {one.undone} 项" for one in heard if one.undone)
    told = [f"还没有答复：{late}。" if late else "", f"联办任务没有完成：{undone}。" if undone else ""]
    return {"help": "".join(told) + "没有采纳、没有等到的，须写明理由。"}


def _heard(case: Case) -> list[Heard]:
    return heard_of(case, [row.unit_id for row in case.assisting_rows.all()], case.events.order_by("seq"))


#: What the help or the list of a field says of this very case.
SPOKEN: dict[str, Callable[[Case, datetime], Row]] = {
    "amount": _longest,
    "taken_in": _opinions,
    "waived": _unanswered,
}
LISTS: dict[str, Callable[[Case], Row]] = {
    "task": _tasks,
    "instalment": _instalments,
    "member": _members,
    "role": _team_roles,
    "category": _categories,
    "request": _requests,
    "order": _orders,
    "area": _areas,
    "grid": _grids,
}
KINDS = dict(c.Kind.choices)
