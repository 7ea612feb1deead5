"""An invented walk-in for the style guide's sheet of the window: what was typed, what is proposed, who sits in the hall."""

from datetime import timedelta

from governance_portal.styleguide_samples import NOW

TYPED = {
    "who": "several",
    "visitor_count": "11",
    "reporter-0-name": "示例甲",
    "reporter-0-phone": "000 0000 0001",
    "reporter-1-name": "示例乙",
    "description": "我们十一个人在小区改造工地干了八个月，工钱一直没有结清。请求尽快发放。",
    "place-address": "示例小区改造工地",
    "kind": "dispute",
    "then": "accept",
    "willing_to_mediate": "on",
}
ERRORS = {"place-code": ["没有找到这个社区，请从列表里选。"]}
HALL = {
    "leaders": [{"person": "示例值班", "phone": "0349-000 0002"}],
    "present": [
        {"desk": "4 号", "unit": "区人社局", "person": "", "get_presence_display": "轮驻", "phone": "0349-000 0003"},
    ],
    "on_call": [{"desk": "", "unit": "区法律援助中心", "person": "", "phone": "0349-000 0004"}],
}
BESIDE = {
    "familiar": {"times": 2, "last_at": NOW - timedelta(days=9), "last_about": "工资拖欠", "open": 1},
    "likely": [
        {
            "it": {
                "case": {
                    "number": "26111200000012",
                    "title": "示例小区改造工地拖欠工钱",
                    "get_status_display": "办理中",
                    "registered_at": NOW - timedelta(days=9),
                },
                "reasons": ["来访人相同", "地点相同", "都提到“工钱”"],
            },
            "name": "relation-26111200000012",
            "chosen": "",
        }
    ],
    "relations": [("duplicate", "是同一件事"), ("related", "有关系")],
    "category_proposals": [
        {"code": "0401", "kind": "dispute", "label": "劳动争议 · 拖欠工资", "reason": "提到“工钱”“结清”"}
    ],
    "place_proposals": [{"code": "140603100001", "label": "示例社区", "reason": "地址里写了“示例小区”"}],
    "level_proposal": {"level": "major", "label": "较大（黄）", "reason": "5 人以上一起来"},
    "joint": True,
}
