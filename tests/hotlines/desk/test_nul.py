"""What a database cannot keep (NUL) is refused with a sentence at every form of the desk, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance_portal.lib.errors import Incomplete
from hotlines import services
from hotlines.desk import call_backs, keeping
from hotlines.models import CallBack, CallRecord, KnownAnswer
from tests.cases.cast import District
from tests.hotlines.desk.conftest import PHONE

pytestmark = pytest.mark.both
Clients = Callable[[str], Client]
NUL = "取暖\x00费"
ANSWER = {"question": "取暖费什么时候交", "answer": "十月底前。", "source": "管理办法", "unit": "heating"}


@pytest.fixture
def call(district: District) -> CallRecord:
    """A call that 小周 talks in."""
    return services.answer(district.actor("operator", timezone.now()), phone=PHONE, now=timezone.now())


@pytest.fixture
def known(district: District) -> KnownAnswer:
    """One known answer in force."""
    now = timezone.now()
    until = (timezone.localtime(now).date() + timedelta(days=90)).isoformat()
    return keeping.write(district.actor("dispatcher", now), {**ANSWER, "valid_until": until}, now=now)


@pytest.mark.parametrize("name", ["question", "also", "answer", "source", "unit", "categories", "note", "valid_until"])
def test_a_known_answer_is_refused_at_its_field(client_of: Clients, name: str) -> None:
    until = (timezone.localtime(timezone.now()).date() + timedelta(days=90)).isoformat()
    page = client_of("dispatcher").post("/hotlines/answers/new/", {**ANSWER, "valid_until": until, name: NUL})
    assert (page.status_code, KnownAnswer.objects.count()) == (400, 0)
    assert f'id="a-{name}-errors"' in page.content.decode()


def test_a_known_answer_is_withdrawn_for_a_reason_that_can_be_kept(client_of: Clients, known: KnownAnswer) -> None:
    answer = client_of("dispatcher").post(reverse("hotlines:answer-withdraw", args=[known.entry]), {"note": NUL})
    known.refresh_from_db()
    assert (answer.status_code, known.withdrawn, known.note) == (302, False, "")


FIELDS = ("description", "reply", "category", "kind", "place-code", "place-address", "answered_from", "ask", "join")
MORE = (
    "join-other",
    "passed_to",
    "reporter-0-name",
    "reporter-0-phone",
    "back-when",
    "back-about",
    "back-phone",
    "guide",
)


@pytest.mark.parametrize("outcome", ["look", "answered", "numbered", "opened", "joined", "passed", "dropped"])
def test_a_call_is_not_settled_with_it(client_of: Clients, call: CallRecord, outcome: str) -> None:
    typed: dict[str, Any] = {name: NUL for name in (*FIELDS, *MORE)}
    typed |= {"do": "look"} if outcome == "look" else {"outcome": outcome}
    answer = client_of("operator").post(reverse("hotlines:call", args=[call.uid]), typed)
    call.refresh_from_db()
    assert (answer.status_code, call.result) == (200 if outcome == "look" else 400, "ringing")


def test_beside_the_call_nothing_breaks(client_of: Clients, call: CallRecord) -> None:
    client, typed = client_of("operator"), {name: NUL for name in (*FIELDS, *MORE)}
    addresses = [reverse("hotlines:beside", args=[call.uid]), "/hotlines/answers/find/"]
    addresses += [reverse("hotlines:guide", args=[call.uid]), "/hotlines/desk/sit/", "/hotlines/calls/new/"]
    found = [client.post(address, {**typed, "extension": NUL, "phone": NUL}).status_code for address in addresses]
    listed = client.get("/hotlines/answers/", {"q": NUL, "tab": NUL}).status_code
    assert (found, listed, CallRecord.objects.count()) == ([200, 200, 400, 400, 400], 200, 1)


def test_a_promise_needs_a_number_that_can_be_kept(district: District, call: CallRecord) -> None:
    with pytest.raises(Incomplete) as refused:
        call_backs.promise(
            call,
            "next_morning",
            "告知进度",
            actor=district.actor("operator", timezone.now()),
            now=timezone.now(),
            phone=f"{PHONE}\x00",
        )
    assert (list(refused.value.errors), CallBack.objects.count()) == (["phone"], 0)
