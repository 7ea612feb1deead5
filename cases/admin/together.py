"""Who can be in a case's team, and how soon departments answer a whistle: what a centre sets up itself."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cases.admin.logged import LoggedAdmin
from cases.models import TeamRole, WhistlePolicy


@admin.register(TeamRole)
class TeamRoleAdmin(LoggedAdmin):
    """案组角色; taken out of use, never deleted: teams name them."""

    list_display = ("name", "about", "place", "active")
    list_filter = ("active",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code is for ever."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(WhistlePolicy)
class WhistlePolicyAdmin(LoggedAdmin):
    """吹哨时限; a whistle keeps the dates it was laid with."""

    list_display = ("__str__", "arrive_amount", "arrive_unit", "finish_amount", "finish_unit", "base")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
