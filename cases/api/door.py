"""What every call of the API passes: who, when, which case, what was sent, which version was meant."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from accounts.queries import Actor
from cases import dossier
from cases.models import Case
from cases.serializers import telling
from cases.serializers.shown import ProblemSerializer
from governance_portal.lib.errors import Incomplete, NotYours

PROBLEM = "application/problem+json"
CLIENT_ID_LENGTH = 64
NEVER = -1

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="所见版本的 ETag；已过期则返回 412，什么也不做。"
)
ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, description="版本", response=[200, 201])


def refusals(*statuses: int) -> dict[tuple[int, str], Any]:
    """Return the responses to publish for these refusals."""
    return {(status, PROBLEM): ProblemSerializer for status in statuses}


def uid_of(text: str) -> uuid.UUID:
    """Return the id in an address; NotYours when it is none."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotYours() from error


@dataclass(frozen=True)
class Sent:
    """A write as it came: its key, the version the sender saw, and the rest."""

    client_id: str | None
    version: int | None
    given: dict[str, Any]


def sent(request: Request) -> Sent:
    """Read a JSON object; Incomplete when it is none, or holds what no database keeps (half letters, NUL)."""
    try:
        body = request.data
    except RecursionError as error:
        raise Incomplete({"_": ["提交的内容层次过深，无法读取。"]}) from error
    if not isinstance(body, Mapping):
        raise Incomplete({"_": ["提交的内容应为一组名称和值。"]})
    given = {name: value for name, value in body.items() if not isinstance(value, UploadedFile)}
    _check_text(given)
    return Sent(_key_of(given.pop("client_id", None)), _version_of(given.pop("version", None)), given)


def _check_text(given: Mapping[str, Any]) -> None:
    try:
        text = json.dumps(given, ensure_ascii=False)
        text.encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise Incomplete({"_": ["提交的内容含有不能保存的字符，请重新输入。"]}) from error
    if "\\u0000" in text:
        raise Incomplete({"_": ["提交的内容含有不能保存的字符，请重新输入。"]})


def _key_of(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > CLIENT_ID_LENGTH:
        raise Incomplete({"client_id": [f"提交号应为不超过 {CLIENT_ID_LENGTH} 个字符的文字。"]})
    return value


def _version_of(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Incomplete({"version": ["版本应为整数。"]})
    return value


def if_match(request: Request, case: Case) -> int | None:
    """Return the version that `If-Match` names: None when absent or `*`, one that never was when none fits."""
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return None
    named = [int(found) for found in re.findall(r'(?:W/)?"([0-9]{1,9})"', header)]
    if case.version in named:
        return case.version
    return named[0] if named else NEVER


def tagged(response: Response, version: int) -> Response:
    """Put the version on an answer as its strong ETag."""
    response["ETag"] = f'"{version}"'
    return response


class _LocalEncoder(JSONEncoder):
    def default(self, obj: Any) -> Any:
        return timezone.localtime(obj).isoformat() if isinstance(obj, datetime) else super().default(obj)


class LocalTimes(JSONRenderer):
    """JSON with every moment in Asia/Shanghai, whether it comes from a calculation or from the database."""

    encoder_class = _LocalEncoder


class CaseCall(APIView):
    """A call about cases, for whoever is logged in; takes JSON unless it says otherwise."""

    parser_classes: Any = [JSONParser]
    renderer_classes: Any = [LocalTimes]

    @property
    def actor(self) -> Actor:
        """Who calls, with today's posts (one query, the first time)."""
        actor: Actor = self.request.actor  # type: ignore[attr-defined, union-attr]
        return actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """One moment for the whole call."""
        self.now: datetime = timezone.now()
        super().initial(request, *args, **kwargs)

    def find(self, number: str) -> Case:
        """Return the case with its joined rows; NotYours (404) when it is not this person's to see."""
        return dossier.find(self.actor, number, self.now)

    def find_to_write(self, request: Request, number: str) -> Case:
        """Return the case as `find`; also one that left this person's sight by the very submission that is repeated."""
        try:
            return self.find(number)
        except NotYours:
            try:
                repeated = sent(request).client_id is not None
            except (Incomplete, APIException):
                repeated = False
            if not repeated:
                raise
        return dossier.find_answered(number)

    def as_it_stands(self, case: Case) -> Response:
        """Answer a write: the case as it stands now, or only where it went when it left this person's sight."""
        again = dossier.find_again(self.actor, case, self.now)
        if again is None:
            gone = {"number": case.number, "status": case.status, "version": case.version, "visible": False}
            return tagged(Response(gone), case.version)
        told = telling.standing_case(dossier.brief(again, self.actor, self.now), self.now)
        return tagged(Response(told), again.version)
