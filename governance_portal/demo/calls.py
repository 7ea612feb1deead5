"""The operator's desk of the demonstration: twelve invented known answers and a day of calls, made through the doors, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import User
from accounts.queries import Actor, actor_for
from hotlines.desk import guidance, keeping, knowledge, outcomes, sitting
from hotlines.desk.telephony import Told, take
from hotlines.models import CallRecord, KnownAnswer

EXTENSION, SECOND = "8001", "8002"
#: Written so long ago; that of `days` below zero has run out since.
WRITTEN = timedelta(days=60)


@dataclass(frozen=True)
class Answer:
    """One invented answer: `days` from now until it runs out."""

    question: str
    also: str
    answer: str
    source: str
    unit: str
    categories: str = ""
    days: int = 240


ANSWERS = (
    Answer(
        "取暖费什么时候交、在哪里交",
        "供热费 暖气费",
        "每年 10 月底前到区供热站大厅交，也可以在公众号上交；11 月 1 日起按日加收滞纳金。",
        "平鲁区城市集中供热管理办法（演示）",
        "heating",
        "A0102",
    ),
    Answer(
        "暖气不热怎么办",
        "室温 不热 测温",
        "先打供热站值班电话登记，工作人员 24 小时内上门测温；低于 18℃ 的按规定处理，并可退费。",
        "平鲁区城市集中供热管理办法（演示）",
        "heating",
        "A0102",
    ),
    Answer(
        "停水了什么时候来",
        "没水 爆管",
        "计划停水提前一天公告；突然停水的，自来水站 24 小时值班，告诉他小区和楼号，由值班员查抢修时间。",
        "平鲁区供水服务承诺（演示）",
        "tap_water",
        "A0101",
    ),
    Answer(
        "残疾人两项补贴怎么申请",
        "生活补贴 护理补贴",
        "带身份证、残疾人证和银行卡，到户籍所在乡镇便民服务中心申请；网上申请的，15 个工作日内有结果。",
        "平鲁区残疾人两项补贴办事指南（演示）",
        "civil",
        "C0203",
    ),
    Answer(
        "低保怎么申请",
        "低保 救助",
        "向户籍所在乡镇提出，填申请书、授权核对收入财产，乡镇入户调查后公示，区民政局审批，一般 30 个工作日。",
        "平鲁区最低生活保障办事指南（演示）",
        "civil",
        "C0203",
    ),
    Answer(
        "公租房怎么申请",
        "廉租房 保障房",
        "城镇户口、人均住房不足 15 平方米、收入低于公布标准的家庭，到居住地乡镇便民服务中心申请，公示后轮候。",
        "平鲁区公共租赁住房管理办法（演示）",
        "housing",
        "C0301",
    ),
    Answer(
        "医保异地就医怎么备案",
        "异地备案 报销",
        "在国家医保服务平台上备案，或者打医保局电话办，当天生效；急诊抢救的视同已备案。",
        "平鲁区医疗保障经办指南（演示）",
        "insurance",
        "C0202",
    ),
    Answer(
        "养老保险每年什么时候认证",
        "资格认证 领养老金",
        "领养老金的每年认证一次，手机上刷脸即可；不会用手机的，带身份证到社区居委会代办。",
        "平鲁区社保经办指南（演示）",
        "labour",
        "C0201",
    ),
    Answer(
        "工地欠薪到哪里反映",
        "讨薪 工钱 农民工",
        "打人社局监察电话或者到窗口登记，带合同、考勤、工资条；没有书面合同的也受理。紧急的由中心当天联系。",
        "保障农民工工资支付条例第十条（演示摘要）",
        "labour",
        "",
    ),
    Answer(
        "邻居装修太吵几点可以施工",
        "噪声 扰民 装修",
        "法定节假日和每天 12:00 至 14:30、20:00 至次日 8:00 不得装修；先请物业制止，不听的打公安或城管。",
        "平鲁区物业管理办法（演示）",
        "urban",
        "",
    ),
    Answer(
        "丢了身份证怎么补办",
        "身份证 补领",
        "到任一派出所户籍窗口补领，交工本费 40 元，20 日内取证；急用的可以办临时身份证。",
        "公安平鲁分局办事指南（演示）",
        "police",
        "C0103",
        days=20,
    ),
    Answer(
        "一次性节日慰问金怎么领",
        "慰问金 节日",
        "今年中秋节的慰问金 9 月 30 日前到乡镇便民服务中心领，过期按放弃处理。",
        "平鲁区民政局通知（演示）",
        "civil",
        "",
        days=-3,
    ),
)


@dataclass(frozen=True)
class Rung:
    """One call of the day: minutes before now it began, what was said, what came of it (nothing: it was not answered)."""

    minutes: int
    number: str = ""
    said: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    known: str = ""
    card: str = ""
    extension: str = EXTENSION


DAY = (
    Rung(212, "13800350101", "问今年取暖费什么时候交。", {"outcome": "answered"}, "取暖费"),
    Rung(195, "13800350102", "家里停水两小时了，问什么时候来。", {"outcome": "answered"}, "停水"),
    Rung(171, "", "不愿意说名字，问邻居晚上十点还在装修怎么办。", {"outcome": "answered"}, "装修"),
    Rung(
        150,
        "13800350103",
        "说活着没意思，一个人在河边。已陪着说到民警到场。",
        {"outcome": "passed", "passed_to": "110"},
        card="self_harm",
    ),
    Rung(128, "13800350104", "残疾人证刚办下来，问两项补贴。", {"outcome": "answered"}, "两项补贴"),
    Rung(
        104,
        "13800350105",
        "反复骂上次来的维修工，说不清要办什么。",
        {"outcome": "answered", "reply": "已记下，请他平静后再来电或到窗口。"},
        card="abuse",
    ),
    Rung(83, "13800350106", "没有说话就挂了。", {"outcome": "dropped"}),
    Rung(
        61,
        "13800350107",
        "问公租房轮候到第几位，要查了再告诉他。",
        {"outcome": "dropped", "back-when": "next_morning", "back-about": "把公租房轮候的位次告诉他"},
    ),
    Rung(47, "13800350108"),
    Rung(39, "13800350108"),
    Rung(22, "13800350109", extension=SECOND),
    Rung(9, "13800350110", "村口路灯坏了三盏。", {}),
)


def make(now: datetime) -> int:
    """Make what is missing; answers how many known answers and calls were made, 0 when they are there already."""
    if KnownAnswer.objects.exists() or CallRecord.objects.filter(foreign_id__startswith="demo-").exists():
        return 0
    keeper, operator = _actor("dispatcher", now), _actor("operator", now)
    for row in ANSWERS:
        given = {name: getattr(row, name) for name in ("question", "also", "answer", "source", "unit", "categories")}
        until = (knowledge.today_of(now) + timedelta(days=row.days)).isoformat()
        keeping.write(keeper, {**given, "valid_until": until}, now=now - WRITTEN)
    sitting.sit_at(operator, EXTENSION, now)
    for place, rung in enumerate(DAY):
        _ring(f"demo-{place}", rung, operator, now - timedelta(minutes=rung.minutes))
    return len(ANSWERS) + len(DAY)


def _ring(name: str, rung: Rung, operator: Actor, at: datetime) -> None:
    def tell(kind: str, seconds: int) -> CallRecord:
        moment = at + timedelta(seconds=seconds)
        return take(f"{name}-{kind}", Told(kind, moment, name, rung.extension, rung.number), moment)[0]

    call = tell("ringing", 0)
    if not rung.said:
        tell("hung_up", 40)
        return
    tell("answered", 8)
    call = tell("hung_up", 260)
    if rung.card:
        guidance.use(call, rung.card)
    if not rung.typed:
        return
    settled = at + timedelta(seconds=280)
    found = knowledge.find(rung.known, settled) if rung.known else []
    chosen = {"answered_from": str(found[0].answer.pk)} if found else {}
    outcomes.settle(call, {"description": rung.said, **rung.typed, **chosen}, actor=operator, now=settled)


def _actor(username: str, now: datetime) -> Actor:
    return actor_for(User.objects.get(username=username), now)
