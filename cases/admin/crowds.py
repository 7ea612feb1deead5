"""From when on many reports are one subject: one row of rules, changed by the system administrator, every change in the log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cases.admin.logged import LoggedAdmin
from cases.models import CrowdRules


@admin.register(CrowdRules)
class CrowdRulesAdmin(LoggedAdmin):
    """重复和热点规则."""

    fieldsets = (("热点", {"fields": ("hot_count", "hot_days")}), ("可能重复", {"fields": ("repeat_days",)}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Until the one row is there."""
        return super().has_add_permission(request) and not CrowdRules.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Always row 1."""
        obj.pk = 1
        super().save_model(request, obj, form, change)
