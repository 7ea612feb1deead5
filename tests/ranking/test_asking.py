"""Who asks that a matter be left out, of what, until when; who decides; what is kept. `conftest` says who they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEntry, Notice
from cases.models import Case, ExclusionStep, RankingExclusion
from cases.ranking import access, services
from cases.ranking.choices import Ranked
from cases.statistics.figures import condition
from cases.statistics.windows import EVER
from governance_portal.lib import spoken
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.working_days import SHANGHAI
from tests.cases.cast import MONDAY, OTHER_STREET, District
from tests.ranking.conftest import ASKED, DECIDED, NO, WORDS, YES, asked, days, granted, handled, late, refused

pytestmark = pytest.mark.django_db


def told(do: Callable[[], Any]) -> str:
    """What came of something: the kind of refusal with its words, or "done"."""
    try:
        do()
    except Incomplete as error:
        return f"Incomplete {sorted(error.errors)}"
    except NotYours:
        return "NotYours"
    except (NotYou, NotNow) as error:
        return f"{type(error).__name__} {error}"
    return "done"


def test_who_acts_on_it_for_its_unit_asks_and_nobody_else(district: District) -> None:
    d = district
    seen = {}
    for who in (
        *("handler", "handler2", "housing_lead", "both", "supervisor", "centre_lead", "clerk"),
        *("heating_man", "street_handler", "auditor", "resident"),
    ):
        case = late(d)
        seen[who] = told(lambda who=who, case=case: asked(d, case, who)).split()[0]  # type: ignore[misc]
    assert seen == {
        **dict.fromkeys(("handler", "handler2", "housing_lead", "both"), "done"),
        **dict.fromkeys(("supervisor", "centre_lead", "clerk"), "NotYou"),
        **dict.fromkeys(("heating_man", "street_handler", "auditor", "resident"), "NotYours"),
    }


def test_what_counts_against_the_unit_is_asked_about_within_thirty_days(district: District) -> None:
    d = district
    case, on_time = late(d), handled(d)
    assert case.judged_at is not None
    last = datetime.combine(access.last_day(case.judged_at), time(23, 59), SHANGHAI)
    assert (spoken.full_words(case.judged_at), access.last_day(case.judged_at)) == (
        "2026年12月3日 星期四 00:00",  # the second ended at 24:00
        date(2027, 1, 1),
    )
    assert told(lambda: asked(d, on_time, now=MONDAY)) == "NotNow 这件事项没有计为逾期，不用从按期办结率里剔除。"
    other = late(d)
    assert told(lambda: asked(d, other, now=last + days(1))).startswith("NotNow 申请剔除的期限到")
    assert told(lambda: asked(d, other, now=last)) == "done"
    lying = d.register(now=MONDAY)
    d.move(lying, "accept", "clerk", MONDAY, category="A0102", level="general")
    d.move(lying, "dispatch", "dispatcher", MONDAY, lead_unit="housing", mode="forward")
    d.move(lying, "sign", "handler", MONDAY)
    assert told(lambda: asked(d, lying, now=MONDAY)) == f"NotNow {access.NOTHING}"
    lying.refresh_from_db()
    assert lying.due_at is not None
    assert told(lambda: asked(d, lying, now=lying.due_at + days(1))) == "done"


def test_what_counts_as_late_here_is_what_the_table_counts_as_late(district: District) -> None:
    """The rule reads one row, the table asks the database: both say the same of each matter, whenever asked."""
    d = district
    matters = [handled(d), late(d), late(d, "heating_man"), d.register(now=MONDAY)]
    running = d.register(now=MONDAY)
    d.move(running, "accept", "clerk", MONDAY, category="A0102", level="general")
    d.move(running, "dispatch", "dispatcher", MONDAY, lead_unit="housing", mode="forward")
    for now in (MONDAY, MONDAY + days(3), ASKED):
        against = condition("due_closed", EVER, now) & ~condition("on_time", EVER, now)
        counted = set(Case.objects.filter(against, lead_unit__isnull=False).values_list("pk", flat=True))
        cases = Case.objects.filter(pk__in=[case.pk for case in (*matters, running)])
        assert {case.pk for case in cases if access.judged_at(case, Ranked.ON_TIME, now)} == counted


def test_a_rating_is_asked_about_blindly_of_any_closed_matter(district: District) -> None:
    """Were only the badly rated taken, the refusal would tell the unit who was happy."""
    d = district
    answers = []
    for rated in (5, 1):
        case = handled(d, rated=5 if rated == 5 else 3)
        answers.append(told(lambda case=case: asked(d, case, now=MONDAY + days(2), figure="satisfied")))  # type: ignore[misc]
    open_ = d.register(now=MONDAY)
    d.move(open_, "accept", "clerk", MONDAY, category="A0102", level="general")
    d.move(open_, "dispatch", "dispatcher", MONDAY, lead_unit="housing", mode="forward")
    d.move(open_, "sign", "handler", MONDAY)
    assert answers == ["done", "done"]
    assert told(lambda: asked(d, open_, now=MONDAY, figure="satisfied")).startswith("NotNow")


def test_what_was_typed_is_looked_at(district: District) -> None:
    case, d = late(district), district
    seen = {
        name: told(lambda wrong=wrong: asked(d, case, **wrong))  # type: ignore[misc]
        for name, wrong in {
            "no figure": {"figure": ""},
            "another": {"figure": "closed"},
            "no ground": {"ground": ""},
            "no words": {"words": "  "},
            "long": {"words": "字" * 1001},
            "broken": {"words": "坏\x00字"},
        }.items()
    }
    assert seen == {
        "no figure": "Incomplete ['figure']",
        "another": "Incomplete ['figure']",
        "no ground": "Incomplete ['ground']",
        "no words": "Incomplete ['words']",
        "long": "Incomplete ['words']",
        "broken": "Incomplete ['words']",
    }
    row = asked(d, case, words="找 13812341234 核实")
    assert "13812341234" not in row.words and row.ground == "force_majeure"


def test_one_stands_at_a_time_the_same_words_are_the_same_request(district: District) -> None:
    d, case = district, late(district)
    first = asked(d, case)
    again, fresh = services.ask(d.actor("handler", ASKED), case.number, WORDS, now=ASKED)
    assert (again.pk, fresh) == (first.pk, False)
    assert told(lambda: asked(d, case, "housing_lead")) == "NotNow 这件事项的这个指标已有一份申请在等决定，请等结果。"
    assert (RankingExclusion.objects.count(), ExclusionStep.objects.count()) == (1, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        RankingExclusion.objects.create(
            case=case,
            unit=first.unit,
            figure="on_time",
            round=2,
            ground="other",
            words="又一份",
            counted_at=ASKED,
            asked_by=first.asked_by,
            asked_at=ASKED,
        )


def test_who_decides(district: District) -> None:
    """At the district, in another unit, who neither asked, handled nor checked it: the supervisor has approved it."""
    d = district
    seen = {}
    for who in (
        *("supervisor", "supervisor2", "centre_lead", "both", "leader", "street_supervisor"),
        *("handler", "housing_lead", "follow_up", "clerk", "heating_man"),
    ):
        row = asked(d, late(d))
        seen[who] = told(lambda who=who, row=row: services.decide(d.actor(who, DECIDED), row.pk, YES, now=DECIDED))  # type: ignore[misc]
    assert seen == {
        "supervisor": "NotYou 这件事项是您审核、核查或回访的，由其他督办员或中心负责人决定。",
        "supervisor2": "done",
        "centre_lead": "done",
        "both": "NotYou 您在申请单位有岗位，由其他督办员或中心负责人决定。",
        "heating_man": "NotYours",
        **dict.fromkeys(
            ("leader", "street_supervisor", "handler", "housing_lead", "follow_up", "clerk"),
            f"NotYou {access.ONLY_THE_CENTRE}",
        ),
    }


def test_a_post_in_the_unit_counts_also_when_another_is_chosen(district: District) -> None:
    d = district
    row = asked(d, late(d))
    actor = d.actor("both", DECIDED)
    centre = next(post.id for post in actor.posts if post.role == "supervisor")
    assert told(lambda: services.decide(actor.only(centre), row.pk, YES, now=DECIDED)).startswith("NotYou 您在申请单位")


def test_the_centres_own_matter_is_decided_by_a_leader_of_the_district(district: District) -> None:
    d = district
    case = d.register(now=MONDAY)
    given = {"result": "已答复", "outcome": "answered", "reply": "已答复。"}
    d.move(case, "resolve_on_spot", "clerk", MONDAY, category="A0102", level="general", **given)
    d.move(case, "confirm", "follow_up", MONDAY, satisfaction=3, resolved=True, contacted=True)
    row = asked(d, case, "clerk", MONDAY + days(1), figure="satisfied")
    seen = {
        who: told(lambda who=who: services.decide(d.actor(who, DECIDED), row.pk, YES, now=DECIDED)).split()[0]  # type: ignore[misc]
        for who in ("supervisor2", "centre_lead", "clerk", "leader")
    }
    assert seen == {"supervisor2": "NotYou", "centre_lead": "NotYou", "clerk": "NotYou", "leader": "done"}


def test_the_course_is_kept_and_those_concerned_are_told(district: District) -> None:
    d, case = district, late(district)
    row = granted(d, case)
    services.take_back(d.actor("centre_lead", DECIDED), row.pk, {"why": "通告是别的镇的。"}, now=DECIDED)
    row.refresh_from_db()
    assert (row.stage, row.answer, row.revoked_why) == ("revoked", YES["answer"], "通告是别的镇的。")
    assert list(row.steps.values_list("kind", "by__username", "words")) == [
        ("asked", "handler", WORDS["words"]),
        ("granted", "supervisor2", YES["answer"]),
        ("revoked", "centre_lead", "通告是别的镇的。"),
    ]
    entries = AuditEntry.objects.filter(target=f"exclusion:{row.pk}").order_by("pk")
    assert list(entries.values_list("action", flat=True)) == [
        "exclusion.asked",
        "exclusion.decided",
        "exclusion.revoked",
    ]
    told_ = {
        step: sorted(Notice.objects.filter(key=f"exclusion:{row.pk}:{step}").values_list("user__username", flat=True))
        for step in ("asked", "decided", "revoked")
    }
    assert told_ == {
        "asked": ["centre_lead", "supervisor", "supervisor2"],
        "decided": ["handler", "housing_lead"],
        "revoked": ["handler", "housing_lead"],
    }
    assert not Notice.objects.filter(key__startswith="exclusion:", body__contains="大雪").exists()


def test_a_decision_needs_a_choice_and_a_reason_and_is_made_once(district: District) -> None:
    d = district
    row = asked(d, late(d))
    supervisor = d.actor("supervisor2", DECIDED)

    def decide(**given: Any) -> str:
        return told(lambda: services.decide(supervisor, row.pk, given, now=DECIDED))

    assert decide(answer="属实") == "Incomplete ['granted']"
    assert decide(granted="maybe", answer="属实") == "Incomplete ['granted']"
    assert decide(granted=1, answer="属实") == "Incomplete ['granted']"
    assert decide(granted="yes", answer="") == "Incomplete ['answer']"
    assert told(lambda: services.take_back(supervisor, row.pk, {"why": "错"}, now=DECIDED)).startswith("NotNow")
    assert decide(**NO) == "done"
    assert decide(**YES) == "NotNow 这份申请现在是“不同意剔除”，您的决定没有生效。"
    assert told(lambda: services.take_back(supervisor, row.pk, {"why": "错"}, now=DECIDED)).startswith("NotNow")
    assert told(lambda: services.decide(supervisor, 999_999, YES, now=DECIDED)) == "NotYours"


def test_a_refused_one_is_asked_once_more_with_other_words_within_ten_days(district: District) -> None:
    d, case = district, late(district)
    later = case.judged_at + days(29)  # type: ignore[operator]
    first = services.decide(d.actor("supervisor2", later), asked(d, case, now=later).pk, NO, now=later)
    tenth, eleventh = later + days(10), later + days(11)  # past the thirty days
    assert told(lambda: asked(d, case, now=tenth)) == "Incomplete ['words']"
    new = {"words": "补上县气象局的证明：四天大雪。"}
    assert told(lambda: asked(d, case, now=eleventh, **new)).startswith("NotNow 没有同意之后 10 天内")
    second = asked(d, case, now=tenth, **new)
    assert (first.attempt, second.attempt) == (1, 2)
    services.decide(d.actor("supervisor2", tenth), second.pk, NO, now=tenth)
    assert told(lambda: asked(d, case, now=tenth, words="第三次")).startswith("NotNow 同一件事项、同一指标最多申请两次")


def test_what_stands_is_not_asked_again(district: District) -> None:
    d, case = district, late(district)
    row = granted(d, case)
    assert told(lambda: asked(d, case, words="再来")) == "NotNow 这件事项已经从这个指标剔除，不用再申请。"
    services.take_back(d.actor("supervisor2", DECIDED), row.pk, {"why": "不实。"}, now=DECIDED)
    assert told(lambda: asked(d, case, words="再来")) == "NotNow 这件事项剔除后又恢复计入了，不再受理同一申请。"


def test_the_database_keeps_what_was_written(district: District) -> None:
    d = district
    row, other = granted(d, late(d)), refused(d, late(d))
    step = row.steps.first()
    broken = {
        "words": lambda: RankingExclusion.objects.filter(pk=row.pk).update(words="改"),
        "answer": lambda: RankingExclusion.objects.filter(pk=row.pk).update(answer="改"),
        "reopened": lambda: RankingExclusion.objects.filter(pk=row.pk).update(
            stage="open", decided_at=None, decided_by=None, answer=""
        ),
        "over": lambda: RankingExclusion.objects.filter(pk=other.pk).update(stage="granted"),
        "deleted": lambda: RankingExclusion.objects.filter(pk=row.pk)._raw_delete("default"),
        "step": lambda: ExclusionStep.objects.filter(pk=step.pk).update(words="改"),  # type: ignore[union-attr]
        "step gone": lambda: ExclusionStep.objects.filter(pk=step.pk)._raw_delete("default"),  # type: ignore[union-attr]
        "own": lambda: RankingExclusion.objects.filter(pk=asked(d, late(d)).pk).update(
            stage="granted", decided_at=DECIDED, decided_by=d.people["handler"], answer="同意"
        ),
    }
    for name, do in broken.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            do()
            connection.check_constraints()
            pytest.fail(name)


def test_nobody_reads_of_a_complaint_about_their_own_unit(district: District) -> None:
    """A conduct complaint about the heating station is handled by the bureau above it."""
    d = district
    case = late(
        d,
        complained_unit="heating",
        complaint_nature="conduct",
        kind="appeal",
        description="供热站维修人员态度恶劣，上门骂人。",
    )
    row = granted(d, case)
    readers = {
        who: access.visible_to(d.actor(who, DECIDED), DECIDED).filter(pk=row.pk).exists()
        for who in (
            "handler",
            "supervisor2",
            "leader",
            "clerk",
            "heating_man",
            "heating_lead",
            "handler_other",
            "auditor",
        )
    }
    assert readers == {
        **dict.fromkeys(("handler", "supervisor2", "leader", "clerk"), True),
        **dict.fromkeys(("heating_man", "heating_lead", "handler_other", "auditor"), False),
    }
    names = set(Notice.objects.filter(key__startswith="exclusion:").values_list("user__username", flat=True))
    assert not names & {"heating_man", "heating_lead"}


def test_what_is_out_of_sight_is_not_there(district: District) -> None:
    d, case = district, late(district)
    asked(d, case)
    elsewhere = d.register(now=MONDAY, place={"area": OTHER_STREET, "address": "路口"})
    assert told(lambda: asked(d, elsewhere)) == "NotYours"
    assert told(lambda: services.ask(d.actor("handler", ASKED), "x", WORDS, now=ASKED)) == "NotYours"
