"""Code lists of the lines (facts §1.2, §1.5, §3.6)."""

from django.db import models


class CallResult(models.TextChoices):
    """What came of a call (facts §1.2, 12345: 答复、派单、转接)."""

    RINGING = "ringing", "通话中"
    ANSWERED = "answered", "当场答复"
    OPENED = "opened", "登记为事项"
    JOINED = "joined", "补充到已有事项"
    PASSED = "passed", "转 110、119、120"
    DROPPED = "dropped", "中断"
    MISSED = "missed", "未接"


class CallGuide(models.TextChoices):
    """Cards for a difficult call; a card belongs to the call and is never kept with a number."""

    SELF_HARM = "self_harm", "说要伤害自己"
    ABUSE = "abuse", "辱骂、威胁"
    DRUNK = "drunk", "醉酒、说不清楚"
    LONG = "long", "通话很长"


class CallBackWhy(models.TextChoices):
    """Why a call-back is owed."""

    MISSED = "missed", "未接来电"
    PROMISED = "promised", "答应回电"


class CallBackState(models.TextChoices):
    """Where a call-back stands."""

    OWED = "owed", "待回电"
    DONE = "done", "已回电"
    GIVEN_UP = "given_up", "不再回电"


class AttemptResult(models.TextChoices):
    """What one attempt to call back came to."""

    REACHED = "reached", "接通"
    NO_ANSWER = "no_answer", "无人接听"
    BUSY = "busy", "占线"
    WRONG = "wrong", "号码不对"


class TelephonyKind(models.TextChoices):
    """What a telephone system tells."""

    RINGING = "ringing", "来电"
    ANSWERED = "answered", "接起"
    HUNG_UP = "hung_up", "挂断"


class LineKind(models.TextChoices):
    """What sort of system is at the other end."""

    ORDER = "order", "12345 工单"
    COURT = "court", "诉调对接"
    POLICE = "police", "警调对接"
    PETITION = "petition", "访调对接"
    OTHER = "other", "其他系统"


class AdapterKind(models.TextChoices):
    """How the two systems speak."""

    HTTP = "http", "接口"
    FILE = "file", "文件夹交换"
    NONE = "none", "人工传递"


class Direction(models.TextChoices):
    """Who passed the matter to whom."""

    IN = "in", "转入"
    OUT = "out", "转出"


class MessageKind(models.TextChoices):
    """What a message tells the other side."""

    RECEIPT = "receipt", "接收回执"
    PROGRESS = "progress", "办理进展"
    RETURNED = "returned", "不予受理、退回"
    EXTENSION = "extension", "延期"
    RESULT = "result", "办理结果"
    SUPPLEMENT = "supplement", "补充说明"
    REFUSED = "refused", "材料未能接收"
    TRANSFER = "transfer", "移送"


class MessageState(models.TextChoices):
    """How far a message has come."""

    WAITING = "waiting", "待发送"
    SENDING = "sending", "正在发送"
    FAILED = "failed", "未送达，将重试"
    SENT = "sent", "已送达"
    REFUSED = "refused", "对方拒收"
    GIVEN_UP = "given_up", "多次未送达"


#: What is owed over a line without an interface (AdapterKind.NONE) waits for a person, not for a worker.
TO_TELL = "待告知"
#: Those that a worker still sends by itself.
OWED = (MessageState.WAITING, MessageState.SENDING, MessageState.FAILED)
#: Those that need a person: all that follow in the same link wait for them.
STUCK = (MessageState.REFUSED, MessageState.GIVEN_UP)


class AttributeType(models.TextChoices):
    """Data types of a question (Open311 GeoReport v2, service definition)."""

    STRING = "string", "一行文字"
    NUMBER = "number", "数字"
    DATETIME = "datetime", "日期时间"
    TEXT = "text", "多行文字"
    SINGLE = "singlevaluelist", "单选"
    MULTI = "multivaluelist", "多选"


class BatchSource(models.TextChoices):
    """How a batch of orders came."""

    FILE = "file", "表格"
    PULL = "pull", "接口收取"


class BatchState(models.TextChoices):
    """How far a batch of orders is."""

    DRAFT = "draft", "待确认"
    WAITING = "waiting", "排队中"
    RUNNING = "running", "正在导入"
    DONE = "done", "已导入"


class RowState(models.TextChoices):
    """Why a row of a batch is still kept."""

    WAITING = "waiting", "待导入"
    REFUSED = "refused", "待修正"
    DISMISSED = "dismissed", "已作废"


class ProvisionWay(models.TextChoices):
    """How personal data left the portal."""

    LINK = "link", "系统对接"
    EXPORT = "export", "导出文件"
    LETTER = "letter", "书面材料"
    ORAL = "oral", "电话、当面"
