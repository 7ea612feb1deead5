"""Drawing grids over the API, below `/api/v1/grids/`: shapes, merges, splits; for who keeps the territory."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from grids.choices import Datum
from grids.editing import history, services
from grids.editing.services import Replaced

TAGS = ["grids"]


class EditSerializer(serializers.Serializer[Any]):
    """What every edit says; `datum` is that of the coordinates sent and answered."""

    reason = serializers.CharField(
        max_length=500, allow_blank=True, default="", help_text="为什么改、依据什么；dry_run 时可不填"
    )
    datum = serializers.ChoiceField(
        Datum.choices,
        default=Datum.WGS84,
        error_messages={"invalid_choice": "坐标系 datum 只能是 wgs84 或 gcj02。"},
    )


class ShapesSerializer(EditSerializer):
    """New boundaries of grids of one community."""

    shapes = serializers.DictField(child=serializers.JSONField(), help_text="{网格编码: GeoJSON 图形}，同一社区")
    neighbours = serializers.BooleanField(default=False, help_text="邻格让出被画走的，接过留下的")
    dry_run = serializers.BooleanField(default=False, help_text="只核对，不保存")
    seen = serializers.IntegerField(
        required=False, min_value=0, max_value=2**62, help_text="画之前看到的 last_change；之后有人改过则 412"
    )


class HeirSerializer(serializers.Serializer[Any]):
    """A grid that is to be."""

    code = serializers.CharField(max_length=15)
    name = serializers.CharField(max_length=64)


class MergeSerializer(EditSerializer):
    """Grids that become one."""

    codes = serializers.ListField(child=serializers.CharField(max_length=15), max_length=50)
    code = serializers.CharField(max_length=15)
    name = serializers.CharField(max_length=64)


class SplitSerializer(EditSerializer):
    """A grid that is cut along a line; `heirs` from west to east."""

    code = serializers.CharField(max_length=15)
    line = serializers.JSONField(help_text="GeoJSON 的 LineString")
    heirs = HeirSerializer(many=True, max_length=9)  # type: ignore[call-arg]


class EditCall(APIView):
    """A call that draws: 403 for whoever does not keep the territory, before anything is read."""

    parser_classes = [JSONParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who, before what."""
        super().initial(request, *args, **kwargs)
        services.check_keeper(self.actor)

    @property
    def actor(self) -> Actor:
        """Who calls."""
        actor: Actor = self.request.actor  # type: ignore[attr-defined, union-attr]
        return actor

    def asked(self, kind: type[EditSerializer], request: Request) -> dict[str, Any]:
        """What was sent, checked by itself."""
        given = kind(data=request.data)
        given.is_valid(raise_exception=True)
        found: dict[str, Any] = given.validated_data
        return found


class ShapesView(EditCall):
    """`POST grids/shapes/`."""

    @extend_schema(
        summary="调整网格界线",
        description="图形无效、与邻格重叠、留下空白、超出社区的整批不保存，返回 400，findings 里是每一处的原因、面积和图形。",
        request=ShapesSerializer,
        responses={200: OpenApiTypes.OBJECT},
        tags=TAGS,
    )
    def post(self, request: Request) -> Response:
        """Draw; all or none."""
        given = self.asked(ShapesSerializer, request)
        done = services.redraw(
            given["shapes"],
            actor=self.actor,
            reason=given["reason"],
            now=timezone.now(),
            datum=given["datum"],
            neighbours=given["neighbours"],
            seen=given.get("seen"),
            dry_run=given["dry_run"],
        )
        codes = [grid.code for grid in done.grids]
        # Also of a dry run: what was checked against, to be sent as `seen`.
        last = history.last_change_in(next(iter(given["shapes"]))[:12])
        return Response({"saved": codes, "gave_way": done.gave_way, "last_change": last})


class MergesView(EditCall):
    """`POST grids/merges/`."""

    @extend_schema(
        summary="合并网格", request=MergeSerializer, responses={201: OpenApiTypes.OBJECT}, tags=TAGS,
        description="原编码停用，原来的事项列在新网格下；原网格人员的责任当天结束。",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Merge."""
        given = self.asked(MergeSerializer, request)
        done = services.merge(
            given["codes"],
            given["code"],
            name=given["name"],
            actor=self.actor,
            reason=given["reason"],
            now=timezone.now(),
        )
        return Response(_told(done), status=201)


class SplitsView(EditCall):
    """`POST grids/splits/`."""

    @extend_schema(
        summary="拆分网格", request=SplitSerializer, responses={201: OpenApiTypes.OBJECT}, tags=TAGS,
        description="有定位的事项按位置归到新网格，没有定位的仍列在原编码下。",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Split."""
        given = self.asked(SplitSerializer, request)
        done = services.split(
            given["code"],
            given["line"],
            given["heirs"],
            actor=self.actor,
            reason=given["reason"],
            now=timezone.now(),
            datum=given["datum"],
        )
        return Response(_told(done), status=201)


def _told(done: Replaced) -> dict[str, Any]:
    return {
        "closed": [grid.code for grid in done.closed],
        "opened": [grid.code for grid in done.opened],
        "duties_ended": len(done.duties),
    }


urlpatterns = [
    path("grids/shapes/", ShapesView.as_view(), name="api-grid-shapes"),
    path("grids/merges/", MergesView.as_view(), name="api-grid-merges"),
    path("grids/splits/", SplitsView.as_view(), name="api-grid-splits"),
]
