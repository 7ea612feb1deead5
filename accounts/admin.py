"""The configuration pages for people and organisation, in Chinese; rights by post (`accounts.permissions`).

System administrator: units, people. Security administrator: posts, deputies, passwords, locks. Auditor: the log.
"""

from __future__ import annotations

from typing import Any

from axes.utils import reset as forget_failures
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit, services
from accounts.channels import admin as channels  # noqa: F401  its pages register themselves
from accounts.desks import about_words, action_words
from accounts.models import AuditEntry, AuditSeal, AuthToken, Deputy, Post, Unit, User
from accounts.policy import centre_name
from accounts.querysets import day_of
from accounts.tokens import revoke_all
from governance_portal.lib.errors import Refusal

admin.site.site_header = f"{centre_name()} · 系统配置"
admin.site.site_title = "系统配置"
admin.site.index_title = "配置项"


class NothingIsDeleted(admin.ModelAdmin):  # type: ignore[type-arg]
    """People, units and posts end, they are not deleted: history names them."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class ReadOnly(NothingIsDeleted):
    """Looked at, never written by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Unit)
class UnitAdmin(NothingIsDeleted):
    """The tree of offices."""

    list_display = ("code", "name", "kind", "parent", "area_code", "phone", "active")
    list_filter = ("kind", "active")
    list_select_related = ("parent",)
    search_fields = ("code", "name", "short_name")
    autocomplete_fields = ("parent",)

    def save_model(self, request: HttpRequest, obj: Unit, form: ModelForm[Any], change: bool) -> None:
        """With an entry in the log."""
        super().save_model(request, obj, form, change)
        action = "unit.changed" if change else "unit.created"
        _logged(request, action, obj.code, {"fields": form.changed_data})


@admin.register(User)
class UserAdmin(NothingIsDeleted):
    """People: made by the system administrator, secured by the security administrator."""

    list_display = ("username", "name", "phone", "is_active", "must_change_password", "last_seen")
    list_filter = ("is_active",)
    search_fields = ("username", "name")
    fields = ("username", "name", "phone", "is_active", "must_change_password", "last_seen", "password_changed_at")
    readonly_fields = ("is_active", "must_change_password", "last_seen", "password_changed_at")
    actions = ("give_password", "unlock", "forget_two_step", "log_out_phones", "disable", "enable")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Service accounts are nobody's to change."""
        return super().get_queryset(request).filter(is_service=False)

    def has_secure_permission(self, request: HttpRequest) -> bool:
        """The security administrator's actions (Django asks by this name)."""
        return request.user.has_perm("accounts.secure_user")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[Any], change: bool) -> None:
        """A new person cannot log in until the security administrator gives a password."""
        if not change:
            obj.set_unusable_password()
            obj.must_change_password = True
        super().save_model(request, obj, form, change)
        action = "person.changed" if change else "person.created"
        _logged(request, action, obj.username, {"fields": form.changed_data})

    @admin.action(description="重设为一次性密码", permissions=["secure"])
    def give_password(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Shown once on this page, to be told to the person."""
        for user in people:
            text = services.reset_password(_actor(request), user, now=timezone.now())
            messages.warning(
                request, f"{user.name}（{user.username}）的一次性密码：{text}，请当面告知，离开本页后不再显示。"
            )

    @admin.action(description="解除登录锁定", permissions=["secure"])
    def unlock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Everywhere at once."""
        for user in people:
            forget_failures(username=user.username)
            _logged(request, "login.unlocked", user.username)
        messages.success(request, "已解除登录锁定，可以重新登录。")

    @admin.action(description="解除动态验证码（手机遗失）", permissions=["secure"])
    def forget_two_step(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """To be set up anew."""
        for user in people:
            services.forget_two_step(_actor(request), user, now=timezone.now())
        messages.success(request, "已解除动态验证码，本人登录后可重新设置。")

    @admin.action(description="注销全部手机登录", permissions=["secure"])
    def log_out_phones(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """A lost phone."""
        for user in people:
            _logged(request, "token.revoked", user.username, {"tokens": revoke_all(user, timezone.now())})
        messages.success(request, "已注销手机登录，手机端须重新登录。")

    @admin.action(description="离任：结束全部岗位并停用账号", permissions=["secure"])
    def disable(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Refused while they have open matters."""
        now = timezone.now()
        for user in people:
            try:
                services.leave(_actor(request), user, on=day_of(now), now=now)
            except Refusal as refusal:
                messages.error(request, f"{user.name}：{refusal.detail}")
            else:
                messages.success(request, f"{user.name}的岗位已全部结束，账号已停用。")

    @admin.action(description="重新启用账号", permissions=["secure"])
    def enable(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Posts are given anew."""
        for user in people:
            services.enable(_actor(request), user, now=timezone.now())
        messages.success(request, "账号已启用；岗位须另行任命。")


@admin.register(Post)
class PostAdmin(NothingIsDeleted):
    """Who does what where, from when to when."""

    list_display = ("user", "role", "unit", "area_code", "lead", "starts_on", "ends_on")
    list_filter = ("role", "lead")
    list_select_related = ("user", "unit")
    search_fields = ("user__username", "user__name", "unit__name", "area_code")
    autocomplete_fields = ("user", "unit")
    date_hierarchy = "starts_on"

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> tuple[str, ...]:
        """Whose post it was is not rewritten; a mistake is ended and given anew."""
        return ("user", "role", "unit") if obj else ()

    def save_model(self, request: HttpRequest, obj: Post, form: ModelForm[Any], change: bool) -> None:
        """Through the services: separation, log, and nobody leaves with open matters."""
        given = {name: getattr(obj, name) for name in ("area_code", "lead", "starts_on", "ends_on", "note")}
        actor, now = _actor(request), timezone.now()
        if not change:
            made = services.appoint(actor, user=obj.user, role=obj.role, unit=obj.unit, now=now, **given)
            obj.pk, obj._state.adding = made.pk, False
            return
        ends_on = given.pop("ends_on")
        kept = Post.objects.select_related("user", "unit").get(pk=obj.pk)
        if ends_on != kept.ends_on and ends_on is not None:
            kept = services.end_post(actor, kept, on=ends_on, now=now)
        services.change_post(actor, kept, now=now, ends_on=ends_on, **given)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A refusal is told as a sentence on the page it came from."""
        return _or_told(self, request, super().changeform_view, *args, **kwargs)


@admin.register(Deputy)
class DeputyAdmin(NothingIsDeleted):
    """Who stands in for whom."""

    list_display = ("post", "user", "starts_on", "ends_on")
    list_select_related = ("post__user", "post__unit", "user")
    search_fields = ("user__username", "user__name", "post__user__name")
    autocomplete_fields = ("post", "user")

    def get_readonly_fields(self, request: HttpRequest, obj: Deputy | None = None) -> tuple[str, ...]:
        """Only the end can be moved afterwards."""
        return ("post", "user", "starts_on") if obj else ()

    def save_model(self, request: HttpRequest, obj: Deputy, form: ModelForm[Any], change: bool) -> None:
        """Through the services."""
        now = timezone.now()
        if change:
            services.end_deputy(_actor(request), obj, on=obj.ends_on, now=now)
            return
        made = services.set_deputy(
            _actor(request), obj.post, obj.user, starts_on=obj.starts_on, ends_on=obj.ends_on, now=now
        )
        obj.pk, obj._state.adding = made.pk, False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A refusal is told as a sentence."""
        return _or_told(self, request, super().changeform_view, *args, **kwargs)


@admin.register(AuthToken)
class AuthTokenAdmin(ReadOnly):
    """Which phones are logged in; never the key."""

    list_display = ("user", "device", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__name", "device")
    fields = list_display


class ActionFilter(admin.AllValuesFieldListFilter):
    """The actions that there are, in words."""

    def choices(self, changelist: Any) -> Any:
        """Each with its word instead of its code."""
        for choice in super().choices(changelist):
            said = str(choice["display"])
            yield {**choice, "display": action_words(said) if said.isascii() else said}


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    """The log, for auditors."""

    list_display = ("id", "at", "who", "what", "about", "ok", "reason", "address")
    list_filter = ("ok", ("action", ActionFilter))
    list_select_related = ("user",)
    fields = ("at", "who", "username", "what", "about", "ok", "reason", "detail", "address", "agent", "digest")
    readonly_fields = ("who", "what", "about")
    search_fields = ("username", "target")
    date_hierarchy = "at"
    show_full_result_count = False
    actions = None

    @admin.display(description="谁", ordering="username")
    def who(self, entry: AuditEntry) -> str:
        """The person's name; the log-in name stands on the entry's own page."""
        return entry.user.name if entry.user else "没有登录的人"

    @admin.display(description="事项", ordering="action")
    def what(self, entry: AuditEntry) -> str:
        """The action in words."""
        return action_words(entry.action)

    @admin.display(description="对象")
    def about(self, entry: AuditEntry) -> str:
        """What it was done to: the number of a matter stands alone."""
        return about_words(entry.target)


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnly):
    """The chain."""

    list_display = ("id", "at", "first_id", "last_id", "entries", "root")
    actions = None


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _logged(request: HttpRequest, action: str, target: str, detail: dict[str, Any] | None = None) -> None:
    audit.record(_actor(request), action, target, detail=detail, **audit.request_meta(request), now=timezone.now())


def _or_told(model_admin: admin.ModelAdmin[Any], request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> Any:
    try:
        return view(request, *args, **kwargs)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        # Shown again as it stands in the database: nothing of what was refused was kept.
        request.method = "GET"
        return view(request, *args, **kwargs)
