"""Code lists of the matter and its workflow.

Source: design/workflow.md "Codes" and "Stages and statuses"; facts §1.7 (grounds for declining), §3 (code lists).
Codes travel in the API and in the event log and never change; labels are what people read.
"""

from django.db import models


class Kind(models.TextChoices):
    """What sort of matter it is (事项大类, facts §3.3)."""

    APPEAL = "appeal", "民生诉求"
    CONSULTATION = "consultation", "政策咨询"
    DISPUTE = "dispute", "矛盾纠纷"
    HAZARD = "hazard", "安全隐患"
    SUGGESTION = "suggestion", "意见建议"


class Procedure(models.TextChoices):
    """Which statutory clocks run."""

    ORDINARY = "ordinary", "一般"
    PETITION = "petition", "信访"
    MEDIATION = "mediation", "调解"
    REVIEW = "review", "信访复查"
    RECHECK = "recheck", "信访复核"


#: 复查 and 复核: a new case about the answer to an older one (信访工作条例 §§35, 36).
REVIEWS = (Procedure.REVIEW, Procedure.RECHECK)


class Level(models.TextChoices):
    """How grave the matter is; a human sets it, with reasons (facts §3.5)."""

    GENERAL = "general", "一般（蓝）"
    MAJOR = "major", "较大（黄）"
    SERIOUS = "serious", "重大（橙）"
    URGENT = "urgent", "紧急（红）"


class Channel(models.TextChoices):
    """By which line the matter came in; each has its digit in the number."""

    WINDOW = "window", "窗口来访"
    GRID = "grid", "网格上报"
    WEB = "web", "网上提交"
    HOTLINE = "hotline", "12345 热线"
    POLICE = "police", "110 移交"
    COURT = "court", "法院委派"
    PETITION = "petition", "信访转送"
    DEPARTMENT = "department", "部门移交"
    LEADER = "leader", "领导交办"
    OTHER = "other", "其他渠道"


CHANNEL_DIGITS = {
    Channel.WINDOW: "1",
    Channel.GRID: "2",
    Channel.WEB: "3",
    Channel.HOTLINE: "4",
    Channel.POLICE: "5",
    Channel.COURT: "6",
    Channel.PETITION: "7",
    Channel.DEPARTMENT: "8",
    Channel.LEADER: "9",
    Channel.OTHER: "0",
}


class Nature(models.TextChoices):
    """Nature of a complaint against a unit (rule 4 of the workflow; facts §7.1)."""

    SERVICE = "service", "服务投诉"
    CONDUCT = "conduct", "作风投诉"
    REPORT = "report", "检举控告"


class Status(models.TextChoices):
    """Where the case stands in the procedure (办理状态)."""

    REGISTERED = "registered", "待受理"
    INCOMPLETE = "incomplete", "待补正"
    DECLINED = "declined", "不予受理"
    ACCEPTED = "accepted", "待分流"
    CONSULTING = "consulting", "会商中"
    DISPATCHED = "dispatched", "待签收"
    RETURNED = "returned", "退回待改派"
    HANDLING = "handling", "办理中"
    SUSPENDED = "suspended", "暂停计时"
    SUPERVISION = "supervision", "待审核"
    FOLLOW_UP = "follow_up", "待回访"
    CLOSED = "closed", "已办结"
    ARCHIVED = "archived", "已归档"
    MERGED = "merged", "已并案"


class Stage(models.TextChoices):
    """The five words everybody knows, and the end."""

    INTAKE = "intake", "受理"
    ROUTING = "routing", "分流"
    HANDLING = "handling", "化解"
    SUPERVISION = "supervision", "督办"
    FOLLOW_UP = "follow_up", "回访"
    DONE = "done", "办结"


STAGE_OF = {
    Status.REGISTERED: Stage.INTAKE,
    Status.INCOMPLETE: Stage.INTAKE,
    Status.DECLINED: Stage.INTAKE,
    Status.ACCEPTED: Stage.ROUTING,
    Status.CONSULTING: Stage.ROUTING,
    Status.DISPATCHED: Stage.ROUTING,
    Status.RETURNED: Stage.ROUTING,
    Status.HANDLING: Stage.HANDLING,
    Status.SUSPENDED: Stage.HANDLING,
    Status.SUPERVISION: Stage.SUPERVISION,
    Status.FOLLOW_UP: Stage.FOLLOW_UP,
    Status.CLOSED: Stage.DONE,
    Status.ARCHIVED: Stage.DONE,
    Status.MERGED: Stage.DONE,
}

ENDED = frozenset({Status.DECLINED, Status.CLOSED, Status.ARCHIVED, Status.MERGED})
OPEN = tuple(status for status in Status if status not in ENDED)


class Outcome(models.TextChoices):
    """What came of it in substance (化解结果); never the same thing as the status (facts §1.3)."""

    FULFILLED = "fulfilled", "化解成功（已履行）"
    AGREED = "agreed", "达成协议待履行"
    PARTLY = "partly", "部分化解"
    ANSWERED = "answered", "已答复（解释、依法不予支持）"
    GUIDED = "guided", "未化解（已引导诉讼、仲裁、行政程序）"
    TRANSFERRED = "transferred", "已移送"
    WITHDRAWN = "withdrawn", "申请人撤回"
    TERMINATED = "terminated", "终止"
    MERGED = "merged", "已并案"


#: What a handler may report; the others are written by their own moves.
HANDLED_OUTCOMES = (Outcome.FULFILLED, Outcome.AGREED, Outcome.PARTLY, Outcome.ANSWERED, Outcome.GUIDED)


class Counted(models.TextChoices):
    """Where an accepted case is in the statistics: exactly one of these (facts §5; cases.tally)."""

    OPEN = "open", "在办"
    CLOSED = "closed", "办结"
    ENDED = "ended", "终结"


class Mode(models.TextChoices):
    """How a case is passed to a unit (facts §1.5)."""

    FORWARD = "forward", "转送"
    ASSIGN = "assign", "交办"


class Clock(models.TextChoices):
    """Every running limit (workflow.md "Clocks")."""

    ACCEPT_BY = "accept_by", "受理时限"
    DISPATCH_BY = "dispatch_by", "分流时限"
    SIGN_BY = "sign_by", "签收时限"
    CONTACT_BY = "contact_by", "首次联系时限"
    RESOLVE_BY = "resolve_by", "办结时限"
    REVIEW_BY = "review_by", "审核时限"
    FOLLOW_UP_BY = "follow_up_by", "回访时限"
    ORDER_BY = "order_by", "督办回复时限"
    CONFIRMATION_BY = "confirmation_by", "司法确认时限"
    PERFORMANCE_BY = "performance_by", "履行时限"


#: Clocks of an agreement, which run on when the procedure is over.
AGREEMENT_CLOCKS = (Clock.CONFIRMATION_BY, Clock.PERFORMANCE_BY)


class Rung(models.TextChoices):
    """How far the ladder of reminders has been climbed: who is told at each is in services/reminding.py."""

    BEFORE = "before", "即将到期"
    BEFORE2 = "before2", "5 天内到期"
    BEFORE3 = "before3", "2 天内到期"
    DUE = "due", "超时"
    LATE1 = "late1", "超时满 1 个工作日"
    LATE2 = "late2", "超时满 3 个工作日"


class Confirmation(models.TextChoices):
    """How far 司法确认 of an agreement is (人民调解法 §33; 民事诉讼法 §205)."""

    APPLIED = "applied", "双方已共同申请"
    CONFIRMED = "confirmed", "法院已确认"
    WAIVED = "waived", "双方不申请"


class Window(models.TextChoices):
    """Windows that a policy sets but that nobody is chased for."""

    RETURN = "return_window", "退回期限"
    REOPEN = "reopen_window", "恢复办理期限"
    REVIEW = "review_window", "复审期限"


class DeclineReason(models.TextChoices):
    """Grounds for not accepting (facts §1.7, N1–N13)."""

    STATUTORY_ROUTE = "N1", "应当通过诉讼、仲裁、复议、纪检监察、信息公开等法定途径"
    IN_PROCEDURE = "N2", "已进入信访、诉讼、仲裁或复议程序"
    SECRET = "N3", "涉及国家秘密、商业秘密、个人隐私或违反公序良俗"
    SETTLED = "N4", "已依法处理并有结论，同一事实和理由"
    SAME_MATTER = "N5", "已受理或正在办理的同一事项"
    FINAL = "N6", "复核终结后的同一事实和理由"
    NOT_COMPETENT = "N7", "不属于本中心职权，已告知有权机关"
    EMERGENCY = "N8", "紧急事项，已转 110、119、120、122"
    JUDICIAL = "N9", "涉法涉诉，引导至政法部门"
    DISCIPLINE = "N10", "检举控告，按权限转纪检监察"
    REFUSED_MEDIATION = "N11", "一方明确拒绝调解"
    NOT_CONFIRMABLE = "N12", "身份关系，不得司法确认"
    UNCLEAR = "N13", "要素不清、失联或匿名无法核实"


class ReturnReason(models.TextChoices):
    """Why a unit hands a case back (facts §1.6)."""

    NOT_OURS = "not_ours", "非本单位职责"
    WRONG_PLACE = "wrong_place", "地址或属地错误"
    UNCLEAR = "unclear", "要素不清"
    IN_PROCEDURE = "in_procedure", "已在诉讼、复议、信访程序"
    DUPLICATE = "duplicate", "重复件"
    OTHER = "other", "其他"


class SuspendReason(models.TextChoices):
    """Time that the law does not count (facts §2.1)."""

    HEARING = "hearing", "听证"
    APPRAISAL = "appraisal", "鉴定、评估、检测"
    CONFIRMATION = "confirmation", "等待司法确认"
    OTHER_PROCEDURE = "other_procedure", "等待另一程序的结论"
    FORCE_MAJEURE = "force_majeure", "不可抗力"


class TerminateReason(models.TextChoices):
    """Why handling or mediation ends without a result (人民调解法 §26; 特邀调解规定 §26)."""

    REFUSED = "refused", "一方拒绝或退出调解"
    DEADLOCK = "deadlock", "分歧过大，无法达成一致"
    UNREACHABLE = "unreachable", "期限内无法联系当事人"
    FALSE_CLAIM = "false_claim", "虚假或恶意"
    EXPIRED = "expired", "调解期限届满，未同意延长"
    OTHER = "other", "其他"


class Receiver(models.TextChoices):
    """To whom a matter is passed out of the centre (移送)."""

    POLICE = "110", "110（公安）"
    FIRE = "119", "119（消防）"
    MEDICAL = "120", "120（急救）"
    DISCIPLINE = "discipline", "纪检监察机关"
    JUDICIAL = "judicial", "政法机关"
    PETITION = "petition", "信访部门"


class UncalledGround(models.TextChoices):
    """Grounds for closing without a follow-up call."""

    NO_REPORTER = "no_reporter", "无诉求人"
    ANONYMOUS = "anonymous", "匿名"
    RATED_ON_SPOT = "rated_on_spot", "当场已评价"
    NOT_SAMPLED = "not_sampled", "抽访未抽中"
    NOT_RATED = "not_rated", "逾期未评（咨询、建议）"


class ContactWay(models.TextChoices):
    """How a party was contacted."""

    PHONE = "phone", "电话"
    VISIT = "visit", "上门"
    MEETING = "meeting", "当面"
    MESSAGE = "message", "短信或消息"
    LETTER = "letter", "信函"


class OrderKind(models.TextChoices):
    """The ladder of supervision orders (facts §1.10)."""

    URGE = "urge", "催办"
    LETTER = "letter", "督办函"
    TALK = "talk", "约谈"
    CIRCULAR = "circular", "通报"
    LISTED = "listed", "挂牌督办"


class DraftCause(models.TextChoices):
    """Why the clock drafts a 督办函 (facts §1.10: 超期 ≥ 1 工作日或不满意)."""

    LATE = "late", "办理超期"
    UNHAPPY = "unhappy", "评价不满意"


class ProposalKind(models.TextChoices):
    """What the centre proposes against a unit: decided elsewhere (信访工作条例 §§39–40; D11, D12)."""

    TALK = "talk", "约谈"
    CIRCULAR = "circular", "通报"
    LISTED = "listed", "挂牌督办"
    IMPROVE = "improve", "改进工作建议"
    POLICY = "policy", "完善政策建议"
    ACCOUNTABILITY = "accountability", "追究责任建议"


class RequestKind(models.TextChoices):
    """What a handler may ask a lead to decide."""

    EXTENSION = "extension", "延期"
    SUSPENSION = "suspension", "暂停计时"
    SIGN_OFF = "sign_off", "签发办结"
    DECLINE = "decline", "不予受理"


class HigherBody(models.TextChoices):
    """Who decides what a 会商 could not (信访工作条例 §24; facts §1.10)."""

    JOINT_MEETING = "joint_meeting", "信访工作联席会议"
    COMMITTEE = "committee", "区委政法委"
    GOVERNMENT = "government", "区政府常务会议"


class RedoRequestState(models.TextChoices):
    """How far the request for a second redo is; "" when there is none (facts §1.11)."""

    ASKED = "asked", "待批复"
    REFUSED = "refused", "不同意，待会签"


class PartySide(models.TextChoices):
    """On whose side a person stands in a case."""

    REPORTER = "reporter", "来访人"
    OTHER = "other", "对方"


class PartyRole(models.TextChoices):
    """In which capacity a person came."""

    PERSON = "person", "本人"
    REPRESENTATIVE = "representative", "推选代表"
    PRINCIPAL = "principal", "委托人"
    AGENT = "agent", "代办人"
    ORGANISATION = "organisation", "单位"


class CategoryTree(models.TextChoices):
    """Which published list a category belongs to (facts §3.1, §3.3, §3.4)."""

    DISPUTE = "dispute", "矛盾纠纷类型"
    DISPUTE_31000 = "dispute_31000", "GB/T 31000 事件分类"
    APPEAL = "appeal", "民生诉求"
    HAZARD = "hazard", "安全隐患"
    GRID_EVENT = "grid_event", "网格事件"
    CONSULTATION = "consultation", "政策咨询"
    SUGGESTION = "suggestion", "意见建议"


class Relation(models.TextChoices):
    """What a human said of an earlier matter of the same people (重信重访 = 同人 + 同事; facts §1.8)."""

    DUPLICATE = "duplicate", "关联为重复"
    NEW_FACTS = "new_facts", "新情况新理由"
    SAME_GROUP = "same_group", "同一群体"


class VisitPurpose(models.TextChoices):
    """Why somebody stood at the window; only the first makes a new matter."""

    MATTER = "matter", "反映事项"
    PROGRESS = "progress", "询问进度"
    MATERIAL = "material", "补交材料"
    GUIDANCE = "guidance", "问路、找人"


class Presence(models.TextChoices):
    """How a unit is present in the hall (facts §1.1: 常驻、轮驻、随驻)."""

    RESIDENT = "resident", "常驻"
    ROTATING = "rotating", "轮驻"
    ON_CALL = "on_call", "随驻"


class Weekday(models.IntegerChoices):
    """Days of the week as `date.weekday()` counts them."""

    MONDAY = 0, "周一"
    TUESDAY = 1, "周二"
    WEDNESDAY = 2, "周三"
    THURSDAY = 3, "周四"
    FRIDAY = 4, "周五"
    SATURDAY = 5, "周六"
    SUNDAY = 6, "周日"


#: From so many visitors on a visit is 集体访 (facts §1.8, practice).
JOINT_VISIT_FROM = 5


class Density(models.TextChoices):
    """How close the rows of a list lie."""

    COMPACT = "compact", "紧凑"
    COMFORT = "comfort", "舒适"


class SheetFormat(models.TextChoices):
    """As what a list is exported."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"


class ExportState(models.TextChoices):
    """How far an export is."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "正在写"
    DONE = "done", "已写好"
    FAILED = "failed", "没有写成"


class BookedBy(models.TextChoices):
    """How a place at a leader's reception day was taken."""

    WINDOW = "window", "窗口代约"
    WEB = "web", "网上预约"
    ON_SITE = "on_site", "当日到场"


class WhistleKind(models.TextChoices):
    """What a street calls departments for (北京 吹哨三种情形; facts §1.10)."""

    VOICES = "voices", "群众反映突出"
    ENFORCEMENT = "enforcement", "综合执法"
    EMERGENCY = "emergency", "应急处置"


class WhistleScale(models.TextChoices):
    """How much there is to do: it decides the response time (facts §1.10)."""

    SIMPLE = "simple", "简单"
    COMPLEX = "complex", "复杂"


class WhistleStage(models.TextChoices):
    """Where one department's answer to a whistle stands."""

    CALLED = "called", "已吹哨"
    ARRIVED = "arrived", "已报到"
    HANDLING = "handling", "处置中"
    FINISHED = "finished", "已办结"
    RATED = "rated", "已双评"
    RECALLED = "recalled", "已撤回"


class RepeatState(models.TextChoices):
    """What became of a likely repeat: a person decides (facts §1.8)."""

    OPEN = "open", "待确认"
    MERGED = "merged", "已并案"
    LINKED = "linked", "已关联"
    DISMISSED = "dismissed", "不是同一事项"
