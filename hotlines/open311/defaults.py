"""What a new centre offers by Open311: matters of public places (facts §3.4), never of a person, a home or a quarrel.

Rows: code of the category, as which kind it is registered, what it is in a resident's words, keywords.
"""

from __future__ import annotations

from typing import Any

SERVICES: tuple[tuple[str, str, str, str], ...] = (
    ("G0101", "appeal", "占道经营、乱停乱放、乱堆乱摆。", "占道,停车,摆摊"),
    ("G0102", "appeal", "街面、小区周边脏乱，厕所、垃圾桶有问题。", "卫生,保洁,厕所"),
    ("G0103", "appeal", "路灯、井盖、路面、护栏、排水口等损坏。", "路灯,井盖,坑洼"),
    ("G0104", "appeal", "广告牌、店招、乱贴乱画。", "广告,招牌,小广告"),
    ("G0301", "appeal", "垃圾露天堆放。", "垃圾"),
    ("G0302", "appeal", "施工、商铺、广场等噪声。", "噪声,施工,广场舞"),
    ("G0303", "appeal", "餐馆油烟直排。", "油烟,餐馆"),
    ("G0304", "appeal", "河沟、水体发黑发臭，乱排污水。", "污水,河道"),
    ("G0305", "appeal", "工地、道路扬尘。", "扬尘,工地"),
    ("G0501", "hazard", "积水、内涝、河道漫水。", "积水,内涝"),
    ("G0601", "hazard", "消防通道被占、被堵、被锁。", "消防,通道"),
    ("G0603", "hazard", "消防栓、灭火器、应急灯损坏或缺少。", "消防栓,灭火器"),
    ("G0606", "hazard", "公共场所的栏杆、健身器材、墙体等有危险。", "栏杆,器材,墙体"),
    ("G0901", "appeal", "占道施工没有围挡、没有提示。", "施工,围挡"),
    ("G0902", "appeal", "红绿灯、标志、标线、斑马线有问题。", "红绿灯,标志"),
)
FACILITIES = "lamp=路灯\nmanhole=井盖\nroad=路面\nrail=护栏\ndrain=排水口\nother=其他"
#: Service, then: code, datatype, required, question, how to fill it, choices.
ATTRIBUTES: tuple[tuple[str, str, str, bool, str, str, str], ...] = (
    ("G0103", "facility", "singlevaluelist", True, "是什么设施", "选一项", FACILITIES),
    ("G0103", "since", "string", False, "坏了多久", "如：三天", ""),
    ("G0501", "depth", "number", False, "积水大约多深（厘米）", "填数字", ""),
    ("G0601", "blocked_by", "multivaluelist", False, "被什么堵住", "可多选", "car=车辆\ngoods=杂物\nlock=上锁\nbuild=搭建"),
)  # fmt: skip


def load(service: Any, attribute: Any, categories: set[str]) -> None:
    """Write the rows that are not there yet, for categories that exist; for the migration."""
    have = set(service.objects.values_list("category_id", flat=True))
    service.objects.bulk_create(
        service(category_id=code, kind=kind, description=words, keywords=keywords, position=place)
        for place, (code, kind, words, keywords) in enumerate(SERVICES, start=1)
        if code in categories - have
    )
    attribute.objects.bulk_create(
        attribute(
            service_id=code,
            code=name,
            datatype=datatype,
            required=required,
            description=question,
            hint=hint,
            choices=choices,
            position=place,
        )
        for place, (code, name, datatype, required, question, hint, choices) in enumerate(ATTRIBUTES, start=1)
        if code in categories - have
    )
