"""Which share of the closed matters is called, and when disputes are looked at again: policies with from–to.

A line that is in use is ended and followed by another, not rewritten: what was decided by it stands in the events.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cases.admin.logged import LoggedAdmin
from cases.models import FollowUp, FollowUpPolicy, LookBackRule


class _Versions(LoggedAdmin):
    """Ended by its last day (止), never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(FollowUpPolicy)
class FollowUpPolicyAdmin(_Versions):
    """回访规定."""

    list_display = ("__str__", "share", "rate_days", "approve_by_clock", "valid_from", "valid_to", "base")
    list_filter = ("circumstance", "procedure", "kind", "settled")
    search_fields = ("base",)
    FIXED = ("circumstance", "procedure", "kind", "settled", "share", "rate_days", "valid_from")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What cases were drawn by is for ever; it ends and the next line says otherwise."""
        used = obj is not None and FollowUp.objects.filter(policy=obj).exists()
        return self.FIXED if used else ()


@admin.register(LookBackRule)
class LookBackRuleAdmin(_Versions):
    """回头看规定."""

    list_display = ("__str__", "days", "valid_from", "valid_to", "base")
    list_filter = ("kind", "channel", "circumstance")
    search_fields = ("base",)
