"""Who is told what happens, and what became of it: the system administrator sets it up; no case is seen here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from cases.admin.logged import LoggedAdmin
from governance_portal.lib import outbound
from governance_portal.lib.errors import Refusal
from hotlines.models import OutwardMessage, Subscriber
from hotlines.outward.owing import KINDS, subscribe
from hotlines.outward.sending import renew_secret, send_again


class SubscriberForm(forms.ModelForm):  # type: ignore[type-arg]
    """Address and contents, checked before anything is sent."""

    address = forms.CharField(
        label="地址",
        max_length=200,
        help_text="https 地址；主机须在允许外发的名单里（OUTBOUND_HOSTS）。",
        widget=AdminTextInputWidget,
    )
    events = forms.MultipleChoiceField(
        label="推送内容", choices=list(KINDS.items()), required=False, widget=forms.CheckboxSelectMultiple,
        help_text="一项不选即全部推送。",
    )  # fmt: skip

    class Meta:
        model = Subscriber
        fields = ("name", "address", "events", "area_code", "is_active")

    def clean_address(self) -> str:
        """Only a host that the settings allow."""
        address = str(self.cleaned_data["address"])
        try:
            outbound.check(address)
        except outbound.Unsafe as refused:
            raise ValidationError(f"不能推送到这个地址：{refused}。") from refused
        return address

    def clean_area_code(self) -> str:
        """Digits of a division."""
        code = str(self.cleaned_data["area_code"]).strip()
        if not code.isdigit() or len(code) not in (6, 9, 12, 15):
            raise ValidationError("请填行政区划代码：区 6 位、街道 9 位、社区 12 位、网格 15 位。")
        return code


@admin.register(Subscriber)
class SubscriberAdmin(LoggedAdmin):
    """推送对象; the secret is shown once. Switched off, never deleted: what was sent names it."""

    form = SubscriberForm
    list_display = ("name", "host", "told", "area_code", "is_active", "created_at")
    list_filter = ("is_active",)
    actions = ("renew",)

    @admin.display(description="主机")
    def host(self, row: Subscriber) -> str:
        """Where it listens; addresses may carry keys."""
        return outbound.host_of(row.address)

    @admin.display(description="推送内容")
    def told(self, row: Subscriber) -> str:
        """In words."""
        return "、".join(KINDS[kind] for kind in row.events if kind in KINDS) or "全部"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; a new one gets its secret, and hears what happens from now on."""
        if not change:
            subscribe(obj)
            self._give_secret(request, obj)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    @admin.action(description="换发密钥（旧密钥在下次换发前继续有效）", permissions=["change"])
    def renew(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        """A new secret each; both sign until the next change."""
        for row in queryset:
            self._give_secret(request, row)
            row.save(update_fields=["secrets"])
            self.log(request, row, "renewed", {})

    def _give_secret(self, request: HttpRequest, row: Subscriber) -> None:
        said = f"“{row.name}”的签名密钥：{renew_secret(row)}　只显示这一次，请现在交给对方。"
        self.message_user(request, said, messages.WARNING)


@admin.register(OutwardMessage)
class OutwardMessageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """推送记录: read, and sent again."""

    list_display = ("created_at", "subscriber", "about", "case_number", "state", "attempts", "answer")
    list_filter = ("state", ("subscriber", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("subscriber",)
    search_fields = ("case_number",)
    search_help_text = "按受理编号查找"
    show_full_result_count = False
    list_per_page = 50
    fields = (
        *("created_at", "subscriber", "about", "case_number", "state", "attempts", "answer"),
        *("next_attempt_at", "sent_at", "uid"),
    )
    readonly_fields = fields
    actions = ("again",)

    @admin.display(description="内容")
    def about(self, row: OutwardMessage) -> str:
        """In words."""
        return KINDS.get(row.kind, row.kind)

    @admin.action(description="重新发送", permissions=["resend"])
    def again(self, request: HttpRequest, rows: QuerySet[OutwardMessage]) -> None:
        """Each under its old id: who has received it already drops it."""
        meta = audit.request_meta(request)
        for row in rows:
            try:
                send_again(row, timezone.now())
            except Refusal as refused:
                messages.error(request, refused.detail)
                continue
            user: Any = request.user
            audit.record(user, "outwardmessage.resent", f"outwardmessage:{row.pk}", str(row), {}, **meta)
        messages.success(request, "已重新排队，约半分钟后可看到结果。")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Who may send again."""
        return request.user.has_perm("hotlines.resend_outwardmessage")  # type: ignore[union-attr]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: the portal writes them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
