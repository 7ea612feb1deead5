"""The records of those who handle a case: progress, contact, requests, opinions, joint tasks, corrections."""

from __future__ import annotations

from cases import choices as c
from cases import conditions as on
from cases.choices import Clock, Status
from cases.needs import Need
from cases.standing import Standing
from cases.workflow.actions import (
    CATEGORY_URL,
    DECLINABLE,
    DECLINING,
    EVERY_OPEN,
    NOTE,
    PERSON,
    STAFF,
    STILL_LIVE,
    UNIT_URL,
    Action,
    choice,
    text,
)

OF_HANDLING: tuple[Action, ...] = (
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
        (*STAFF, Standing.INTEGRATION),  # what another system says of its matter
        (
            text("text", "进展", required=False, help="同事可见，居民看不到。"),
            text("public_text", "告诉居民的话", required=False, public=True, help="居民查询时会看到。"),
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
            choice("way", "方式", c.ContactWay),
            Need("reached", "是否联系上", "boolean"),
            text("text", "联系情况", required=False),
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
            Need(
                "kind",
                "申请事项",
                "choice",
                choices=tuple(row for row in c.RequestKind.choices if row[0] != c.RequestKind.DECLINE),
            ),
            Need("amount", "延长多少（按原时限单位）", "integer", required=False, minimum=1, maximum=90),
            Need("suspend_reason", "暂停理由", "choice", required=False, choices=tuple(c.SuspendReason.choices)),
            Need("expected_end", "预计恢复日", "date", required=False),
            Need(
                "consent",
                "双方当事人都同意延长",
                "boolean",
                required=False,
                when=on.is_mediation,
                help="调解期限须双方同意才能延长。",
            ),
            text("reason", "理由", help="批复人看到的内部理由。"),
            text(
                "public_reason",
                "告诉居民的理由",
                public=True,
                required=False,
                help="批准后居民会看到，并印在延期告知书上。",
            ),
        ),
    ),
    Action(
        "request_decline",
        "申请不予受理",
        DECLINABLE,
        (),
        (Standing.CLERK, Standing.DISPATCHER),
        DECLINING,
        (on.UNSEALED,),
    ),
    Action(
        "withdraw_request",
        "撤回申请",
        (Status.HANDLING, *DECLINABLE),
        (),
        (Standing.OFFICER, Standing.LEAD, Standing.CLERK, Standing.DISPATCHER),
        (Need("request", "申请编号", "integer"), NOTE),
    ),
    Action(
        "decide",
        "批复申请",
        (Status.HANDLING, *DECLINABLE),
        (),
        (Standing.LEAD, Standing.CENTRE_LEAD),
        (
            Need("request", "申请编号", "integer"),
            Need("approved", "是否同意", "boolean"),
            text("note", "批复意见", required=False),
        ),
    ),
    Action(
        "assist",
        "协办意见",
        (Status.DISPATCHED, Status.HANDLING, Status.SUSPENDED),
        (),
        (Standing.ASSISTANT,),
        (text("opinion", "协办意见"),),
        handles=True,
    ),
    Action(
        "opinion",
        "会商意见",
        (Status.CONSULTING,),
        (),
        (Standing.ASSISTANT,),
        (text("opinion", "本单位意见", help="能不能办、谁主办合适、依据是什么；议定前可以再次填写，以最后一次为准。"),),
    ),
    Action(
        "refer",
        "提请上级研究",
        (Status.CONSULTING,),
        (),
        (Standing.DISPATCHER, Standing.CENTRE_LEAD),
        (choice("body", "提请谁研究", c.HigherBody), text("reason", "未能议定的原因")),
    ),
    Action(
        "task",
        "联办任务",
        (Status.HANDLING, Status.SUSPENDED),
        (),
        (Standing.OFFICER, Standing.LEAD),
        (
            Need("unit", "交给哪个单位", "unit", choices_url=UNIT_URL),
            text("what", "做什么"),
            Need("due_on", "哪天以前完成", "date"),
        ),
    ),
    Action(
        "task_done",
        "完成联办任务",
        (Status.DISPATCHED, Status.HANDLING, Status.SUSPENDED),
        (),
        (Standing.ASSISTANT,),
        (Need("task", "联办任务编号", "integer"), text("result", "完成情况")),
        handles=True,
    ),
    Action(
        "task_drop",
        "取消联办任务",
        (Status.DISPATCHED, Status.HANDLING, Status.SUSPENDED),
        (),
        (Standing.OFFICER, Standing.LEAD),
        (Need("task", "联办任务编号", "integer"), text("note", "取消原因")),
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
            text("reason", "更正理由"),
        ),
    ),
)
