"""The calendar and the limits. A changed day makes the clock count every later date again; a changed limit moves no
running clock, because each event keeps the limits it was written with."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest

from cases.admin.logged import LoggedAdmin
from cases.models import Holiday, LimitPolicy
from cases.services import recounting


@admin.register(Holiday)
class HolidayAdmin(LoggedAdmin):
    """工作日历."""

    list_display = ("date", "workday", "name", "source")
    list_filter = ("workday",)
    search_fields = ("name", "source")
    date_hierarchy = "date"

    def save_model(self, request: HttpRequest, obj: Holiday, form: Any, change: bool) -> None:
        """Save, and have dates counted again from the earlier of the old and the new day."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            self._recount(request, min(obj.date, form.initial.get("date") or obj.date))

    def delete_model(self, request: HttpRequest, obj: Holiday) -> None:
        """Delete, and have dates counted again from that day."""
        with transaction.atomic():
            super().delete_model(request, obj)
            self._recount(request, obj.date)

    def _recount(self, request: HttpRequest, since: date) -> None:
        recounting.ask(since)
        messages.info(request, f"平台会在几分钟内重新计算 {since:%Y年%m月%d日} 以后的全部时限。")


@admin.register(LimitPolicy)
class LimitPolicyAdmin(LoggedAdmin):
    """时限规定; those of the law are looked at, not changed."""

    list_display = ("clock", "kind", "procedure", "category", "level", "channel", "amount", "unit", "legal_base")
    list_filter = ("clock", "kind", "procedure", "statutory")
    search_fields = ("legal_base", "category")
    readonly_fields = ("statutory",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not what the law sets."""
        return super().has_change_permission(request, obj) and not (obj and obj.statutory)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a limit ends by its last day (止)."""
        return False
