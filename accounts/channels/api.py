"""`notices/preferences/` and `deliveries/` of the API: what I chose, what was sent to me, and for administrators to all."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit
from accounts.channels import preferences, sending
from accounts.channels.forms import BOTH_ENDS
from accounts.channels.preferences import Choice, Preferences
from accounts.choices import PERSONAL_WAYS, DeliveryState, NoticeKind, Pace, Way
from accounts.models import Delivery, User
from accounts.models.deliveries import MOBILE
from governance_portal.lib.errors import NotYou

RESEND = "accounts.resend_delivery"


class KindChoiceSerializer(serializers.Serializer[Any]):
    """How to be told of one kind."""

    kind = serializers.ChoiceField(choices=NoticeKind.choices)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # Field.label is the form's
    pace = serializers.ChoiceField(choices=Pace.choices)
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=[(way.value, way.label) for way in PERSONAL_WAYS]), max_length=2
    )


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "example": "08:30"})
class ClockTimeField(serializers.TimeField):
    """Hours and minutes of every day. Not `format: time`: RFC 3339 wants seconds and an offset there."""

    def __init__(self, **more: Any) -> None:
        super().__init__(format="%H:%M", **more)


class PreferencesSerializer(serializers.Serializer[Any]):
    """All of it; a kind that is left out is as by default. Times are those of Asia/Shanghai."""

    email = serializers.EmailField(allow_blank=True, max_length=254)
    mobile = serializers.CharField(allow_blank=True, max_length=11, validators=[MOBILE])
    quiet_from = ClockTimeField(allow_null=True)
    quiet_to = ClockTimeField(allow_null=True)
    digest_at = ClockTimeField()
    kinds = KindChoiceSerializer(many=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Both ends of the quiet hours, or neither."""
        if (attrs["quiet_from"] is None) != (attrs["quiet_to"] is None):
            raise serializers.ValidationError({"quiet_to": [BOTH_ENDS]})
        return attrs


def _told(chosen: Preferences) -> dict[str, Any]:
    kinds = [
        {"kind": kind.value, "label": str(kind.label), "pace": choice.pace, "channels": list(choice.channels)}
        for kind in NoticeKind
        for choice in [chosen.choice(kind.value)]
    ]
    times = {name: getattr(chosen, name) for name in ("quiet_from", "quiet_to", "digest_at")}
    return {"email": chosen.email, "mobile": chosen.mobile, **times, "kinds": kinds}


def _me(request: Request) -> User:
    return cast(User, request.user)


class PreferencesView(APIView):
    """How I want to be told."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=PreferencesSerializer, summary="我的通知设置")
    def get(self, request: Request) -> Response:
        """What holds now, defaults included."""
        return Response(PreferencesSerializer(_told(preferences.of_person(_me(request)))).data)

    @extend_schema(request=PreferencesSerializer, responses=PreferencesSerializer, summary="修改我的通知设置")
    def put(self, request: Request) -> Response:
        """All of it at once."""
        given = PreferencesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = dict(given.validated_data)
        wanted["kinds"] = {row["kind"]: Choice(row["pace"], tuple(row["channels"])) for row in wanted["kinds"]}
        preferences.keep(_me(request), Preferences(**wanted))
        meta = audit.request_meta(request._request)
        audit.record(_me(request), "notice.settings", _me(request).username, **meta, now=timezone.now())
        return Response(PreferencesSerializer(_told(preferences.of_person(_me(request)))).data)


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One message: by which way, how far it has come; never an address."""

    channel = serializers.ChoiceField(choices=Way.choices)
    channel_label = serializers.CharField(source="get_channel_display", read_only=True)
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    receiver = serializers.SerializerMethodField(help_text="人员登录名，或群的名称")

    class Meta:
        model = Delivery
        fields = (
            *("id", "channel", "channel_label", "receiver", "kind", "case_number", "text", "state", "state_label"),
            *("attempts", "answer", "created_at", "next_attempt_at", "sent_at"),
        )
        read_only_fields = fields

    def get_receiver(self, row: Delivery) -> str:
        """A log-in name or a group's name."""
        return row.user.username if row.user else str(row.group)


class NewestFirst(CursorPagination):
    """Newest first, 50 a page, at most 100."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 100


class DeliveriesView(ListAPIView[Delivery]):
    """What was sent to me; the system administrator sees what was sent to anybody. Filters `state`, `channel`."""

    permission_classes = [IsAuthenticated]
    serializer_class = DeliverySerializer
    pagination_class = NewestFirst
    filter_backends = []
    queryset = Delivery.objects.none()

    def get_queryset(self) -> QuerySet[Delivery]:
        """Mine, or all."""
        rows = Delivery.objects.select_related("user", "group")
        if not _me(self.request).has_perm(RESEND):
            rows = rows.filter(user_id=_me(self.request).pk)
        asked = self.request.query_params
        for name, known in (("state", DeliveryState.values), ("channel", Way.values)):
            if asked.get(name) in known:
                rows = rows.filter(**{name: asked[name]})
        return rows

    @extend_schema(
        summary="发送记录",
        parameters=[
            OpenApiParameter("state", str, enum=DeliveryState.values),
            OpenApiParameter("channel", str, enum=Way.values),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first."""
        return super().get(request, *args, **kwargs)


class ResendView(APIView):
    """Have a message tried again, under the key it had."""

    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses=DeliverySerializer, summary="重新发送")
    def post(self, request: Request, delivery_id: int) -> Response:
        """For the system administrator; 409 while it is being sent."""
        if not _me(request).has_perm(RESEND):
            raise NotYou("发送记录由系统管理员重新发送，您没有这个岗位。")
        row = get_object_or_404(Delivery.objects.select_related("user", "group"), pk=delivery_id)
        sending.send_again(row, timezone.now())
        meta = audit.request_meta(request._request)
        audit.record(_me(request), "delivery.resend", f"delivery:{row.pk}", **meta, now=timezone.now())
        row.refresh_from_db()
        return Response(DeliverySerializer(row).data)


urlpatterns = [
    path("notices/preferences/", PreferencesView.as_view(), name="notice-preferences"),
    path("deliveries/", DeliveriesView.as_view(), name="deliveries"),
    path("deliveries/<int:delivery_id>/resend/", ResendView.as_view(), name="delivery-resend"),
]
