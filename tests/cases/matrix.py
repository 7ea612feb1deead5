"""The table as the contract has it, copied by hand from design/workflow.md and not from cases.workflow.

So a change of the table that nobody meant is caught here. `who` uses the words of the contract; who of the cast that is
on a given scene is said in `words_of`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.choices import Role, UnitKind
from cases.models import Case, FollowUpPolicy
from grids.models import Area, Grid
from tests.cases.cast import COMMUNITY, GRID, MONDAY, OTHER_STREET, District, at

BEFORE_SUPERVISION = "registered incomplete accepted consulting dispatched returned handling suspended"
DECLINABLE = "registered incomplete accepted consulting returned"
LIVE = f"{BEFORE_SUPERVISION} supervision follow_up declined closed merged"
OPEN = f"{BEFORE_SUPERVISION} supervision follow_up"
STATUSES = f"{LIVE} archived".split()

#: move: (from, who, to)
MOVES: dict[str, tuple[str, str, str]] = {
    "request_material": ("registered", "clerk operator", "incomplete"),
    "supplement": ("incomplete", "clerk operator resident", "registered"),
    "accept": ("registered", "clerk operator grid_worker", "accepted"),
    "decline": ("registered incomplete accepted consulting returned", "clerk dispatcher", "declined"),
    "review_decline": ("declined", "supervisor centre_lead", "registered"),
    "transfer": ("registered accepted returned", "clerk operator dispatcher", "closed"),
    "resolve_on_spot": ("registered accepted", "clerk operator grid_worker", "follow_up"),
    "dispatch": ("accepted returned", "dispatcher", "dispatched"),
    "consult": ("accepted returned", "dispatcher", "consulting"),
    "conclude": ("consulting", "dispatcher centre_lead", "dispatched"),
    "sign": ("dispatched", "officer lead", "handling"),
    "return": ("dispatched handling", "officer lead", "returned"),
    "insist": ("returned", "dispatcher", "dispatched"),
    "reassign": ("dispatched handling", "dispatcher supervisor", "dispatched"),
    "escalate": ("accepted handling", "officer lead grid_worker", "accepted"),
    "suspend": ("handling", "lead centre_lead", "suspended"),
    "resume": ("suspended", "officer lead clock", "handling"),
    "resolve": ("handling", "in_charge lead", "supervision"),
    "send_back": ("supervision", "checker", "handling"),
    "approve": ("supervision", "checker clock", "follow_up"),
    "close_verified": ("supervision", "checker", "closed"),
    "confirm": ("follow_up", "follow_up resident", "closed"),
    "redo": ("follow_up", "follow_up supervisor", "handling"),
    "close_unreached": ("follow_up", "follow_up", "closed"),
    "close_uncalled": ("follow_up", "follow_up clock", "closed"),
    "close_explained": ("follow_up", "centre_lead", "closed"),
    "withdraw": (BEFORE_SUPERVISION, "clerk operator resident", "closed"),
    "terminate": ("handling suspended", "lead supervisor", "closed"),
    "merge": (
        "registered incomplete accepted consulting dispatched returned handling",
        "dispatcher",
        "merged",
    ),
    "unmerge": ("merged", "dispatcher", "handling"),
    "reopen": ("closed", "supervisor", "handling"),
    "archive": ("closed declined merged", "supervisor clock", "archived"),
    "import_result": ("registered", "integration", "closed"),
}

STAFF = "clerk operator dispatcher supervisor follow_up centre_lead officer lead assistant grid_worker"
RECORDS: dict[str, tuple[str, str]] = {
    "assign": ("handling suspended", "lead clock"),  # the clock's name is on a hand-over when somebody leaves
    "note": (LIVE, f"{STAFF} integration"),
    "contact": (LIVE, "officer lead clerk operator follow_up grid_worker"),
    "request": ("handling", "officer lead"),
    "request_decline": (DECLINABLE, "clerk dispatcher"),
    "withdraw_request": (f"handling {DECLINABLE}", "officer lead clerk dispatcher"),
    "decide": (f"handling {DECLINABLE}", "lead centre_lead"),
    "assist": ("dispatched handling suspended", "assistant"),
    "opinion": ("consulting", "assistant"),
    "refer": ("consulting", "dispatcher centre_lead"),
    "task": ("handling suspended", "officer lead"),
    "task_done": ("dispatched handling suspended", "assistant"),
    "task_drop": ("dispatched handling suspended", "officer lead"),
    "amend": (OPEN, "clerk dispatcher"),
    "order": (LIVE, "supervisor centre_lead clock"),
    "respond": ("", ""),
    "renew": ("", ""),
    "lift": ("", ""),
    "rate": ("follow_up closed", "resident"),
    "ask_redo": ("", ""),
    "decide_redo": ("", ""),
    "perform": ("", ""),
    "attach": (LIVE, f"{STAFF} resident integration"),
    "receive": (LIVE, "clerk supervisor centre_lead"),
    "sponsor": (OPEN, "supervisor centre_lead"),
    "sponsor_progress": (LIVE, "supervisor centre_lead clerk officer lead"),
    "sponsor_end": (LIVE, "supervisor centre_lead"),
    "team": (OPEN, "dispatcher supervisor centre_lead lead"),
    "team_done": (OPEN, "assistant officer lead dispatcher supervisor centre_lead"),
    "team_leave": (OPEN, "dispatcher supervisor centre_lead lead"),
    "whistle": (OPEN, "dispatcher lead officer assistant grid_worker leader"),
    "crowd": (OPEN, "dispatcher supervisor centre_lead"),
    "crowd_end": (LIVE, "dispatcher supervisor centre_lead"),
    "items": (OPEN, "dispatcher supervisor centre_lead officer lead"),
    "items_done": (OPEN, "dispatcher supervisor centre_lead officer lead assistant"),
    "items_drop": (OPEN, "dispatcher supervisor centre_lead officer lead"),
    **dict.fromkeys(("hazard", "hazard_item", "hazard_done", "hazard_drop"), ("", "")),  # hazards only: tests/hazards
    "reissue": (LIVE, "clerk operator"),
}

#: What each move is given when it is really made, by a person of the desk.
GIVEN: dict[str, dict[str, Any]] = {
    "request_material": {"missing": "身份证复印件", "due_on": "2026-12-01"},
    "supplement": {"supplement": "已补交"},
    "accept": {"category": "A0102", "level": "general"},
    "decline": {"reason": "N7", "instead": "区供热站，电话 0349-6020000"},
    "review_decline": {"note": "应当受理"},
    "transfer": {"receiver": "petition", "receipt": "收件 3 号"},
    "resolve_on_spot": {
        "category": "A0102",
        "level": "general",
        "result": "当场说明",
        "outcome": "answered",
        "reply": "已答复。",
    },
    "dispatch": {"lead_unit": "housing", "mode": "forward"},
    "consult": {"units": ["housing"], "question": "由谁办理"},
    "conclude": {"minutes": "由住建局办理", "lead_unit": "housing"},
    "sign": {"handler": "handler"},
    "return": {"reason": "not_ours", "basis": "职责清单"},
    "insist": {"note": "职责清单第三条"},
    "reassign": {"lead_unit": "heating", "reason": "归供热站"},
    "escalate": {"reason": "超出职权"},
    "suspend": {"reason": "appraisal", "expected_end": "2026-12-10"},
    "resume": {},
    "resolve": {"result": "已换泵", "outcome": "fulfilled", "reply": "已恢复供热。"},
    "send_back": {"note": "照片不清"},
    "approve": {},
    "close_verified": {},
    "confirm": {"satisfaction": 5, "resolved": True, "contacted": True},
    "redo": {"note": "请再查"},
    "close_unreached": {},
    "close_uncalled": {"ground": "not_sampled"},
    "close_explained": {},
    "withdraw": {"note": "诉求人撤回"},
    "terminate": {"reason": "deadlock", "routes": "可以起诉"},
    "merge": {},
    "unmerge": {"note": "不是同一件事"},
    "reopen": {"reason": "诉求人反映未解决"},
    "archive": {},
    "import_result": {"source": "12345", "foreign_number": "A-1"},
}

IN_INSTALMENTS = {
    **{**GIVEN["resolve"], "outcome": "agreed"},
    "effective_on": "2026-11-23",
    "instalments": [{"due_on": "2027-06-30", "what": "付清余款"}],
}
SERVICES = ("resident", "integration", "clock")
#: Everybody who may take a case in the unit that leads, or that is invited to a 会商.
HOUSING = {
    *("handler", "handler2", "housing_lead", "housing_mediator", "housing_chief", "busy_supervisor", "busy_follow_up"),
}
STRANGERS = (
    *("handler_other", "auditor", "mediator", "committee_lead", "heating_man", "sysadmin", "volunteer"),
    *("grid_worker2", "clerk_other", "chief_other"),
)
LATER = at(10, month=3, year=2027)


@dataclass
class Scene:
    """A case somewhere in the procedure, at a moment; what is different from the plain table there."""

    name: str
    build: Callable[[District], Case]
    status: str
    now: datetime = MONDAY
    led: bool = False
    signed: bool = False
    at_grid: bool = True
    assisted: bool = False
    invited: bool = False
    closed_now: tuple[str, ...] = ()
    """Actions that the moment forbids (409) though the status would allow them."""
    opened: dict[str, str] = field(default_factory=dict)
    """Actions offered here to these words, beyond or instead of the plain table."""


def words_of(scene: Scene) -> dict[str, set[str]]:
    """Who of the cast each word of the contract means on this scene."""
    led = scene.led
    return {
        "clerk": {"clerk"},
        "operator": {"operator"},
        "dispatcher": {"dispatcher"},
        "supervisor": {"supervisor", "supervisor2", "busy_supervisor"},
        "checker": {"supervisor", "supervisor2"} | (set() if scene.signed else {"busy_supervisor"}),
        "follow_up": {"follow_up"} | (set() if scene.signed else {"busy_follow_up"}),
        "centre_lead": {"centre_lead"},
        "leader": {"centre_lead", "housing_chief"},
        "officer": {"handler", "handler2", "housing_lead", "housing_mediator", "busy_supervisor", "busy_follow_up"}
        if led
        else set(),
        "in_charge": {"handler"} if scene.signed else set(),
        "lead": {"housing_lead", "housing_chief"} if led else set(),
        "mediator": {"housing_mediator"} if led else set(),
        "assistant": {"street_handler"} if scene.assisted else HOUSING if scene.invited else set(),
        "grid_worker": {"grid_worker"} if scene.at_grid else set(),
        **{name: {name} for name in SERVICES},
    }


def unseen_by(scene: Scene) -> set[str]:
    """Who of the cast does not see the case at all."""
    unit = set() if scene.led or scene.invited else {"handler", "handler2", "housing_lead", "housing_mediator"}
    aside = {name for name, there in (("street_handler", scene.assisted), ("grid_worker", scene.at_grid)) if not there}
    return {*STRANGERS, *unit, *aside}


def expected(scene: Scene, table: dict[str, Any]) -> dict[str, set[str]]:
    """For each action of the table, who may do it here: names of the cast."""
    words = words_of(scene)
    found = {}
    for name, row in table.items():
        who = row[1] if scene.status in row[0].split() and name not in scene.closed_now else ""
        who = scene.opened.get(name, who)
        found[name] = {person for word in who.split() for person in words[word]}
    return found


# --- the cast of the matrix and its scenes ----------------------------------------------------------------------


def people(d: District) -> District:
    """Add those who stand in a role twice, and strangers of every kind."""
    d.person("housing_chief", "局党组书记", Role.LEADER, "housing", lead=True)
    d.person("housing_mediator", "住建调解员", Role.MEDIATOR, "housing")
    for name, role in (("busy_supervisor", Role.SUPERVISOR), ("busy_follow_up", Role.FOLLOW_UP_OFFICER)):
        d.person(name, name, role, "centre")
        d.person(name, name, Role.HANDLER, "housing")
    d.unit("other_community", "别处居委会", UnitKind.COMMUNITY, OTHER_STREET, parent="other_street")
    d.person("sysadmin", "系统管理员", Role.SYSTEM_ADMIN, "zfw")
    d.person("volunteer", "志愿者", Role.VOLUNTEER, "community", COMMUNITY)
    d.person("clerk_other", "外街受理员", Role.CLERK, "other_street", OTHER_STREET)
    d.person("chief_other", "外街负责人", Role.HANDLER, "other_street", OTHER_STREET, lead=True)
    d.person("grid_worker2", "小刘的同事", Role.GRID_WORKER, "other_community", OTHER_STREET)
    Grid.objects.create(code="140603100001002", name="胜利社区第二网格", community=Area.objects.get(code=COMMUNITY))
    FollowUpPolicy.objects.update(share=0)  # nobody is drawn, so that the clock may close without a call
    return d


def registered(d: District, **given: Any) -> Case:
    return d.register("resident", channel="web", **{"place": {"grid": GRID}, **given})


def accepted(d: District, level: str = "general", **given: Any) -> Case:
    return d.move(registered(d, **given), "accept", "clerk", category=given.get("category", "A0102"), level=level)


def dispatched(d: District, mode: str = "forward", assisting: tuple[str, ...] = (), **given: Any) -> Case:
    case = accepted(d, **given)
    return d.move(case, "dispatch", "dispatcher", lead_unit="housing", mode=mode, assisting_units=list(assisting))


def handling(d: District, **given: Any) -> Case:
    """The handler has it; the two busy ones had it for a moment each."""
    case = d.move(dispatched(d, **given), "sign", "handler")
    for name in ("busy_supervisor", "busy_follow_up", "handler"):
        d.record(case, "assign", "housing_lead", handler=name)
    return case


def supervision(d: District, **given: Any) -> Case:
    return d.move(handling(d, **given), "resolve", "handler", **GIVEN["resolve"])


def follow_up(d: District, **given: Any) -> Case:
    return d.move(supervision(d, **given), "approve", "supervisor")


def closed(d: District) -> Case:
    return d.move(follow_up(d), "confirm", "follow_up", **GIVEN["confirm"])


def declined(d: District) -> Case:
    return d.move(registered(d), "decline", "clerk", **GIVEN["decline"])


def merged(d: District) -> Case:
    return d.move(handling(d), "merge", "dispatcher", master=registered(d).number)


def called_twice(d: District) -> Case:
    case = follow_up(d)
    for day in (23, 24):
        d.record(case, "contact", "follow_up", at(day, 10), way="phone", reached=False)
    return case


def redone(d: District) -> Case:
    case = d.move(follow_up(d), "redo", "follow_up", note="请再查")
    d.move(case, "resolve", "handler", **GIVEN["resolve"])
    return d.move(case, "approve", "supervisor")


def asked_again(d: District) -> Case:
    case = redone(d)
    d.record(case, "ask_redo", "follow_up", wanted="楼道也要修", unhappy="2")
    return case


def refused_again(d: District) -> Case:
    case = asked_again(d)
    said = {"approved": False, "note": "不属保修范围", "explanation": "依物业管理条例，由业主委员会决定。"}
    d.record(case, "decide_redo", "supervisor", **said)
    return case


def ordered(case: Case, d: District) -> Case:
    d.record(case, "order", "supervisor", kind="letter", demand="请说明", deadline=at(30))
    return case


def returned(d: District) -> Case:
    return d.move(dispatched(d), "return", "handler", **GIVEN["return"])


def returned_once(d: District) -> Case:
    case = d.move(returned(d), "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    return d.move(case, "sign", "handler")


def designated(d: District) -> Case:
    case = d.move(accepted(d), "consult", "dispatcher", **GIVEN["consult"])
    return d.move(case, "conclude", "dispatcher", **GIVEN["conclude"])


def _led(**more: Any) -> dict[str, Any]:
    return {"led": True, **more}


def _signed(**more: Any) -> dict[str, Any]:
    return {"led": True, "signed": True, **more}


SUPERVISED = ("close_verified",)
FOLLOWED = ("close_unreached", "close_explained")

SCENES: tuple[Scene, ...] = (
    Scene("registered", registered, "registered"),
    Scene(
        "incomplete",
        lambda d: d.move(registered(d), "request_material", "clerk", **GIVEN["request_material"]),
        "incomplete",
    ),
    Scene("accepted", accepted, "accepted"),
    Scene(
        "consulting",
        lambda d: d.move(accepted(d), "consult", "dispatcher", **GIVEN["consult"]),
        "consulting",
        invited=True,
    ),
    Scene("dispatched", dispatched, "dispatched", **_led()),
    Scene("returned", returned, "returned", **_led()),
    Scene("handling", lambda d: handling(d, assisting=("street",)), "handling", **_signed(assisted=True)),
    Scene(
        "suspended",
        lambda d: d.move(handling(d), "suspend", "housing_lead", **GIVEN["suspend"]),
        "suspended",
        **_signed(),
    ),
    Scene("supervision", supervision, "supervision", **_signed(closed_now=SUPERVISED)),
    Scene("follow_up", follow_up, "follow_up", **_signed(closed_now=FOLLOWED)),
    Scene("closed", closed, "closed", **_signed(closed_now=("archive",))),
    Scene("declined", declined, "declined", closed_now=("archive",)),
    Scene("merged", merged, "merged", **_signed(closed_now=("archive",))),
    Scene("archived", lambda d: d.move(closed(d), "archive", "clock", LATER), "archived", LATER, **_signed()),
)

#: Where a condition beyond the status changes the answer.
CONDITIONS: tuple[Scene, ...] = (
    Scene("supervision, nobody to ask", lambda d: supervision(d, reporters=[]), "supervision", **_signed()),
    Scene(
        "follow-up, not reached on two days",
        called_twice,
        "follow_up",
        at(25),
        **_signed(closed_now=("close_explained",)),
    ),
    Scene(
        "follow-up, redone once",
        redone,
        "follow_up",
        **_signed(closed_now=FOLLOWED, opened={"redo": "supervisor", "ask_redo": "follow_up"}),
    ),
    Scene(
        "follow-up, a second redo asked for",
        asked_again,
        "follow_up",
        **_signed(closed_now=FOLLOWED, opened={"redo": "supervisor", "decide_redo": "checker"}),
    ),
    Scene(
        "follow-up, a second redo refused and explained",
        refused_again,
        "follow_up",
        **_signed(closed_now=("close_unreached",), opened={"redo": "supervisor"}),
    ),
    Scene("closed, the window is over", closed, "closed", LATER, **_signed(closed_now=("reopen", "rate"))),
    Scene("declined, the window is over", declined, "declined", LATER),
    Scene("merged, the window is over", merged, "merged", LATER, **_signed()),
    Scene(
        "closed, the window is over, an order stands",
        lambda d: ordered(closed(d), d),
        "closed",
        LATER,
        **_signed(
            closed_now=("reopen", "rate", "archive"),
            opened={
                "respond": "lead officer",
                "renew": "supervisor centre_lead",
                "lift": "supervisor centre_lead clock",
            },
        ),
    ),
    Scene(
        "declined, an order stands",
        lambda d: ordered(declined(d), d),
        "declined",
        closed_now=("archive",),
        opened={
            "respond": "clerk dispatcher",
            "renew": "supervisor centre_lead",
            "lift": "supervisor centre_lead clock",
        },
    ),
    Scene("dispatched, designated", designated, "dispatched", **_led(closed_now=("return",))),
    Scene("handling, returned once", returned_once, "handling", led=True, signed=True, closed_now=("return",)),
    Scene("handling, the return window is over", handling, "handling", at(26), **_signed(closed_now=("return",))),
    Scene(
        "handling, petition",
        lambda d: handling(d, procedure="petition"),
        "handling",
        **_signed(closed_now=("suspend",), opened={"resolve": "lead"}),
    ),
    Scene("handling, 交办", lambda d: handling(d, mode="assign"), "handling", **_signed(opened={"resolve": "lead"})),
    Scene(
        "handling, mediation",
        lambda d: handling(d, kind="dispute", procedure="mediation", category="0101"),
        "handling",
        **_signed(opened={"terminate": "lead supervisor mediator"}),
    ),
    Scene(
        "accepted at the district",
        lambda d: accepted(d, place={"address": "某处"}),
        "accepted",
        at_grid=False,
        closed_now=("escalate",),
    ),
    Scene(
        "registered, a report of wrongdoing",
        lambda d: registered(d, complained_unit="heating", complaint_nature="report"),
        "registered",
        closed_now=(
            "request_decline",
            *("request_material", "accept", "decline", "resolve_on_spot", "withdraw", "merge"),
            *("sponsor", "team", "whistle", "crowd", "items"),
        ),
    ),
    Scene(
        "closed, an agreement to be kept",
        lambda d: d.move(
            d.move(
                d.move(handling(d), "resolve", "handler", **{**GIVEN["resolve"], "outcome": "agreed"}),
                "approve",
                "supervisor",
            ),
            "confirm",
            "follow_up",
            **GIVEN["confirm"],
        ),
        "closed",
        **_signed(closed_now=("archive",), opened={"perform": "officer lead mediator follow_up in_charge"}),
    ),
    Scene(
        "closed, the window is over, an instalment is waited for",
        lambda d: d.move(
            d.move(d.move(handling(d), "resolve", "handler", **IN_INSTALMENTS), "approve", "supervisor"),
            "confirm",
            "follow_up",
            **GIVEN["confirm"],
        ),
        "closed",
        LATER,
        **_signed(
            closed_now=("reopen", "rate", "archive"),
            opened={"perform": "officer lead mediator follow_up in_charge"},
        ),
    ),
)
