"""The offices of the invented 平鲁区 and who sits in them: tables to read, and nothing else.

Names of areas are real, telephones (0349-60xxxxx) and people are invented. Every office that a matter can be sent to
has an officer and a lead; 区委政法委 has a desk of its own for complaints about the centre (workflow.md rule 4).
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.choices import Role, UnitKind

DISTRICT = "140603"
CENTRE_HOURS = "周一至周五 8:30—12:00、14:30—18:00；周六、周日 9:00—12:00 值班"
OFFICE_HOURS = "工作日 8:30—12:00、14:30—18:00"
AROUND_THE_CLOCK = "24 小时值班"


@dataclass(frozen=True)
class Office:
    """One unit: code, name, kind, the code of the unit above, area, and where it is found."""

    code: str
    name: str
    short: str
    kind: UnitKind
    above: str = ""
    area: str = DISTRICT
    address: str = "井坪镇行政中心"
    hours: str = OFFICE_HOURS


@dataclass(frozen=True)
class Seat:
    """One person in one post."""

    username: str
    name: str
    role: Role
    office: str
    area: str = DISTRICT
    lead: bool = False


_LEADERSHIP, _DEPARTMENT, _STREET = UnitKind.LEADERSHIP, UnitKind.DEPARTMENT, UnitKind.STREET
_COMMITTEE, _POLICE, _PARTNER = UnitKind.COMMITTEE, UnitKind.POLICE, UnitKind.PARTNER

DISTRICT_OFFICES = (
    Office("zfw", "中共平鲁区委政法委员会", "区委政法委", _LEADERSHIP),
    Office("gov", "平鲁区人民政府办公室", "区政府办", _LEADERSHIP),
    Office("discipline", "平鲁区纪委监委", "区纪委监委", UnitKind.DISCIPLINE),
    Office(
        "centre", "平鲁区社会治安综合治理中心", "区综治中心", UnitKind.CENTRE, "zfw",
        address="井坪镇胜利路综治中心一层群众接待大厅", hours=CENTRE_HOURS,
    ),
    Office("housing", "平鲁区住房和城乡建设局", "区住建局", _DEPARTMENT, "gov"),
    Office("labour", "平鲁区人力资源和社会保障局", "区人社局", _DEPARTMENT, "gov"),
    Office("land", "平鲁区自然资源局", "区自然资源局", _DEPARTMENT, "gov"),
    Office("urban", "平鲁区城市管理局", "区城管局", _DEPARTMENT, "gov"),
    Office("market", "平鲁区市场监督管理局", "区市场监管局", _DEPARTMENT, "gov"),
    Office("education", "平鲁区教育局", "区教育局", _DEPARTMENT, "gov"),
    Office("health", "平鲁区卫生健康局", "区卫健局", _DEPARTMENT, "gov"),
    Office("civil", "平鲁区民政局", "区民政局", _DEPARTMENT, "gov"),
    Office("water", "平鲁区水利局", "区水利局", _DEPARTMENT, "gov"),
    Office("emergency", "平鲁区应急管理局", "区应急局", _DEPARTMENT, "gov", hours=AROUND_THE_CLOCK),
    Office("transport", "平鲁区交通运输局", "区交通局", _DEPARTMENT, "gov"),
    Office("agriculture", "平鲁区农业农村局", "区农业农村局", _DEPARTMENT, "gov"),
    Office("insurance", "平鲁区医疗保障局", "区医保局", _DEPARTMENT, "gov"),
    Office("ecology", "朔州市生态环境局平鲁分局", "生态环境平鲁分局", _DEPARTMENT, "gov"),
    Office("approval", "平鲁区行政审批服务管理局", "区审批局", _DEPARTMENT, "gov"),
    Office("veterans", "平鲁区退役军人事务局", "区退役军人局", _DEPARTMENT, "gov"),
    Office("justice", "平鲁区司法局", "区司法局", _DEPARTMENT, "gov"),
    Office("fire", "平鲁区消防救援大队", "区消防大队", _DEPARTMENT, "gov", hours=AROUND_THE_CLOCK),
    Office("petition", "平鲁区信访局", "区信访局", UnitKind.PETITION, "gov"),
    Office("police", "朔州市公安局平鲁分局", "公安平鲁分局", _POLICE, "gov", hours=AROUND_THE_CLOCK),
    Office("court", "平鲁区人民法院诉讼服务中心", "区法院", UnitKind.COURT),
    Office("heating", "平鲁区集中供热服务站", "区供热站", _PARTNER, "housing", hours="供暖期 24 小时值班"),
    Office("gas", "平鲁区燃气服务站", "区燃气站", _PARTNER, "housing", hours=AROUND_THE_CLOCK),
    Office("tap_water", "平鲁区自来水服务站", "区自来水站", _PARTNER, "housing", hours=AROUND_THE_CLOCK),
    Office("power", "平鲁区供电服务站", "区供电站", _PARTNER, "", hours=AROUND_THE_CLOCK),
    Office("legal_aid", "平鲁区法律援助中心", "区法援中心", _PARTNER, "justice"),
    Office("committee", "平鲁区人民调解委员会", "区调委会", _COMMITTEE, "justice"),
    Office("labour_committee", "平鲁区劳动争议人民调解委员会", "劳动争议调委会", _COMMITTEE, "labour"),
    Office("police_jp", "井坪派出所", "井坪派出所", _POLICE, "police", "140603100", "井坪镇", AROUND_THE_CLOCK),
    Office("police_fh", "凤凰城派出所", "凤凰城派出所", _POLICE, "police", "140603101", "凤凰城镇", AROUND_THE_CLOCK),
    Office("court_jp", "井坪人民法庭", "井坪法庭", UnitKind.COURT, "court", "140603100", "井坪镇"),
)  # fmt: skip

#: Towns by code of unit: (area, name). 镇 and 乡 alike are of the kind "street".
TOWNS = {
    "jingping": ("140603100", "井坪镇"),
    "fenghuang": ("140603101", "凤凰城镇"),
    "baitang": ("140603200", "白堂乡"),
    "taocun": ("140603201", "陶村乡"),
    "xiashuitou": ("140603202", "下水头乡"),
    "shuangnian": ("140603203", "双碾乡"),
    "zuhu": ("140603204", "阻虎乡"),
    "gaoshizhuang": ("140603205", "高石庄乡"),
    "xishuijie": ("140603206", "西水界乡"),
    "xiamiangao": ("140603207", "下面高乡"),
    "xiangyangpu": ("140603209", "向阳堡乡"),
    "yuling": ("140603210", "榆岭乡"),
}
#: Communities and villages with an office of their own: (area, name, town).
COMMUNITIES = {
    "gucheng": ("140603100001", "古城社区居委会", "jingping"),
    "andong": ("140603100002", "安东社区居委会", "jingping"),
    "anxi": ("140603100003", "安西社区居委会", "jingping"),
    "annan": ("140603100004", "安南社区居委会", "jingping"),
    "anbei": ("140603100005", "安北社区居委会", "jingping"),
    "xiquan": ("140603100006", "西泉社区居委会", "jingping"),
    "qinyi": ("140603100007", "勤易社区居委会", "jingping"),
    "xinyuan": ("140603100008", "馨苑社区居委会", "jingping"),
    "taoyuan": ("140603100009", "桃园社区居委会", "jingping"),
    "beiping": ("140603100010", "北坪社区居委会", "jingping"),
    "fenghuang_village": ("140603101200", "凤凰城村委会", "fenghuang"),
    "baitang_village": ("140603200200", "白堂村委会", "baitang"),
}
#: A village office with nobody but its one grid worker: the shortest way through the table must still be one.
ONE_PERSON_COMMUNITY = "baitang_village"


def offices() -> tuple[Office, ...]:
    """Every office, those above before those below."""
    towns = [
        Office(code, f"{name}人民政府", name, _STREET, "gov", area, f"{name}便民服务中心")
        for code, (area, name) in TOWNS.items()
    ]
    committees = [
        Office(f"{code}_committee", f"{name}人民调解委员会", f"{name}调委会", _COMMITTEE, code, area, f"{name}司法所")
        for code, (area, name) in TOWNS.items()
    ]
    communities = [
        Office(code, name, name.removesuffix("居委会").removesuffix("委会"), UnitKind.COMMUNITY, above, area,
               f"{name}办公室")
        for code, (area, name, above) in COMMUNITIES.items()
    ]  # fmt: skip
    return (*DISTRICT_OFFICES, *towns, *committees, *communities)


#: The log-ins of design/api.md, and those that stories call by name.
NAMED = (
    Seat("clerk", "王晓燕", Role.CLERK, "centre"),
    Seat("clerk2", "郝丽芳", Role.CLERK, "centre"),
    Seat("operator", "周敏", Role.OPERATOR, "centre"),
    Seat("dispatcher", "周建忠", Role.DISPATCHER, "centre"),
    Seat("dispatcher2", "韩志强", Role.DISPATCHER, "centre"),
    Seat("supervisor", "赵德明", Role.SUPERVISOR, "centre"),
    Seat("supervisor2", "钱文斌", Role.SUPERVISOR, "centre"),
    Seat("follow_up", "陈静", Role.FOLLOW_UP_OFFICER, "centre"),
    Seat("follow_up2", "苏婷", Role.FOLLOW_UP_OFFICER, "centre"),
    Seat("centre_lead", "马国栋", Role.LEADER, "centre", lead=True),
    Seat("leader", "孙立民", Role.LEADER, "zfw"),
    Seat("zfw_clerk", "田秀兰", Role.CLERK, "zfw"),
    Seat("zfw_dispatcher", "冯永平", Role.DISPATCHER, "zfw"),
    Seat("zfw_supervisor", "董卫东", Role.SUPERVISOR, "zfw"),
    Seat("zfw_follow_up", "贺美玲", Role.FOLLOW_UP_OFFICER, "zfw"),
    Seat("handler", "李保平", Role.HANDLER, "housing"),
    Seat("handler2", "吴海军", Role.HANDLER, "housing", lead=True),
    Seat("handler_other", "韩秀峰", Role.HANDLER, "fenghuang", TOWNS["fenghuang"][0]),
    Seat("mediator", "刘玉梅", Role.MEDIATOR, "jingping_committee", TOWNS["jingping"][0]),
    Seat("grid_worker", "刘洋", Role.GRID_WORKER, "gucheng", COMMUNITIES["gucheng"][0]),
    Seat("jingping_clerk", "尹春花", Role.CLERK, "jingping", TOWNS["jingping"][0]),
    Seat("jingping_dispatcher", "焦文龙", Role.DISPATCHER, "jingping", TOWNS["jingping"][0]),
    Seat("sysadmin", "高磊", Role.SYSTEM_ADMIN, "centre"),
    Seat("secadmin", "梁宇", Role.SECURITY_ADMIN, "centre"),
    Seat("auditor", "孟洁", Role.AUDITOR, "zfw"),
)
#: Offices whose seats are all named above, or that only receive what is passed on.
_SEATED = {"centre"}
_OFFICERS = (Role.HANDLER, Role.MEDIATOR, Role.GRID_WORKER)
_SURNAMES = "郭白石边雷曹丰樊蔺齐武侯解谷薛岳牛康段乔"
_GIVEN = ("永红", "志远", "丽霞", "建业", "素芬", "学文", "海燕", "立新", "彩云", "占山", "瑞芳", "振华", "玉柱")


def seats() -> tuple[Seat, ...]:
    """Every post, the named ones first."""
    found = list(NAMED)
    taken = {(seat.office, seat.lead) for seat in NAMED if seat.role in _OFFICERS}
    for office in offices():
        if office.code not in _SEATED:
            found += _seats_of(office, taken, len(found))
    return tuple(found)


def _seats_of(office: Office, taken: set[tuple[str, bool]], count: int) -> list[Seat]:
    """An officer and a lead where the table above has none; a community's officer is its grid worker."""
    lead_role = Role.MEDIATOR if office.kind == _COMMITTEE else Role.HANDLER
    role = Role.GRID_WORKER if office.kind == UnitKind.COMMUNITY else lead_role
    wanted = [("_1", role, False), ("_lead", lead_role, True)]
    if office.code == ONE_PERSON_COMMUNITY:
        wanted = [("_1", role, True)]
    free = [row for row in wanted if (office.code, row[2]) not in taken]
    return [
        Seat(office.code + ending, _name(count + index), role, office.code, office.area, lead)
        for index, (ending, role, lead) in enumerate(free)
    ]


def _name(number: int) -> str:
    """An invented name, another one for each number below 260."""
    return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number % len(_GIVEN)]
