"""What a supervisor watches, each as one condition over cases: tile, list, count and export read the same one.

Source: issue 4 item 5; facts §1.10 (ladder), §1.8 (集体访, repeats within 30 days), §1.11 (bad ratings), §5 (反造假).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Value

from cases import choices as c
from cases.choices import Status
from cases.desks import late_now, soon_late
from cases.fold import COMING_BACK
from cases.models import Event, OrderDraft, SameMatter, SpotCheck, SupervisionOrder, SupervisionRules
from cases.querysets import CaseQuerySet
from cases.services.order_numbers import rules
from cases.statistics.figures import HAPPY
from cases.supervising.closings import doubtful

#: A matter that comes again so soon after it was closed was not settled (facts §1.8).
REPEATED_WITHIN = timedelta(days=30)
OPEN = Q(status__in=c.OPEN)
#: Where a bad rating can still be put right.
RATED_STANDS = (Status.FOLLOW_UP, Status.CLOSED)


@dataclass(frozen=True)
class Watch:
    """One thing to watch: its name in the address, its words, its condition, and what an empty list means.

    sort: the order of its list; tone: as a tile is coloured; asks: what a prefilled order says is wrong.
    """

    code: str
    label: str
    means: str
    where: Callable[[datetime, SupervisionRules], Q]
    sort: str = "due"
    tone: str = ""
    asks: str = ""


def _stuck(now: datetime, found: SupervisionRules) -> Q:
    lately = Event.objects.filter(case=OuterRef("pk"), at__gt=now - timedelta(days=found.stuck_days))
    waiting = [status for status in c.OPEN if status != Status.SUSPENDED]
    return Q(~Exists(lately), status__in=waiting)


def _bandied(_now: datetime, _found: SupervisionRules) -> Q:
    """Came back twice or more, or the units do not agree whose it is."""
    back = Event.objects.filter(case=OuterRef("pk"), kind__in=COMING_BACK).order_by("seq")
    disputed = Q(status__in=(Status.RETURNED, Status.CONSULTING)) | Q(returns_used__gt=0, designated=True)
    return OPEN & (disputed | Q(Exists(back[1:2])))


def _repeated(_now: datetime, _found: SupervisionRules) -> Q:
    """Linked by a human as the same matter as one that was closed at most 30 days before this one came."""
    first_ended = Q(first__closed_at__lte=F("second__registered_at")) & Q(
        first__closed_at__gte=F("second__registered_at") - REPEATED_WITHIN
    )
    again = SameMatter.objects.filter(first_ended, second=OuterRef("pk"))
    return Q(Exists(again)) & OPEN


def _ordered(**which: object) -> Exists:
    return Exists(SupervisionOrder.objects.filter(case=OuterRef("pk"), lifted_at__isnull=True, **which))


WATCHES: Mapping[str, Watch] = {
    watch.code: watch
    for watch in (
        Watch(
            "late",
            "已超时",
            "期限过了还没办结的。",
            lambda now, _r: OPEN & late_now(now),
            tone="overdue",
            asks="办理超期",
        ),
        Watch(
            "soon",
            "即将超时",
            "剩余时间不足两成的。",
            lambda now, _r: OPEN & soon_late(now),
            tone="soon",
            asks="期限将至",
        ),
        Watch("stuck", "停滞", "几天没有任何进展的；暂停计时的不算。", _stuck, asks="长时间没有进展"),
        Watch(
            "bandied", "反复退回和争议", "退回两次以上的，单位之间对归谁办有争议的。", _bandied, asks="反复退回、推诿"
        ),
        Watch(
            "unhappy",
            "不满意",
            "评价为不满意、非常不满意的。",
            lambda _n, _r: Q(status__in=RATED_STANDS, satisfaction__lt=HAPPY),
            sort="newest",
            asks="诉求人不满意",
        ),
        Watch(
            "joint",
            "集体访",
            "五人以上来访、还没办结的。",
            lambda _n, _r: OPEN & Q(visitor_count__gte=c.JOINT_VISIT_FROM),
            asks="群体性诉求",
        ),
        Watch("repeated", "办结后再来", "办结不到三十天，同一事项又来的。", _repeated, asks="同一事项办结后再次反映"),
        Watch(
            "unanswered",
            "督办未回复",
            "已发督办、单位还没有回复的。",
            lambda _n, _r: Q(_ordered(responded_at__isnull=True)),
        ),
        Watch(
            "order_late",
            "督办回复超期",
            "督办的回复期限已过、还没有回复的。",
            lambda now, _r: Q(_ordered(responded_at__isnull=True, deadline__lt=now)),
            tone="overdue",
            asks="逾期未回复督办",
        ),
        Watch(
            "answered",
            "督办已回复待审",
            "单位已回复，等您解除或再次督办的。",
            lambda _n, _r: Q(_ordered(responded_at__isnull=False)),
        ),
        Watch(
            "drafted",
            "督办函待签发",
            "系统起草、等人签发的。",
            lambda _n, _r: Q(
                Exists(OrderDraft.objects.filter(case=OuterRef("pk"), order__isnull=True, discarded_at__isnull=True))
            ),
        ),
        Watch(
            "doubtful",
            "办结存疑",
            "办结太快、没有佐证、成批办结的，审核时逐件看。",
            lambda _n, found: doubtful(found),
            sort="newest",
            asks="办结存疑，请补充佐证",
        ),
        Watch(
            "sampled",
            "抽查待核",
            "镇街审核、区级抽中还没有核查的。",
            lambda _n, _r: Q(Exists(SpotCheck.objects.filter(case=OuterRef("pk"), genuine__isnull=True))),
            sort="newest",
        ),
    )
}
CHOICES = tuple((watch.code, watch.label) for watch in WATCHES.values())
#: The tiles of the desk, in two rows: matters, and papers.
MATTERS = ("late", "soon", "stuck", "bandied", "unhappy", "joint", "repeated")
PAPERS = ("drafted", "unanswered", "order_late", "answered")


def condition(code: str, now: datetime) -> Q:
    """What a case must be to be watched under this name; KeyError for a name nobody defined."""
    return WATCHES[code].where(now, rules())


def counts(visible: CaseQuerySet, now: datetime, codes: Iterable[str]) -> dict[str, int]:
    """How many of these cases each watch holds; one statement and the rules.

    Each is counted by itself, so that each reads what its own index names and not every case there is.
    """
    found, wanted = rules(), tuple(codes)
    parts = [
        visible.filter(WATCHES[code].where(now, found))
        .order_by()
        .annotate(watch=Value(code, output_field=CharField()))
        .values("watch")
        .annotate(number=Count("pk"))
        .values_list("watch", "number")
        for code in wanted
    ]
    counted = dict(parts[0].union(*parts[1:], all=True)) if parts else {}
    return {code: counted.get(code, 0) for code in wanted}


def held(visible: CaseQuerySet, code: str, now: datetime) -> CaseQuerySet:
    """The cases of a watch, unordered."""
    return visible.filter(condition(code, now))
