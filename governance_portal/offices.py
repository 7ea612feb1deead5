"""The desks of those who look after the portal itself: people and units, posts and log-ins, the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core import checks
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from accounts import desks
from accounts.channels.sending import undelivered
from accounts.choices import Role
from accounts.queries import Actor
from governance_portal import health
from governance_portal.lib.spoken import moment_words

CHECKED_FOR_SECONDS = 300


def desk(request: HttpRequest, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return `{title, tiles, columns, about}` of the first administrator's post; somebody without a post is told so."""
    for role, draw in DESKS.items():
        if actor.has(role):
            return {"title": "工作台", "now": now, **draw(request, now)}
    return {"title": "工作台", "now": now, "tiles": [], "columns": [], "without_post": True}


def _system(request: HttpRequest, now: datetime) -> dict[str, Any]:
    counts = desks.people_figures(now)
    state = system_state()
    wrong = [row for row in state if row["due_state"] == "overdue"]
    people = reverse("admin:accounts_user_changelist")
    return {
        "tiles": [
            _tile("人员", counts["people"], "人", people),
            _tile("没有岗位", counts["without_post"], "人", people, "soon"),
            _tile("未送达的通知", undelivered(), "条",
                  reverse("admin:accounts_delivery_changelist") + "?state__exact=given_up", "overdue"),
            _tile("系统检查", len(wrong), "项异常", "", "overdue"),
        ],
        "columns": [
            _column("没有岗位的人", desks.without_post(now), counts["without_post"], people,
                    ("人人都有岗位", "新导入的人没有岗位就办不了事，会出现在这里；岗位由安全管理员任命。")),
            _column("系统检查", state, len(wrong) or None, "", ("没有检查项", "数据库、消息队列、配置的检查结果会出现在这里。")),
            _column("可以配置的", _configurable(request), None, "",
                    ("没有可以配置的", "单位、人员、类别、时限等配置会出现在这里。")),
        ],
    }  # fmt: skip


def _security(request: HttpRequest, now: datetime) -> dict[str, Any]:
    counts = desks.people_figures(now)
    failed, names = desks.failed_logins(now)
    ending = desks.ending_soon(now)
    posts = reverse("admin:accounts_post_changelist")
    return {
        "tiles": [
            _tile("在任岗位", counts["posts"], "个", posts),
            _tile("没有岗位", counts["without_post"], "人", reverse("admin:accounts_user_changelist"), "soon"),
            _tile("30 天内到期", len(ending), "个", posts, "soon"),
            _tile("登录失败", failed, "次", ""),
        ],
        "action": {"url": reverse("admin:accounts_post_add"), "label": "任命岗位"},
        "columns": [
            _column("没有岗位的人", desks.without_post(now), counts["without_post"],
                    reverse("admin:accounts_user_changelist"),
                    ("人人都有岗位", "能登录却没有岗位的人会出现在这里，请给他们任命岗位，或停用账号。")),
            _column("快到期的岗位", ending, len(ending), posts,
                    ("没有快到期的岗位", "30 天内到期的岗位会出现在这里，需要续任的请提前调整。")),
            _column("登录失败", names, len(names), "",
                    ("近 24 小时没有登录失败", "输错密码的登录名会出现在这里；反复出错的，请联系本人。")),
        ],
    }  # fmt: skip


def _audit(_request: HttpRequest, now: datetime) -> dict[str, Any]:
    counts, state = desks.log_figures(now), desks.log_state(now)
    log, seals = reverse("admin:accounts_auditentry_changelist"), reverse("admin:accounts_auditseal_changelist")
    refused = desks.entries(now, ok=False)
    seen = desks.entries(now, action__in=desks.SEEN_PERSONAL)
    sealed = f"最近封存：{moment_words(state['sealed_at'], now)}" if state["sealed_at"] else "还没有封存过"
    return {
        "tiles": [
            _tile("今天的日志", counts["today"], "条", log),
            _tile("24 小时内未成功", counts["refused"], "条", f"{log}?ok__exact=0", "soon"),
            _tile("等待封存", counts["unsealed"], "条", seals),
        ],
        "say": {"tone": "done" if state["ok"] else "overdue", "title": "日志没有被改动" if state["ok"] else "日志可能被改动",
                "text": f"{state['sentence']}{sealed}。"},
        "columns": [
            _column("未成功的操作", refused, len(refused), f"{log}?ok__exact=0",
                    ("没有未成功的操作", "登录失败、被拒绝的操作会出现在这里。")),
            _column("查看个人信息", seen, len(seen), log,
                    ("没有人查看过个人信息", "谁、什么时候、为什么看了当事人的姓名电话，会出现在这里。")),
            _column("最新日志", desks.entries(now), counts["today"], log, ("还没有日志", "每次登录、每次配置都会记在这里。")),
        ],
    }  # fmt: skip


DESKS: dict[str, Callable[[HttpRequest, datetime], dict[str, Any]]] = {
    Role.SYSTEM_ADMIN: _system,
    Role.SECURITY_ADMIN: _security,
    Role.AUDITOR: _audit,
}


def system_state() -> list[dict[str, Any]]:
    """Rows of the system's checks, the wrong ones first (kept for five minutes)."""
    known: list[dict[str, Any]] | None = cache.get("system_state")
    if known is None:
        answers = {name: health.outcome(check) for name, check in health.CHECKS.items()}
        known = [_checked(health.LABELS.get(name, name), answer) for name, answer in answers.items()]
        found = [message for message in checks.run_checks() if message.level >= checks.WARNING]
        known.append(_checked("配置", "ok" if not found else f"有 {len(found)} 项需要处理，详见启动日志"))
        known.sort(key=lambda row: str(row["due_state"]) != "overdue")
        cache.set("system_state", known, CHECKED_FOR_SECONDS)
    return known


def _checked(label: str, answer: str) -> dict[str, Any]:
    well = answer == "ok"
    return {
        "what": label,
        "where": "" if well else answer,
        "due_state": "done" if well else "overdue",
        "due_words": "正常" if well else "异常",
    }


def _configurable(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"url": model["admin_url"], "what": str(model["name"]), "where": str(app["name"]),
         "due_words": "可修改" if model["perms"].get("change") else "只读"}
        for app in admin.site.get_app_list(request)
        for model in app["models"]
        if model.get("admin_url")
    ]  # fmt: skip


def _tile(label: str, value: int, unit: str, url: str, tone: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "unit": unit, "url": url, "tone": tone if value else ""}


def _column(
    title: str, rows: list[dict[str, Any]], total: int | None, url: str, blank: tuple[str, str]
) -> dict[str, Any]:
    links = [{"label": "全部", "url": url}] if url and rows else []
    return {
        "title": title,
        "rows": rows,
        "total": total,
        "links": links,
        "blank": {"title": blank[0], "means": blank[1]},
    }
