"""What an order says, and by which headings other systems say it; nothing is read or written here.

The headings are those of published 12345 work order forms and of provincial exchange tables (facts §3.3).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class OrderField:
    """One thing that an order says: its name in the API, how it is called here, and headings that mean it, surest first."""

    name: str
    label: str
    headings: tuple[str, ...]
    required: bool = False
    help: str = ""


FIELDS = (
    OrderField(
        "number",
        "工单编号",
        ("工单编号", "工单号", "热线工单号", "诉求编号", "受理单号", "业务编号", "流水号", "受理编号", "编号"),
        required=True,
        help="对方的编号，凭它防止重复登记。",
    ),
    OrderField(
        "received_at",
        "来件时间",
        ("派单时间", "转办时间", "诉求时间", "受理时间", "来电时间", "登记时间", "提交时间", "创建时间"),
        help="没有这一列就按导入的时间。",
    ),
    OrderField(
        "content",
        "诉求内容",
        ("诉求内容", "工单内容", "反映内容", "诉求描述", "问题描述", "事项描述", "主要内容", "内容"),
        required=True,
    ),
    OrderField("title", "标题", ("工单标题", "诉求标题", "事项标题", "标题", "主题"), help="没有就取内容的第一句。"),
    OrderField("nature", "诉求性质", ("诉求性质", "工单性质", "诉求类型", "工单类型", "事项性质", "性质", "类型")),
    OrderField("category", "事项分类", ("事项分类", "诉求分类", "问题分类", "归口类别", "工单分类", "分类", "类别")),
    OrderField(
        "address",
        "地址",
        ("事发地址", "诉求地址", "事发地点", "发生地点", "问题地址", "详细地址", "地址", "地点"),
    ),
    OrderField(
        "street", "街道、乡镇", ("所属街道", "所属乡镇", "属地街道", "街道乡镇", "镇街", "街道", "乡镇", "属地")
    ),
    OrderField("community", "社区、村", ("所属社区", "社区村", "村社区", "社区", "村居")),
    OrderField("name", "来电人", ("诉求人姓名", "来电人姓名", "诉求人", "来电人", "市民姓名", "联系人", "姓名")),
    OrderField(
        "phone",
        "来电号码",
        ("来电号码", "联系电话", "诉求人电话", "联系方式", "主叫号码", "手机号码", "手机号", "电话"),
    ),
    OrderField(
        "due",
        "对方办理时限",
        ("办理时限", "办结时限", "处办时限", "截止时间", "办结期限", "要求办结时间", "反馈时限", "到期时间", "时限"),
        help="日期，或“5个工作日”“24小时”；与本中心的时限并列保存。",
    ),
    OrderField(
        "return_by",
        "退回截止",
        ("退回截止时间", "退回截止", "退回期限", "退回时限", "退单截止", "退单期限", "退单时限"),
        help="过了就不能退回对方平台的时间：日期，或“1个工作日”“4小时”。",
    ),
    OrderField(
        "unit",
        "被反映单位",
        ("被投诉单位", "被反映单位", "被举报单位", "被诉单位", "被反映对象", "涉及单位"),
        help="投诉、举报本区单位时用来回避。",
    ),
    OrderField("confidential", "是否保密", ("是否保密", "信息保密", "要求保密", "保密")),
)
BY_NAME: Mapping[str, OrderField] = {field.name: field for field in FIELDS}
REQUIRED = tuple(field.name for field in FIELDS if field.required)

_NOISE = re.compile(r"[\s（）()【】\[\]／/、：:*＊_\-]|必填|选填")


def plain(heading: str) -> str:
    """Return a heading without spaces, brackets and the marks of forms: 「* 社区（村）」 → 「社区村」."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", heading))


def propose_columns(header: Iterable[str]) -> dict[str, str]:
    """Return `{field: heading}` for the headings that are known; each heading is used once.

    A heading that is exactly a known one goes before one that only begins or ends with it, and surer words before
    vaguer ones.
    """
    left = {plain(heading): heading for heading in reversed(list(header))}
    chosen: dict[str, str] = {}
    for fits in (str.__eq__, str.startswith, str.endswith):
        for field in FIELDS:
            if field.name in chosen:
                continue
            for word in field.headings:
                found = next((said for said in sorted(left, key=len) if len(word) > 1 and fits(said, word)), None)
                if found is not None:
                    chosen[field.name] = left.pop(found)
                    break
    return {field.name: chosen[field.name] for field in FIELDS if field.name in chosen}
