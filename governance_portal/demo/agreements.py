"""An agreement in the demonstration: unpaid wages in three instalments, the first paid, the second due in these days.

Told in the language of the stories and played through the doors; the people and the firm are invented.
"""

from __future__ import annotations

from datetime import datetime

from cases import policies
from governance_portal.demo.player import Player
from governance_portal.demo.script import BEIPING, Day, Story, approve, person, resolve, routed, rung, spot, step
from governance_portal.demo.timetable import Timetable

KEY = "agreements:wages"
MATTERS = 1


def make(now: datetime) -> int:
    """Make what is missing; answers how many matters were made, 0 when they are there already."""
    timetable = Timetable(now, policies.calendar())
    return int(Player(timetable, told_from=timetable.moment(-1, "0:00")).play(story(timetable)))


def story(timetable: Timetable) -> Story:
    """The matter, its instalments counted in working days from today."""
    days = {offset: timetable.day(offset).isoformat() for offset in (-4, 1, 20)}
    told = ((-4, "支付第一笔工资 8000 元"), (1, "支付第二笔工资 8000 元"), (20, "付清余款 9000 元"))
    return Story(
        KEY,
        (-13, "9:05", "clerk"),
        "appeal",
        "window",
        "五名装修工人反映饭馆装修工钱没有结清",
        "北坪社区一家饭馆的装修九月完工，五名工人的工钱共 2.5 万元一直没有结清，老板说生意不好，要求分期给。",
        spot(BEIPING, "北坪社区临街饭馆"),
        (person("康守义", 251, "representative"), person("任小平", 252, "representative")),
        (
            *routed(-13, "A0601", "labour", "labour_1", hours=("9:20", "9:50", "11:10", "11:40")),
            resolve(
                -9,
                "16:10",
                "labour_1",
                "agreed",
                "双方在劳动监察大队签订支付协议，按三期付清，逾期一次付清余款。",
                "双方已签订支付协议，2.5 万元分三期付清。如有一期没有按时支付，请随时与我们联系。",
                effective_on=Day(-9),
                instalments=[{"due_on": days[offset], "what": what} for offset, what in told],
            ),
            approve(-8, "9:35"),
            *rung(-7, "10:20", 4),
            step(-6, "9:50", "labour_1", "perform", confirmation="applied", text="双方已到平鲁区人民法院共同申请。"),
            step(
                -4,
                "17:20",
                "labour_1",
                "perform",
                instalment=1,
                performed=True,
                text="第一笔 8000 元已转账，五名工人均已收到。",
            ),
        ),
        {"visitor_count": 5},
    )
