"""The ways a matter goes through the table, from its registration to its end; each is told as a course of steps."""

from __future__ import annotations

from collections.abc import Callable

from governance_portal.demo import phrases
from governance_portal.demo.course import Course

Way = Callable[[Course], None]
#: Units that are often asked to assist, by what they have to do with.
_ASSISTING = {
    "housing": "heating",
    "urban": "jingping",
    "town": "transport",
    "labour": "police",
    "water": "agriculture",
}
_EXTENDABLE = {"general": 3, "major": 5}


def settled_on_spot(course: Course) -> None:
    """当场办结 at the window, by telephone or in the grid; a hazard is checked by somebody else."""
    by = course.who if course.who not in ("resident", "clock") else "clerk"
    course.wait(0.1, 1.2).on_spot(by)
    if course.skeleton.kind == "hazard":
        course.wait(1, 8)
        if course.nobody_to_ask:
            course.do("supervisor", "close_verified")
            return
        course.do("supervisor", "approve")
    _asked(course)


def handled(course: Course) -> None:
    """The whole way, in time."""
    _to_the_unit(course)
    _in_hand(course)
    course.until(_share(course, 0.25, 0.9)).resolve().approve()
    _asked(course)


def with_assistance(course: Course) -> None:
    """主办 with 协办: their opinions become one answer."""
    other = _ASSISTING.get(course.unit_wanted, "jingping")
    if other == course.unit_wanted:
        other = "urban"
    _to_the_desk(course)
    course.wait(0.3, 3).dispatch(course.unit_wanted, assisting_units=[other], instruction="请牵头办理，一个口径答复。")
    course.wait(0.4, 6).sign().wait(1, 8)
    course.do(course.staff.officer(other), "assist", opinion=course.words.one(phrases.ASSISTING))
    course.until(_share(course, 0.4, 0.9)).resolve().approve()
    _asked(course)


def late(course: Course) -> None:
    """Handled, but after the date; often urged before."""
    _to_the_unit(course)
    course.until(_share(course, 0.5, 0.8)).note(public=True)
    course.until(_share(course, 1.05, 1.25))
    if course.chance.random() < 0.6:
        course.urged(course.chance.choice(("urge", "urge", "letter"))).answered_order()
    course.wait(1, 10).resolve().approve()
    _asked(course, happy=0.62)


def extended(course: Course) -> None:
    """With three or five days more, granted before the date."""
    _to_the_unit(course)
    amount = _EXTENDABLE.get(course.level, 3)
    course.until(_share(course, 0.6, 0.8)).extended(amount).until(_share(course, 0.85, 1.1)).resolve().approve()
    _asked(course)


def suspended(course: Course) -> None:
    """With a time that does not count, while somebody appraises or a court confirms."""
    _to_the_unit(course)
    reason = "confirmation" if course.skeleton.outcome == "agreed" else "appraisal"
    course.until(_share(course, 0.2, 0.5)).suspended(reason, 21).wait(30, 60).do(course.officer, "resume")
    course.wait(4, 10).resolve().approve()
    _asked(course)


def handed_back(course: Course) -> None:
    """退回 once and sent to the right unit."""
    _to_the_desk(course)
    wrong = "urban" if course.unit_wanted != "urban" else "housing"
    course.wait(0.3, 3).dispatch(wrong).wait(0.5, 5)
    reason = course.chance.choice(("not_ours", "not_ours", "wrong_place"))
    course.do(course.officer, "return", reason=reason, basis=course.words.one(phrases.NOT_OURS))
    course.wait(0.5, 4).dispatch(course.unit_wanted).wait(0.4, 5).sign()
    course.until(_share(course, 0.5, 0.95)).resolve().approve()
    _asked(course)


def insisted(course: Course) -> None:
    """退回 refused by the dispatcher."""
    _to_the_desk(course)
    course.wait(0.3, 3).dispatch(course.unit_wanted).wait(0.5, 5)
    course.do(course.officer, "return", reason="not_ours", basis=course.words.one(phrases.NOT_OURS))
    course.wait(0.5, 4).do("dispatcher", "insist", note="经核对职责清单，由贵单位主办，其他单位配合。")
    course.wait(0.4, 5).sign().until(_share(course, 0.5, 0.95)).resolve().approve()
    _asked(course, happy=0.8)


def consulted(course: Course) -> None:
    """会商 first, where several units point at each other."""
    _to_the_desk(course)
    other = "urban" if course.unit_wanted != "urban" else "housing"
    units = [course.unit_wanted, other]
    course.wait(0.5, 4).do("dispatcher", "consult", units=units, question="由谁主办、谁协办，多久办结。")
    course.wait(4, 12)
    course.unit, course.officer = course.unit_wanted, course.staff.officer(course.unit_wanted)
    course.do(
        "dispatcher",
        "conclude",
        minutes="经会商，明确主办单位，其余单位配合，一个口径答复。",
        lead_unit=course.unit_wanted,
        mode="forward",
    )
    course.wait(0.4, 4).sign().until(_share(course, 0.6, 0.95)).resolve().approve()
    _asked(course)


def sent_back(course: Course) -> None:
    """退回重办 by the check, and better the second time."""
    _to_the_unit(course)
    course.until(_share(course, 0.3, 0.6)).resolve().wait(0.5, 4)
    course.do("supervisor", "send_back", note="办理结果没有针对诉求，请补充现场情况后再报。")
    course.wait(2, 7).resolve().approve()
    _asked(course)


def redone(course: Course) -> None:
    """回访重办: the resident was not content, and there was something left to do."""
    _to_the_unit(course)
    course.until(_share(course, 0.3, 0.8)).resolve().approve().wait(1, 8)
    course.do("follow_up", "redo", note="回访时反映人说问题没有解决，请重新上门。")
    course.wait(2, 12).resolve().approve()
    _asked(course, happy=0.85)


def reopened(course: Course) -> None:
    """恢复办理: closed, complained of again within the month, put right."""
    _to_the_unit(course)
    course.until(_share(course, 0.3, 0.8)).resolve().approve().confirm(2, resolved=False).wait(8, 40)
    course.do("supervisor", "reopen", reason="反映人提供了新照片，问题又出现，恢复办理。")
    course.wait(3, 12).resolve().approve().confirm(4)


def supplemented(course: Course) -> None:
    """补正 before anything else."""
    course.wait(0.1, 0.8)
    ends = course.at.date().fromordinal(course.at.date().toordinal() + 10)
    course.do("clerk", "request_material", missing="请补充具体位置、联系方式和有关凭据的照片。", due_on=ends)
    course.wait(3, 20).do("clerk", "supplement", supplement="已补充位置和照片。")
    course.wait(0.1, 1).accept().wait(0.3, 3).dispatch(course.unit_wanted).wait(0.4, 6).sign()
    course.until(_share(course, 0.3, 0.9)).resolve().approve()
    _asked(course)


def escalated(course: Course) -> None:
    """逐级上报 from the grid: what the community cannot do."""
    course.wait(0.1, 0.5).accept(course.who)
    course.wait(1, 5).do(course.who, "escalate", reason="社区没有权限和设备，请上级安排。")
    course.wait(0.5, 3).dispatch(course.unit_wanted).wait(0.4, 5).sign()
    course.until(_share(course, 0.4, 0.95)).resolve().approve()
    _asked(course)


def declined(course: Course) -> None:
    """不予受理, with the way to take instead."""
    reason, instead = course.chance.choice(phrases.ELSEWHERE)
    course.wait(0.2, 3).do("clerk", "decline", reason=reason, instead=instead)


def transferred(course: Course) -> None:
    """移送 to those whose business it is."""
    receiver = {"H03": "119", "H01": "119"}.get(course.skeleton.category[:3], "110")
    course.wait(0.1, 0.6).do("clerk", "transfer", receiver=receiver, receipt="值班台已接，编号见登记簿。")


def withdrawn(course: Course) -> None:
    """撤回 by the resident."""
    _to_the_desk(course)
    course.wait(0.3, 3).dispatch(course.unit_wanted).wait(0.4, 6).sign()
    course.wait(3, 12).do("clerk", "withdraw", note=course.words.one(phrases.WITHDRAWN))


def ended(course: Course) -> None:
    """终止: mediation that came to nothing."""
    _to_the_unit(course)
    reason, routes = course.chance.choice(phrases.ENDED)
    course.until(_share(course, 0.4, 0.9)).do(course.staff.lead(course.unit), "terminate", reason=reason, routes=routes)


def about_conduct(course: Course) -> None:
    """作风投诉: looked into by the unit above the one complained about."""
    _to_the_unit(course)
    course.until(_share(course, 0.4, 0.9)).resolve().approve()
    _asked(course, happy=0.8)


# --- parts ------------------------------------------------------------------------------------------------------


def _to_the_desk(course: Course) -> None:
    by_operator = course.channel == "hotline" and course.chance.random() < 0.6
    course.wait(0.1, 2.2).accept("operator" if by_operator else "clerk")


def _to_the_unit(course: Course) -> None:
    _to_the_desk(course)
    formal = course.level == "serious" or course.chance.random() < 0.08
    more = {"mode": "assign", "instruction": "请限期办结，报送办结报告。"} if formal else {}
    course.wait(0.2, 3).dispatch(course.unit_wanted, **more).wait(0.4, 6).sign()


def _in_hand(course: Course) -> None:
    if course.chance.random() < 0.3:
        course.wait(1, 8).note(public=course.chance.random() < 0.5)


def _share(course: Course, least: float, most: float) -> float:
    """A share of the limit; mediators need less of their thirty days than others of their week."""
    share = least + (most - least) * course.chance.random()
    return share * 0.4 if course.procedure == "mediation" and share < 1 else share


def _asked(course: Course, happy: float = 0.93) -> None:
    """回访: rung up, rated by the resident, nobody reached; a question that nobody rated is closed."""
    chance, words = course.chance, course.words
    if course.nobody_to_ask:
        ground = "anonymous" if course.anonymous else "no_reporter"
        course.wait(0.5, 5).do("follow_up", "close_uncalled", ground=ground)
        return
    content = chance.random() < happy
    lot = chance.random()
    if lot < 0.3 and course.skeleton.kind in ("consultation", "suggestion"):
        course.wait(14.5, 19).do("follow_up", "close_uncalled", ground="not_rated")
    elif lot < 0.04:
        course.wait(1, 6).do("follow_up", "contact", way="phone", reached=False, text="无人接听。")
        course.wait(8, 12).do("follow_up", "contact", way="phone", reached=False, text="再次拨打，仍无人接听。")
        course.wait(0.05, 0.2).do("follow_up", "close_unreached")
    elif lot < 0.42 and content:
        satisfaction = chance.choices((5, 4, 3), (6, 3, 1))[0]
        comment = words.one(phrases.PRAISE if satisfaction > 3 else phrases.SO_SO) if chance.random() < 0.7 else ""
        course.rated(satisfaction, comment=comment)
    elif content:
        course.confirm(chance.choices((5, 4, 3), (5, 4, 1))[0])
    elif chance.random() < 0.5:
        course.rated(chance.choice((1, 2, 2)), resolved=False, comment=words.one(phrases.ANGER))
        course.confirm(chance.choice((1, 2, 2)), resolved=False)
    else:
        course.confirm(chance.choice((1, 2, 2)), resolved=False)


# --- on the way: where a matter stands today --------------------------------------------------------------------


def standing_at(course: Course, status: str, share: float) -> None:
    """Go as far as a status; `share` of its limit has run by then (for 办理中, 暂停计时, 待审核 and 待回访)."""
    if status == "registered":
        return
    if status == "settled":
        by = course.who if course.who != "resident" else "clerk"
        course.wait(0.1, 0.4).on_spot(by)
        return
    if status == "incomplete":
        course.wait(0.1, 0.8)
        ends = course.at.date().fromordinal(course.at.date().toordinal() + 10)
        course.do("clerk", "request_material", missing="请补充具体位置、联系方式和有关凭据的照片。", due_on=ends)
        return
    _to_the_desk(course)
    if status == "accepted":
        return
    course.wait(0.2, 3)
    if status == "consulting":
        other = "urban" if course.unit_wanted != "urban" else "housing"
        units = [course.unit_wanted, other]
        course.do("dispatcher", "consult", units=units, question="由谁主办、谁协办，多久办结。")
        return
    course.dispatch(course.unit_wanted)
    if status == "dispatched":
        return
    if status == "returned":
        course.wait(0.5, 5).do(course.officer, "return", reason="not_ours", basis=course.words.one(phrases.NOT_OURS))
        return
    course.wait(0.4, 5).sign()
    if status == "suspended":
        course.until(share * 0.5).suspended("appraisal", 30)
        return
    if share > 0.4 and course.chance.random() < 0.7:
        course.until(share * 0.5).note(public=course.chance.random() < 0.5)
    if status == "handling":
        if share > 1 and course.chance.random() < 0.6:
            course.until(1.02).urged()
        return
    course.until(share).resolve()
    if status == "follow_up":
        course.approve()
