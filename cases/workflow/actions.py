"""What a row of the workflow table is, and the needs and statuses that several rows share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cases import choices as c
from cases import conditions as on
from cases.choices import Clock, Status
from cases.needs import Need
from cases.standing import Standing

CATEGORY_URL = "/api/v1/categories/"
UNIT_URL = "/api/v1/units/"
PERSON_URL = "/api/v1/cases/{number}/people/"
TEAM_ROLE_URL = "/api/v1/team-roles/"
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


def text(name: str, label: str, *, public: bool = False, required: bool = True, help: str = "") -> Need:
    """A long text that is asked for; `public` when the resident reads it."""
    return Need(name, label, "longtext", required=required, public=public, help=help)


def choice(name: str, label: str, source: type, **more: Any) -> Need:
    """One code of a list of `cases.choices`."""
    return Need(name, label, "choice", choices=tuple(source.choices), **more)  # type: ignore[attr-defined]


CATEGORY = Need("category", "类别", "choice", choices_url=CATEGORY_URL)
LEVEL = choice("level", "等级", c.Level)
LEVEL_REASON = Need("level_reason", "定级理由", "text", required=False, help="如涉及人数、是否有伤情、是否重复。")
LEAD_UNIT = Need("lead_unit", "主办单位", "unit", choices_url=UNIT_URL)
ASSISTING = Need("assisting_units", "协办单位", "units", required=False, choices_url=UNIT_URL)
RESULT = text("result", "办理经过和结果", help="同事可见：查明了什么、做了什么、依据是什么。")
OUTCOME = Need("outcome", "化解结果", "choice", choices=tuple((o.value, str(o.label)) for o in c.HANDLED_OUTCOMES))
REPLY = text("reply", "给居民的答复", public=True, help="居民查询时看到的就是这段话，请写明结果和依据。")
AGREEMENT = (
    Need(
        "effective_on",
        "协议生效日",
        "date",
        required=False,
        when=on.may_agree,
        help="达成协议的填签名、盖章之日；三十日内双方可以共同申请司法确认。",
    ),
    Need(
        "instalments",
        "分期履行",
        "items",
        required=False,
        when=on.may_agree,
        help="一行一期：2026-12-31 支付工资 8000 元。到期前提醒承办人。",
    ),
)
PERSON = Need("handler", "承办人", "person", choices_url=PERSON_URL)


#: Before a unit handles it; where `decline` stands in the way of an answer, and where it may be asked for.
DECLINABLE = (Status.REGISTERED, Status.INCOMPLETE, Status.ACCEPTED, Status.CONSULTING, Status.RETURNED)
DECLINING = (
    choice("reason", "理由", c.DeclineReason),
    text("instead", "应当向哪里提出", public=True, help="写明机关、地址、电话和途径，居民会看到。"),
    NOTE,
)
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
#: Who says what a joint matter consists of.
SUB_ITEM_KEEPERS = (
    Standing.DISPATCHER,
    Standing.SUPERVISOR,
    Standing.CENTRE_LEAD,
    Standing.OFFICER,
    Standing.LEAD,
)
