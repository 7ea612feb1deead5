"""When a case's time is over, nothing of its people is left with the messages, however far they had come."""

import pytest

from cases.models import Case
from governance_portal.lib.errors import NotNow
from hotlines.links.forgetting import forget_case
from hotlines.links.sending import send_again, send_due, settle_by_hand
from hotlines.links.transferring import sweep_transfers
from hotlines.models import LinkMessage
from tests.cases.cast import District, at
from tests.hotlines.links.scenes import line
from tests.hotlines.links.test_transfers import passed_out

pytestmark = pytest.mark.both


def forgotten(district: District, state: str) -> tuple[Case, LinkMessage]:
    """A case passed to the court whose letter stood so when the people's data went."""
    line(adapter="http", address="https://court.example/x")
    case = passed_out(district)
    sweep_transfers(at(23, 11))
    until = at(23, 12) if state == "sending" else None
    LinkMessage.objects.update(state=state, claimed_until=until, answer="前一次的结果")
    assert "张三" in str(LinkMessage.objects.get().payload)
    forget_case(case)
    return case, LinkMessage.objects.get()


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("sent", ("sent", "前一次的结果")),
        ("refused", ("refused", "前一次的结果")),
        ("given_up", ("given_up", "前一次的结果")),
        ("waiting", ("given_up", "保存期满，内容已清除，没有发送")),
        ("failed", ("given_up", "保存期满，内容已清除，没有发送")),
        ("sending", ("given_up", "保存期满，内容已清除，没有发送")),
    ],
)
def test_every_message_is_emptied_and_what_is_owed_ends(district: District, state: str, after: tuple[str, str]) -> None:
    _case, message = forgotten(district, state)
    assert (message.payload, (message.state, message.answer), message.claimed_until) == ({}, after, None)
    assert send_due(at(23, 13)).sent == 0


def test_an_emptied_letter_is_not_sent_again_but_may_be_settled(district: District) -> None:
    _case, message = forgotten(district, "refused")
    with pytest.raises(NotNow) as refused:
        send_again(message, at(23, 13))
    assert "已按期限清除" in refused.value.detail
    settle_by_hand(message, "已电话告知立案庭", at(23, 13))
    message.refresh_from_db()
    assert (message.state, message.payload) == ("sent", {})
