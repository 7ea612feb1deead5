"""Users, the posts they hold and the deputies who stand in for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.choices import ADMIN_ROLES, AREA_CODE_HINT, AREA_CODE_PATTERN, Role
from accounts.querysets import InForceQuerySet, UserManager

ENDS_BEFORE_IT_STARTS = "结束日期不能早于开始日期。"


class User(AbstractBaseUser):
    """A person who logs in, or a service account (`is_service`) that nobody can log in with.

    There are no groups and no superuser: what somebody may do follows from the posts they hold today.
    """

    username = models.CharField(
        "登录名",
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9_.@-]+\Z", "登录名只能用字母、数字和 _ . @ -。")],
        error_messages={"unique": "这个登录名已有人使用。"},
    )
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("工作电话", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)
    is_service = models.BooleanField("服务账号", default=False, editable=False)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True, editable=False)
    last_seen = models.DateTimeField("最近活动", null=True, blank=True, editable=False)
    date_joined = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """What Django's pages show."""
        return self.name

    def get_short_name(self) -> str:
        """What Django's pages greet with."""
        return self.name

    @property
    def is_staff(self) -> bool:
        """May open the configuration pages (holds one of the three administrator posts today)."""
        return self.has_perm("accounts.enter_admin")

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Asks the authentication backends (`accounts.backends.PostBackend` answers by post)."""
        return self.is_active and _any_backend("has_perm", self, perm, obj)

    def has_perms(self, perms: Iterable[str], obj: Any = None) -> bool:
        """All of them."""
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        """Any right in that app's configuration pages."""
        return self.is_active and _any_backend("has_module_perms", self, app_label)


def _any_backend(question: str, user: User, *args: Any) -> bool:
    for backend in get_backends():
        try:
            if hasattr(backend, question) and getattr(backend, question)(user, *args):
                return True
        except PermissionDenied:
            return False
    return False


class Post(models.Model):
    """岗位: person × role × unit × area × lead or not × from–to (days inclusive, Asia/Shanghai).

    `area_code` is a prefix: the post sees what lies under it (where its role goes by area).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name="人员")
    role = models.CharField("角色", max_length=20, choices=Role)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="posts", verbose_name="单位")
    area_code = models.CharField(
        "负责区划", max_length=15, validators=[RegexValidator(AREA_CODE_PATTERN, AREA_CODE_HINT)]
    )
    lead = models.BooleanField("单位负责人", default=False)
    starts_on = models.DateField("任职开始")
    ends_on = models.DateField("任职结束", null=True, blank=True)
    note = models.CharField("备注", max_length=120, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"
        ordering = ["user_id", "starts_on", "id"]
        indexes = [
            models.Index(fields=["user", "starts_on"], name="post_user_starts"),
            models.Index(fields=["role", "area_code"], name="post_role_area"),
            models.Index(fields=["unit", "role"], name="post_unit_role"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="post_ends_after_it_starts",
                violation_error_message=ENDS_BEFORE_IT_STARTS,
            ),
            models.CheckConstraint(
                condition=Q(area_code__regex=AREA_CODE_PATTERN),
                name="post_area_code_is_a_prefix",
                violation_error_message=AREA_CODE_HINT,
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="post_role_is_known"),
            models.UniqueConstraint(
                fields=["user", "role", "unit", "area_code"],
                condition=Q(ends_on__isnull=True),
                name="post_open_once",
                violation_error_message="此人已有相同的在任岗位。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.unit}"

    def clean(self) -> None:
        """One person never holds two administrators' posts, or one and a case post, on the same day."""
        if self.user_id and self.role and self.starts_on:
            clash = clash_of_roles(self.user_id, self.role, self.starts_on, self.ends_on, without_post=self.pk)
            if clash:
                raise ValidationError({"role": clash})


class Deputy(models.Model):
    """Who stands in for the holder of a post from–to; acts with the post's rights, in the absent one's name."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="deputies", verbose_name="岗位")
    user = models.ForeignKey(User, models.PROTECT, related_name="deputyships", verbose_name="代理人")
    starts_on = models.DateField("代理开始")
    ends_on = models.DateField("代理结束")

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = "代理"
        verbose_name_plural = "代理"
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="deputy_ends_after_it_starts",
                violation_error_message=ENDS_BEFORE_IT_STARTS,
            ),
            models.UniqueConstraint(
                fields=["post", "user", "starts_on"],
                name="deputy_once",
                violation_error_message="已有同样的代理安排。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} 代理 {self.post}"

    def clean(self) -> None:
        """Nobody is their own deputy; the administrators' separation holds for deputies too."""
        if not (self.post_id and self.user_id and self.starts_on):
            return
        if self.post.user_id == self.user_id:
            raise ValidationError({"user": "代理人不能是本人。"})
        clash = clash_of_roles(self.user_id, self.post.role, self.starts_on, self.ends_on)
        if clash:
            raise ValidationError({"user": clash})


def clash_of_roles(user_id: int, role: str, starts_on: Any, ends_on: Any, without_post: int | None = None) -> str:
    """The sentence that refuses a role beside those held (also as deputy) in the same span; "" when there is none.

    System, security and audit administrators exclude one another and every case role (GB/T 22239-2019 §8.1.4.2 d).
    """
    posts = Post.objects.filter(user_id=user_id).exclude(pk=without_post or 0).overlapping(starts_on, ends_on)
    stood_in = Deputy.objects.filter(user_id=user_id).overlapping(starts_on, ends_on)
    held = set(posts.values_list("role", flat=True)) | set(stood_in.values_list("post__role", flat=True))
    for other in sorted(held - {role}):
        if role in ADMIN_ROLES or other in ADMIN_ROLES:
            return f"{Role(role).label}不能与{Role(other).label}由同一人同时担任，请先结束其中一个岗位。"
    return ""
