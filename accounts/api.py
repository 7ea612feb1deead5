"""`auth/token/`, `me/`, `notices/`, `units/` of the API; mounted under `/api/v1/`."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.signals import user_logged_in
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit, limits, logins, notices, passwords, queries, tokens
from accounts.channels import api as channels
from accounts.choices import Role, UnitKind
from accounts.middleware import MUST_CHANGE, MUST_ENROL
from accounts.models import Notice, Unit, User
from governance_portal.lib.errors import Incomplete, NotYou, NotYours, TooMany

# Tries of one address (many names), and of one name at one address: a victim elsewhere is never locked out.
TRIES_PER_ADDRESS = 60
TRIES_PER_NAME = 10
TRY_SECONDS = 300


class CredentialsSerializer(serializers.Serializer[Any]):
    """What a phone sends to log in."""

    username = serializers.CharField(max_length=64, help_text="登录名")
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True, help_text="密码")
    otp = serializers.CharField(max_length=12, required=False, allow_blank=True, default="", help_text="动态验证码")
    device = serializers.CharField(max_length=80, required=False, allow_blank=True, default="", help_text="设备名称")


class TokenSerializer(serializers.Serializer[Any]):
    """A key, shown once."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class NamedCodeSerializer(serializers.Serializer[Any]):
    """Something named by its code."""

    code = serializers.CharField()
    name = serializers.CharField(allow_blank=True)


class PostSerializer(serializers.Serializer[Any]):
    """A post held, or stood in for."""

    role = serializers.ChoiceField(choices=Role.choices)
    role_label = serializers.CharField()
    unit = NamedCodeSerializer()
    area = NamedCodeSerializer()
    lead = serializers.BooleanField()
    acting_for = serializers.CharField(allow_null=True, help_text="代理谁；本人任职时为空")

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's own."""
        days = {"from": serializers.DateField(), "to": serializers.DateField(allow_null=True)}
        return {**super().get_fields(), **days}


class MeSerializer(serializers.Serializer[Any]):
    """Who I am."""

    username = serializers.CharField()
    name = serializers.CharField()
    posts = PostSerializer(many=True)
    unread = serializers.IntegerField()


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A line of the inbox."""

    class Meta:
        model = Notice
        fields = ("id", "kind", "title", "body", "case_number", "created_at", "read_at")
        read_only_fields = fields


class UnitSerializer(serializers.ModelSerializer[Unit]):
    """An office, with its parent's code and its area's name."""

    kind = serializers.ChoiceField(choices=UnitKind.choices)
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)  # type: ignore[assignment]
    area = serializers.SerializerMethodField()

    class Meta:
        model = Unit
        fields = ("code", "name", "kind", "parent", "area")

    @extend_schema_field(NamedCodeSerializer)
    def get_area(self, unit: Unit) -> dict[str, str]:
        """Code and name; the names of a whole page are asked for at once."""
        return {"code": unit.area_code, "name": self.context.get("area_names", {}).get(unit.area_code, "")}


class NewestFirst(CursorPagination):
    """Newest first, 50 a page, at most 100."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 100


class TokenView(APIView):
    """Log a phone in and out."""

    permission_classes = [AllowAny]

    def get_authenticators(self) -> list[Any]:
        """An old key in the header does not keep anybody from logging in anew."""
        return [] if self.request is not None and self.request.method == "POST" else super().get_authenticators()

    @extend_schema(
        request=CredentialsSerializer, responses={200: TokenSerializer}, summary="登录，取得设备令牌", auth=[]
    )
    def post(self, request: Request) -> Response:
        """Name, password and (where set up) the one-time code for a key."""
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = _let_in(request, **given.validated_data)
        text, expires_at = tokens.issue(user, given.validated_data["device"], timezone.now())
        # Sent last: this is what resets axes' count and writes the log.
        user_logged_in.send(sender=User, request=request._request, user=user)
        return Response(TokenSerializer({"token": text, "expires_at": expires_at}).data)

    @extend_schema(request=None, responses={204: OpenApiResponse(description="已注销")}, summary="注销设备令牌")
    def delete(self, request: Request) -> Response:
        """The key of this very request is revoked."""
        if not isinstance(request.auth, str):
            raise Incomplete({"token": ["请用要注销的设备令牌调用"]})
        tokens.revoke(request.auth, timezone.now())
        audit.record(request.user, "logout", request.user.get_username(), **audit.request_meta(request._request))
        return Response(status=204)


def _let_in(request: Request, username: str, password: str, otp: str, device: str) -> User:
    address, now = audit.client_address(request._request), timezone.now()
    for scope, key, limit in (
        ("token.address", address, TRIES_PER_ADDRESS),
        ("token.name", f"{username}@{address}", TRIES_PER_NAME),
    ):
        tried = limits.hit(scope, key, limit, TRY_SECONDS, now)
        if not tried:
            raise TooMany("登录尝试过于频繁，请稍后再试。", retry_after=tried.retry_after)
    user = logins.check(request._request, username, password, otp)
    if passwords.is_due(user, now):
        raise NotYou(f"{MUST_CHANGE}请先在电脑上登录并修改密码。")
    if logins.must_enrol(queries.actor_for(user, now), user):
        raise NotYou(MUST_ENROL)
    limits.forget("token.name", f"{username}@{address}")
    return user


def _me(request: Request) -> User:
    """Behind `IsAuthenticated` it is a person."""
    return cast(User, request.user)


class MeView(APIView):
    """Who I am, with my posts of today."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=MeSerializer, summary="我的岗位与未读数")
    def get(self, request: Request) -> Response:
        """Three queries however many posts."""
        return Response(MeSerializer(queries.me(_me(request), timezone.now())).data)


class NoticesView(ListAPIView[Notice]):
    """My inbox; `?unread=1` for what waits."""

    permission_classes = [IsAuthenticated]
    serializer_class = NoticeSerializer
    pagination_class = NewestFirst
    filter_backends = []
    queryset = Notice.objects.none()

    def get_queryset(self) -> Any:
        """Only mine."""
        mine = Notice.objects.filter(user_id=_me(self.request).pk)
        return mine.filter(read_at__isnull=True) if self.request.query_params.get("unread") == "1" else mine

    @extend_schema(summary="我的通知", parameters=[OpenApiParameter("unread", str, enum=["1"], description="只看未读")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first."""
        return super().get(request, *args, **kwargs)


class NoticeReadView(APIView):
    """Mark one as read."""

    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses=NoticeSerializer, summary="标为已读")
    def post(self, request: Request, notice_id: int) -> Response:
        """404 when it is not mine; reading twice keeps the first time."""
        if not notices.mark_read(_me(request), notice_id, timezone.now()):
            raise NotYours("没有找到这条通知。")
        return Response(NoticeSerializer(Notice.objects.get(pk=notice_id)).data)


class UnitsView(ListAPIView[Unit]):
    """The organisation: active units by code; filters `kind`, `area` (prefix), `q` (part of the name)."""

    permission_classes = [IsAuthenticated]
    serializer_class = UnitSerializer
    pagination_class = None
    filter_backends = []
    queryset = Unit.objects.active().select_related("parent").order_by("code")

    def get_queryset(self) -> Any:
        """As asked."""
        # PostgreSQL cannot even look for a NUL.
        asked = {name: str(text).replace("\x00", "") for name, text in self.request.query_params.items()}
        units = (
            super()
            .get_queryset()
            .filter(area_code__startswith=asked.get("area", ""), name__contains=asked.get("q", ""))
        )
        return units.filter(kind=asked["kind"]) if asked.get("kind") else units

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Two queries: units, names of areas."""
        units = list(self.get_queryset())
        names = queries.area_names([unit.area_code for unit in units if unit.area_code])
        context = {**self.get_serializer_context(), "area_names": names}
        return Response(UnitSerializer(units, many=True, context=context).data)

    @extend_schema(
        summary="单位",
        parameters=[
            OpenApiParameter("kind", str, enum=UnitKind.values),
            OpenApiParameter("area", str, description="区划代码前缀"),
            OpenApiParameter("q", str, description="名称中的字"),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """By code."""
        return super().get(request, *args, **kwargs)


urlpatterns = [
    path("auth/token/", TokenView.as_view(), name="auth-token"),
    path("me/", MeView.as_view(), name="me"),
    path("notices/", NoticesView.as_view(), name="notices"),
    path("notices/<int:notice_id>/read/", NoticeReadView.as_view(), name="notice-read"),
    path("units/", UnitsView.as_view(), name="units"),
    *channels.urlpatterns,
]
