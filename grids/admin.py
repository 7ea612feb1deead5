"""The territory in the configuration pages, in Chinese. Nothing is deleted: what is abolished is taken out of use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

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

    form = BoundaryForm
    list_display = ("code", "name", "community", "kind", "work_class", "population", "active")
    list_filter = ("kind", "work_class", "active")
    list_select_related = ("community",)
    search_fields = ("code", "name")
    autocomplete_fields = ("community",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code is for ever."""
        return ("code", "community") if obj else ()


@admin.register(Duty)
class DutyAdmin(KeptAdmin):
    """网格人员."""

    list_display = ("user", "grid", "kind", "starts_on", "ends_on")
    list_filter = ("kind",)
    list_select_related = ("user", "grid")
    search_fields = ("user__name", "user__username", "grid__name", "grid__code")
    autocomplete_fields = ("user", "grid")
    date_hierarchy = "starts_on"
