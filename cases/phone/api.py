"""今天 and 转办 for phones: thin over cases.phone.today and cases.phone.handing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.queries import unread_count
from cases.api.door import CaseCall, refusals, sent
from cases.desks import has_cases
from cases.models.phone import ANSWER_LIMIT, SAID_LIMIT, HandOver, HandOverEnd
from cases.phone import handing
from cases.phone.today import Day, grids_of, handed_words, sections_of
from cases.serializers.given import CLIENT_ID
from cases.serializers.shown import Shape
from cases.views.door import NO_CASES
from governance_portal.lib.errors import Incomplete, NotYou, NotYours

WRITE = (400, 401, 403, 404, 409, 415)
TAGS = ["phone"]


class HandOverSerializer(Shape):
    """One matter lent within a grid."""

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="受理编号")
    to = serializers.CharField(help_text="转给谁（姓名）")
    said = serializers.CharField()
    at = serializers.DateTimeField()
    taken_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_as = serializers.ChoiceField(choices=HandOverEnd.choices, allow_blank=True)
    answer = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python."""
        return {**super().get_fields(), "from": serializers.CharField(help_text="谁转出（姓名）")}


class _DueSerializer(Shape):
    """Until when, in words."""

    state = serializers.ChoiceField(choices=["", "ok", "soon", "overdue", "paused", "done"])
    words = serializers.CharField(allow_blank=True)


class PhoneCardSerializer(Shape):
    """A matter as a card."""

    number = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(help_text="手机页面的地址")
    where = serializers.CharField(allow_blank=True)
    who = serializers.CharField(allow_blank=True)
    status = serializers.CharField()
    status_label = serializers.CharField()
    due = _DueSerializer()
    supervised = serializers.BooleanField()


class PhoneLineSerializer(Shape):
    """One thing to do."""

    title = serializers.CharField()
    url = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    late = serializers.BooleanField()
    case = PhoneCardSerializer(allow_null=True)
    hand_over = HandOverSerializer(allow_null=True)


class PhoneSectionSerializer(Shape):
    """A heading with its lines."""

    code = serializers.CharField()
    title = serializers.CharField()
    total = serializers.IntegerField(help_text="总数；lines 只含前几条")
    lines = PhoneLineSerializer(many=True)


class PhoneGridSerializer(Shape):
    """A grid served today."""

    code = serializers.CharField()
    name = serializers.CharField()


class PhoneTodaySerializer(Shape):
    """The day."""

    sections = PhoneSectionSerializer(many=True)
    grids = PhoneGridSerializer(many=True)
    unread = serializers.IntegerField()


class CrewMemberSerializer(Shape):
    """Whom one may ask in the grid of a matter."""

    username = serializers.CharField()
    name = serializers.CharField()
    kinds = serializers.CharField(help_text="网格员、红袖章、民调员")


def _body(required: list[str], **properties: Any) -> dict[str, Any]:
    shape = {"type": "object", "required": required, "properties": properties, "additionalProperties": False}
    return {"application/json": {name: value for name, value in shape.items() if value != []}}


GIVE_BODY = _body(
    ["to", "said"],
    client_id=CLIENT_ID,
    to={"type": "string", "description": "本网格在岗人员的登录名，见 GET"},
    said={"type": "string", "maxLength": SAID_LIMIT, "description": "请对方做什么"},
)
ANSWER_BODY = _body(
    ["answer"], client_id=CLIENT_ID, answer={"type": "string", "maxLength": ANSWER_LIMIT, "description": "情况或原因"}
)
STEP_BODY = _body([], client_id=CLIENT_ID)


def _given(request: Request, *names: str) -> tuple[dict[str, Any], str]:
    body = sent(request)
    if unknown := sorted(set(body.given) - set(names)):
        raise Incomplete({name: ["这一步不需要填写这一项，请去掉后再提交。"] for name in unknown})
    return body.given, body.client_id or ""


class TodayView(CaseCall):
    """`GET phone/today/`."""

    @extend_schema(
        operation_id="phone_today",
        summary="今天",
        description="本人今天要办的，分段给出，与手机页面“今天”一致；不含排名、时长、轨迹。",
        responses={200: PhoneTodaySerializer, **refusals(401, 403)},
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """Answer the day."""
        if not has_cases(self.actor):
            raise NotYou(NO_CASES)
        day = Day(self.actor, self.now)
        sections = [
            {
                "code": section.code,
                "title": section.title,
                "total": section.total,
                "lines": [line.as_dict() for line in section.lines],
            }
            for section in sections_of(day)
        ]
        unread = unread_count(self.actor.user_id or 0)
        return Response({"sections": sections, "grids": grids_of(day), "unread": unread})


class HandOverView(CaseCall):
    """`GET cases/{number}/hand-over/`, `POST cases/{number}/hand-over/`."""

    @extend_schema(
        operation_id="cases_hand_over_crew",
        summary="可以转给同网格的谁",
        responses={200: CrewMemberSerializer(many=True), **refusals(401, 404)},
        tags=TAGS,
    )
    def get(self, request: Request, number: str) -> Response:
        """Answer whom one may ask; nobody when one may not."""
        case = self.find(number)
        crew = handing.crew_of(case.grid_code, self.now) if case.grid_code else []
        offered = [] if handing.objection(case, self.actor, crew) else handing.others(crew, self.actor)
        return Response([{"username": one.username, "name": one.name, "kinds": one.kinds} for one in offered])

    @extend_schema(
        operation_id="cases_hand_over",
        summary="网格内转办",
        description="转给本网格今天在岗的网格员、红袖章或民调员；主办单位、承办人、时限都不变。同一 client_id 再次提交返回第一次的结果。",
        request=GIVE_BODY,
        responses={201: HandOverSerializer, 200: HandOverSerializer, **refusals(*WRITE)},
        tags=TAGS,
    )
    def post(self, request: Request, number: str) -> Response:
        """Hand over."""
        case = self.find_to_write(request, number)
        given, client_id = _given(request, "to", "said")
        made, fresh = handing.hand_over(case, self.actor, given, now=self.now, client_id=client_id)
        return Response(handed_words(made), status=201 if fresh else 200)


class StepView(CaseCall):
    """One step of a hand-over; answers it as it stands."""

    def step(self, request: Request, pk: str, *names: str) -> Response:
        """Find, make, answer."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            raise NotYours()
        given, _client_id = _given(request, *names)
        return Response(handed_words(self.take(int(pk), given)))

    def take(self, pk: int, given: dict[str, Any]) -> HandOver:
        """Make the step."""
        raise NotImplementedError


def _described(name: str, summary: str, body: Any) -> Any:
    return extend_schema(
        operation_id=f"hand_over_{name}",
        summary=summary,
        request=body,
        responses={200: HandOverSerializer, **refusals(*WRITE)},
        tags=TAGS,
    )


class TakeView(StepView):
    """`POST hand-overs/{id}/take/`."""

    def take(self, pk: int, given: dict[str, Any]) -> HandOver:
        """Take it."""
        return handing.take(self.actor, pk, now=self.now)

    @_described("take", "接下转办", STEP_BODY)
    def post(self, request: Request, pk: str) -> Response:
        """Take it."""
        return self.step(request, pk)


class DoneView(StepView):
    """`POST hand-overs/{id}/done/`."""

    def take(self, pk: int, given: dict[str, Any]) -> HandOver:
        """Say what came of it."""
        return handing.finish(self.actor, pk, given, now=self.now)

    @_described("done", "转办已办好", ANSWER_BODY)
    def post(self, request: Request, pk: str) -> Response:
        """Say what came of it."""
        return self.step(request, pk, "answer")


class ReturnView(StepView):
    """`POST hand-overs/{id}/return/`."""

    def take(self, pk: int, given: dict[str, Any]) -> HandOver:
        """Hand it back."""
        return handing.give_back(self.actor, pk, given, now=self.now)

    @_described("return", "交回转办", ANSWER_BODY)
    def post(self, request: Request, pk: str) -> Response:
        """Hand it back."""
        return self.step(request, pk, "answer")


class RecallView(StepView):
    """`POST hand-overs/{id}/recall/`."""

    def take(self, pk: int, given: dict[str, Any]) -> HandOver:
        """Take it back."""
        return handing.recall(self.actor, pk, now=self.now)

    @_described("recall", "收回转办", STEP_BODY)
    def post(self, request: Request, pk: str) -> Response:
        """Take it back."""
        return self.step(request, pk)
