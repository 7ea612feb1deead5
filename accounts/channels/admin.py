"""群机器人 and 发送记录 on the configuration pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.channels.forms import GroupChannelForm
from accounts.channels.sending import TEST, send_again, send_test
from accounts.choices import NoticeKind
from accounts.models import Delivery, GroupChannel
from governance_portal.lib import outbound
from governance_portal.lib.errors import Refusal
from governance_portal.lib.spoken import moment_words


def _logged(request: HttpRequest, action: str, target: str, detail: dict[str, Any] | None = None) -> None:
    meta = audit.request_meta(request)
    audit.record(request.actor, action, target, detail=detail, **meta, now=timezone.now())  # type: ignore[attr-defined]


@admin.register(GroupChannel)
class GroupChannelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A unit's robot: address and key go in and are not shown again."""

    form = GroupChannelForm
    list_display = ("name", "kind", "host", "unit", "area_code", "told", "active")
    list_filter = ("kind", "active")
    list_select_related = ("unit",)
    search_fields = ("name",)
    fields = ("name", "kind", "url", "secret", "which", "unit", "area_code", "active")
    change_form_template = "admin/accounts/groupchannel/change_form.html"
    actions = ("test",)

    @admin.display(description="主机")
    def host(self, group: GroupChannel) -> str:
        """Where it speaks to; never the whole address, which carries a password."""
        return outbound.host_of(str((group.sealed or {}).get("url", "")))

    @admin.display(description="发哪几类通知")
    def told(self, group: GroupChannel) -> str:
        """In words."""
        return "、".join(NoticeKind(kind).label for kind in group.kinds.split()) or "各类都发"

    @admin.action(description="发送测试", permissions=["change"])
    def test(self, request: HttpRequest, groups: QuerySet[GroupChannel]) -> None:
        """A test message each."""
        for group in groups:
            self._test(request, group)

    def _test(self, request: HttpRequest, group: GroupChannel) -> None:
        send_test(group, timezone.now())
        _logged(request, "groupchannel.tested", f"groupchannel:{group.pk}")
        messages.success(request, f"测试消息已排队发往“{group.name}”，约半分钟后可在发送记录里看到结果。")

    def save_model(self, request: HttpRequest, obj: GroupChannel, form: Any, change: bool) -> None:
        """With an entry in the log: which fields, never what they hold."""
        super().save_model(request, obj, form, change)
        what = "changed" if change else "created"
        _logged(request, f"groupchannel.{what}", f"groupchannel:{obj.pk}", {"fields": form.changed_data})

    def response_add(self, request: HttpRequest, obj: GroupChannel, *args: Any, **kwargs: Any) -> HttpResponse:
        """保存并发送测试 leads to where the answer will be."""
        return self._tested(request, obj) or super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: GroupChannel) -> HttpResponse:
        """The same when it was changed."""
        return self._tested(request, obj) or super().response_change(request, obj)

    def _tested(self, request: HttpRequest, obj: GroupChannel) -> HttpResponse | None:
        if "_test" not in request.POST:
            return None
        self._test(request, obj)
        return HttpResponseRedirect(f"{reverse('admin:accounts_delivery_changelist')}?group__id__exact={obj.pk}")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Switched off, not deleted: what was sent names it."""
        return False


class KindFilter(admin.SimpleListFilter):
    """The kinds of notices in words."""

    title, parameter_name = "类别", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All of them, and the tests."""
        return [*((kind.value, str(kind.label)) for kind in NoticeKind), (TEST, "测试")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Those of the kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """发送记录: what was sent to whom by which way, what came of it; read, and sent again."""

    list_display = ("when", "channel", "receiver", "case_number", "about", "state", "result")
    list_filter = ("state", "channel", KindFilter, ("group", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "group")
    search_fields = ("case_number", "user__name", "user__username", "group__name")
    search_help_text = "按受理编号、姓名、登录名、群名查找"
    date_hierarchy = "created_at"
    show_full_result_count = False
    list_per_page = 50
    fields = (
        *("created_at", "channel", "receiver", "case_number", "about", "text", "state", "attempts", "answer"),
        *("next_attempt_at", "sent_at", "key"),
    )
    readonly_fields = fields
    actions = ("again",)
    #: Robots know no Idempotency-Key, and a mail's Message-ID is heeded by some mail boxes only.
    SENT_TWICE = "短信和签名接口收到过的不会重复；群机器人和邮件认不出重复，收到过的重新发送后可能再显示一次。"

    @admin.display(description="时间", ordering="created_at")
    def when(self, row: Delivery) -> str:
        """As people say it; the whole date stands on the row's own page."""
        return moment_words(row.created_at, timezone.now())

    @admin.display(description="结果")
    def result(self, row: Delivery) -> str:
        """What the last attempt met, and how many there were."""
        return f"{row.answer}（试了 {row.attempts} 次）" if row.attempts > 1 else row.answer

    @admin.display(description="发给")
    def receiver(self, row: Delivery) -> str:
        """A person or a group; never the address."""
        return str(row.user or row.group)

    @admin.display(description="消息标识")
    def key(self, row: Delivery) -> str:
        """What the receiver knows a repeat by (Idempotency-Key)."""
        return str(row.uid)

    @admin.display(description="类别")
    def about(self, row: Delivery) -> str:
        """The kind in words."""
        if row.kind == TEST:
            return "测试"
        return str(NoticeKind(row.kind).label if row.kind in NoticeKind.values else NoticeKind.OTHER.label)

    @admin.action(description="重新发送", permissions=["resend"])
    def again(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        """Each under the key it had: who knows keys and has received it already drops it."""
        for row in rows:
            try:
                send_again(row, timezone.now())
            except Refusal as refused:
                messages.warning(request, refused.detail)
            else:
                _logged(request, "delivery.resend", f"delivery:{row.pk}")
        messages.success(request, f"已排队重新发送，约半分钟后刷新可看到结果。{self.SENT_TWICE}")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Django asks by this name for the action's right."""
        return request.user.has_perm("accounts.resend_delivery")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never by hand."""
        return False
