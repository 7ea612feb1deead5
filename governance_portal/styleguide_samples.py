"""Invented content for the style guide: no person, place or number in it is real."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from cases.choices import STAGE_OF, Kind, Status
from governance_portal.lib.working_days import SHANGHAI

NOW = datetime(2026, 11, 21, 16, 5, tzinfo=SHANGHAI)
ICONS = re.findall(r'symbol id="(\w+)"', (settings.BASE_DIR / "static/img/icons.svg").read_text(encoding="utf-8"))
TITLES = {
    "desk": "今天的工作",
    "list": "事项",
    "case": "小区供暖管道漏水无人维修",
    "intake": "窗口登记",
    "parts": "部件",
    "public": "查询办理进度",
    "path": "您的事项",
    "paper": "受理回执",
    "letter": "答复意见书",
    "login": "登录",
}
OFFICE = {
    "sponsor": "平鲁区社会治安综合治理中心",
    "address": "平鲁区井坪镇示例路 1 号一楼大厅",
    "phone": "0349-000 0000",
    "hours": "周一至周五 8:30—12:00，14:30—18:00",
    "record": "晋ICP备00000000号",
    "complaints": "0349-000 0001",
}
PERSON = {
    "name": "老周",
    "post": "分流员 · 区综治中心",
    "posts": [
        {"id": 1, "label": "分流员 · 区综治中心", "current": True},
        {"id": 2, "label": "督办员 · 区综治中心（代老赵）", "current": False},
    ],
}


def nav(sheet: str) -> list[dict[str, Any]]:
    rows = (
        ("desk", "今天", "today", 12),
        ("list", "事项", "list", 128),
        ("intake", "登记", "plus", None),
        ("case", "待分流", "split", 7),
        ("parts", "部件", "settings", 0),
        ("public", "群众查询", "users", None),
        ("path", "群众进度", "eye", None),
        ("paper", "回执", "print", None),
        ("login", "登录页", "lock", None),
    )
    return [
        {"url": f"/styleguide/{code}/", "label": label, "icon": icon, "count": count, "active": code == sheet}
        for code, label, icon, count in rows
    ]


def _row(number: str, title: str, status: Status, due: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "url": "/styleguide/case/",
        "number": number,
        "title": title,
        "stage": STAGE_OF[status].value,
        "status": status.value,
        "status_label": str(status.label),
        "due_state": due[0],
        "due_words": due[1],
        **more,
    }


ROWS = [
    _row(
        "26111810000173",
        "小区供暖管道漏水无人维修，三户地下室积水",
        Status.HANDLING,
        ("overdue", "已超时 2 个工作日"),
        category="民生诉求 · 供暖",
        place="井坪镇",
        grid="向阳社区第三网格",
        handler="老李",
        unit="区住建局",
        orders=1,
    ),
    _row(
        "26111920000264",
        "邻居两家因宅基地滴水檐多次争执",
        Status.DISPATCHED,
        ("soon", "今天 16:30 前"),
        category="矛盾纠纷 · 邻里纠纷",
        place="凤凰城镇",
        grid="下窑村网格",
        unit="凤凰城司法所",
    ),
    _row(
        "26112040000358",
        "拖欠 11 名农民工三个月工资，工地已停工",
        Status.SUPERVISION,
        ("ok", "还剩 1 个工作日"),
        category="矛盾纠纷 · 劳资纠纷",
        place="榆岭乡",
        grid="",
        handler="李**",
        unit="区人社局",
        orders=1,
    ),
    _row(
        "26112110000419",
        "咨询残疾人两项补贴怎么办理",
        Status.REGISTERED,
        ("ok", "今天 18:00 前"),
        category="政策咨询",
        place="",
        grid="",
        unit="",
    ),
    _row(
        "26111550000091",
        "路口信号灯不亮，早高峰险情多",
        Status.SUSPENDED,
        ("paused", "暂停计时"),
        category="安全隐患 · 道路交通",
        place="井坪镇",
        grid="府后街网格",
        handler="王**",
        unit="区交警大队",
    ),
    _row(
        "26111030000037",
        "建议在镇卫生院门口加设公交站",
        Status.FOLLOW_UP,
        ("ok", "还剩 3 个工作日"),
        category="意见建议",
        place="井坪镇",
        grid="",
        unit="区交通局",
        due_tentative=True,
    ),
    _row(
        "26110860000022",
        "反映已判决的债务纠纷",
        Status.DECLINED,
        ("", ""),
        category="矛盾纠纷 · 债务纠纷",
        place="下面高乡",
        grid="",
        unit="",
    ),
    _row(
        "26110210000015",
        "楼道堆放杂物堵塞消防通道",
        Status.CLOSED,
        ("done", "按时办结"),
        category="安全隐患 · 消防",
        place="井坪镇",
        grid="向阳社区第一网格",
        handler="老李",
        unit="井坪镇",
    ),
]
COLUMNS = [
    {
        "title": "待我处理",
        "total": 7,
        "url": "/styleguide/list/",
        "rows": [
            {
                "url": "/styleguide/case/",
                "what": "邻居两家因宅基地滴水檐多次争执",
                "where": "凤凰城镇 · 下窑村网格",
                "who": "王** 等 2 人",
                "due_state": "soon",
                "due_words": "今天 16:30 前",
            },
            {
                "url": "/styleguide/case/",
                "what": "拖欠 11 名农民工三个月工资，工地已停工",
                "where": "榆岭乡",
                "who": "集体访 5 位代表",
                "due_state": "ok",
                "due_words": "还剩 1 个工作日",
                "orders": 1,
            },
            {
                "url": "/styleguide/case/",
                "what": "咨询残疾人两项补贴怎么办理",
                "where": "窗口",
                "who": "刘**",
                "due_state": "ok",
                "due_words": "今天 18:00 前",
            },
        ],
    },
    {
        "title": "即将超时",
        "total": 2,
        "url": "/styleguide/list/",
        "rows": [
            {
                "url": "/styleguide/case/",
                "what": "小区供暖管道漏水无人维修",
                "where": "井坪镇 · 区住建局老李",
                "who": "张**",
                "due_state": "overdue",
                "due_words": "已超时 2 个工作日",
                "orders": 1,
            },
            {
                "url": "/styleguide/case/",
                "what": "河道边护栏缺失",
                "where": "向阳堡乡",
                "who": "网格员小刘",
                "due_state": "soon",
                "due_words": "明天 12:00 前",
            },
        ],
    },
    {
        "title": "退回重办",
        "total": 0,
        "rows": [],
        "blank": {
            "title": "没有退回的事项",
            "means": "承办单位退回、等您改派的事项会出现在这里。",
            "next": {"url": "/styleguide/list/", "label": "看看全部事项"},
        },
    },
]
TILES = [
    {
        "label": "今天登记",
        "value": "23",
        "unit": "件",
        "change": "比昨天多 4 件",
        "trend": "up",
        "url": "/styleguide/list/",
    },
    {
        "label": "办结率",
        "value": "99.2",
        "unit": "%",
        "of": "18,260/18,407",
        "change": "与上月持平",
        "trend": "flat",
        "url": "/styleguide/list/",
    },
    {
        "label": "即将超时",
        "value": "2",
        "unit": "件",
        "change": "比昨天少 1 件",
        "trend": "down",
        "tone": "soon",
        "url": "/styleguide/list/",
    },
    {"label": "已超时", "value": "1", "unit": "件", "of": "1/147 在办", "tone": "overdue", "url": "/styleguide/list/"},
]
LEVELS = [("general", "一般（蓝）"), ("major", "较大（黄）"), ("serious", "重大（橙）"), ("urgent", "紧急（红）")]
GROUPS = [
    {
        "title": "来访人",
        "rows": [
            {"label": "姓名", "value": "张**"},
            {"label": "联系电话", "template": "components/masked.html", "with": {}},
            {"label": "身份", "value": "本人，初次来访"},
        ],
    },
    {
        "title": "事项",
        "rows": [
            {"label": "类别", "value": "民生诉求 · 供暖"},
            {"label": "等级", "template": "styleguide/level_row.html", "with": LEVELS[1]},
            {"label": "来源", "value": "窗口来访"},
            {"label": "首接单位", "value": "区综治中心窗口"},
        ],
    },
    {
        "title": "地点",
        "rows": [
            {"label": "地址", "value": "井坪镇向阳****"},
            {"label": "网格", "value": "向阳社区第三网格", "url": "/styleguide/list/"},
            {"label": "对方", "value": ""},
        ],
    },
]
FILES = [
    {"name": "地下室积水.jpg", "size": 2516582, "about": "来访人提供", "url": "/styleguide/parts/"},
    {
        "name": "维修派工单（盖章扫描件，第二页补交）.pdf",
        "size": 318000,
        "about": "老李 · 办理后",
        "url": "/styleguide/parts/",
    },
    {"name": "现场录像.mov", "refused": "这种文件不能上传，请改成照片或 PDF"},
    {"name": "阀门.jpg", "size": 1048576, "about": "正在上传", "done": 60},
]
STAGES = [
    {
        "label": "受理",
        "took": "用时 20 分钟",
        "entries": [
            {"what": "窗口登记", "at": NOW - timedelta(days=3, hours=6), "who": "受理员小王 · 区综治中心"},
            {
                "what": "受理",
                "at": NOW - timedelta(days=3, hours=5, minutes=40),
                "who": "受理员小王 · 区综治中心",
                "kind": "move",
                "public": "您反映的供暖问题已受理，将在 15 个工作日内办理。",
            },
        ],
    },
    {
        "label": "分流",
        "took": "用时 2 小时",
        "entries": [
            {
                "what": "分流至区住建局",
                "at": NOW - timedelta(days=3, hours=3),
                "who": "分流员老周 · 区综治中心",
                "kind": "move",
                "wait": "等待 2 小时",
                "inner": "物业已更换，请先核实现物业的维修责任，必要时联系供热公司。",
            },
            {
                "what": "签收，承办人老李",
                "at": NOW - timedelta(days=2, hours=7),
                "who": "老李 · 区住建局",
                "kind": "move",
                "wait": "等待 20 小时",
            },
        ],
    },
    {
        "label": "化解",
        "entries": [
            {"what": "办结时限已过，系统提醒", "at": NOW - timedelta(days=1), "who": "时钟", "kind": "clock"},
            {
                "what": "督办函：请于 3 个工作日内书面回复",
                "at": NOW - timedelta(hours=5),
                "who": "督办员赵主任 · 区综治中心",
                "kind": "order",
            },
            {
                "what": "联系来访人（电话，已联系上）",
                "at": NOW - timedelta(minutes=35),
                "who": "老李 · 区住建局",
                "inner": "约定明天上午 9 点上门，供热公司同去。",
            },
        ],
    },
]
NEEDS: list[dict[str, Any]] = [
    {
        "name": "lead_unit",
        "label": "主办单位",
        "type": "unit",
        "required": True,
        "help": "输入名称查找。",
        "choices": [
            {"value": "u1", "label": "区住建局"},
            {"value": "u2", "label": "区人社局"},
            {"value": "u3", "label": "井坪司法所"},
            {"value": "u4", "label": "井坪镇人民政府"},
        ],
    },
    {
        "name": "mode",
        "label": "方式",
        "type": "choice",
        "required": True,
        "choices": [{"value": "forward", "label": "转送"}, {"value": "assign", "label": "交办"}],
    },
    {
        "name": "assisting_units",
        "label": "协办单位",
        "type": "units",
        "required": False,
        "choices": [
            {"value": "u1", "label": "区住建局"},
            {"value": "u2", "label": "区人社局"},
            {"value": "u3", "label": "井坪司法所"},
        ],
    },
    {"name": "due_on", "label": "回复期限", "type": "date", "required": False},
    {"name": "resolved", "label": "问题是否解决", "type": "boolean", "required": True},
    {"name": "satisfaction", "label": "满意度", "type": "integer", "required": True, "minimum": 1, "maximum": 5},
    {
        "name": "reply",
        "label": "答复",
        "type": "longtext",
        "required": True,
        "public": True,
        "help": "写清做了什么、结果怎样、下一步找谁。",
    },
    {
        "name": "note",
        "label": "备注",
        "type": "longtext",
        "required": False,
        "public": False,
        "help": "同事可见，居民看不到。",
    },
    {"name": "photos", "label": "办理后照片", "type": "photos", "required": False},
]
KIND = {
    "name": "kind",
    "label": "事项类型",
    "type": "choice",
    "required": True,
    "choices": [{"value": kind.value, "label": str(kind.label)} for kind in Kind],
}
GIVEN = {"mode": "assign", "assisting_units": ["u3"], "reply": "已更换阀门。"}
ERRORS = {
    "lead_unit": ["请选择主办单位。"],
    "resolved": ["请选“是”或“否”。"],
    "reply": ["答复太短，请写清结果和下一步。"],
}


def _move(name: str, label: str, needs: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"move": {"name": name, "label": label, "needs": needs}, "action": "/styleguide/case/", **more}


EXPECTED = _move(
    "dispatch",
    "分流",
    [NEEDS[0], NEEDS[1], NEEDS[7]],
    follows="分流后请承办单位于明天 12:00 前签收；来访人将看到“已转交××”。",
)
OTHERS = [
    _move("consult", "会商", [NEEDS[2], NEEDS[7]]),
    _move("sign", "签收", [], confirm="签收后由您承办，办结时限不变。确定签收吗？"),
]
RARE = [_move("merge", "并案", [NEEDS[7]]), _move("withdraw", "撤回", [NEEDS[7]])]
FILTERS = [
    {"label": "状态", "value": "待签收", "url": "/styleguide/list/"},
    {"label": "属地", "value": "井坪镇", "url": "/styleguide/list/"},
]
