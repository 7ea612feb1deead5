"""隐患 in the demonstration: a ledger of several classes, flood materials and teams, and who guarantees which of the twelve streets."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.queries import actor_for
from cases.hazards.samples import Kept, Sample, lay_beside, lay_samples
from governance_portal.demo.offices import DISTRICT
from governance_portal.demo.pictures import draw
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Responsibility
from grids.responsibility import queries, services

_GAS_PLAN = "闻到气味先关阀、开窗、不动电器，人撤到楼外，打燃气站抢修电话 0349-6022119。"
_FIRE_PLAN = "先喊人撤离，拨 119，切断总电源；消防栓钥匙在值班室。"
_FLOOD_PLAN = "雨量 30 毫米以上人员撤到村委会二楼，先撤老人孩子；抽水泵在村委会院内。"
SAMPLES = (
    Sample(
        "gas_shop",
        52,
        "联合检查发现一家饭店的燃气灶没有熄火保护，软管超过两米。",
        "井坪镇北坪街一家饭店",
        "H0101",
        "gas",
        "商业用户",
        "gas",
        "gas_1",
        "燃气站副站长 边志远",
        20,
        _GAS_PLAN,
        "当场关阀停用。",
        (
            ("灶具没有熄火保护装置", "GB 16914 燃气燃烧器具安全技术条件", "更换灶具", "已更换，点火试验三次正常"),
            ("软管超过两米并有接头", "GB 50028 城镇燃气设计规范", "换成金属软管", "已换 1.5 米金属软管，检漏合格"),
        ),
        "closed",
    ),
    Sample(
        "gas_pipe",
        45,
        "管线巡查发现道路开挖处中压管线覆土不足、警示带缺失。",
        "井坪镇胜利路中段",
        "H0102",
        "gas",
        "管网",
        "gas",
        "gas_1",
        "燃气站副站长 边志远",
        15,
        _GAS_PLAN,
        "围挡、专人看护。",
        (("覆土不足 0.6 米，没有警示带", "", "加盖板、补警示带、回填", "已加盖板回填，警示带已补"),),
        "closed",
    ),
    Sample(
        "gas_home",
        20,
        "入户检查发现阳台灶改动、私接三通。",
        "井坪镇文化街 9 号楼",
        "H0101",
        "gas",
        "居民用户",
        "gas",
        "gas_1",
        "燃气站安检班长 曹建业",
        12,
        _GAS_PLAN,
        "已关阀并贴停用告知。",
        (("私接三通、暗埋软管", "", "拆除私接、恢复原管", ""), ("没有装泄漏报警器", "", "加装报警器", "已加装")),
        "listed",
    ),
    Sample(
        "stairs",
        34,
        "消防通道被杂物和电动车占用，疏散门上锁。",
        "井坪镇平安里小区 2 号楼",
        "H0301",
        "fire",
        "住宅小区",
        "fire",
        "fire_1",
        "物业项目经理 樊彩云",
        10,
        _FIRE_PLAN,
        "先打开疏散门。",
        (
            ("疏散通道堆放杂物、停放电动车", "消防法第二十八条", "清运杂物，设车棚", "已清运，车棚已启用"),
            ("疏散门上锁", "消防法第二十八条", "换成推杆锁", "已换推杆锁"),
        ),
        "closed",
    ),
    Sample(
        "hydrant",
        9,
        "学校门口消火栓没有水，灭火器过期。",
        "井坪镇第三小学门口",
        "H0302",
        "school",
        "校园周边",
        "education",
        "education_1",
        "学校安全主任 武素芬",
        25,
        _FIRE_PLAN,
        "先配两具推车式灭火器。",
        (("室外消火栓没有水", "", "检修管路", ""), ("灭火器过期 12 具", "", "更换", "已更换 12 具")),
        "listed",
    ),
    Sample(
        "drain",
        60,
        "雨后积水 40 厘米，雨水口堵塞。",
        "井坪镇西街低洼处",
        "H0401",
        "flood",
        "内涝点",
        "urban",
        "urban_1",
        "市政所所长 雷立新",
        20,
        _FLOOD_PLAN,
        "备抽水泵一台。",
        (("雨水口堵塞 6 处", "", "清淤", "已清淤 6 处"), ("下游管径偏小", "", "改造 80 米", "已改造完工")),
        "closed",
    ),
    Sample(
        "river",
        16,
        "河道有建筑弃土，行洪断面变窄。",
        "凤凰城镇河湾村",
        "H0402",
        "flood",
        "河道",
        "water",
        "water_1",
        "河长办 侯永红",
        10,
        _FLOOD_PLAN,
        "设警示牌、每天看一次。",
        (("弃土约 300 方", "防洪法第二十二条", "清运", ""),),
        "listed",
        "serious",
    ),
    Sample(
        "roof",
        12,
        "养老院厨房屋顶漏雨，电线从漏点经过。",
        "井坪镇幸福院",
        "H0403",
        "elderly",
        "养老机构",
        "civil",
        "civil_1",
        "幸福院院长 贾瑞芳",
        30,
        "先断电，老人集中到东楼，厨房由送餐代替。",
        "已改走明线、断开漏点回路。",
        (("屋面防水失效", "", "重做防水 40 平方米", ""), ("线路从漏点经过", "", "改线", "已改线并做绝缘测试")),
        "listed",
    ),
    Sample(
        "wall",
        26,
        "临街自建房外墙鼓包，有掉落危险。",
        "井坪镇东街",
        "H05",
        "self_built",
        "临街门面",
        "housing",
        "handler",
        "住建局房屋安全股 李保平",
        15,
        "拉警戒线，行人改走对面，房内人员撤出。",
        "拉警戒线、搭防护棚。",
        (("外墙鼓包 6 平方米", "", "拆除重砌", "已重砌并验收"),),
        "handed_up",
    ),
    Sample(
        "old_house",
        40,
        "鉴定为 D 级危房，仍有杂物存放。",
        "凤凰城镇凤凰城村",
        "H0602",
        "rundown_d",
        "农村危房",
        "housing",
        "handler",
        "住建局房屋安全股 李保平",
        30,
        "人不得入内，雨天专人看守。",
        "已封门、贴标识。",
        (("D 级危房没有拆除", "", "拆除", "已拆除清理"),),
        "closed",
        "serious",
    ),
    Sample(
        "crane",
        6,
        "塔吊限位器失灵，围挡有缺口。",
        "井坪镇锦绣城工地",
        "H0803",
        "building",
        "在建工地",
        "housing",
        "handler",
        "项目经理 牛占山",
        7,
        "停用塔吊，设警戒区，险情先撤人后报告。",
        "塔吊已停用。",
        (("起重限位器失灵", "", "更换并检测", ""), ("围挡缺口两处", "", "补齐", "已补齐")),
        "listed",
        "serious",
    ),
    Sample(
        "wires",
        3,
        "老旧小区楼道电线裸露、私拉充电线。",
        "井坪镇安居苑 1 号楼",
        "H0203",
        "power",
        "入户线路",
        "power",
        "power_1",
        "供电站班长 薛学文",
        12,
        "先断楼道电源，站在干燥处，打供电站电话。",
        "",
        (),
        "filed",
    ),
)
KEPT = (
    Kept(
        {
            "kind": "material",
            "what": "编织袋",
            "place": "井坪镇政府库房",
            "quantity": "3000",
            "measure": "条",
            "unit": "jingping",
            "phone": "0349-6020100",
            "every": "30",
        },
        120,
        12,
    ),
    Kept(
        {
            "kind": "material",
            "what": "抽水泵",
            "place": "区水利局物资库",
            "quantity": "12",
            "measure": "台",
            "unit": "water",
            "phone": "0349-6022368",
            "every": "15",
        },
        120,
        10,
        False,
        "2 台不出水，已送修",
    ),
    Kept(
        {
            "kind": "material",
            "what": "应急照明灯",
            "place": "区应急局一楼库房",
            "quantity": "40",
            "measure": "盏",
            "unit": "emergency",
            "phone": "0349-6022405",
            "every": "30",
        },
        120,
        44,
    ),
    Kept(
        {
            "kind": "team",
            "what": "井坪镇防汛应急分队",
            "place": "井坪镇政府院内集结",
            "quantity": "30",
            "measure": "人",
            "unit": "jingping",
            "phone": "0349-6020100",
            "every": "60",
        },
        120,
        25,
    ),
    Kept(
        {
            "kind": "team",
            "what": "区消防大队水域救援班",
            "place": "消防大队院内",
            "quantity": "12",
            "measure": "人",
            "unit": "fire",
            "phone": "0349-6022119",
            "every": "30",
        },
        120,
        8,
    ),
)
SCOPES = tuple(
    {
        "hazard_class": "gas",
        "what": what,
        "quantity": quantity,
        "measure": measure,
        "period": "今年",
        "source": "政法委报告",
    }
    for what, quantity, measure in (
        ("商业用户", "351", "户"),
        ("门站", "4", "座"),
        ("长输管线", "20", "km"),
        ("中压管网", "438.51", "km"),
        ("低压管网", "1242.13", "km"),
        ("入户检查", "14132", "户"),
    )
)
#: Who guarantees the streets in the flood season, in turn by code.
GUARANTORS = ("water", "emergency", "urban", "land")
MATTERS = len(SAMPLES)


def make(now: datetime) -> int:
    """Make what is missing; answers how many hazards were made, 0 when they are there already."""
    made = lay_samples(SAMPLES, now, _picture)
    lay_beside(KEPT, SCOPES, now)
    _guarantee(now)
    return made


def _picture(purpose: str) -> SimpleUploadedFile:
    scene = "corridor_blocked" if purpose == "整改前" else "corridor"
    return SimpleUploadedFile(f"{purpose}.png", draw(scene), "image/png")


def _guarantee(now: datetime) -> None:
    if Responsibility.objects.exists():
        return
    begun = now - timedelta(days=150)
    actor = actor_for(User.objects.get(username="supervisor"), begun)
    first = begun.astimezone(SHANGHAI).date().isoformat()
    for street, unit in zip(queries.streets_of(DISTRICT), cycle(GUARANTORS), strict=False):
        services.give({"unit": unit, "area": street, "topic": "flood", "from": first}, actor=actor, now=begun)
