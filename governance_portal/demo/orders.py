"""A morning's 12345 orders in the demonstration: an invented sheet of forty rows, three of which wait to be mended.

It goes in by the operator's own doors: uploaded, mapped, confirmed, imported; then some are answered and some accepted.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from accounts.queries import Actor, actor_for
from cases import services
from cases.queries import cases_from
from governance_portal.lib.sheets import csv_pieces
from hotlines.choices import AdapterKind, LineKind
from hotlines.models import Line
from hotlines.orders import mappings, queries, taking, uploading

SOURCE, NAME = "order-demo", "朔州市 12345 平台（演示）"
HEADER = (
    *("工单编号", "派单时间", "诉求内容", "诉求性质", "事项分类", "事发地址"),
    *("所属乡镇", "村（社区）", "诉求人", "来电号码", "办理时限"),
)
PLACES = (
    ("井坪镇", "古城社区", "古城社区三号楼"),
    ("井坪镇", "安东社区", "安东社区农贸市场旁"),
    ("凤凰城镇", "", "凤凰城镇卫生院门口"),
)
#: What three people each called about, and how 12345 filed it.
SAID = (
    ("暖气片一直不热，家里有老人，请求派人上门看看。", "求助", "城乡建设/供热"),
    ("自来水发黄有杂质，已经两天，请求检测。", "求助", "城乡建设/供水"),
    ("路灯坏了一排，晚上看不见路，请求维修。", "求助", "交通运输/路灯"),
    ("垃圾三天没有清运，气味很大。", "投诉", "城市管理/垃圾清运"),
    ("电动车堵在楼道里充电，怕着火，请求清理。", "求助", "公共安全/消防通道"),
    ("物业只收费不打扫，门禁坏了也不修。", "投诉", "城乡建设/物业服务"),
    ("烧烤店油烟直排到楼上，窗户不敢开。", "举报", "城市管理/油烟噪声"),
    ("路面塌了一个坑，骑车的人摔倒过。", "求助", "交通运输/道路破损"),
    ("邻居半夜装修，打了电话也不停，请求协调。", "求助", "社会事务/邻里纠纷"),
    ("建议在学校门口增加一名上下学时段的疏导员。", "建议", "教育/校园周边"),
    ("咨询异地就医备案怎么办理、多久生效。", "咨询", "社会保障/医保"),
    ("咨询残疾人两项补贴什么时候发放。", "咨询", "社会保障/残疾人服务"),
)
NEW, BAD = 37, 3
MATTERS = NEW
CALLERS = ("赵先生", "钱女士", "孙先生", "李女士", "周先生")
ANSWERED, ACCEPTED = 12, 15
CAME, IMPORTED, WORKED = timedelta(hours=2), timedelta(minutes=50), timedelta(minutes=20)


def make(now: datetime) -> int:
    """Make the line, its sheet and what became of it; answers how many orders were registered, 0 when they are there."""
    line = Line.objects.filter(code=SOURCE).first()
    if line is not None:
        return 0
    line = Line.objects.create(
        code=SOURCE, name=NAME, kind=LineKind.ORDER, adapter=AdapterKind.NONE, channel="hotline", secret={}
    )
    operator, at = _actor("operator", now), now - IMPORTED
    sheet = b"".join(csv_pieces(HEADER, _rows(now)))
    batch = uploading.keep(line, sheet, "平鲁区12345工单（演示）.csv", actor=operator, now=at)
    columns = mappings.propose(batch.header, None)
    natures = mappings.propose_natures(mappings.words_in(batch, columns["nature"]), None)
    categories = mappings.propose_categories(mappings.words_in(batch, columns["category"]), None)
    mappings.save(line, columns, natures, categories, actor=operator, now=at, batch=batch)
    batch = queries.batch_of(batch.uid)
    uploading.confirm(batch, actor=operator, now=at)
    taking.take(batch.pk, at)
    _work(_actor("clerk", now), now)
    return queries.batch_of(batch.uid).new


def _actor(username: str, now: datetime) -> Actor:
    return actor_for(User.objects.get(username=username), now)


def _rows(now: datetime) -> list[list[str]]:
    rows = [_row(number, now) for number in range(NEW + BAD)]
    rows[8][1] = "上午十点多"
    rows[19][9] = "1380"
    rows[30][6] = "城关镇"
    return rows


def _row(number: int, now: datetime) -> list[str]:
    content, nature, category = SAID[number % len(SAID)]
    street, community, address = PLACES[number // len(SAID) % len(PLACES)]
    came = now - CAME + timedelta(minutes=number)
    return [
        f"12345{now:%Y%m%d}{number + 1:04}",
        f"{came:%Y-%m-%d %H:%M}",
        f"来电人反映，{address}{content}" if nature not in ("咨询", "建议") else f"来电人{content}",
        nature,
        category,
        address if number < len(SAID) * 3 else f"{address}西侧",
        street,
        community,
        CALLERS[number % len(CALLERS)],
        f"1990349{number:04}",
        "3个工作日" if nature == "咨询" else "5个工作日",
    ]


def _work(clerk: Actor, now: datetime) -> None:
    """The first are answered while they are read, the next accepted; the others wait on the desk."""
    at = now - WORKED
    answer = {
        "result": "已电话答复来电人，说明办理渠道和时间。",
        "reply": "您反映的情况已电话答复，请按告知的渠道办理。",
    }
    for place, case in enumerate(cases_from(SOURCE)[: ANSWERED + ACCEPTED]):
        category = {"category": case.category_id or _category(case.kind)}
        if place < ANSWERED:
            asked = {} if case.category_id else category
            told = {**asked, **answer, "level": "general", "outcome": "answered"}
            services.move(case, "resolve_on_spot", actor=clerk, now=at, given=told)
        else:
            services.move(case, "accept", actor=clerk, now=at, given={**category, "level": "general"})


def _category(kind: str) -> str:
    return {"consultation": "C05", "suggestion": "S05", "dispute": "01"}.get(kind, "A13")
