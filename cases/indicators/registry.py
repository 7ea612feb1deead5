"""All indicators, in the order of the page. Source: facts §5; golden figures of facts §9 as published by real centres."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cases.boards.levels import LEVELS
from cases.boards.levels import SAYS as SETTLED_SAYS
from cases.indicators import elsewhere, making
from cases.indicators.shapes import DAYS, NOW, Group, Indicator, Unit
from cases.statistics import durations
from cases.statistics.figures import FOLLOW_UP_RATES, RATES, SAMPLE

HALF_UP = "四舍五入到一位小数，分母为 0 显示“—”"

THREE_LEVELS = "；三级评价为（满意 + 基本满意）÷ 有效评价"


_VOLUME = (
    making.count("registered", Group.VOLUME),
    making.count("accepted", Group.VOLUME, golden="黄石市一个月：869 件，15 类，同比 −15.5 %，环比 +3.5 %"),
    making.share(
        "acceptance_rate",
        "受理率",
        Group.VOLUME,
        ("accepted", "registered"),
        "facts §5 受理率",
        golden="497 ÷ 553 = 89.9 %",
    ),
    making.count("closed", Group.VOLUME),
    making.count("ended", Group.VOLUME),
    making.count(
        "open", Group.VOLUME, "受理 − 办结 − 终结", "559 − 538 = 21 件（安源）；18407 − 18260 = 147 件（平鲁）"
    ),
    making.rate(
        RATES["closure_rate"],
        Group.VOLUME,
        "累计办结率",
        "18260 ÷ 18407 = 99.2 %（平鲁）；538 ÷ 559 = 96.2 %（安源）；1627 ÷ 1678 = 97.0 %（东至）",
    ),
    making.count("accepted_in", Group.VOLUME),
    making.count("closed_in", Group.VOLUME),
    making.now("open", "此刻在办"),
    making.now("due_soon", "即将超时", "2 件，不多于在办 21 件（安源）"),
    making.now("overdue", "超时（在办）"),
    making.count("today_registered", Group.VOLUME),
    making.count("today_accepted", Group.VOLUME, golden="12 件（安源）"),
    making.count("today_closed", Group.VOLUME),
)

_TIME = (
    making.rate(RATES["on_time_rate"], Group.TIME, "按期办结率（到期口径）"),
    making.share(
        "on_time_closed_rate",
        "按期办结率（办结口径）",
        Group.TIME,
        ("closed_on_time", "closed_judged"),
        "facts §5 按期办结率",
        "办结口径：期内办结的事项中按期办结的；看板用到期口径",
    ),
    making.count("closed_late", Group.TIME),
    making.share("sign_rate", "签收及时率", Group.TIME, ("signed_in_time", "sign_due"), "facts §5 签收及时率"),
    making.share(
        "dispatch_rate", "分流及时率", Group.TIME, ("dispatched_in_time", "dispatch_due"), "facts §5 分流及时率"
    ),
    *(
        Indicator(
            code,
            label,
            Group.TIME,
            Unit.HOURS,
            formula,
            "facts §5 平均办理时长",
            numerator="期内办结的事项从受理到办结的时间",
            days=DAYS["closed"],
            basis=durations.SAYS,
            compute=compute,
        )
        for code, label, formula, compute in (
            ("mean_hours", "平均办理时长", "Σ（办结时间 − 受理时间 − 暂停计时）÷ 办结件数", elsewhere.mean),
            ("median_hours", "办理时长中位数", "从短到长排在正中的那一件", elsewhere.median),
            ("p90_hours", "办理时长 P90", "从短到长排在九成处的那一件", elsewhere.p90),
        )
    ),
)

_RESOLVED = (
    making.rate(
        RATES["resolution_rate"],
        Group.RESOLVED,
        golden="8037 ÷ 8696 = 92.4 %（长治）；办结不等于化解，履行率另列",
    ),
    making.share(
        "performance_rate",
        "协议履行率",
        Group.RESOLVED,
        ("performed", "performance_due"),
        "facts §5 协议履行率",
        "按每期的履行期限；与化解率并列，不混在一起",
    ),
    making.share(
        "mediation_rate",
        "调解成功率",
        Group.RESOLVED,
        ("mediated_agreed", "mediated"),
        "facts §5 调解成功率",
        "按调解程序办理的纠纷，按调解结束的时间",
        "842 ÷ 869 = 96.9 %（黄石）；134 ÷ 138 = 97.1 %，149 ÷ 154 = 96.8 %（渝水）",
    ),
    making.share(
        "confirmation_rate", "司法确认率", Group.RESOLVED, ("agreed_confirmed", "agreed"), "facts §5 司法确认率"
    ),
    *(
        Indicator(
            f"settled_{code}",
            f"{LEVELS[code]}化解占比",
            Group.RESOLVED,
            Unit.PERCENT,
            f"{LEVELS[code]}化解 ÷ 各级化解的合计",
            "facts §5 基层化解占比",
            numerator=f"{LEVELS[code]}化解",
            denominator="各级化解的合计",
            days=DAYS["closed"],
            basis=SETTLED_SAYS,
            golden=golden,
            compute=partial(elsewhere.settled_at, code),
        )
        for code, golden in (("grid", ""), ("community", "东至：村 18.13 %"), ("street", "东至：镇 67.12 %"))
    ),
)

_ANSWERED = (
    making.rate(FOLLOW_UP_RATES["response_rate"], Group.ANSWERED),
    making.rate(FOLLOW_UP_RATES["solved_rate"], Group.ANSWERED),
    making.rate(FOLLOW_UP_RATES["content_rate"], Group.ANSWERED, "满意率（按办结时间）", also=THREE_LEVELS),
    making.rate(FOLLOW_UP_RATES["call_rate"], Group.ANSWERED),
    making.rate(FOLLOW_UP_RATES["turnout_rate"], Group.ANSWERED),
    making.rate(RATES["satisfaction_rate"], Group.ANSWERED, "满意率（按登记时间）", also=THREE_LEVELS),
)

_ROUTED = (
    making.share(
        "return_rate",
        "退回率",
        Group.ROUTED,
        ("sent_back", "dispatched"),
        "facts §5 退回率",
        "一件只退一次，按件计，不按次",
    ),
    making.share("right_first_rate", "一次派准率", Group.ROUTED, ("right_first", "dispatched"), "facts §5 一次派准率"),
    making.share(
        "supervision_rate", "督办率", Group.ROUTED, ("supervised", "accepted"), "facts §5 督办率", "催办不算督办"
    ),
    making.share(
        "supervised_closed_rate",
        "督办办结率",
        Group.ROUTED,
        ("supervised_closed", "supervised"),
        "facts §5 督办办结率",
        "催办不算督办",
    ),
    Indicator(
        "doubtful",
        "办结存疑",
        Group.ROUTED,
        Unit.CASES,
        "数：最近一次办结有疑点的事项：办结太快，没有佐证，成批办结，审核人经办过",
        "facts §5 反造假; 信访工作条例 §40",
        numerator="办结存疑：见督办工作台，逐件看，不给人打分",
        days=NOW,
        compute=elsewhere.doubtful,
    ),
    Indicator(
        "only_happy",
        "满意率 100 % 须核查的单位",
        Group.ROUTED,
        Unit.UNITS,
        "数：近 90 天评价全部满意、评价件数超过督办规则所定数量（默认 50 件）的主办单位",
        "facts §5 反造假",
        numerator="单位：不是表扬也不是结论，请抽查回访记录",
        days="近 90 天，按评价时间",
        compute=elsewhere.only_happy,
    ),
)

_COMING = (
    making.share(
        "repeat_rate",
        "重复率",
        Group.COMING,
        ("repeated", "accepted"),
        "facts §5 重复率",
        "同人同事，由人认定；多少不比高低",
    ),
    *(
        Indicator(
            code,
            label,
            Group.COMING,
            unit,
            formula,
            "facts §5 集体访占比 / 人次",
            numerator=numerator,
            denominator=denominator,
            days="来访时间在期内，按受理层级",
            basis="来访登记簿；多少不比高低，不作考核",
            golden=golden,
            compute=compute,
        )
        for code, label, unit, formula, numerator, denominator, golden, compute in (
            ("visits", "来访批次", Unit.VISITS, "数：来访登记的批次", "批次", "", "1742 批（东至）", elsewhere.visits),
            ("visitors", "来访人次", Unit.PEOPLE, "Σ 每批人数", "人次", "", "2840 人次（东至）", elsewhere.visitors),
            (
                "joint_share",
                "集体访占比",
                Unit.PERCENT,
                "五人以上的批次 ÷ 来访批次",
                "五人以上的批次",
                "来访批次",
                "",
                elsewhere.joint_visits,
            ),
        )
    ),
)

_HOT = (
    Indicator(
        "hot_matters",
        "热点",
        Group.HOT,
        Unit.PLACES,
        "数：同一网格（没有网格的按社区）、同一类别，七天内三件以上，还有两件以上在办",
        "facts §5 热点; 北京条例 §§24–26",
        numerator="同类同地：天数和件数按热点规则",
        days="此刻往前数七天",
        compute=elsewhere.hot_matters,
    ),
    Indicator(
        "concentration",
        "集中度",
        Group.HOT,
        Unit.PERCENT,
        f"件数最多的 {elsewhere.TOP} 组“类别 × 网格”的件数 ÷ 各组合计",
        "facts §5 热点",
        numerator=f"最多的 {elsewhere.TOP} 组",
        denominator="有类别、有网格的受理件",
        days=DAYS["registered"],
        compute=elsewhere.concentration,
    ),
)

_GROUND = (
    *(
        Indicator(
            code,
            label,
            Group.GROUND,
            Unit.PERCENT,
            f"{above} ÷ {of}",
            "facts §5 巡查完成率 / 覆盖率",
            numerator=above,
            denominator=of,
            days="任务日期在期内",
            basis="按网格和日子计，不计到人",
            compute=compute,
        )
        for code, label, above, of, compute in (
            ("patrol_rate", "巡查完成率", "已完成任务", "应完成任务", elsewhere.patrol_rate),
            ("point_rate", "点位覆盖率", "已巡点位", "应巡点位", elsewhere.point_rate),
        )
    ),
    making.share("self_settled_rate", "自办率", Group.GROUND, ("self_settled", "grid_matters"), "facts §5 自办率"),
    Indicator(
        "hazard_rate",
        "隐患整改率（销号率）",
        Group.GROUND,
        Unit.PERCENT,
        "已销号 ÷ 已发现",
        "facts §5 隐患整改率",
        numerator="已销号的隐患",
        denominator="发现的隐患：没有并入别件、没有不予受理的",
        days=DAYS["registered"],
        golden="管网 5/5、用户 41/41：46 ÷ 46 = 100.0 %（平鲁）",
        compute=elsewhere.hazards_closed,
    ),
    Indicator(
        "hazards_overdue",
        "逾期未改",
        Group.GROUND,
        Unit.PLACES,
        "数：没有销号、过了整改期限的隐患",
        "facts §5 隐患整改率",
        numerator="期限：办结时限、档案或清单上的整改期限，先到的为准",
        days=DAYS["registered"],
        compute=elsewhere.hazards_overdue,
    ),
    Indicator(
        "gas_households",
        "入户安检",
        Group.GROUND,
        Unit.HOUSEHOLDS,
        "Σ 登记的居民用户安检户数",
        "facts §5 入户安检覆盖",
        numerator="户数，按登记的来源",
        days="全部登记，与所选时间无关",
        basis="只报数量：总户数没有来源，不自造覆盖率",
        golden="14132 户（平鲁，分母未给）",
        compute=elsewhere.gas_households,
    ),
    Indicator(
        "care_rate",
        "探访率",
        Group.GROUND,
        Unit.PERCENT,
        "当月已探访 ÷ 应探访",
        "facts §5 探访率",
        numerator="本月探访过的计划",
        denominator="在册的探访计划",
        days="本月至今，与所选时间无关",
        basis="只按镇街合计，不出名单",
        compute=elsewhere.cared_for,
    ),
)

_COMPARED = (
    Indicator(
        "accepted_year_ago",
        "受理量同比",
        Group.COMPARED,
        Unit.PERCENT,
        "（本期 − 去年同期）÷ 去年同期",
        "facts §5 同比",
        numerator="本期受理",
        denominator="去年同期受理",
        days=DAYS["registered"],
        basis="基数为 0 显示“—”；百分率之差用“百分点”",
        golden="869 与 1028：−15.5 %（黄石；1028 由 −15.5 % 倒推）",
        compute=elsewhere.since_year_ago,
    ),
    Indicator(
        "accepted_before",
        "受理量环比",
        Group.COMPARED,
        Unit.PERCENT,
        "（本期 − 上期）÷ 上期",
        "facts §5 环比",
        numerator="本期受理",
        denominator="上期受理",
        days=DAYS["registered"],
        basis="上期为紧接本期之前、一样多的日子；基数为 0 显示“—”",
        golden="869 与 840：+3.5 %（黄石；840 由 +3.5 % 倒推）",
        compute=elsewhere.since_before,
    ),
    Indicator(
        "ranked_units",
        "参加排名的单位",
        Group.COMPARED,
        Unit.UNITS,
        f"数：期内应办结满 {SAMPLE} 件（剔除后）的主办单位",
        "facts §5 红黑榜",
        numerator="名次只比按期办结率（到期口径）和件数并列显示",
        days=DAYS["due"],
        basis="只比单位、只比结果，不比个人；相同的并列，后面的名次空出；因不可抗力等原因经同意剔除的件不计入本单位的名次和单位表上的两个比率，"
        "全区的各项指标照常计入",
        compute=elsewhere.ranked_units,
    ),
)

INDICATORS: Mapping[str, Indicator] = {
    one.code: one for one in (*_VOLUME, *_TIME, *_RESOLVED, *_ANSWERED, *_ROUTED, *_COMING, *_HOT, *_GROUND, *_COMPARED)
}


def in_groups() -> list[tuple[str, str, list[Indicator]]]:
    """Return `(code, words, indicators)` of every chapter, as the page and the document show them."""
    return [
        (group.value, str(group.label), [one for one in INDICATORS.values() if one.group == group]) for group in Group
    ]


def matching(words: str) -> set[str]:
    """Return the codes of the indicators in whose words every one of these occurs; all for none."""
    wanted = words.split()
    return {
        one.code
        for one in INDICATORS.values()
        if all(word in " ".join((one.label, one.formula, one.numerator, one.denominator, one.basis)) for word in wanted)
    }
