"""What the three administrators look after, counted: people, posts, log-ins, the log itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.choices import Role
from accounts.models import AuditEntry, AuditSeal, Deputy, Post, Unit, User
from accounts.querysets import day_of
from governance_portal.lib.spoken import moment_words

ROWS = 7
#: A post or a deputy that ends within these days is told beforehand.
ENDS_SOON = timedelta(days=30)
VERIFIED_FOR_SECONDS = 300


def people_figures(now: datetime) -> dict[str, int]:
    """`{units, people, without_post, posts}`; two statements."""
    people = User.objects.filter(is_service=False, is_active=True)
    counts: dict[str, int] = people.aggregate(people=Count("pk"), without_post=Count("pk", filter=~_in_office(now)))
    posts = Post.objects.in_force(day_of(now)).aggregate(posts=Count("pk"))
    return {**counts, **posts, "units": Unit.objects.active().count()}


def _in_office(now: datetime) -> Q:
    held = Post.objects.in_force(day_of(now)).filter(user_id=OuterRef("pk"))
    stands_in = Deputy.objects.in_force(day_of(now)).filter(user_id=OuterRef("pk"))
    return Q(Exists(held)) | Q(Exists(stands_in))


def without_post(now: datetime) -> list[dict[str, Any]]:
    """People who can log in and do nothing: they hold no post today."""
    people = User.objects.filter(~_in_office(now), is_service=False, is_active=True).order_by("username")[:ROWS]
    return [
        {
            "url": reverse("admin:accounts_user_change", args=[person.pk]),
            "what": person.name,
            "where": person.username,
            "who": "从未登录" if person.last_seen is None else "",
            "due_words": "没有岗位",
        }
        for person in people
    ]


def ending_soon(now: datetime) -> list[dict[str, Any]]:
    """Posts whose last day comes within thirty days, the nearest first."""
    today = day_of(now)
    posts = Post.objects.in_force(today).filter(ends_on__lte=today + ENDS_SOON).select_related("user", "unit")
    return [
        {
            "url": reverse("admin:accounts_post_change", args=[post.pk]),
            "what": f"{post.user.name} · {Role(post.role).label}",
            "where": str(post.unit),
            "due_words": f"{post.ends_on.month}月{post.ends_on.day}日到期",
            "due_state": "soon",
        }
        for post in posts.order_by("ends_on")[:ROWS]
    ]


def failed_logins(now: datetime) -> tuple[int, list[dict[str, Any]]]:
    """How many log-ins failed in the last day, and by which name most; three statements."""
    since = AuditEntry.objects.filter(at__gte=now - timedelta(days=1), action__in=("login.failed", "login.locked"))
    rows = since.order_by().values("target").annotate(tries=Count("pk")).order_by("-tries", "target")[:ROWS]
    tries = {row["target"]: row["tries"] for row in rows}
    names = dict(User.objects.filter(username__in=tries).values_list("username", "name"))
    drawn = [
        {"what": names.get(target, target), "where": "近 24 小时", "due_words": f"输错 {count} 次"}
        for target, count in tries.items()
    ]
    return since.count(), drawn


def log_figures(now: datetime) -> dict[str, int]:
    """`{today, refused, unsealed}` of the log."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    recent = AuditEntry.objects.filter(at__gte=min(midnight, now - timedelta(days=1)))
    counts: dict[str, int] = recent.aggregate(
        today=Count("pk", filter=Q(at__gte=midnight)),
        refused=Count("pk", filter=Q(ok=False, at__gte=now - timedelta(days=1))),
    )
    last = AuditSeal.objects.order_by("-id").values_list("last_id", flat=True).first() or 0
    return {**counts, "unsealed": AuditEntry.objects.filter(id__gt=last).count()}


def log_state(now: datetime) -> dict[str, Any]:
    """`{ok, sentence, sealed_at}`: the last link of the chain and what follows it, recomputed (kept for five minutes)."""
    known: dict[str, Any] | None = cache.get("audit_state")
    if known is None:
        findings = audit.verify_last()
        sealed = AuditSeal.objects.order_by("-id").first()
        known = {
            "ok": not findings,
            "sentence": findings[0].sentence if findings else "最近一段日志逐条重算，与封存一致。",
            "sealed_at": sealed.at if sealed else None,
            "checked_at": now,
        }
        cache.set("audit_state", known, VERIFIED_FOR_SECONDS)
    return known


#: The log's actions in words.
ACTIONS = {
    "login": "登录",
    "logout": "退出",
    "login.failed": "登录失败",
    "login.locked": "登录被锁",
    "post.appoint": "任命岗位",
    "post.change": "调整岗位",
    "post.end": "结束岗位",
    "post.switch": "切换岗位",
    "deputy.set": "设置代理",
    "deputy.end": "结束代理",
    "person.hand_over": "移交事项",
    "person.disable": "停用账号",
    "person.enable": "启用账号",
    "password.change": "修改密码",
    "password.reset": "重置密码",
    "two_step.on": "启用动态验证码",
    "two_step.reset": "清除动态验证码",
    "unmask": "查看当事人信息",
    "amend_contact": "更正联系方式",
    "others_of_person": "查看同一人的其他事项",
    "receipt": "打印回执",
    "print_case": "打印事项",
    "print_order": "打印督办文书",
    "proposal.made": "提出督办建议",
    "proposal.decided": "登记督办建议的决定",
    "proposal.closed": "登记督办建议的结果",
    "roster": "调整坐班表",
    "hold_contact": "保留当事人信息",
    "lift_hold": "解除保留",
    "open311client.renewed": "换发 Open311 密钥",
    "outwardmessage.resent": "重新推送",
    "subscriber.renewed": "换发推送密钥",
    "unit.created": "新增单位",
    "unit.changed": "修改单位",
    "person.created": "新增人员",
    "person.changed": "修改人员",
    "demo.begin": "开始生成演示数据",
    "demo.done": "生成演示数据",
    "dispatch.published": "发布派单目录",
    "calendar.imported": "导入放假安排",
    "orders.uploaded": "上传工单表",
    "orders.mapping": "保存工单列名对照",
    "orders.confirmed": "确认导入工单",
    "orders.dropped": "取消导入工单",
    "orders.reject_read": "打开待修正的工单",
    "orders.mended": "修正并导入工单",
    "orders.dismissed": "作废待修正的工单",
    "orders.expired": "待修正的工单到期作废",
    "orders.rejects_downloaded": "下载待修正的工单",
    "calendar.edited": "修改工作日历",
    "grid.redraw": "调整网格边界",
    "grid.merge": "合并网格",
    "grid.split": "拆分网格",
    "grid.recode": "网格改码",
    "grid.describe": "修改网格名称或说明",
    "limitpolicy.published": "发布时限规定",
    "limitpolicy.ended": "停用时限规定",
    "login.unlocked": "解除登录锁定",
    "notice.settings": "修改通知设置",
    "delivery.resend": "重新发送通知",
    "groupchannel.tested": "发送测试消息",
    "token.revoked": "注销设备",
    "erase_contact": "按期清除当事人信息",
    "search_person": "按电话或证件查找",
    "recognise": "识别重复来访",
    "export_cases": "导出事项清单",
    "export_table": "导出统计表",
    "held.released": "放行待核实上报",
    "held.discarded": "丢弃待核实上报",
    "held.restored": "恢复丢弃的上报",
    "export_visits": "导出来访登记",
    "rating_verified": "核实差评",
    "rating_acted": "登记差评整改",
    "rating_closed": "差评销号",
    "look_back": "回头看",
    "print_follow_up": "打印回访记录表",
    "print_answer": "打印答复",
    "import_units": "导入单位",
    "export_exchange": "导出交换数据",
    "export_provisions": "导出个人信息提供记录",
    "import_people": "导入人员",
    "reception_plan": "安排领导接访",
    "reception_publish": "公布领导接访",
    "reception_change": "更改领导接访",
    "reception_cancel": "取消领导接访",
    "reception_book": "预约领导接访",
    "reception_unbook": "取消接访预约",
    "reception_unmask": "查看接访预约人",
    "print_reception": "打印接访登记",
    "export_hazards": "导出隐患台账",
    "print_hazards": "打印隐患台账",
    "print_hazard": "打印隐患清单",
    "hazard_scope": "登记检查范围",
    "flood_store": "登记防汛物资、队伍",
    "flood_check": "登记防汛检查",
    "flood_store_retired": "停用防汛物资、队伍",
    "network_layer": "增加解纷网络层级",
    "network_layer_changed": "修改解纷网络层级",
    "network_layer_ended": "结束解纷网络层级",
    "network_member": "增加解纷网络成员",
    "network_member_changed": "变更解纷网络成员",
    "network_member_ended": "结束解纷网络成员",
    "property_service": "登记物业服务",
    "property_service_ended": "结束物业服务",
    "property_rule": "修改物业统计口径",
    "responsibility_given": "登记包保责任",
    "responsibility_ended": "结束包保责任",
    "responsibility_imported": "导入包保责任",
    "print_leads": "打印包案台账",
    "whistle": "吹哨",
    "whistle_arrived": "确认报到",
    "whistle_recalled": "撤回吹哨",
    "print_whistle": "打印吹哨单",
    "patrol_plan": "安排排查",
    "patrol_end": "停止排查计划",
    "patrol_campaign": "发起专项排查",
    "patrol_list": "导入专项清单",
    "patrol_close": "结清专项排查",
    "patrol_sheet": "导出排查覆盖",
    "call_back_number": "查看回电号码",
    "known_answer.written": "修改知识库答复",
    "known_answer.withdrawn": "停用知识库答复",
    "repeat_dismissed": "认定不是同一事项",
    "hot_dismissed": "热点暂不处理",
    "link_sent_again": "重发对接消息",
    "link_told_by_hand": "登记已人工告知对方",
    "assessment.plan": "发布考核办法",
    "assessment.computed": "计算网格考核",
    "assessment.shown": "公示网格考核",
    "assessment.graded": "评定网格考核",
    "assessment.decided": "网格考核定案",
    "assessment.archived": "归档网格考核",
    "assessment.appealed": "提出考核申诉",
    "assessment.answered": "拟答复考核申诉",
    "assessment.confirmed": "会签考核申诉",
    "assessment.sent_back": "退回考核申诉的答复",
    "print_assessment": "打印网格考核",
    "exclusion.asked": "申请剔除",
    "exclusion.decided": "决定剔除申请",
    "exclusion.revoked": "剔除的恢复计入",
    "export_assessment": "导出网格考核",
    "bulletin.made": "制作工作报告",
    "bulletin.written": "改写工作报告",
    "bulletin.restored": "恢复工作报告的生成文字",
    "bulletin.signed": "签发工作报告",
    "bulletin.corrected": "更正工作报告",
    "print_bulletin": "打印工作报告",
    "export_bulletin": "下载工作报告",
    "export_to_tell": "下载待告知的答复",
    "care_plan": "登记探访",
    "care_end": "结束探访",
    "care_unmask": "查看探访的姓名和住址",
    "care_visit": "登记探访记录",
    "care_rota": "定探访人员",
    "help_opened": "开帮扶转介",
    "help_accepted": "接收帮扶转介",
    "help_redirected": "改派帮扶转介",
    "help_renewed": "续期帮扶转介",
    "help_ended": "结束帮扶转介",
    "help_look": "查看帮扶转介",
    "wish": "记民心台账",
    "wish_changed": "改民心台账",
    "wish_shown": "公示民心台账",
    "wish_hidden": "取消公示民心台账",
    "wish_settled": "民心台账销账",
    "council_signed": "签发议事纪要",
    "council_case": "会议决定登记为事项",
    "print_council": "打印议事纪要",
    "screen_made": "设置大屏",
    "screen_code": "生成大屏配对码",
    "screen_paired": "大屏配对",
    "screen_ended": "停用大屏",
    "hand_over": "网格内转办",
    "hand_over_taken": "接下网格内转办",
    "hand_over_ended": "结束网格内转办",
}
#: What is set up on the configuration pages, and what became of it.
CONFIGURED = {
    "canned": "常用答复",
    "followuppolicy": "回访规定",
    "lookbackrule": "回头看规定",
    "category": "事项类别",
    "declinerule": "不予受理须批准的情形",
    "groupchannel": "群机器人",
    "holiday": "工作日历",
    "line": "对接系统",
    "limitpolicy": "时限规定",
    "open311client": "Open311 应用",
    "open311service": "Open311 服务",
    "retentionrule": "个人信息保存期限",
    "subscriber": "推送对象",
    "teamrole": "案组角色",
    "whistlepolicy": "吹哨时限",
    "supervisionrules": "督办规则",
    "crowdrules": "重复和热点规则",
    "reinspectionrule": "隐患复查规定",
}
BECAME = {"created": "新增", "changed": "修改", "deleted": "删除"}
#: What an entry is about, before the number or code that it names.
ABOUT = {
    **CONFIGURED,
    "assessment": "网格考核",
    "bulletin": "工作报告",
    "calendar": "工作日历",
    "case": "",
    "delivery": "发送记录",
    "proposal": "督办建议",
    "dispatch": "派单目录",
    "exclusion": "剔除申请",
    "hall": "大厅",
    "held": "待核实上报",
    "intake": "登记表",
    "network": "解纷网络",
    "property": "物业",
    "screen": "大屏",
    "search": "查找",
    "unit": "单位",
    "person": "人员",
    "cases": "事项清单",
    "visits": "来访登记",
    "reception": "领导接访",
    "patrol": "排查计划",
    "patrols": "排查",
    "whistle": "吹哨单",
    "hot": "热点",
    "care": "探访计划",
    "help": "帮扶转介",
    "wish": "民心台账",
    "council": "议事会",
    "area": "",
}


def action_words(action: str) -> str:
    """Return a logged action as people say it."""
    what, _, became = action.partition(".")
    if what in CONFIGURED and became in BECAME:
        return f"{BECAME[became]}{CONFIGURED[what]}"
    return ACTIONS.get(action, "其他操作")


def about_words(target: str) -> str:
    """Return what an entry is about: the number of a matter stands alone, anything else is named first."""
    kind, mark, code = target.partition(":")
    if kind not in ABOUT:
        return target
    return f"{ABOUT[kind]} {code}".strip() if mark else ABOUT[kind]


SEEN_PERSONAL = ("unmask", "others_of_person", "amend_contact")


def entries(now: datetime, **narrowed: Any) -> list[dict[str, Any]]:
    """The newest entries of the log that are told in words."""
    rows = AuditEntry.objects.filter(**narrowed).order_by("-at", "-id").select_related("user")[:ROWS]
    return [
        {
            "url": reverse("admin:accounts_auditentry_change", args=[row.pk]),
            "what": action_words(row.action),
            "where": row.user.name if row.user else "没有登录的人",
            "who": row.target.removeprefix("case:") if row.target.startswith("case:") else "",
            "due_words": moment_words(row.at, now),
        }
        for row in rows
    ]
