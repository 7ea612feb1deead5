"""When declining needs the centre's lead: rules that a centre sets up itself."""

from __future__ import annotations

from django.contrib import admin

from cases.admin.logged import LoggedAdmin
from cases.models import DeclineRule


@admin.register(DeclineRule)
class DeclineRuleAdmin(LoggedAdmin):
    """不予受理须批准的情形; none at first: the desk declines by itself."""

    list_display = ("__str__", "legal_base", "active")
    list_filter = ("active",)
