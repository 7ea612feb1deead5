"""What a list of cases may be narrowed by (design/api.md `GET cases/`)."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Subquery
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import Unit
from cases import choices as c
from cases.desks import turn_of
from cases.models import Case
from cases.querysets import CaseQuerySet, below
from cases.search import CannotSearch, matching, read
from cases.statistics.filtering import FigureFilter
from governance_portal.lib.working_days import SHANGHAI

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


def _many(choices: Any, name: str, label: str) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(field_name=name, choices=choices.choices, label=label)


class CaseFilter(FigureFilter):
    """Filters of `GET cases/` and `GET cases/count/`; choices may be repeated (`status=handling&status=suspended`)."""

    status = _many(c.Status, "status", "办理状态")
    stage = django_filters.MultipleChoiceFilter(choices=c.Stage.choices, method="in_stage", label="阶段")
    kind = _many(c.Kind, "kind", "事项大类")
    channel = _many(c.Channel, "channel", "来源渠道")
    level = _many(c.Level, "level", "等级")
    category = django_filters.CharFilter(method="in_category", max_length=20, label="类别代码，含下级")
    area = django_filters.CharFilter(method="in_area", max_length=15, label="区划代码，含下级")
    grid = django_filters.CharFilter(field_name="grid_code", max_length=15, label="网格编码")
    unit = django_filters.CharFilter(method="led_by", max_length=40, label="主办单位代码")
    handler = django_filters.CharFilter(field_name="handler__username", max_length=150, label="承办人登录名")
    due = django_filters.ChoiceFilter(
        choices=(("soon", "即将超时"), ("overdue", "已超时")), method="by_due", label="时限"
    )
    orders = django_filters.ChoiceFilter(choices=(("open", "有未解除的督办"),), method="with_orders", label="督办")
    mine = django_filters.BooleanFilter(method="waiting_for_me", label="待我处理")
    q = WordsFilter(
        method="search", max_length=100, label="受理编号或其末 4 位以上，或内容中的词（每个两个字以上，全都要有）"
    )
    received_after = MomentFilter(field_name="registered_at", lookup_expr="gte", label="登记起（含）")
    received_before = MomentFilter(field_name="registered_at", lookup_expr="lte", ends=True, label="登记止（含）")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def in_stage(self, cases: CaseQuerySet, _name: str, stages: list[str]) -> CaseQuerySet:
        """The statuses of these stages."""
        return cases.filter(status__in=[s for s, stage in c.STAGE_OF.items() if stage in stages]) if stages else cases

    def in_category(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """A category and those below it (their codes begin with its code)."""
        return cases.filter(below("category_id", code)) if CODE.fullmatch(code) else cases.none()

    def in_area(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """An area and what lies in it."""
        return cases.within(code) if CODE.fullmatch(code) else cases.none()

    def led_by(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """The unit that leads; its id as one value, not a join, so that the index by unit and status serves."""
        return cases.filter(lead_unit_id=Subquery(Unit.objects.filter(code=code).order_by().values("pk")))

    def by_due(self, cases: CaseQuerySet, _name: str, how: str) -> CaseQuerySet:
        """Due soon, or overdue."""
        now = timezone.now()
        return cases.overdue(now) if how == "overdue" else cases.due_soon(now)

    def with_orders(self, cases: CaseQuerySet, _name: str, _open: str) -> CaseQuerySet:
        """With an order that still stands."""
        return cases.filter(orders_open__gt=0)

    def waiting_for_me(self, cases: CaseQuerySet, _name: str, mine: bool) -> CaseQuerySet:
        """Where somebody with my posts is expected to act."""
        return cases.filter(turn_of(self.request.actor)) if mine else cases

    def search(self, cases: CaseQuerySet, _name: str, text: str) -> CaseQuerySet:
        """A number or its end, or words that all occur (cases.search)."""
        return matching(cases, text)
