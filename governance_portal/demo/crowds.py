"""重复和热点 in the demonstration: its words; what is made of them is made through the doors (cases.crowds.samples)."""

from __future__ import annotations

from datetime import datetime

from cases.crowds.samples import Joint, Told, lay_samples

GROUPS = (
    (
        "古城社区北侧在建工地",
        (
            Told(
                "mixer:1",
                20,
                "白志强",
                "15400009911",
                "北侧工地搅拌机夜里十二点还在响，整栋楼睡不着，请求停止夜间施工。",
            ),
            Told(
                "mixer:2",
                17,
                "常秀梅",
                "15400009912",
                "北侧工地的搅拌机夜里十二点还在响，孩子睡不着，请求停止夜间施工。",
            ),
            Told(
                "mixer:3", 8, "崔永红", "15400009913", "工地搅拌机半夜还在响，老人睡不着觉，请求停止北侧工地夜间施工。"
            ),
        ),
    ),
    (
        "古城社区幸福巷",
        (
            Told(
                "manhole:1", 26, "丁海燕", "15400009914", "幸福巷口污水井堵了往外冒，污水流到巷子里没法走，请求疏通。"
            ),
            Told(
                "manhole:2",
                6,
                "冯建军",
                "15400009915",
                "幸福巷口的污水井堵了往外冒，污水流了一巷子没法走，请求尽快疏通。",
            ),
        ),
    ),
)
CROWD = (
    "古城社区东区",
    (
        Told("gate:1", 52, "高凤英", "15400009916", "东区六栋楼的单元门都坏了关不上，冬天楼道像冰窖，请求统一更换。"),
        Told("gate:2", 49, "侯俊峰", "15400009917", "三号楼单元门合页断了两个月没人修，晚上不安全，请求更换。"),
        Told("gate:3", 30, "贺春兰", "15400009918", "五号楼单元门掉下来过一次，险些砸到孩子，请求更换。"),
    ),
)
JOINT = Joint(
    "古城社区东区单元门更换",
    "樘",
    "housing",
    "A0203",
    "\n".join(f"{building}号楼，{entrance}单元门" for building in range(1, 7) for entrance in (1, 2)),
    "1-4",
)
#: How many matters they are.
MATTERS = sum(len(matters) for _address, matters in (*GROUPS, CROWD))


def make(now: datetime) -> int:
    """Make what is missing; answers how many matters were made, 0 when they are there already."""
    return lay_samples(GROUPS, CROWD, JOINT, now)
