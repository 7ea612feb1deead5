"""The one place of the links where people's data goes out to another system: what, why, and on record.

Each sending is a `Provision` (hotlines.outward), written in the transaction that writes the message (facts §7.1).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.queries import service_actor
from cases.choices import Nature, PartySide
from hotlines.choices import ProvisionWay
from hotlines.models import Link
from hotlines.outward.provisions import Given
from hotlines.outward.provisions import provide as write_down

FIELDS = ("name", "phone", "id_number", "address")
BASIS = (
    "《信访工作条例》第二十二条、《人民调解法》等关于移送、转送的规定；为履行法定职责所必需（个人信息保护法第十三条）"
)
WITHHELD = "反映人要求保密或者匿名，联系方式不随件提供；确需联系的，请与移送单位联系。"


def provide(link: Link, purpose: str, now: datetime) -> dict[str, Any]:
    """Return `{applicants, respondents, withheld}` of a link's case and write down that it was provided.

    Nothing of the people goes out of a case that is anonymous, confidential or a complaint about officials; what they
    told is written down all the same.
    """
    case = link.case
    told: dict[str, Any] = {"applicants": [], "respondents": [], "withheld": ""}
    if is_withheld(case):
        _write_down(link, ["description"], purpose, now)
        return told | {"withheld": WITHHELD}
    for party in case.parties.all():
        contact = party.contact or {}
        side = "applicants" if party.side == PartySide.REPORTER else "respondents"
        told[side].append({name: contact[name] for name in FIELDS if contact.get(name)})
    people = [*told["applicants"], *told["respondents"]]
    sent = [name for name in FIELDS if any(name in person for person in people)]
    _write_down(link, [*sent, "description", *(["place"] if case.address else [])], purpose, now)
    return told


def is_withheld(case: Any) -> bool:
    """Tell whether nothing that names the people, or where they live, may go out with a case."""
    return bool(case.anonymous or case.confidential or case.nature in (Nature.CONDUCT, Nature.REPORT))


def _write_down(link: Link, fields: list[str], purpose: str, now: datetime) -> None:
    case, cause = link.case, f"link:{link.pk}:{link.cause}"
    given = Given(link.line.name, fields, purpose, BASIS, ProvisionWay.LINK.value, cause)
    write_down([(case.number, case.area_code)], given, service_actor("integration").user_id or 0, now)
