"""How this centre supervises: one row of rules, changed by the system administrator, every change in the log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from cases.admin.logged import LoggedAdmin
from cases.choices import Clock
from cases.models import SupervisionRules

URGEABLE = (Clock.ACCEPT_BY, Clock.DISPATCH_BY, Clock.SIGN_BY, Clock.CONTACT_BY, Clock.RESOLVE_BY)


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """The clocks that are urged are ticked, not typed."""

    urged_clocks = forms.MultipleChoiceField(
        label="到期自动催办的时限",
        choices=[(clock.value, clock.label) for clock in URGEABLE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="都不选就不自动催办。",
    )

    class Meta:
        model = SupervisionRules
        fields = "__all__"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.pk or not self.is_bound:
            self.initial["urged_clocks"] = str(self.instance.urged_clocks).split()

    def clean_urged_clocks(self) -> str:
        """As the table keeps them."""
        return " ".join(self.cleaned_data["urged_clocks"])


@admin.register(SupervisionRules)
class SupervisionRulesAdmin(LoggedAdmin):
    """督办规则."""

    form = RulesForm
    fieldsets = (
        ("文号", {"fields": ("urge_word", "letter_word", "proposal_word")}),
        ("催办和督办函", {"fields": ("urged_clocks", "answer_days", "draft_after_days", "stuck_days")}),
        (
            "办结核查",
            {"fields": ("quick_minutes", "bulk_count", "bulk_minutes", "praised_over", "sample_share")},
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The one row is there."""
        return super().has_add_permission(request) and not SupervisionRules.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Always row 1."""
        obj.pk = 1
        super().save_model(request, obj, form, change)
