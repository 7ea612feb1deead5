"""Typed refusals: why something was not done, with a sentence for the user.

Each refusal knows its HTTP status (RFC 9110), a slug for the ``type`` of an ``application/problem+json`` answer
(RFC 9457), a short Chinese title and a Chinese sentence in ``detail``. Page, API, clock and admin raise and read the
same classes, so no door invents its own words. The order in which a door checks: 404, 412, 409, 403, 400, 429.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar


class Refusal(Exception):
    """Something was refused. Raise a subclass; catch this one at the edge."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "refused"
    title: ClassVar[str] = "不能办理"
    default_detail: ClassVar[str] = "现在不能这样操作，请刷新页面后重试。"

    def __init__(self, detail: str = "", **fields: Any) -> None:
        self.detail = detail or self.default_detail
        self._fields = fields
        super().__init__(self.detail)

    def extra(self) -> dict[str, Any]:
        """Members of the problem answer beyond title and detail; values are JSON types (times as ISO 8601)."""
        return {name: _as_json(value) for name, value in self._fields.items()}

    def as_problem(self) -> dict[str, Any]:
        """The whole RFC 9457 body: ``type, title, status, detail`` and the extra members."""
        return {
            "type": f"urn:governance-portal:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra(),
        }


class NotYours(Refusal):
    """404: outside the actor's sight. Says the same whether the thing exists or not."""

    status = 404
    slug = "not-yours"
    title = "没有找到"
    default_detail = "没有找到这条记录，或者不在您的管辖范围内。"


class Stale(Refusal):
    """412: the version the client saw (``If-Match`` or ``version``) is no longer the newest."""

    status = 412
    slug = "stale"
    title = "内容已更新"
    default_detail = "这条记录刚刚被别人更新过，请刷新后再操作。"


class NotNow(Refusal):
    """409: the case does not stand where this move starts. Carries who moved it last, to what, and when."""

    status = 409
    slug = "not-now"
    title = "当前不能这样办理"
    default_detail = "事项的状态已经变化，现在不能这样办理，请刷新后查看。"

    def __init__(
        self,
        detail: str = "",
        *,
        current_status: str | None = None,
        moved_by: str | None = None,
        moved_at: datetime | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(detail, current_status=current_status, moved_by=moved_by, moved_at=moved_at, **fields)
        self.current_status = current_status
        self.moved_by = moved_by
        self.moved_at = moved_at


class NotYou(Refusal):
    """403: visible, possible now, but not for this actor."""

    status = 403
    slug = "not-you"
    title = "没有权限"
    default_detail = "您的岗位不能办理这一步，请联系有权限的同事。"


class Incomplete(Refusal):
    """400: something is missing or wrong. ``errors`` maps the field's name to Chinese sentences."""

    status = 400
    slug = "incomplete"
    title = "填写不完整"
    default_detail = "填写的内容不完整，请补充后重试。"

    def __init__(self, errors: Mapping[str, Sequence[str] | str], detail: str = "", **fields: Any) -> None:
        self.errors: dict[str, list[str]] = {
            name: [sentences] if isinstance(sentences, str) else list(sentences) for name, sentences in errors.items()
        }
        super().__init__(detail or _please_complete(self.errors), errors=self.errors, **fields)


class TooMany(Refusal):
    """429: too many attempts; ``retry_after`` is in seconds and also goes into the ``Retry-After`` header."""

    status = 429
    slug = "too-many"
    title = "操作太频繁"
    default_detail = "操作太频繁，请稍后再试。"

    def __init__(self, detail: str = "", *, retry_after: int = 60, **fields: Any) -> None:
        super().__init__(detail, retry_after=retry_after, **fields)
        self.retry_after = retry_after


class BadFile(ValueError):
    """An uploaded file cannot be taken. ``detail`` is a Chinese sentence; doors put it into ``Incomplete``."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


def _please_complete(errors: Mapping[str, Sequence[str]]) -> str:
    sentences = [sentence.rstrip("。.；; ") for rows in errors.values() for sentence in rows]
    if not sentences:
        return Incomplete.default_detail
    return f"请补充：{'；'.join(sentences)}。"


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
