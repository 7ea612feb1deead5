"""The pages that ask for nothing: the front page, the guidance, the privacy notice."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.choices import DeclineReason
from cases.intake import PRIVACY_VERSION

HOME = "/"
#: Each ground for not accepting as a resident would say it: what it is, and what happens then.
ELSEWHERE: Mapping[str, str] = {
    DeclineReason.STATUTORY_ROUTE: "法律规定由法院、仲裁、行政复议、纪检监察、信息公开等办的：告诉您去哪里、怎么提。",
    DeclineReason.IN_PROCEDURE: "已经在信访、打官司、仲裁或者复议的：请等那边的结果。",
    DeclineReason.SETTLED: "同一件事已经依法处理、有了结论的：把结论告诉您。",
    DeclineReason.SAME_MATTER: "同一件事正在办的：告诉您办到哪一步，不用再交一次。",
    DeclineReason.FINAL: "信访复核已经终结、没有新情况的：不再重复受理。",
    DeclineReason.NOT_COMPETENT: "不归本中心管的：告诉您该找哪个单位、地址和电话。",
    DeclineReason.EMERGENCY: "有生命危险、火情、正在发生的违法行为：马上转 110、119、120、122。",
    DeclineReason.JUDICIAL: "涉法涉诉的：带您找政法部门。",
    DeclineReason.DISCIPLINE: "检举控告公职人员的：按权限转纪检监察机关。",
    DeclineReason.REFUSED_MEDIATION: "对方明确不愿调解的：告诉您其他解决办法。",
    DeclineReason.NOT_CONFIRMABLE: "婚姻、收养等身份关系要确认的：请到法院。",
    DeclineReason.SECRET: "涉及国家秘密、商业秘密、他人隐私的：请到专门机关反映。",
    DeclineReason.UNCLEAR: "说不清时间、地点、对象，又联系不上您的：没法核实，请补充。",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the centre is, and the ways in."""
    return render(request, "public/home.html", {"title": "有事请找综治中心", "public_home_url": HOME})


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What we take, what we do not and where that goes, how long it takes."""
    context = {"title": "办事指南", "public_home_url": HOME, "reasons": ELSEWHERE.values()}
    return render(request, "public/guide.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice, with the version that each report names."""
    context = {"title": "个人信息处理告知书", "public_home_url": HOME, "version": PRIVACY_VERSION}
    return render(request, "public/privacy.html", context)
