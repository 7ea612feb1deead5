"""The workflow table: 受理 — 分流 — 化解 — 督办 — 回访, all of it, in one place.

Everything else is read from here: the page's buttons, the API's `allowed_moves`, the clocks that a move starts and
meets, the diagram in docs/workflow.md and the exhaustive tests. Source: design/workflow.md ("Moves", "Clocks").

A row is an `Action`. A *move* changes the status; a *record* is an event of the case that does not. Nothing here
touches the database: a case, a fold state or a test double with the same attributes all do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases import choices as c
from cases import conditions as on
from cases.choices import Clock, Status, Window
from cases.needs import Need
from cases.standing import Standing

CATEGORY_URL = "/api/v1/categories/"
UNIT_URL = "/api/v1/units/"
PERSON_URL = "/api/v1/cases/{number}/people/"
CASE_URL = "/api/v1/cases/?status=" + "&status=".join(sorted(c.OPEN))
ATTACHMENT_URL = "/api/v1/cases/{number}/attachments/"


@dataclass(frozen=True)
class Action:
    """One row of the table.

    sources: the statuses it is offered in; targets: where it may lead (a record has none).
    choose: picks the target when there are several, from (case, given).
    starts, meets, pauses, resumes: what it does to the clocks; ends: "all" cancels those that run, "halt" stops them
    where they are, "unhalt" lets them go on.
    """

    name: str
    label: str
    sources: tuple[Status, ...]
    targets: tuple[Status, ...]
    who: tuple[Standing, ...]
    needs: tuple[Need, ...] = ()
    guards: tuple[on.Guard, ...] = ()
    choose: Callable[[Any, Mapping[str, Any]], Status] | None = None
    starts: tuple[Clock, ...] = ()
    meets: tuple[Clock, ...] = ()
    pauses: tuple[Clock, ...] = ()
    resumes: tuple[Clock, ...] = ()
    cancels: tuple[Clock, ...] = ()
    ends: str = ""
    outcome: str | None = None
    handles: bool = False
    primary: int = 50

    @property
    def is_move(self) -> bool:
        """Tell a move (it changes the status) from a record."""
        return bool(self.targets)

    def target(self, case: Any, given: Mapping[str, Any]) -> Status:
        """Return the status this move leads to for this case."""
        return self.choose(case, given) if self.choose else self.targets[0]


# --- needs that several moves share -----------------------------------------------------------------------------

NOTE = Need("note", "备注", "longtext", required=False, help="同事可见，居民看不到。")


def _text(name: str, label: str, *, public: bool = False, required: bool = True, help: str = "") -> Need:
    return Need(name, label, "longtext", required=required, public=public, help=help)


def _choice(name: str, label: str, source: type, **more: Any) -> Need:
    return Need(name, label, "choice", choices=tuple(source.choices), **more)  # type: ignore[attr-defined]


CATEGORY = Need("category", "类别", "choice", choices_url=CATEGORY_URL)
LEVEL = _choice("level", "等级", c.Level)
LEVEL_REASON = Need("level_reason", "定级理由", "text", required=False, help="如涉及人数、是否有伤情、是否重复。")
LEAD_UNIT = Need("lead_unit", "主办单位", "unit", choices_url=UNIT_URL)
ASSISTING = Need("assisting_units", "协办单位", "units", required=False, choices_url=UNIT_URL)
RESULT = _text("result", "办理经过和结果", help="同事可见：查明了什么、做了什么、依据是什么。")
OUTCOME = Need("outcome", "化解结果", "choice", choices=tuple((o.value, str(o.label)) for o in c.HANDLED_OUTCOMES))
REPLY = _text("reply", "给居民的答复", public=True, help="居民查询时看到的就是这段话，请写明结果和依据。")
PERSON = Need("handler", "承办人", "person", choices_url=PERSON_URL)


BEFORE_SUPERVISION = (
    Status.REGISTERED,
    Status.INCOMPLETE,
    Status.ACCEPTED,
    Status.CONSULTING,
    Status.DISPATCHED,
    Status.RETURNED,
    Status.HANDLING,
    Status.SUSPENDED,
)

# --- the moves --------------------------------------------------------------------------------------------------

REGISTER = Action(
    "register",
    "登记",
    (),
    (Status.REGISTERED,),
    (Standing.CLERK, Standing.OPERATOR, Standing.GRID_WORKER, Standing.RESIDENT, Standing.INTEGRATION),
    starts=(Clock.ACCEPT_BY,),
)

MOVES: tuple[Action, ...] = (
    REGISTER,
    Action(
        "request_material",
        "一次性告知补正",
        (Status.REGISTERED,),
        (Status.INCOMPLETE,),
        (Standing.CLERK, Standing.OPERATOR),
        (
            _text("missing", "需要补充的材料", public=True, help="一次写全，居民会看到。"),
            Need("due_on", "补正截止日", "date", public=True),
            NOTE,
        ),
        (on.UNSEALED,),
        pauses=(Clock.ACCEPT_BY,),
    ),
    Action(
        "supplement",
        "补正",
        (Status.INCOMPLETE,),
        (Status.REGISTERED,),
        (Standing.CLERK, Standing.OPERATOR, Standing.RESIDENT),
        (
            _text("supplement", "补充的情况", required=False, public=True),
            Need("attachments", "补充的材料", "photos", required=False, choices_url=ATTACHMENT_URL),
            NOTE,
        ),
        resumes=(Clock.ACCEPT_BY,),
        primary=10,
    ),
    Action(
        "accept",
        "受理",
        (Status.REGISTERED,),
        (Status.ACCEPTED,),
        (Standing.CLERK, Standing.OPERATOR, Standing.GRID_WORKER),
        (CATEGORY, LEVEL, LEVEL_REASON, NOTE),
        (on.UNSEALED,),
        starts=(Clock.DISPATCH_BY, Clock.RESOLVE_BY),
        meets=(Clock.ACCEPT_BY,),
        primary=10,
    ),
    Action(
        "decline",
        "不予受理",
        (Status.REGISTERED, Status.INCOMPLETE, Status.ACCEPTED, Status.CONSULTING, Status.RETURNED),
        (Status.DECLINED,),
        (Standing.CLERK, Standing.DISPATCHER),
        (
            _choice("reason", "理由", c.DeclineReason),
            _text("instead", "应当向哪里提出", public=True, help="写明机关、地址、电话和途径，居民会看到。"),
            NOTE,
        ),
        (on.UNSEALED,),
        meets=(Clock.ACCEPT_BY, Clock.DISPATCH_BY),
        ends="halt",
    ),
    Action(
        "review_decline",
        "受理复审",
        (Status.DECLINED,),
        (Status.REGISTERED,),
        (Standing.SUPERVISOR, Standing.CENTRE_LEAD),
        (_text("note", "复审意见"),),
        starts=(Clock.ACCEPT_BY,),
        ends="unhalt",
    ),
    Action(
        "transfer",
        "移送",
        (Status.REGISTERED, Status.ACCEPTED, Status.RETURNED),
        (Status.CLOSED,),
        (Standing.CLERK, Standing.OPERATOR, Standing.DISPATCHER),
        (
            _choice("receiver", "接收机关", c.Receiver, public=True),
            Need("receipt", "接收回执", "text", help="对方的编号、接收人或电话记录时间。"),
            NOTE,
        ),
        meets=(Clock.ACCEPT_BY, Clock.DISPATCH_BY),
        ends="all",
        outcome=c.Outcome.TRANSFERRED,
    ),
    Action(
        "resolve_on_spot",
        "当场办结",
        (Status.REGISTERED, Status.ACCEPTED),
        (Status.FOLLOW_UP, Status.SUPERVISION),
        (Standing.CLERK, Standing.OPERATOR, Standing.GRID_WORKER),
        (
            Need("category", "类别", "choice", choices_url=CATEGORY_URL, when=on.category_unset),
            Need("level", "等级", "choice", choices=tuple(c.Level.choices), when=on.level_unset),
            RESULT,
            OUTCOME,
            REPLY,
            NOTE,
        ),
        (on.UNSEALED,),
        choose=on.after_self_settling,
        meets=(Clock.ACCEPT_BY, Clock.DISPATCH_BY, Clock.RESOLVE_BY),
        handles=True,
    ),
    Action(
        "dispatch",
        "分流",
        (Status.ACCEPTED, Status.RETURNED),
        (Status.DISPATCHED,),
        (Standing.DISPATCHER,),
        (
            LEAD_UNIT,
            _choice("mode", "方式", c.Mode, help="转送：由单位直接答复；交办：限期并须报送办结报告。"),
            ASSISTING,
            _text("instruction", "交办要求", required=False),
            NOTE,
        ),
        (on.UNSEALED,),
        starts=(Clock.SIGN_BY,),
        meets=(Clock.DISPATCH_BY,),
        primary=10,
    ),
    Action(
        "consult",
        "会商",
        (Status.ACCEPTED, Status.RETURNED),
        (Status.CONSULTING,),
        (Standing.DISPATCHER,),
        (
            Need("units", "参会单位", "units", choices_url=UNIT_URL),
            _text("question", "会商议题"),
            NOTE,
        ),
        (on.UNSEALED,),
    ),
    Action(
        "conclude",
        "会商指定",
        (Status.CONSULTING,),
        (Status.DISPATCHED,),
        (Standing.DISPATCHER, Standing.CENTRE_LEAD),
        (
            _text("minutes", "会商纪要"),
            LEAD_UNIT,
            Need("mode", "方式", "choice", required=False, choices=tuple(c.Mode.choices)),
            ASSISTING,
            NOTE,
        ),
        (on.UNSEALED,),
        starts=(Clock.SIGN_BY,),
        meets=(Clock.DISPATCH_BY,),
        primary=10,
    ),
    Action(
        "sign",
        "签收",
        (Status.DISPATCHED,),
        (Status.HANDLING,),
        (Standing.OFFICER, Standing.LEAD),
        (
            Need("handler", "承办人", "person", choices_url=PERSON_URL, when=on.must_assign),
            Need(
                "handler",
                "承办人",
                "person",
                required=False,
                choices_url=PERSON_URL,
                when=on.may_assign,
                help="不填则由您本人承办。",
            ),
            NOTE,
        ),
        starts=(Clock.CONTACT_BY,),
        meets=(Clock.SIGN_BY,),
        handles=True,
        primary=10,
    ),
    Action(
        "return",
        "退回",
        (Status.DISPATCHED, Status.HANDLING),
        (Status.RETURNED,),
        (Standing.OFFICER, Standing.LEAD),
        (
            _choice("reason", "退回理由", c.ReturnReason),
            _text("basis", "依据", help="写明职责依据或应由谁办理。"),
            NOTE,
        ),
        (on.Guard(on.return_open),),
        starts=(Clock.DISPATCH_BY,),
        meets=(Clock.SIGN_BY,),
        cancels=(Clock.CONTACT_BY,),
    ),
    Action(
        "insist",
        "不同意退回",
        (Status.RETURNED,),
        (Status.DISPATCHED,),
        (Standing.DISPATCHER,),
        (_text("note", "不同意退回的理由"),),
        starts=(Clock.SIGN_BY,),
        meets=(Clock.DISPATCH_BY,),
    ),
    Action(
        "reassign",
        "改派",
        (Status.DISPATCHED, Status.HANDLING),
        (Status.DISPATCHED,),
        (Standing.DISPATCHER, Standing.SUPERVISOR),
        (LEAD_UNIT, _text("reason", "改派理由"), NOTE),
        starts=(Clock.SIGN_BY,),
        cancels=(Clock.SIGN_BY, Clock.CONTACT_BY),
        primary=70,
    ),
    Action(
        "escalate",
        "逐级上报",
        (Status.ACCEPTED, Status.HANDLING),
        (Status.ACCEPTED,),
        (Standing.OFFICER, Standing.LEAD, Standing.GRID_WORKER),
        (_text("reason", "上报理由"), NOTE),
        (on.Guard(on.above_exists),),
        starts=(Clock.DISPATCH_BY,),
        cancels=(Clock.SIGN_BY, Clock.CONTACT_BY, Clock.DISPATCH_BY),
        primary=60,
    ),
    Action(
        "suspend",
        "暂停计时",
        (Status.HANDLING,),
        (Status.SUSPENDED,),
        (Standing.LEAD, Standing.CENTRE_LEAD),
        (_choice("reason", "暂停理由", c.SuspendReason), Need("expected_end", "预计恢复日", "date"), NOTE),
        (on.Guard(on.not_petition), on.Guard(on.lead_suspends, about_person=True)),
        pauses=(Clock.RESOLVE_BY, Clock.CONTACT_BY),
        primary=70,
    ),
    Action(
        "resume",
        "恢复计时",
        (Status.SUSPENDED,),
        (Status.HANDLING,),
        (Standing.OFFICER, Standing.LEAD, Standing.CLOCK),
        (NOTE,),
        resumes=(Clock.RESOLVE_BY, Clock.CONTACT_BY),
        primary=10,
    ),
    Action(
        "resolve",
        "办结上报",
        (Status.HANDLING,),
        (Status.SUPERVISION,),
        (Standing.IN_CHARGE, Standing.LEAD),
        (
            RESULT,
            OUTCOME,
            REPLY,
            Need(
                "photos_after",
                "整改后照片",
                "photos",
                when=on.is_hazard,
                choices_url=ATTACHMENT_URL,
                help="隐患须附整改后的照片。",
            ),
            NOTE,
        ),
        (on.Guard(on.signed_off, about_person=True),),
        starts=(Clock.REVIEW_BY,),
        meets=(Clock.RESOLVE_BY,),
        cancels=(Clock.CONTACT_BY,),
        handles=True,
        primary=10,
    ),
    Action(
        "send_back",
        "退回重办",
        (Status.SUPERVISION,),
        (Status.HANDLING,),
        (Standing.CHECKER,),
        (_text("note", "退回意见"),),
        meets=(Clock.REVIEW_BY,),
        resumes=(Clock.RESOLVE_BY,),
        primary=20,
    ),
    Action(
        "approve",
        "审核通过",
        (Status.SUPERVISION,),
        (Status.FOLLOW_UP,),
        (Standing.CHECKER, Standing.CLOCK),
        (NOTE,),
        starts=(Clock.FOLLOW_UP_BY,),
        meets=(Clock.REVIEW_BY,),
        primary=10,
    ),
    Action(
        "close_verified",
        "核查销号",
        (Status.SUPERVISION,),
        (Status.CLOSED,),
        (Standing.CHECKER,),
        (NOTE,),
        (on.Guard(on.nobody_to_ask),),
        meets=(Clock.REVIEW_BY,),
        ends="all",
        primary=5,
    ),
    Action(
        "confirm",
        "回访办结",
        (Status.FOLLOW_UP,),
        (Status.CLOSED,),
        (Standing.FOLLOW_UP_OFFICER, Standing.RESIDENT),
        (
            Need(
                "satisfaction",
                "满意度",
                "integer",
                minimum=1,
                maximum=5,
                help="5 非常满意，4 满意，3 基本满意，2 不满意，1 非常不满意。",
            ),
            Need("resolved", "问题是否解决", "boolean"),
            Need("contacted", "是否联系过诉求人", "boolean", when=on.asks_by_phone),
            NOTE,
        ),
        meets=(Clock.FOLLOW_UP_BY,),
        ends="all",
        primary=10,
    ),
    Action(
        "redo",
        "回访重办",
        (Status.FOLLOW_UP,),
        (Status.HANDLING,),
        (Standing.FOLLOW_UP_OFFICER, Standing.SUPERVISOR),
        (_text("note", "重办要求"),),
        (on.Guard(on.redo_once, about_person=True),),
        starts=(Clock.RESOLVE_BY,),
        meets=(Clock.FOLLOW_UP_BY,),
        primary=30,
    ),
    Action(
        "close_unreached",
        "未接通办结",
        (Status.FOLLOW_UP,),
        (Status.CLOSED,),
        (Standing.FOLLOW_UP_OFFICER,),
        (NOTE,),
        (on.Guard(on.unreached_twice),),
        meets=(Clock.FOLLOW_UP_BY,),
        ends="all",
        primary=40,
    ),
    Action(
        "close_uncalled",
        "免回访办结",
        (Status.FOLLOW_UP,),
        (Status.CLOSED,),
        (Standing.FOLLOW_UP_OFFICER, Standing.CLOCK),
        (_choice("ground", "免回访理由", c.UncalledGround), NOTE),
        meets=(Clock.FOLLOW_UP_BY,),
        ends="all",
        primary=45,
    ),
    Action(
        "withdraw",
        "撤回",
        BEFORE_SUPERVISION,
        (Status.CLOSED,),
        (Standing.CLERK, Standing.OPERATOR, Standing.RESIDENT),
        (_text("note", "撤回原因"),),
        (on.UNSEALED,),
        ends="all",
        outcome=c.Outcome.WITHDRAWN,
        primary=80,
    ),
    Action(
        "terminate",
        "终止",
        (Status.HANDLING, Status.SUSPENDED),
        (Status.CLOSED,),
        (Standing.LEAD, Standing.SUPERVISOR, Standing.MEDIATOR),
        (
            _choice("reason", "终止理由", c.TerminateReason),
            _text("routes", "已告知的其他途径", public=True, help="仲裁、行政、司法途径，居民会看到。"),
            NOTE,
        ),
        (on.Guard(on.mediation_fails, about_person=True),),
        ends="all",
        outcome=c.Outcome.TERMINATED,
        primary=80,
    ),
    Action(
        "merge",
        "并案",
        (
            Status.REGISTERED,
            Status.INCOMPLETE,
            Status.ACCEPTED,
            Status.CONSULTING,
            Status.DISPATCHED,
            Status.RETURNED,
            Status.HANDLING,
        ),
        (Status.MERGED,),
        (Standing.DISPATCHER,),
        (Need("master", "并入的事项", "case", choices_url=CASE_URL, help="填受理编号。"), NOTE),
        (on.UNSEALED,),
        ends="halt",
        outcome=c.Outcome.MERGED,
        primary=80,
    ),
    Action(
        "unmerge",
        "撤销并案",
        (Status.MERGED,),
        BEFORE_SUPERVISION[:-1],
        (Standing.DISPATCHER,),
        (_text("note", "撤销理由"),),
        choose=on.before_merge,
        ends="unhalt",
        outcome="",
    ),
    Action(
        "reopen",
        "恢复办理",
        (Status.CLOSED,),
        (Status.HANDLING, Status.ACCEPTED),
        (Standing.SUPERVISOR,),
        (_text("reason", "恢复办理的理由"), NOTE),
        (on.Guard(on.window_open), on.UNSEALED),
        choose=on.where_reopened,
        starts=(Clock.RESOLVE_BY,),
        outcome="",
    ),
    Action(
        "archive",
        "归档",
        (Status.CLOSED, Status.DECLINED, Status.MERGED),
        (Status.ARCHIVED,),
        (Standing.SUPERVISOR, Standing.CLOCK),
        (NOTE,),
        (on.Guard(on.window_over), on.Guard(on.no_order)),
        ends="all",
    ),
    Action(
        "import_result",
        "导入办结",
        (Status.REGISTERED,),
        (Status.CLOSED,),
        (Standing.INTEGRATION,),
        (
            Need("source", "来源", "text"),
            Need("foreign_number", "来源编号", "text"),
            Need("on_time", "来源标记的按期情况", "boolean", required=False),
            Need("closed_at", "来源的办结时间", "datetime", required=False),
            Need(
                "outcome",
                "化解结果",
                "choice",
                required=False,
                choices=tuple((o.value, str(o.label)) for o in c.HANDLED_OUTCOMES),
            ),
            Need("lead_unit", "办理单位", "unit", required=False, choices_url=UNIT_URL),
            Need("category", "类别", "choice", required=False, choices_url=CATEGORY_URL),
            Need("result", "办理结果", "longtext", required=False),
            NOTE,
        ),
        meets=(Clock.ACCEPT_BY,),
        ends="all",
    ),
)

# --- the records: events that leave the status alone ------------------------------------------------------------

EVERY_OPEN = c.OPEN
STILL_LIVE = tuple(status for status in Status if status is not Status.ARCHIVED)
STAFF = (
    Standing.CLERK,
    Standing.OPERATOR,
    Standing.DISPATCHER,
    Standing.SUPERVISOR,
    Standing.FOLLOW_UP_OFFICER,
    Standing.CENTRE_LEAD,
    Standing.OFFICER,
    Standing.LEAD,
    Standing.ASSISTANT,
    Standing.GRID_WORKER,
)

RECORDS: tuple[Action, ...] = (
    Action(
        "assign",
        "指派承办人",
        (Status.HANDLING, Status.SUSPENDED),
        (),
        (Standing.LEAD, Standing.CLOCK),  # the clock where somebody leaves and hands everything over
        (PERSON, NOTE),
    ),
    Action(
        "note",
        "办理进展",
        STILL_LIVE,
        (),
        STAFF,
        (
            _text("text", "进展", required=False, help="同事可见，居民看不到。"),
            _text("public_text", "告诉居民的话", required=False, public=True, help="居民查询时会看到。"),
        ),
    ),
    Action(
        "contact",
        "联系当事人",
        STILL_LIVE,
        (),
        (
            Standing.OFFICER,
            Standing.LEAD,
            Standing.CLERK,
            Standing.OPERATOR,
            Standing.FOLLOW_UP_OFFICER,
            Standing.GRID_WORKER,
        ),
        (
            _choice("way", "方式", c.ContactWay),
            Need("reached", "是否联系上", "boolean"),
            _text("text", "联系情况", required=False),
        ),
        meets=(Clock.CONTACT_BY,),
    ),
    Action(
        "request",
        "申请",
        (Status.HANDLING,),
        (),
        (Standing.OFFICER, Standing.LEAD),
        (
            _choice("kind", "申请事项", c.RequestKind),
            Need("amount", "延长多少（按原时限单位）", "integer", required=False, minimum=1, maximum=90),
            Need("suspend_reason", "暂停理由", "choice", required=False, choices=tuple(c.SuspendReason.choices)),
            Need("expected_end", "预计恢复日", "date", required=False),
            _text("reason", "理由"),
        ),
    ),
    Action(
        "decide",
        "批复申请",
        (Status.HANDLING,),
        (),
        (Standing.LEAD, Standing.CENTRE_LEAD),
        (
            Need("request", "申请编号", "integer"),
            Need("approved", "是否同意", "boolean"),
            _text("note", "批复意见", required=False),
        ),
    ),
    Action(
        "assist",
        "协办意见",
        (Status.DISPATCHED, Status.HANDLING, Status.SUSPENDED),
        (),
        (Standing.ASSISTANT,),
        (_text("opinion", "协办意见"),),
        handles=True,
    ),
    Action(
        "amend",
        "更正",
        EVERY_OPEN,
        (),
        (Standing.CLERK, Standing.DISPATCHER),
        (
            Need("title", "标题", "text", required=False),
            Need("category", "类别", "choice", required=False, choices_url=CATEGORY_URL),
            Need("level", "等级", "choice", required=False, choices=tuple(c.Level.choices)),
            Need("address", "地点", "text", required=False),
            Need("grid", "网格", "choice", required=False, choices_url="/api/v1/grids/"),
            Need("area", "属地", "choice", required=False, choices_url="/api/v1/areas/"),
            _text("reason", "更正理由"),
        ),
    ),
    Action(
        "order",
        "督办",
        STILL_LIVE,
        (),
        (Standing.SUPERVISOR, Standing.CENTRE_LEAD, Standing.CLOCK),
        (
            Need("kind", "督办形式", "choice", choices=tuple(c.OrderKind.choices)),
            _text("demand", "整改要求"),
            Need("deadline", "回复期限", "datetime"),
            Need("issuer", "签发机关", "text", required=False, help="约谈、通报、挂牌督办须写明签发机关。"),
            Need("issuer_number", "文号", "text", required=False),
        ),
        starts=(Clock.ORDER_BY,),
    ),
    Action(
        "respond",
        "督办回复",
        STILL_LIVE,
        (),
        (Standing.LEAD, Standing.OFFICER, Standing.CLERK, Standing.DISPATCHER),
        (Need("order", "督办编号", "integer"), _text("response", "整改情况")),
        (on.Guard(on.has_order), on.Guard(on.whose_answer, about_person=True)),
    ),
    Action(
        "lift",
        "解除督办",
        STILL_LIVE,
        (),
        (Standing.SUPERVISOR, Standing.CENTRE_LEAD),
        (Need("order", "督办编号", "integer"), _text("note", "解除意见", required=False)),
        (on.Guard(on.has_order),),
    ),
    Action(
        "rate",
        "评价",
        (Status.FOLLOW_UP, Status.CLOSED),
        (),
        (Standing.RESIDENT,),
        (
            Need("satisfaction", "满意度", "integer", minimum=1, maximum=5),
            Need("resolved", "问题是否解决", "boolean"),
            Need("comment", "您的意见", "longtext", required=False, public=True, maximum=1000),
        ),
        (on.Guard(on.rating_amendable),),
    ),
    Action(
        "perform",
        "履行登记",
        (Status.SUPERVISION, Status.FOLLOW_UP, Status.CLOSED),
        (),
        (Standing.OFFICER, Standing.LEAD, Standing.MEDIATOR, Standing.FOLLOW_UP_OFFICER),
        (
            Need("performed", "是否按约履行", "boolean"),
            Need("complete", "是否全部履行完毕", "boolean"),
            _text("text", "履行情况", required=False),
        ),
        (on.Guard(on.agreed),),
    ),
    Action(
        "attach",
        "附件",
        STILL_LIVE,
        (),
        (*STAFF, Standing.RESIDENT, Standing.INTEGRATION),
        (
            Need("attachments", "附件", "photos", choices_url=ATTACHMENT_URL),
            Need("purpose", "用途", "text", required=False),
        ),
    ),
    Action("reissue", "补打回执", STILL_LIVE, (), (Standing.CLERK, Standing.OPERATOR), (NOTE,)),
)

TABLE: Mapping[str, Action] = {action.name: action for action in (*MOVES, *RECORDS)}
MOVE_NAMES = tuple(action.name for action in MOVES)

#: Windows whose length is taken from the policy when these statuses are entered.
WINDOWS: Mapping[Status, Window] = {
    Status.DISPATCHED: Window.RETURN,
    Status.CLOSED: Window.REOPEN,
    Status.DECLINED: Window.REVIEW,
    Status.MERGED: Window.REVIEW,
}


def offered(case: Any, standing: frozenset[Standing], now: datetime) -> list[Action]:
    """Return the moves that this person may make on this case now, the expected one first."""
    found = [
        action
        for action in MOVES
        if action is not REGISTER and case.status in action.sources and refusal(action, case, standing, now) is None
    ]
    return sorted(found, key=lambda action: action.primary)


def records_offered(case: Any, standing: frozenset[Standing], now: datetime) -> list[Action]:
    """Return the records that this person may write on this case now."""
    return [a for a in RECORDS if case.status in a.sources and refusal(a, case, standing, now) is None]


def refusal(action: Action, case: Any, standing: frozenset[Standing], now: datetime) -> tuple[int, str] | None:
    """Say why this person may not do this now: `(409 | 403, sentence)`, or None when they may.

    The moment is judged before the person (design/api.md, order of refusals).
    """
    if case.status not in action.sources:
        return 409, f"该件现在是“{Status(case.status).label}”，不能“{action.label}”。"
    for guard in action.guards:
        if not guard.about_person and (sentence := guard.refuse(case, standing, now)):
            return 409, sentence
    if not standing & set(action.who):
        return 403, f"“{action.label}”由{'、'.join(who.label for who in action.who)}办理，您在本件上没有这个岗位。"
    for guard in action.guards:
        if guard.about_person and (sentence := guard.refuse(case, standing, now)):
            return 403, sentence
    return None
