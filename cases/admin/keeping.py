"""The code list of what matters are about, and how long contact data is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cases.admin.logged import LoggedAdmin
from cases.models import Category, RetentionRule


@admin.register(Category)
class CategoryAdmin(LoggedAdmin):
    """事项类别; taken out of use, never deleted: old cases name them."""

    list_display = ("code", "name", "tree", "parent", "mediable", "for_department", "active")
    list_filter = ("tree", "active", "mediable", "for_department")
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code is for ever."""
        return ("code", "tree", "parent") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(RetentionRule)
class RetentionRuleAdmin(LoggedAdmin):
    """个人信息保存期限."""

    list_display = ("__str__", "months", "legal_base")
