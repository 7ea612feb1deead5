"""Short cards for a difficult call. A card is written on the call it was used in, never with a number: nobody is blocked.

Practice of hotlines; 12356 is the national number for psychological help (国家卫生健康委, 2025-05-01).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance_portal.lib.errors import Incomplete
from hotlines.choices import CallGuide
from hotlines.models import CallRecord


@dataclass(frozen=True)
class Card:
    """One card: what to do in order, and one sentence that may be read out."""

    code: str
    steps: tuple[str, ...]
    say: str

    @property
    def label(self) -> str:
        """What the card is for."""
        return str(CallGuide(self.code).label)


CARDS: Mapping[str, Card] = {
    card.code: card
    for card in (
        Card(
            CallGuide.SELF_HARM.value,
            (
                "不挂断，不评理，不说“别想不开”；慢慢说，多听。",
                "问在哪里、身边有谁、有没有受伤；请同事另一部电话打 110、120。",
                "告诉他 12356 心理援助热线全天有人接；陪着说到有人到场。",
            ),
            "我在听，您慢慢说。您现在在哪里？身边有人吗？",
        ),
        Card(
            CallGuide.ABUSE.value,
            (
                "不还口，等一个停顿，用平常的声音问他要办的事。",
                "说到要伤人、要炸要烧的，记下原话，转 110，报值班领导。",
                "提醒一次仍只骂人，可以说明后结束这次通话；下次来电照常接。",
            ),
            "您的急我听到了，我来记您要办的事：先说是什么事、在哪里？",
        ),
        Card(
            CallGuide.DRUNK.value,
            (
                "先问人在哪里、安全不安全；路边、水边、受伤的，转 110 或 120。",
                "只记说得清的；说不清的，约明天回电，不要逼他说完。",
            ),
            "您先到安全的地方坐下。我明天上午给您打回去，行吗？",
        ),
        Card(
            CallGuide.LONG.value,
            (
                "把听到的事用三句话复述一遍，问“对不对，还有没有别的”。",
                "一次只记一件；其他的另记或约时间回电。",
                "说清下一步：编号、谁来办、什么时候有回音。",
            ),
            "我复述一下您说的，您听对不对……",
        ),
    )
}


def use(call: CallRecord, code: str) -> CallRecord:
    """Write on the call that a card was used; Incomplete for one that is not there."""
    if code not in CARDS:
        raise Incomplete({"guide": ["没有这张提示卡，请重新选择。"]})
    call.guide = code
    call.save(update_fields=["guide"])
    return call
