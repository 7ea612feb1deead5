"""Registration: the first turn of the one door. Every contact gets a number, also one declined later (XF §§43–45)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.choices import Role
from accounts.models import Unit
from accounts.queries import Actor, PostView, service_actor
from cases import intake, policies
from cases.choices import CHANNEL_DIGITS, Channel, Clock, Nature, PartySide, Receiver, Status
from cases.fold import State, apply
from cases.models import Attachment, Case, Party, Submission
from cases.numbering import next_keys
from cases.services import statements
from cases.services.arriving import ask_follow_up, find_related, keep_visit, tell_at_once, told_at_once
from cases.services.complaints import nobody_is_left
from cases.services.door import (
    announce,
    build_event,
    pass_out,
    write_deadlines,
    write_row,
)
from cases.services.finding import find_category, find_unit
from cases.services.submitting import digest_of, remember, sender_of
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, Refusal
from governance_portal.lib.numbers import case_number, query_code
from governance_portal.lib.prepared import Query, together
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area, Grid
from grids.queries import grid_codes_of, inside_district, locate, name_of, parent_code

REGISTRARS = (Role.CLERK, Role.OPERATOR, Role.GRID_WORKER, Role.VOLUNTEER)


#: What the system writes when a complaint can be taken by nobody here (rule 4).
PASSED_OUT = {"receiver": Receiver.DISCIPLINE.value, "receipt": "登记时自动移送：本区没有可以回避办理的人员"}


@dataclass(frozen=True)
class Registration:
    """What an intake gets back: the case, the code for its receipt (never stored), and whether it is new."""

    case: Case
    query_code: str
    fresh: bool


@dataclass(frozen=True)
class _Place:
    area: str
    grid: str
    desk: str
    address: str
    lng: float | None
    lat: float | None
    datum: str


def register(
    actor: Actor,
    given: Mapping[str, Any],
    *,
    now: datetime,
    client_id: str | None = None,
    quiet: bool = False,
    procedure: str = "",
    number: str = "",
    received_at: datetime | None = None,
) -> Registration:
    """Register a matter (登记) and return its case and query code.

    `given` is the body of `POST cases/` (cases.intake.INTAKE names every field). The same `client_id` from the same
    sender answers the first registration again (`fresh` False); with another body NotNow (409). `quiet` tells nobody:
    for finished matters brought over from elsewhere; `procedure` is for `cases.reviewing` only, `number` for
    `cases.reporting`: one that was given out when the report was held, at `received_at`. NotYou when the actor has no post that registers;
    Incomplete with sentences beside the fields.
    """
    post = _post_of(actor)
    key = str(client_id) if client_id else ""
    digest = blind_index("submission", digest_of(given)) if key else ""
    try:
        return _register(actor, post, given, now, key, digest, quiet, procedure, number, received_at)
    except (Refusal, IntegrityError, _Repeated):
        # Nearly every submission is a first one, so that its key is only asked for when something is in the way. Then
        # the first answer goes before any refusal: what was accepted once is not refused when it is sent again.
        if key and (prior := answered(actor, key, digest)):
            return prior
        raise


class _Repeated(Exception):
    """The key was used already: what was written is taken back."""


def _register(
    actor: Actor,
    post: PostView | None,
    given: Mapping[str, Any],
    now: datetime,
    key: str,
    digest: str,
    quiet: bool,
    procedure: str,
    number: str,
    received_at: datetime | None,
) -> Registration:
    cleaned, errors = intake.check(given)
    if errors:
        raise Incomplete(errors)
    if procedure:
        cleaned["procedure"] = procedure
    if actor.has(Role.GRID_WORKER, Role.VOLUNTEER) and not actor.has(Role.CLERK, Role.OPERATOR):
        cleaned["channel"] = Channel.GRID.value
    place = _placed(actor, post, cleaned["place"], now)
    unit = find_unit("complained_unit", cleaned["complained_unit"]) if "complained_unit" in cleaned else None
    if "category" in cleaned:
        find_category(cleaned["category"], cleaned["kind"])
    _refuse_known(cleaned)
    try:
        with transaction.atomic(), together():
            case = _create(actor, post, cleaned, place, unit, now, quiet, number, received_at)
            if key and not remember(Submission(client_id=key, digest=digest, case=case, version=1), actor, now):
                raise _Repeated
            if nobody_is_left(case, now):
                pass_out(case, service_actor("clock"), now, PASSED_OUT)
                case.refresh_from_db()
    except IntegrityError:
        _refuse_known(cleaned)  # the same foreign number, a moment earlier
        raise
    return Registration(case, query_code(case.number, case.query_issue), fresh=True)


def check(actor: Actor, given: Mapping[str, Any], *, now: datetime) -> None:
    """Refuse what `register` would refuse for what it says (Incomplete, every field); nothing is written."""
    cleaned, errors = intake.check(given)
    if errors:
        raise Incomplete(errors)
    _placed(actor, _post_of(actor), cleaned["place"], now)


def _refuse_known(cleaned: Mapping[str, Any]) -> None:
    """A matter of another system comes in once; the second time is not a crash."""
    source, number = cleaned.get("foreign_source", ""), cleaned.get("foreign_number", "")
    if number and Case.objects.filter(foreign_source=source, foreign_number=number).exists():
        raise Incomplete({"foreign_number": ["这个外部编号已经登记过，不必再登记；请按外部编号查找原事项。"]})


def _post_of(actor: Actor) -> PostView | None:
    if actor.service in ("resident", "integration"):
        return None
    post = next(iter(actor.with_role(*REGISTRARS)), None)
    if post is None:
        raise NotYou("登记由窗口受理员、话务员或网格员办理，您没有这些岗位。")
    return post


def answered(actor: Actor, key: str, digest: str) -> Registration | None:
    """Return what this sender was answered under this key, None when nothing; NotNow when it said something else."""
    prior = statements.ANSWERED.first(sender=sender_of(actor), key=key)
    if prior is None:
        return None
    if prior.digest != digest:
        raise NotNow("同一个提交号已经用于另一件登记；请换一个提交号重新提交。", current_status=prior.case.status)
    return Registration(prior.case, query_code(prior.case.number, prior.case.query_issue), fresh=False)


# --- where ------------------------------------------------------------------------------------------------------


def _placed(actor: Actor, post: PostView | None, place: Mapping[str, Any], now: datetime) -> _Place:
    home = post.area_code if post else settings.PORTAL_DISTRICT
    if actor.service == "integration" and place.get("area"):
        home = place["area"]  # another system says itself whose district it reports for
    district = home[:6]
    grid, area = _by_code(place, district)
    if "lng" in place and not grid:
        datum = place.get("datum", "wgs84")
        if not inside_district(place["lng"], place["lat"], datum, district):
            raise Incomplete(
                {"place": [f"所选位置不在{name_of(district) or '本区'}范围内，请重新选点，或者选择社区。"]}
            )
        found = locate(place["lng"], place["lat"], datum)
        grid = found.code if found else ""
    if not grid and not area and post and post.role == Role.GRID_WORKER and actor.user_id:
        own = grid_codes_of(actor.user_id, now.astimezone(SHANGHAI).date())
        grid = own[0] if own else ""
    code = grid or area or home
    return _Place(
        area=code,
        grid=grid or (code if len(code) == 15 else ""),
        desk=_desk(post, code),
        address=place.get("address", ""),
        lng=place.get("lng"),
        lat=place.get("lat"),
        datum=place.get("datum", "wgs84") if "lng" in place else "",
    )


_AREA = Query(lambda v: Area.objects.filter(code=v.code, active=True).order_by().values_list("code"), code=str)
_GRID = Query(lambda v: Grid.objects.filter(code=v.code, active=True).order_by().values_list("code"), code=str)


def _by_code(place: Mapping[str, Any], district: str) -> tuple[str, str]:
    grid, area = place.get("grid", ""), place.get("area", "")
    if grid and _GRID.first(code=grid) is None:
        raise Incomplete({"place": ["没有这个网格，请从列表中重新选择。"]})
    if area and not grid and _AREA.first(code=area) is None:
        raise Incomplete({"place": ["没有这个社区或街道，请从列表中重新选择。"]})
    if not (grid or area or district).startswith(district):
        raise Incomplete({"place": ["所选地点不在本区，请告知来访人到当地综治中心反映，或重新选择。"]})
    return grid, area


def _desk(post: PostView | None, code: str) -> str:
    """The level that has the case: the desk that registered it, else the place itself and everyone above it."""
    if post is None or post.role in (Role.GRID_WORKER, Role.VOLUNTEER):
        return code
    desk = post.area_code
    while desk and not code.startswith(desk):
        desk = parent_code(desk)
    return desk or code[:6]


# --- writing ----------------------------------------------------------------------------------------------------


def _create(
    actor: Actor,
    post: PostView | None,
    cleaned: Mapping[str, Any],
    place: _Place,
    unit: Unit | None,
    now: datetime,
    quiet: bool,
    number: str,
    received_at: datetime | None,
) -> Case:
    keys, day = next_keys(), now.astimezone(SHANGHAI).date()
    case = Case(
        pk=keys.case,
        number=number or case_number(day, CHANNEL_DIGITS[Channel(cleaned["channel"])], keys.serial),
        client_id=uuid.uuid4(),
        title=intake.title_of(cleaned),
        description=cleaned["description"],
        anonymous=cleaned.get("anonymous", False),
        confidential=cleaned.get("confidential", False),
        willing_to_mediate=cleaned.get("willing_to_mediate"),
        visitor_count=cleaned.get("visitor_count") or max(len(cleaned["reporters"]), 1),
        address=place.address,
        lng=place.lng,
        lat=place.lat,
        datum=place.datum,
        foreign_source=cleaned.get("foreign_source", ""),
        foreign_number=cleaned.get("foreign_number", ""),
        registered_by_id=actor.user_id or 0,
        privacy_version=cleaned.get("privacy_version", ""),
    )
    nature = cleaned.get("complaint_nature", "")
    earlier = find_related(actor, cleaned["related"], now)
    told = told_at_once(place.desk, nature, unit, now) if cleaned.get("urgent") else []
    data = {**_event_data(cleaned, place, now), "complained_unit_id": unit.pk if unit else None}
    data |= {"told": [one.words for one in told]} if told else {}
    data |= {"received_at": received_at.isoformat()} if received_at else {}
    event = build_event(case, [], "register", actor, post, now, "", Status.REGISTERED, data)
    state = apply(State(), event, policies.calendar())
    write_row(case, state)
    statements.NEW_PARTY.write(_parties(case, cleaned))
    _bind_attachments(case, actor, cleaned.get("attachments", []))
    event.case = case
    event.pk = keys.event
    statements.NEW_EVENT.write([event])
    write_deadlines(case, state.clocks.values())
    announce(case, event, quiet, key=keys.outbox)
    keep_visit(case, actor, post, cleaned["related"], now)
    if told and not quiet:
        tell_at_once(case, told, now)
    if earlier and not quiet:
        ask_follow_up(case, cleaned["related"], earlier, now)
    return case


def _event_data(cleaned: Mapping[str, Any], place: _Place, now: datetime) -> dict[str, Any]:
    facts = {
        "kind": cleaned["kind"],
        "procedure": intake.procedure_of(cleaned),
        "category": cleaned.get("category", ""),
        "level": intake.level_of(cleaned),
        "channel": cleaned["channel"],
    }
    said = {name: cleaned[name] for name in ("level_reason", "urgent", "related") if cleaned.get(name)}
    return {
        **facts,
        **said,
        "nature": cleaned.get("complaint_nature", ""),
        "area_code": place.area,
        "grid_code": place.grid,
        "desk_area": place.desk,
        "nobody_to_ask": not cleaned["reporters"],
        "limits": policies.limits_for([Clock.ACCEPT_BY], facts, now),
    }


def _parties(case: Case, cleaned: Mapping[str, Any]) -> list[Party]:
    rows = []
    for side, key in ((PartySide.REPORTER, "reporters"), (PartySide.OTHER, "other_party")):
        for position, party in enumerate(cleaned[key]):
            contact = {name: party[name] for name in intake.PARTY_FIELDS}
            rows.append(
                Party(
                    case=case,
                    side=side,
                    role=party["role"],
                    position=position,
                    contact=contact,
                    phone_index=blind_index("phone", contact["phone"]),
                    id_index=blind_index("id_number", contact["id_number"]),
                )
            )
    return rows


def _bind_attachments(case: Case, actor: Actor, uids: list[str]) -> None:
    """Give uploads made before the report to its case; only one's own, only those that belong to nobody yet."""
    if not uids:
        return
    try:
        wanted = {uuid.UUID(uid) for uid in uids}
    except ValueError as error:
        raise Incomplete({"attachments": ["附件编号不对，请重新上传。"]}) from error
    free = Attachment.objects.filter(uid__in=wanted, case__isnull=True, held__isnull=True, uploaded_by_id=actor.user_id)
    bound = free.update(case=case)
    if bound != len(wanted):
        raise Incomplete({"attachments": ["有的附件没有找到或已用于别的事项，请重新上传。"]})


def is_sealed(case: Case) -> bool:
    """Tell whether the case is a report of wrongdoing: only 移送, and its reporter shown to nobody in a unit."""
    return case.nature == Nature.REPORT
