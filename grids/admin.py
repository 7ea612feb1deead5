"""The territory in the configuration pages, in Chinese. Nothing is deleted: what is abolished is taken out of use."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from grids.editing import history
from grids.editing.choices import Change
from grids.geometry import boundary_problem
from grids.models import Area, Duty, Grid


class BoundaryForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses a boundary that is no closed, valid polygon."""

    def clean_boundary(self) -> Any:
        """The GeoJSON geometry as entered."""
        boundary = self.cleaned_data["boundary"]
        problem = boundary_problem(boundary) if boundary else ""
        if problem:
            raise forms.ValidationError(problem)
        return boundary or None


class KeptAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows are never deleted here: old cases name them."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody; take it out of use instead."""
        return False


@admin.register(Area)
class AreaAdmin(KeptAdmin):
    """区域."""

    form = BoundaryForm
    list_display = ("code", "name", "level", "parent", "population", "households", "active")
    list_filter = ("level", "active")
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code is for ever; a community that is re-coded is a new one."""
        return ("code", "level", "parent") if obj else ()


@admin.register(Grid)
class GridAdmin(KeptAdmin):
    """网格."""

    list_display = ("code", "name", "community", "kind", "work_class", "population", "active")
    list_filter = ("kind", "work_class", "active")
    list_select_related = ("community",)
    search_fields = ("code", "name")
    autocomplete_fields = ("community",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code is for ever; a grid's line and whether it is in use change on the page 网格划定, where they are checked."""
        return ("code", "community", "boundary", "datum", "active") if obj else ("boundary", "datum", "active")

    def save_model(self, request: HttpRequest, obj: Grid, form: Any, change: bool) -> None:
        """Also the grid's own history."""
        if change:
            history.keep(Grid.objects.filter(pk=obj.pk), timezone.now())
        super().save_model(request, obj, form, change)
        what = Change.DESCRIBED if change else Change.OPENED
        user = cast(User, request.user)
        history.write([obj], what, reason="在系统配置页修改", who=user, now=timezone.now())


@admin.register(Duty)
class DutyAdmin(KeptAdmin):
    """网格人员."""

    list_display = ("user", "grid", "kind", "starts_on", "ends_on")
    list_filter = ("kind",)
    list_select_related = ("user", "grid")
    search_fields = ("user__name", "user__username", "grid__name", "grid__code")
    autocomplete_fields = ("user", "grid")
    date_hierarchy = "starts_on"
