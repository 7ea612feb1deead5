"""领导接访、领导包案、吹哨报到 in the demonstration: their words; made through the doors by cases.reception.samples."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.queries import Actor, actor_for
from cases.reception.samples import Hands, Words, lay_samples

WORDS = Words(
    day={
        "leader": "孙立民",
        "office": "区委常委、政法委书记",
        "place": "区综治中心一层领导接访室（井坪镇胜利路）",
        "topics": "供热、物业、欠薪、邻里纠纷",
    },
    visitors=(
        {"name": "杜春生", "phone": "13800350011", "matter": "村里机耕路被占，几次没人管"},
        {"name": "曹玉莲", "phone": "13800350012", "matter": "去年冬天的供热费退费一直没有到账"},
        {"name": "任建国", "phone": "13800350013", "matter": "工地欠我们六个人的工钱"},
    ),
    said="来访人说事情拖了一个多月，承办单位来看过两次，没有说清楚什么时候能解决，希望给一个准话。",
    instruction="由主办单位负责人牵头，到现场和群众见面，把方案、时间当面讲清楚，限期办好，结果书面报中心。",
    plan={
        "leader": "孙立民",
        "office": "区委常委、政法委书记",
        "person": "李保平",
        "plan": "先把事实查清，双方各说各的账当面对；法律上谁的责任请法律援助中心讲明白；谈得拢就签协议，谈不拢引导起诉。",
    },
    progress="带主办单位、社区到双方家里各谈了一次，双方同意下周坐到一起谈。",
    team=(
        {
            "role": "street",
            "unit": "jingping",
            "office": "副镇长",
            "person": "雷志远",
            "phone": "0349-6020100",
            "told": True,
            "task": "给双方安排谈事的地方，联系双方到场。",
        },
        {
            "role": "mediator",
            "unit": "jingping_committee",
            "office": "调解员",
            "person": "刘玉梅",
            "phone": "0349-6020130",
            "told": True,
            "task": "主持调解，形成书面方案。",
        },
        {
            "role": "law",
            "unit": "legal_aid",
            "office": "值班律师",
            "person": "",
            "phone": "0349-6020148",
            "told": True,
            "task": "向双方释明责任，需要的提供法律援助。",
        },
        {
            "role": "community",
            "unit": "gucheng",
            "person": "刘洋",
            "told": False,
            "task": "了解双方实际困难，帮着办手续。",
        },
    ),
    whistles=(
        {
            "kind": "enforcement",
            "scale": "simple",
            "place": "井坪镇人民路早市西口",
            "what": "早市占道到十点还不撤，消防通道堵了一半，请来联合清理，把摊位引到划线区。",
            "units": ["urban", "market"],
        },
        {
            "kind": "emergency",
            "scale": "simple",
            "place": "井坪镇北坪路 12 号楼下",
            "what": "路面塌陷约两平方米，下面有水声，已拉警戒线，请来查供水管线。",
            "units": ["tap_water", "housing"],
        },
    ),
    result="清理占道摊位 14 个，引导进入划线区，消防通道已畅通；与早市管理方约定九点半收市。",
)


def make(now: datetime) -> int:
    """Make what is missing; answers how much there is now, 0 when it was there already."""

    def who(username: str) -> Actor:
        return actor_for(User.objects.get(username=username), now)

    hands = Hands(
        who("clerk"), who("supervisor"), who("centre_lead"), who("jingping_lead"), who("urban_lead"), who("market_lead")
    )
    return lay_samples(hands, WORDS, now)
