"""When a closed hazard is looked at again: days after closing by class, and the seasons with their interval."""

from __future__ import annotations

from django.contrib import admin

from cases.admin.logged import LoggedAdmin
from cases.models import ReinspectionRule


@admin.register(ReinspectionRule)
class ReinspectionRuleAdmin(LoggedAdmin):
    """隐患复查规定; what was planned already keeps its date."""

    list_display = ("__str__", "base")
    list_filter = ("hazard_class",)
    fieldsets = (
        (None, {"fields": ("hazard_class", "base")}),
        ("销号以后满几天看一次", {"fields": ("days",)}),
        ("或者在一段季节里隔几天看一次", {"fields": ("every", "begins_on", "ends_on")}),
    )
