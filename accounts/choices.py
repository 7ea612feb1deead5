"""Codes of the people's side: roles, kinds of unit, service accounts.

The role codes are those of the workflow table (who may press which button) and of the API (`me/`): never rename one.
"""

from django.db import models


class Role(models.TextChoices):
    """What a person does in a post. One person may hold several posts, each with its own role."""

    CLERK = "clerk", "窗口受理员"
    OPERATOR = "operator", "话务员"
    DISPATCHER = "dispatcher", "分流员"
    HANDLER = "handler", "承办人"
    MEDIATOR = "mediator", "调解员"
    SUPERVISOR = "supervisor", "督办员"
    FOLLOW_UP_OFFICER = "follow_up_officer", "回访员"
    LEADER = "leader", "领导"
    GRID_WORKER = "grid_worker", "网格员"
    VOLUNTEER = "volunteer", "志愿者"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"


#: 三权分立 (GB/T 22239-2019 §8.1.4.2 d): held by three different people, none of whom touches cases.
ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
CASE_ROLES = frozenset(set(Role) - ADMIN_ROLES)


class UnitKind(models.TextChoices):
    """What sort of body a unit is; dispatch rules and referral targets ask for it."""

    LEADERSHIP = "leadership", "党委政府、政法委"
    CENTRE = "centre", "综治中心"
    DEPARTMENT = "department", "职能部门"
    STREET = "street", "乡镇、街道"
    COMMUNITY = "community", "村、社区"
    COMMITTEE = "committee", "调委会"
    COURT = "court", "法院"
    POLICE = "police", "公安"
    PETITION = "petition", "信访"
    DISCIPLINE = "discipline", "纪检监察"
    PARTNER = "partner", "合作单位"


#: An area code is a prefix: district 6, street 9, community 12, grid 15 digits (GB/T 2260, GB/T 10114, grid number).
AREA_CODE_PATTERN = r"^[0-9]{6}([0-9]{3}){0,3}$"
AREA_CODE_HINT = "区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。"

#: Accounts that act without a person, so that every line of history has a name. Nobody can log in with one.
SERVICE_ACCOUNTS: dict[str, str] = {"clock": "时钟", "resident": "居民", "integration": "对接系统"}


class NoticeKind(models.TextChoices):
    """What a notice is about; each person chooses by kind how to be told of it."""

    DUE_SOON = "due_soon", "即将到期"
    OVERDUE = "overdue", "超时"
    CASE = "case", "到我这一步"
    ORDER = "order", "督办"
    FOLLOW_UP = "follow_up", "回访"
    URGENT = "urgent", "重大紧急"
    OTHER = "other", "其他"


class Way(models.TextChoices):
    """By which way a message leaves the portal."""

    EMAIL = "email", "邮件"
    SMS = "sms", "短信"
    WECOM = "wecom", "企业微信群"
    DINGTALK = "dingtalk", "钉钉群"
    FEISHU = "feishu", "飞书群"
    WEBHOOK = "webhook", "接口推送"


#: The ways that reach one person.
PERSONAL_WAYS = (Way.EMAIL, Way.SMS)


class GroupKind(models.TextChoices):
    """What a group channel is."""

    WECOM = "wecom", "企业微信群机器人"
    DINGTALK = "dingtalk", "钉钉群机器人"
    FEISHU = "feishu", "飞书群机器人"
    WEBHOOK = "webhook", "接口推送（签名）"


class Pace(models.TextChoices):
    """When somebody wants to be told outside the portal."""

    AT_ONCE = "at_once", "立即"
    DIGEST = "digest", "每天汇总"


class DeliveryState(models.TextChoices):
    """How far a message has come."""

    WAITING = "waiting", "等待发送"
    SENDING = "sending", "正在发送"
    SENT = "sent", "已送达"
    FAILED = "failed", "未送达，将重试"
    GIVEN_UP = "given_up", "多次未送达，已停止"
