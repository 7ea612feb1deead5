"""多元解纷网络 and 物业 in the demonstration: the layers, the members and who manages which estate, all invented.

What a network is made of is printed nowhere (facts §8 row 0.17): the numbers follow from the members below.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import User
from accounts.queries import Actor, actor_for
from cases.boards import keeping, network
from governance_portal.demo.offices import COMMUNITIES, TOWNS
from governance_portal.lib.working_days import day_of
from grids.households import services
from grids.models import PropertyService

BEGAN = date(2025, 1, 1)


@dataclass(frozen=True)
class Member:
    """A unit by its code, or a name; its duty, whom to ask for, how it sits in the centre."""

    unit: str
    duty: str
    post: str
    mode: str = keeping.NOT_SITTING
    name: str = ""
    area: str = ""


CENTRE = (Member("centre", "受理、分流、会商、督办、回访，组织各方一起调处", "调处股股长", "standing"),)
TOWN = (
    *(
        Member(code, "辖区矛盾纠纷先行调处，办不了的上报区中心", "综治中心副主任", area=area)
        for code, (area, _name) in TOWNS.items()
    ),
    Member("", "园区企业用工、合同纠纷先行调处", "综治专干", name="平鲁经开区综治工作站"),
)
TRADES = (
    Member("petition", "群众来信来访接待，信访事项会商", "接访股股长", "standing"),
    Member("police", "治安类纠纷调处，警调对接", "治安大队教导员", "standing"),
    Member("justice", "人民调解指导，法律咨询和援助指引", "人民参与促进法治股股长", "standing"),
    Member("court", "诉前委派调解、司法确认、速裁", "立案庭庭长", "rotating"),
    Member("labour", "欠薪和劳动争议调处", "劳动监察大队大队长", "rotating"),
    Member("land", "征地、宅基地、山林权属纠纷调处", "法规股股长", "rotating"),
    Member("housing", "物业、房屋质量、拆迁纠纷调处", "物业管理股股长", "rotating"),
    Member("health", "医疗纠纷调处", "医政股股长", "on_call"),
    Member("civil", "婚姻家庭辅导，社会救助衔接", "社会事务股股长", "on_call"),
    Member("market", "消费纠纷调处", "消保股股长", "on_call"),
)
OTHERS = (
    Member("legal_aid", "困难群众法律援助", "值班律师岗", "rotating"),
    Member("labour_committee", "劳动争议调解", "调委会主任"),
    Member("heating", "供热诉求现场处置", "客服主管"),
    Member("gas", "用气诉求现场处置", "客服主管"),
    Member("tap_water", "用水诉求现场处置", "客服主管"),
    Member("", "婚恋家庭纠纷劝导，妇女儿童权益维护", "值班调解员岗", name="区妇联“知心大姐”调解队"),
    Member("", "邻里纠纷上门说和", "队长", name="井坪镇“老支书”说事队"),
    Member("", "心理疏导", "值班咨询师岗", "on_call", name="区社会心理服务站"),
)
LAYERS = (
    ("区综治中心", "个", "no", "一个中心统筹，一扇门进、一张网办。", CENTRE),
    ("镇街综治中心", "个", "no", "各乡镇和经开区。", TOWN),
    ("行业部门调处力量", "家", "no", "常驻、轮驻、随驻区中心。", TRADES),
    ("社会力量", "支", "yes", "随矛盾变化随时加入。", OTHERS),
)

GUCHENG = COMMUNITIES["gucheng"][0]
#: Company, estate, ground, households, begun so many days ago.
SERVED = (
    ("平鲁区恒安物业服务中心", "古城小区", f"{GUCHENG}001", 118, 900),
    ("平鲁区恒安物业服务中心", "古城东苑", f"{GUCHENG}002", 106, 900),
    ("平鲁区恒安物业服务中心", "安东家园", COMMUNITIES["andong"][0], 1324, 700),
    ("朔州佳邻物业服务公司", "安西小区", COMMUNITIES["anxi"][0], 1325, 500),
    ("朔州佳邻物业服务公司", "安南小区", COMMUNITIES["annan"][0], 1325, 20),
    ("平鲁区众和物业服务部", "馨苑小区", COMMUNITIES["xinyuan"][0], 1326, 1200),
    ("平鲁区众和物业服务部", "桃园小区", COMMUNITIES["taoyuan"][0], 1327, 1200),
    ("平鲁区暖居物业服务部", "古城西苑", f"{GUCHENG}005", 96, 400),
    ("平鲁区安泰物业服务部", "北坪新村", COMMUNITIES["beiping"][0], None, 60),
)  # fmt: skip


def make(now: datetime) -> int:
    """Make what is missing; answers how much, 0 when it was there already."""
    lead = actor_for(User.objects.get(username="centre_lead"), now)
    return _network(lead, now) + _property(lead, now)


def _network(lead: Actor, now: datetime) -> int:
    if network.layers_on(day_of(now)).exists():
        return 0
    made = 0
    for place, (name, measure, open_ended, note, members) in enumerate(LAYERS, start=1):
        told = {"name": name, "position": place, "measure": measure, "open_ended": open_ended, "note": note}
        layer = keeping.add_layer({**told, "from": BEGAN.isoformat()}, actor=lead, now=now)
        for member in members:
            given = {
                "layer": str(layer.pk),
                "unit": member.unit,
                "name": member.name,
                "area": member.area,
                "duty": member.duty,
                "contact_post": member.post,
                "mode": member.mode,
                "from": BEGAN.isoformat(),
            }
            keeping.add_member(given, actor=lead, now=now)
            made += 1
    return made


def _property(lead: Actor, now: datetime) -> int:
    if PropertyService.objects.exists():
        return 0
    for company, estate, area, households, days in SERVED:
        services.begin(company, estate, area, households, day_of(now) - timedelta(days=days), actor=lead, now=now)
    return len(SERVED)
