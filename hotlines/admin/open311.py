"""Who may post by Open311, and what is offered: the system administrator sets it up; no case is seen here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from cases.admin.logged import LoggedAdmin
from hotlines.models import Open311Attribute, Open311Client, Open311Service
from hotlines.open311.keys import new_key


@admin.register(Open311Client)
class Open311ClientAdmin(LoggedAdmin):
    """Open311 应用; its key is shown once, when it is made or made anew. Taken back by a tick, never deleted."""

    list_display = ("name", "holder", "is_active", "created_at")
    list_filter = ("is_active",)
    fields = ("name", "holder", "note", "is_active")
    actions = ("renew",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; a new app gets its key."""
        if not change:
            obj.created_at = timezone.now()
            self._give_key(request, obj)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: reports name their app."""
        return False

    @admin.action(description="换发密钥（旧密钥立即作废）", permissions=["change"])
    def renew(self, request: HttpRequest, queryset: Any) -> None:
        """A new key for each chosen app; the old one is void at once."""
        for client in queryset:
            self._give_key(request, client)
            client.save(update_fields=["digest"])
            meta = audit.request_meta(request)
            user: Any = request.user
            audit.record(user, "open311client.renewed", f"open311client:{client.pk}", str(client), {}, **meta)

    def _give_key(self, request: HttpRequest, client: Open311Client) -> None:
        text, client.digest = new_key()
        said = f"“{client.name}”的 api_key：{text}　只显示这一次，请现在交给使用单位。"
        self.message_user(request, said, messages.WARNING)


class AttributeInline(admin.TabularInline):  # type: ignore[type-arg]
    """The questions of a service, beside it."""

    model = Open311Attribute
    extra = 0


@admin.register(Open311Service)
class Open311ServiceAdmin(LoggedAdmin):
    """Open311 服务; taken out of use, never deleted."""

    list_display = ("category", "kind", "position", "offered")
    list_filter = ("offered", "kind")
    list_select_related = ("category",)
    autocomplete_fields = ("category",)
    inlines = (AttributeInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A service is its category for ever."""
        return ("category",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: reports name their service."""
        return False
