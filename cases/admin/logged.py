"""Every change made on a configuration page stands in the log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts import audit


class LoggedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page whose saves and deletions leave an entry each, with the names of the changed fields."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save and log."""
        super().save_model(request, obj, form, change)
        self.log(request, obj, "changed" if change else "created", {"fields": form.changed_data})

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Log and delete."""
        self.log(request, obj, "deleted", {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """One by one, so that each is logged."""
        for obj in queryset:
            self.delete_model(request, obj)

    def log(self, request: HttpRequest, obj: Any, what: str, detail: dict[str, Any]) -> None:
        """Append the entry."""
        name = obj._meta.model_name
        meta = audit.request_meta(request)
        audit.record(request.user, f"{name}.{what}", f"{name}:{obj.pk}", str(obj), detail, **meta)  # type: ignore[arg-type]
