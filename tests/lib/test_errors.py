"""Refusals carry what every door needs to answer."""

from datetime import datetime

import pytest

from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Refusal, Stale, TooMany
from governance_portal.lib.working_days import SHANGHAI


@pytest.mark.parametrize(
    ("refusal", "status", "slug", "title"),
    [
        (NotYours, 404, "not-yours", "没有找到"),
        (Stale, 412, "stale", "内容已更新"),
        (NotNow, 409, "not-now", "当前不能这样办理"),
        (NotYou, 403, "not-you", "没有权限"),
        (TooMany, 429, "too-many", "操作太频繁"),
    ],
)
def test_each_refusal_has_its_status_and_words_of_its_own(
    refusal: type[Refusal], status: int, slug: str, title: str
) -> None:
    raised = refusal("请联系分流员老周。")
    assert (raised.status, raised.slug, raised.title, raised.detail, str(raised)) == (
        *(status, slug, title, "请联系分流员老周。", "请联系分流员老周。"),
    )
    assert refusal().detail == refusal.default_detail
    assert isinstance(raised, Refusal)


def test_a_refusal_for_now_says_who_moved_it_to_what_and_when() -> None:
    moved_at = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)
    raised = NotNow(
        "分流员老周刚刚分流了这件事。", current_status="dispatched", moved_by="分流员老周", moved_at=moved_at
    )
    assert raised.as_problem() == {
        "type": "urn:governance-portal:problem:not-now",
        "title": "当前不能这样办理",
        "status": 409,
        "detail": "分流员老周刚刚分流了这件事。",
        "current_status": "dispatched",
        "moved_by": "分流员老周",
        "moved_at": "2026-11-21T09:30:00+08:00",
    }
    assert raised.moved_at == moved_at


def test_what_is_missing_is_told_in_one_sentence_and_by_name() -> None:
    raised = Incomplete(
        {"category": ["选择事项类别。"], "reply": "填写给群众的答复", "photos": ["上传整改后照片", "不超过 9 张"]}
    )
    assert (raised.status, raised.detail) == (
        *(400, "请补充：选择事项类别；填写给群众的答复；上传整改后照片；不超过 9 张。"),
    )
    assert raised.extra() == {
        "errors": {
            "category": ["选择事项类别。"],
            "reply": ["填写给群众的答复"],
            "photos": ["上传整改后照片", "不超过 9 张"],
        }
    }


def test_an_incomplete_form_may_bring_its_own_sentence() -> None:
    assert Incomplete({"move": ["没有这一步"]}, "没有「飞走」这一步。").detail == "没有「飞走」这一步。"
    assert Incomplete({}).detail == "填写的内容不完整，请补充后重试。"


def test_too_many_says_how_long_to_wait() -> None:
    raised = TooMany(retry_after=1800)
    assert (raised.retry_after, raised.extra()) == (1800, {"retry_after": 1800})


def test_fields_of_ones_own_travel_along() -> None:
    assert Stale(version=7).extra() == {"version": 7}
