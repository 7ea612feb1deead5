"""The records of a hazard's file: class and who answers, the lines of its three lists, what came of each (facts §8 row 1.9)."""

from __future__ import annotations

from cases import conditions as on
from cases.choices import Status
from cases.hazards.choices import HazardClass
from cases.needs import Need
from cases.standing import Standing
from cases.workflow.actions import EVERY_OPEN, UNIT_URL, Action, choice, text

#: Until it is handed up to be verified; what the verifier looks at does not change under his eyes.
UNDER_WAY = tuple(status for status in EVERY_OPEN if status not in (Status.SUPERVISION, Status.FOLLOW_UP))
LISTERS = (Standing.CLERK, Standing.DISPATCHER, Standing.OFFICER, Standing.LEAD, Standing.GRID_WORKER)

OF_HAZARDS: tuple[Action, ...] = (
    Action(
        "hazard",
        "隐患档案",
        EVERY_OPEN,
        (),
        (*LISTERS, Standing.SUPERVISOR, Standing.CENTRE_LEAD),
        (
            choice("hazard_class", "隐患类别", HazardClass),
            Need(
                "detail",
                "涉及对象",
                "text",
                required=False,
                maximum=40,
                help="写哪一类地方，例如商业用户、管网、居民用户；不写姓名、电话。",
            ),
            Need("unit", "责任单位", "unit", choices_url=UNIT_URL),
            Need("person", "责任人", "text", maximum=40, help="责任单位负责这一处的人，写姓名和职务。"),
            Need("term", "整改期限", "date"),
            text("plan", "应急预案", help="出了险情先做什么、找谁、人往哪里撤。"),
            text("measure", "临时措施", required=False, help="整改完成之前怎样防住，例如关阀、围挡、撤人。"),
        ),
        (on.HAZARDS_ONLY,),
    ),
    Action(
        "hazard_item",
        "列入清单",
        UNDER_WAY,
        (),
        LISTERS,
        (
            Need("problem", "问题", "text", help="哪里、什么不对；不写姓名、电话。"),
            Need("basis", "依据", "text", required=False, help="违反哪条规定、标准。"),
            Need("measure", "整改措施", "text"),
            Need(
                "unit",
                "责任单位",
                "unit",
                required=False,
                choices_url=UNIT_URL,
                help="不选就是档案里的责任单位。",
            ),
            Need("person", "责任人", "text", required=False, maximum=40, help="不填就是档案里的责任人。"),
            Need("due_on", "整改期限", "date", required=False, help="不填就是档案里的整改期限。"),
        ),
        (on.HAZARDS_ONLY,),
    ),
    Action(
        "hazard_done",
        "整改结果",
        UNDER_WAY,
        (),
        (Standing.OFFICER, Standing.LEAD, Standing.ASSISTANT, Standing.GRID_WORKER),
        (
            Need("item", "清单序号", "integer", minimum=1, maximum=999),
            Need("done", "是否整改完成", "boolean"),
            Need("result", "整改结果", "text", required=False, help="做了什么、现在怎样；没有完成的不填。"),
        ),
        (on.HAZARDS_ONLY,),
        handles=True,
    ),
    Action(
        "hazard_drop",
        "移出清单",
        UNDER_WAY,
        (),
        LISTERS,
        (Need("item", "清单序号", "integer", minimum=1, maximum=999), text("note", "移出原因")),
        (on.HAZARDS_ONLY,),
    ),
)
