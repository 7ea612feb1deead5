"""What a list of cases may be narrowed by (design/api.md `GET cases/`)."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import Unit
from cases import choices as c
from cases.boards import levels
from cases.desks import late_now, soon_late, turn_of
from cases.mapping.lying import lying_in
from cases.models import Case
from cases.querysets import CaseQuerySet, below, ratings_read_by
from cases.search import CannotSearch, matching, read
from cases.statistics.counting import nowhere_below
from cases.statistics.figures import HAPPY
from cases.statistics.filtering import FigureFilter
from cases.supervising.watching import CHOICES as WATCHED
from cases.supervising.watching import condition as watch_condition
from governance_portal.lib.working_days import SHANGHAI

#: What is watched because of a rating.
RATING_WATCHES = frozenset({"unhappy"})
#: The word for "has none yet" where a filter takes codes.
NONE = "none"
CODE = re.compile(r"[0-9A-Za-z_-]{1,40}")


class MomentField(forms.CharField):
    """A moment, or a day of Asia/Shanghai; `ends` makes a day mean its end, so that from and to are both inclusive."""

    def __init__(self, *, ends: bool = False, **more: Any) -> None:
        self.ends = ends
        super().__init__(**more)

    def to_python(self, value: Any) -> Any:
        """Return an aware datetime, or None."""
        # A plus sign that nobody encoded arrives as a space.
        text = re.sub(r" (\d\d:?\d\d)$", r"+\1", super().to_python(value) or "")
        if not text:
            return None
        try:
            if len(text) > 40:
                raise ValueError
            found = self._day(text) or parse_datetime(text)
        except ValueError:
            found = None
        if found is None or not 1900 <= found.year <= 2200:
            raise forms.ValidationError("请按“2026-11-21”或“2026-11-21T16:30:00+08:00”的样子填写时间。")
        return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)

    def _day(self, text: str) -> datetime | None:
        day = parse_date(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
        if day is None:
            return None
        begins = datetime.combine(day, time(), SHANGHAI)
        return begins + timedelta(days=1) - timedelta(microseconds=1) if self.ends else begins


class MomentFilter(django_filters.Filter):
    """Filters by a moment or a day."""

    field_class = MomentField


class WordsField(forms.CharField):
    """What somebody searches for; what cannot be searched is refused with a sentence that says what to type instead."""

    def to_python(self, value: Any) -> Any:
        """Return the text as typed."""
        text = super().to_python(value)
        if text:
            try:
                read(text)
            except CannotSearch as refused:
                raise forms.ValidationError(str(refused)) from refused
        return text


class WordsFilter(django_filters.Filter):
    """Filters by words or numbers."""

    field_class = WordsField


class OrNoneFilter(django_filters.MultipleChoiceFilter):
    """Choices of a column that may be empty; the word `none` means the empty one."""

    def get_filter_predicate(self, v: Any) -> dict[str, Any]:
        """Return the condition of one value."""
        return {str(self.field_name): "" if v == NONE else v}


def _many(choices: Any, name: str, label: str) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(field_name=name, choices=choices.choices, label=label, distinct=False)


def _or_none(choices: Any, name: str, label: str, none: str) -> OrNoneFilter:
    return OrNoneFilter(field_name=name, choices=(*choices.choices, (NONE, none)), label=label, distinct=False)


def _never(field: str, label: str, words: str) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(field_name=field, choices=((NONE, words),), method="without", label=label)


class CaseFilter(FigureFilter):
    """Filters of `GET cases/` and `GET cases/count/`; choices may be repeated (`status=handling&status=suspended`)."""

    status = _many(c.Status, "status", "办理状态")
    stage = django_filters.MultipleChoiceFilter(
        choices=c.Stage.choices, method="in_stage", label="阶段", distinct=False
    )
    kind = _many(c.Kind, "kind", "事项大类")
    channel = _many(c.Channel, "channel", "来源渠道")
    source = django_filters.CharFilter(field_name="foreign_source", max_length=40, label="来源系统的代码")
    level = _or_none(c.Level, "level", "等级", "尚未定级")
    procedure = _many(c.Procedure, "procedure", "程序")
    outcome = _or_none(c.Outcome, "outcome", "化解结果", "尚无结果")
    category = django_filters.CharFilter(
        method="in_category", max_length=20, label=f"类别代码，含下级；{NONE} 为尚未归类"
    )
    category_only = django_filters.CharFilter(field_name="category_id", max_length=20, label="类别代码，不含下级")
    area = django_filters.CharFilter(method="in_area", max_length=15, label="区划代码，含下级")
    below = django_filters.ChoiceFilter(
        choices=((NONE, "未落到下一级"),),
        method="in_none_below",
        label="只看未落到 area 下一级区划的；未给 area 时为未落到网格的",
    )
    grid = django_filters.CharFilter(
        method="in_grid", max_length=15, label=f"网格编码，含并入、拆入它的原网格的事项；{NONE} 为未落到网格"
    )
    unit = django_filters.CharFilter(method="led_by", max_length=40, label=f"主办单位代码；{NONE} 为尚未分流")
    handler = django_filters.CharFilter(field_name="handler__username", max_length=150, label="承办人登录名")
    due = django_filters.ChoiceFilter(
        choices=(("soon", "即将超时"), ("overdue", "已超时"), ("pressing", "已超时和快到期")),
        method="by_due",
        label="时限",
    )
    orders = django_filters.ChoiceFilter(choices=(("open", "有未解除的督办"),), method="with_orders", label="督办")
    watch = django_filters.ChoiceFilter(choices=WATCHED, method="watched", label="督办关注")
    rating = django_filters.ChoiceFilter(
        choices=(("unhappy", "不满意"), ("happy", "基本满意以上")), method="by_rating", label="评价"
    )
    settled = django_filters.ChoiceFilter(choices=levels.CHOICES, method="settled_at", label="化解层级")
    mine = django_filters.BooleanFilter(method="waiting_for_me", label="待我处理")
    q = WordsFilter(
        method="search", max_length=100, label="受理编号或其末 4 位以上，或内容中的词（每个两个字以上，全都要有）"
    )
    received_after = MomentFilter(field_name="registered_at", lookup_expr="gte", label="登记起（含）")
    received_before = MomentFilter(field_name="registered_at", lookup_expr="lte", ends=True, label="登记止（含）")
    accepted = _never("accepted_at", "受理时间", "没有受理时间")
    accepted_after = MomentFilter(field_name="accepted_at", lookup_expr="gte", label="受理起（含）")
    accepted_before = MomentFilter(field_name="accepted_at", lookup_expr="lte", ends=True, label="受理止（含）")
    closed = _never("closed_at", "办结时间", "没有办结时间")
    closed_after = MomentFilter(field_name="closed_at", lookup_expr="gte", label="办结起（含）")
    closed_before = MomentFilter(field_name="closed_at", lookup_expr="lte", ends=True, label="办结止（含）")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def in_stage(self, cases: CaseQuerySet, _name: str, stages: list[str]) -> CaseQuerySet:
        """The statuses of these stages."""
        return cases.filter(status__in=[s for s, stage in c.STAGE_OF.items() if stage in stages]) if stages else cases

    def in_category(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """A category and those below it (their codes begin with its code); `none`: not yet sorted."""
        if code == NONE:
            return cases.filter(category_id__isnull=True)
        return cases.filter(below("category_id", code)) if CODE.fullmatch(code) else cases.none()

    def in_area(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """An area and what lies in it."""
        return cases.within(code) if CODE.fullmatch(code) else cases.none()

    def in_grid(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """What lies in a grid today, also what was registered under a code that is closed by now."""
        return cases.filter(grid_code="") if code == NONE else cases.filter(lying_in(code))

    def without(self, cases: CaseQuerySet, name: str, _none: str) -> CaseQuerySet:
        """What has no such moment."""
        return cases.filter(**{f"{name}__isnull": True})

    def in_none_below(self, cases: CaseQuerySet, _name: str, _none: str) -> CaseQuerySet:
        """Known to lie in the area asked for and no nearer: as the board counts what lies in none of its parts."""
        return cases.filter(nowhere_below(self.form.cleaned_data.get("area") or ""))

    def led_by(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """The unit that leads; its id as one value, not a join, so that the index by unit and status serves; `none`: nobody."""
        if code == NONE:
            return cases.filter(lead_unit_id__isnull=True)
        return cases.filter(lead_unit_id=Subquery(Unit.objects.filter(code=code).order_by().values("pk")))

    def by_due(self, cases: CaseQuerySet, _name: str, how: str) -> CaseQuerySet:
        """Due soon, overdue, or either."""
        now = timezone.now()
        if how == "pressing":
            return cases.filter(late_now(now) | soon_late(now))
        return cases.overdue(now) if how == "overdue" else cases.due_soon(now)

    def by_rating(self, cases: CaseQuerySet, _name: str, how: str) -> CaseQuerySet:
        """As the resident rated, where the statistics draw the line; only of cases whose rating one may read."""
        rated = Q(satisfaction__gte=HAPPY) if how == "happy" else Q(satisfaction__lt=HAPPY)
        return cases.filter(rated & ratings_read_by(self.request.actor))

    def with_orders(self, cases: CaseQuerySet, _name: str, _open: str) -> CaseQuerySet:
        """With an order that still stands."""
        return cases.filter(orders_open__gt=0)

    def watched(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """What a supervisor watches (cases.supervising.watching): the tiles of the desk are these lists."""
        found = cases.filter(watch_condition(code, timezone.now()))
        return found.filter(ratings_read_by(self.request.actor)) if code in RATING_WATCHES else found

    def settled_at(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """At which level it was settled, as the board counts it."""
        return cases.filter(levels.in_level(code))

    def waiting_for_me(self, cases: CaseQuerySet, _name: str, mine: bool) -> CaseQuerySet:
        """Where somebody with my posts is expected to act."""
        return cases.filter(turn_of(self.request.actor)) if mine else cases

    def search(self, cases: CaseQuerySet, _name: str, text: str) -> CaseQuerySet:
        """A number or its end, or words that all occur (cases.search)."""
        return matching(cases, text)
