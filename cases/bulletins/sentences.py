"""The paragraphs of a bulletin, read off its figures. Pure: figures in, words out.

What is more or less is said so that it holds for zero, for equal numbers and for a first period: 基数 0 → no percentage
(facts §5), nothing registered before → nothing is compared; rates differ by 百分点.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cases.bulletins.choices import Section
from cases.statistics.cells import time_words
from cases.statistics.figures import percent
from cases.statistics.wording import NOTHING, number
from governance_portal.lib.working_days import SHANGHAI

Figures = Mapping[str, Any]
Triple = Sequence[int | None]
#: So many are named in a sentence; the table has all.
NAMED = 3


@dataclass
class Said:
    """A paragraph, and the figures in it by the name that people know them by."""

    words: str = ""
    linked: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: int | str) -> str:
        """Write a figure down under its name and return its words."""
        words = number(value) if isinstance(value, int) else value
        self.linked[name] = words
        return words


# --- how numbers are said ----------------------------------------------------------------------------------------


def rate_words(numerator: int | None, denominator: int | None) -> str:
    """96.9%; — where there is nothing to divide by."""
    found = None if numerator is None or not denominator else percent(numerator, denominator)
    return NOTHING if found is None else f"{found}%"


def change_words(now: int, before: int | None) -> str:
    """The cell of a change: +3.5%, −15.5%, 0.0%; — without a base."""
    if not before:
        return NOTHING
    share = percent(abs(now - before), before)
    return f"{'+' if now > before else '−' if now < before else ''}{share}%"


def lasting_words(seconds: int) -> str:
    """How long something took, in the words of the board: 3.5天, 9.6小时, 40分钟."""
    return time_words(timedelta(seconds=seconds)).replace(" ", "")


def points_words(now: Decimal | None, before: Decimal | None) -> str:
    """The cell of a rate's change: +1.2个百分点; — without one of the two."""
    if now is None or before is None:
        return NOTHING
    return f"{'+' if now > before else '−' if now < before else ''}{abs(now - before)}个百分点"


def against(now: int, before: int | None, word: str, base: str) -> str:
    """One comparison of a count: 环比上升3.5%; "" where there was nothing to compare with.

    word: 环比 or 同比; base: what a base of zero is called (上月、去年同期).
    """
    if before is None:
        return ""
    if now == before:
        return f"{word}持平"
    more, many = now > before, number(abs(now - before))
    if not before:
        return f"{base}为0件，{word}增加{many}件"
    return f"{word}{'上升' if more else '下降'}{percent(abs(now - before), before)}%"


def compared(three: Triple, figures: Figures) -> str:
    """Both comparisons of a count; what a first period says instead."""
    now, before, year = three[0] or 0, three[1], three[2]
    told = [against(now, before, "环比", figures["period"]["before"])]
    if figures["period"]["kind"] != "year":  # of a year both are the year before
        told.append(against(now, year, "同比", "去年同期"))
    return "，".join(one for one in told if one)


def rate_against(pairs: tuple[Triple, Triple], figures: Figures) -> str:
    """How a rate moved, in 百分点: 环比提高1.2个百分点; "" without one to compare with."""
    values = [
        percent(above, below) if above is not None and below else None for above, below in zip(*pairs, strict=True)
    ]
    words = []
    shown = (
        (("环比", values[1]),) if figures["period"]["kind"] == "year" else (("环比", values[1]), ("同比", values[2]))
    )
    for word, before in shown:
        if values[0] is None or before is None:
            continue
        moved = values[0] - before
        words.append(f"{word}{'提高' if moved > 0 else '降低'}{abs(moved)}个百分点" if moved else f"{word}持平")
    return "，".join(words)


def _in_brackets(words: str) -> str:
    return f"（{words}）" if words else ""


def _after_comma(words: str) -> str:
    return f"，{words}" if words else ""


def _named(said: Said, rows: Sequence[Mapping[str, Any]], whole: int, what: str) -> str:
    """「婚姻家庭278件（占32.0%）、邻里160件（占18.4%）」, the largest first."""
    told = []
    for row in rows[:NAMED]:
        many = row["accepted_in"][0] or 0
        if many:
            share = said.put(f"{row['name']}占比", rate_words(many, whole))
            told.append(f"{row['name']}{said.put(row['name'] + what, many)}件（占{share}）")
    return "、".join(told)


# --- the paragraphs ----------------------------------------------------------------------------------------------


def _overview(figures: Figures) -> Said:
    said, totals, period = Said(), figures["totals"], figures["period"]
    begins = f"{period['label']}，{figures['area']['name']}"
    registered, accepted, closed = (totals[name] for name in ("registered", "accepted_in", "closed_in"))
    parts = []
    if registered[0]:
        parts.append(
            f"{begins}共登记各类事项{said.put('登记', registered[0])}件{_after_comma(compared(registered, figures))}"
        )
    else:
        parts.append(f"{begins}没有登记事项{_after_comma(compared(registered, figures))}")
    for name, three in (("受理", accepted), ("办结", closed)):
        parts.append(f"{name}{said.put(name, three[0] or 0)}件{_in_brackets(compared(three, figures))}")
    if not any(figures["there"][1:]):
        parts.append(f"本期为首期数据，没有{period['before']}和去年同期可比")
    text = "；".join(parts) + "。"
    if totals["visits"][0]:
        joint = totals["joint"][0]
        told = f"其中5人以上集体访{said.put('集体访', joint)}批" if joint else "没有5人以上集体访"
        text += f"窗口接待来访{said.put('来访批次', totals['visits'][0])}批{said.put('来访人次', totals['visitors'][0])}人次，{told}。"
    at = moment_words(figures["as_of"])
    late = f"其中超时{said.put('超时', totals['overdue'])}件" if totals["overdue"] else "没有超时的"
    text += (
        f"截至{at}，在办{said.put('在办', totals['open'])}件，{late}。"
        if totals["open"]
        else f"截至{at}，没有在办事项。"
    )
    said.words = text
    return said


def _fields(figures: Figures) -> Said:
    said, whole = Said(), figures["totals"]["accepted_in"][0] or 0
    if not whole:
        return Said(f"{figures['period']['this']}没有受理事项，各来源、各类别均为0件。")
    channels = sorted(figures["channels"], key=lambda row: -(row["accepted_in"][0] or 0))
    text = f"受理的{said.put('受理', whole)}件中，按来源，居前的是{_named(said, channels, whole, '受理')}；"
    text += f"按类别，居前的是{_named(said, figures['categories'], whole, '受理')}。"
    if figures["there"][1]:
        grown = max(figures["categories"], key=lambda row: (row["accepted_in"][0] or 0) - (row["accepted_in"][1] or 0))
        more = (grown["accepted_in"][0] or 0) - (grown["accepted_in"][1] or 0)
        if more > 0:
            text += f"比{figures['period']['before']}增加最多的是{grown['name']}，多{said.put(grown['name'] + '增加', more)}件。"
    said.words = text
    return said


def _complained(figures: Figures) -> Said:
    told = figures["complained"]
    if not told["all"]:
        return Said(f"{figures['period']['this']}没有受理对单位服务、作风的投诉。")
    said = Said()
    text = (
        f"受理对单位服务、作风的投诉{said.put('投诉', told['all'])}件，已办结答复{said.put('投诉答复', told['answered'])}件，"
        f"答复率{said.put('答复率', rate_words(told['answered'], told['all']))}。"
    )
    if told["units"]:
        named = "、".join(
            f"{row['name']}{said.put(row['name'] + '被投诉', row['complaints'])}件" for row in told["units"][:NAMED]
        )
        text += f"被投诉3件以上的单位有{said.put('被投诉较多的单位', len(told['units']))}个，较多的是{named}。"
    else:
        text += "没有被投诉3件以上的单位。"
    said.words = text
    return said


def _handling(figures: Figures) -> Said:
    said, told = Said(), figures["handling"]
    forwarded, assigned, passed = (told[name][0] or 0 for name in ("forwarded", "assigned", "transferred"))
    text = ""
    if forwarded or assigned:
        text = (
            f"受理的事项中，转送{said.put('转送', forwarded)}件（{compared(told['forwarded'], figures) or '首期'}），"
            f"已办结{said.put('转送办结', told['forwarded_closed'][0] or 0)}件；"
            f"交办{said.put('交办', assigned)}件（{compared(told['assigned'], figures) or '首期'}），"
            f"已办结{said.put('交办办结', told['assigned_closed'][0] or 0)}件"
        )
        text += f"；移送有权机关{said.put('移送', passed)}件。" if passed else "。"
    else:
        text = f"{figures['period']['this']}受理的事项没有转送、交办的。"
    issued = sum(row["issued"] for row in told["orders"])
    if not issued:
        said.words = text + "没有发出督办。"
        return said
    kinds = "、".join(f"{row['name']}{said.put(row['name'], row['issued'])}件" for row in told["orders"])
    responded, lifted = (sum(row[name] for row in told["orders"]) for name in ("responded", "lifted"))
    said.words = text + (
        f"发出督办{said.put('督办', issued)}件（{kinds}），已书面回复{said.put('督办回复', responded)}件，"
        f"已解除{said.put('督办解除', lifted)}件。"
    )
    return said


def _mediation(figures: Figures) -> Said:
    said, told, period = Said(), figures["mediation"], figures["period"]
    accepted, ended, settled = (told[name][0] or 0 for name in ("accepted", "ended", "settled"))
    moved = _after_comma(compared(told["accepted"], figures))
    if not accepted and not ended:
        return Said(f"{period['this']}没有受理、也没有调解终结的矛盾纠纷{moved}。")
    if accepted:
        text = f"受理调解的矛盾纠纷{said.put('受理纠纷', accepted)}件{moved}；"
    else:
        text = f"{period['this']}没有受理调解的矛盾纠纷{moved}；"
    if ended:
        text += (
            f"调解终结{said.put('调解终结', ended)}件，调解成功{said.put('调解成功', settled)}件，"
            f"成功率{said.put('调解成功率', rate_words(settled, ended))}"
            f"{_after_comma(rate_against((told['settled'], told['ended']), figures))}。"
        )
    else:
        text += "还没有调解终结的。"
    if accepted:
        ways = "，".join(
            f"{name}{said.put(name, many)}件（占{said.put(name + '占比', rate_words(many, accepted))}）"
            for name, many in told["sources"].items()
        )
        text += f"其中{ways}。"
        most = sorted(told["types"], key=lambda row: -row["accepted"])[:NAMED]
        named = "、".join(
            f"{row['type']}纠纷{said.put(row['type'] + '纠纷', row['accepted'])}件" for row in most if row["accepted"]
        )
        text += f"受理较多的是{named}。涉及{said.put('涉及人数', told['people'][0] or 0)}人。"
    if told["agreed"]:
        text += f"达成协议待履行{said.put('待履行', told['agreed'])}件，双方申请司法确认{said.put('申请司法确认', told['applied'])}件。"
    said.words = text
    return said


def _quality(figures: Figures) -> Said:
    said, told, period = Said(), figures["quality"], figures["period"]
    parts = []
    for name, above, below, means in (
        ("办结率", "closed", "accepted", "期内登记并受理的{below}件中，到制表时办结{above}件"),
        ("按期办结率", "on_time", "due_closed", "期限在期内的{below}件中，按期办结{above}件"),
        ("满意率", "satisfied_closed", "rated_closed", "有效评价{below}件，基本满意以上{above}件"),
        ("解决率", "solved", "asked_solved", "有效回访{below}件，答已解决{above}件"),
    ):
        many, whole = told[above][0] or 0, told[below][0] or 0
        if not whole:
            continue
        words = means.format(below=said.put(f"{name}分母", whole), above=said.put(f"{name}分子", many))
        moved = _after_comma(rate_against((told[above], told[below]), figures))
        parts.append(f"{name}{said.put(name, rate_words(many, whole))}（{words}）{moved}")
    text = "；".join(parts) + "。" if parts else f"{period['this']}没有可以计算办结率、满意率的事项。"
    days = told["days"][0]
    if days["many"]:
        text += (
            f"办结的{said.put('计时长的', days['many'])}件从受理到办结（暂停计时的不算），"
            f"平均{said.put('平均时长', lasting_words(days['mean']))}，"
            f"中位数{said.put('中位时长', lasting_words(days['median']))}，"
            f"九成在{said.put('九成时长', lasting_words(days['p90']))}以内。"
        )
    said.words = text
    return said


def _hot(figures: Figures) -> Said:
    rows = figures["hot"]
    if not rows:
        return Said(f"{figures['period']['this']}没有同一社区同一类别3件以上的事项。")
    said = Said()
    named = "、".join(f"{row['place']}的{row['category']}（{row['count'][0]}件）" for row in rows[:NAMED])
    for row in rows[:NAMED]:
        said.put(f"{row['place']}{row['category']}", row["count"][0])
    said.words = f"同一社区同一类别3件以上的列表如下，居前的是{named}。建议主管单位到现场查明原因，一并解决。"
    return said


def _hazards(figures: Figures) -> Said:
    said, told, period = Said(), figures["hazards"], figures["period"]
    found, closed, late = (sum(row[name] for row in told["classes"]) for name in ("found", "closed", "overdue"))
    if found:
        text = (
            f"新发现安全隐患{said.put('发现隐患', found)}件，到制表时已销号{said.put('销号', closed)}件，"
            f"整改率{said.put('整改率', rate_words(closed, found))}"
        )
        text += f"；超期未改{said.put('超期未改', late)}件。" if late else "，没有超期未改的。"
    else:
        text = f"{period['this']}没有新发现的安全隐患。"
    patrols = told["patrols"]
    if patrols["due"]:
        text += (
            f"应完成排查任务{said.put('应完成排查', patrols['due'])}次，完成{said.put('完成排查', patrols['done'])}次，"
            f"完成率{said.put('排查完成率', rate_words(patrols['done'], patrols['due']))}。"
        )
    said.words = text
    return said


def _advice(figures: Figures) -> Said:
    rows = figures["handling"]["proposals"]
    made, adopted = sum(row["made"] for row in rows), sum(row["adopted"] for row in rows)
    if not made:
        return Said(f"{figures['period']['this']}没有提出改进工作、完善政策、追究责任的建议。")
    said = Said()
    kinds = "、".join(f"{row['name']}{said.put(row['name'], row['made'])}件" for row in rows)
    said.words = f"提出建议{said.put('建议', made)}件（{kinds}），已采纳{said.put('采纳', adopted)}件。"
    return said


def moment_words(text: str) -> str:
    """Return a kept moment as it stands in a report: 2026年11月2日08:30."""
    at = datetime.fromisoformat(text).astimezone(SHANGHAI)
    return f"{at.year}年{at.month}月{at.day}日{at:%H:%M}"


PARAGRAPHS: Mapping[str, Callable[[Figures], Said]] = {
    Section.OVERVIEW: _overview,
    Section.FIELDS: _fields,
    Section.COMPLAINED: _complained,
    Section.HANDLING: _handling,
    Section.MEDIATION: _mediation,
    Section.QUALITY: _quality,
    Section.HOT: _hot,
    Section.HAZARDS: _hazards,
    Section.ADVICE: _advice,
}


def said(figures: Figures, section: str) -> Said:
    """Return the generated paragraph of a section; KeyError for a section that is none."""
    return PARAGRAPHS[section](figures)
