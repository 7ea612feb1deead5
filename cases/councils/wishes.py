"""民心台账 through its doors: a wish taken in, agreed to be shown, made a case, 销账. Source: facts row 2.8; PIPL §25 (shown publicly
only with separate consent: here of whoever can be told from it, and nobody's name is kept at all)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Unit, User
from accounts.queries import Actor
from cases.caring.posts import leads_in, working, works_in
from cases.caring.queries import communities_of
from cases.councils.choices import Agreed, HeardAt, WishState
from cases.councils.queries import NO_POST, NOTHING, OPEN, find_wish, owners_for
from cases.models import Wish
from cases.needs import Need, clean
from cases.services.registering import register
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import day_of

WHAT_LIMIT, RESULT_LIMIT = 200, 500
LONGEST = timedelta(days=731)
NO_NAME = "写事，不写人：不写姓名、电话、门牌号；公示的就是这句话。"
AGREED_CHOICES = tuple(Agreed.choices)
NOT_WORKING = "这一项由本社区和所属街道的工作人员办理。"


def area_need(actor: Actor) -> Need:
    """The community."""
    return Need("area", "社区（村）", "choice", choices=tuple(communities_of(actor)) or NOTHING)


def wish_needs(actor: Actor, area_code: str, now: datetime) -> tuple[Need, ...]:
    """What a wish asks for; the owners are those of the community."""
    return (
        area_need(actor),
        Need("what", "什么心愿", "text", maximum=WHAT_LIMIT, help=NO_NAME),
        Need("heard_at", "从哪里听到", "choice", choices=tuple(HeardAt.choices)),
        Need("heard_on", "哪天", "date"),
        Need(
            "owner", "谁来办", "choice", choices=owners_for(area_code, now), help="要部门办的，记下后点“登记为事项”。"
        ),
        Need("due_on", "何时办好", "date"),
        Need("agreed", "能不能公示", "choice", choices=AGREED_CHOICES),
    )


def owner_of(chosen: str) -> tuple[Unit, User | None]:
    """Return the unit and perhaps the person of a choice of `owners_for`."""
    code, _, login = chosen.partition("/")
    return Unit.objects.get(code=code), User.objects.filter(username=login).first() if login else None


def take_in(actor: Actor, given: Mapping[str, Any], *, now: datetime, client_id: str = "") -> tuple[Wish, bool]:
    """Write a wish into the ledger; answers it and whether it is new. NotYou; Incomplete beside the fields."""
    if not working(actor):
        raise NotYou(NO_POST)
    if client_id and (before := _sent(actor, client_id)):
        return before, False
    area = given.get("area")
    needs = wish_needs(actor, area if isinstance(area, str) and len(area) == 12 else "", now)
    cleaned, errors = clean(needs, given)
    today = day_of(now)
    for name, sentences in dates_between(cleaned, today, "heard_on", "due_on").items():
        errors.setdefault(name, sentences)
    if errors:
        raise Incomplete(errors)
    unit, owner = owner_of(cleaned["owner"])
    try:
        with transaction.atomic():
            made = Wish.objects.create(
                area_code=cleaned["area"],
                what=mask_text(cleaned["what"]),
                heard_at=cleaned["heard_at"],
                heard_on=cleaned["heard_on"],
                unit=unit,
                owner=owner,
                due_on=cleaned["due_on"],
                agreed=cleaned["agreed"],
                made_by_id=actor.user_id or 0,
                client_id=client_id,
            )
            audit.record(actor, "wish", f"wish:{made.pk}", now=now)
    except IntegrityError:
        if client_id and (before := _sent(actor, client_id)):
            return before, False
        raise
    return made, True


def _sent(actor: Actor, client_id: str) -> Wish | None:
    return Wish.objects.filter(made_by_id=actor.user_id or 0, client_id=client_id).first()


def dates_between(cleaned: Mapping[str, Any], today: date, said: str, due: str) -> dict[str, list[str]]:
    """What is wrong of a day that has been and of one that is to come."""
    errors: dict[str, list[str]] = {}
    if (day := cleaned.get(said)) and not today - LONGEST <= day <= today:
        errors[said] = ["日期不能晚于今天，也不能早于两年前。"]
    if (day := cleaned.get(due)) and not today <= day <= today + LONGEST:
        errors[due] = ["期限不能早于今天，也不能晚于两年后。"]
    return errors


def _locked(actor: Actor, pk: int, *, owner_may: bool = False) -> Wish:
    """Lock an open wish that somebody works with; NotYours, NotNow, NotYou."""
    found = find_wish(actor, pk)
    row: Wish = Wish.objects.select_for_update().get(pk=found.pk)
    if not (works_in(actor, row.area_code) or (owner_may and row.owner_id == actor.user_id)):
        raise NotYou(NOT_WORKING)
    if row.state not in OPEN:
        raise NotNow(f"这个心愿{row.get_state_display()}，不能再改；有新的请另记一条。")
    return row


def change(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> Wish:
    """Another owner, another date, whether it may be shown; what was withdrawn from showing goes from the public page at once."""
    needs_of = find_wish(actor, pk)
    with transaction.atomic():
        cleaned, errors = clean(change_needs(needs_of.area_code, now), given)
        row = _locked(actor, pk)
        if cleaned.get("due_on") != row.due_on:
            errors |= dates_between(cleaned, day_of(now), "-", "due_on")
        if errors:
            raise Incomplete(errors)
        row.unit, row.owner = owner_of(cleaned["owner"])
        row.due_on, row.agreed = cleaned["due_on"], cleaned["agreed"]
        if row.agreed not in (Agreed.YES, Agreed.NOBODY):
            row.published_on, row.published_by = None, None
        row.save(update_fields=["unit", "owner", "due_on", "agreed", "published_on", "published_by"])
        audit.record(actor, "wish_changed", f"wish:{row.pk}", now=now)
    return row


def change_needs(area_code: str, now: datetime) -> tuple[Need, ...]:
    """What may be changed of a wish; not what was wished."""
    return (
        Need("owner", "谁来办", "choice", choices=owners_for(area_code, now)),
        Need("due_on", "何时办好", "date"),
        Need("agreed", "能不能公示", "choice", choices=AGREED_CHOICES),
    )


def show_publicly(actor: Actor, pk: int, shown: bool, *, now: datetime) -> Wish:
    """The community's or street's lead says that a wish is shown; no longer, whoever works there (who voiced it changed their mind)."""
    with transaction.atomic():
        found = find_wish(actor, pk)
        row = Wish.objects.select_for_update().get(pk=found.pk)
        if not (leads_in(actor, row.area_code) or (not shown and works_in(actor, row.area_code))):
            raise NotYou("公示由社区或街道的负责人同意。")
        if shown and row.agreed not in (Agreed.YES, Agreed.NOBODY):
            raise NotNow("提出的人还没有同意公示，先问过本人，再改“能不能公示”。")
        row.published_on = (row.published_on or day_of(now)) if shown else None
        row.published_by_id = actor.user_id if shown else None
        row.save(update_fields=["published_on", "published_by"])
        audit.record(actor, "wish_shown" if shown else "wish_hidden", f"wish:{row.pk}", now=now)
    return row


DONE_NEEDS: tuple[Need, ...] = (
    Need(
        "state", "结果", "choice",
        choices=((WishState.DONE.value, "办好了，销账"), (WishState.NOT_POSSIBLE.value, "办不了，已说明")),
    ),
    Need("result", "怎么办的", "longtext", maximum=RESULT_LIMIT, public=True, help="公示的心愿，大家都看得到；不写姓名。"),
)  # fmt: skip


def settle(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> Wish:
    """销账: done, or told why it cannot be; by the community or its owner. One whose case is still open waits for it."""
    cleaned, errors = clean(DONE_NEEDS, given)
    with transaction.atomic():
        row = _locked(actor, pk, owner_may=True)
        if row.case is not None and row.case.is_open:
            raise NotNow("这个心愿已登记为事项，还没有办结；办结以后再销账。")
        if errors:
            raise Incomplete(errors)
        row.state, row.result, row.ended_on = cleaned["state"], mask_text(cleaned["result"]), day_of(now)
        row.save(update_fields=["state", "result", "ended_on"])
        audit.record(actor, "wish_settled", f"wish:{row.pk}", row.get_state_display(), now=now)
    return row


def begin(actor: Actor, pk: int, *, now: datetime) -> Wish:
    """The owner is at it."""
    with transaction.atomic():
        row = _locked(actor, pk, owner_may=True)
        if row.state == WishState.OPEN:
            row.state = WishState.DOING
            row.save(update_fields=["state"])
    return row


def to_case(actor: Actor, pk: int, kind: str, *, now: datetime) -> Wish:
    """Register a matter of a wish through the door, exactly one whoever presses how often; the row is linked.

    kind: appeal, hazard or suggestion. NotYours, NotNow (it is one already: with its number), NotYou, Incomplete.
    """
    with transaction.atomic():
        row = _locked(actor, pk)
        if row.case_id is not None:
            return row
        row.case = case_of(actor, kind, row.what, row.area_code, f"wish:{row.uid}", now)
        row.state = WishState.DOING
        row.save(update_fields=["case", "state"])
    return row


def case_of(actor: Actor, kind: str, words: str, area_code: str, key: str, now: datetime) -> Any:
    """Register what nobody in particular brought: no reporter, so that it is verified and not called about."""
    if kind not in ("appeal", "hazard", "suggestion"):
        raise Incomplete({"kind": ["请选择事项大类。"]})
    body = {"kind": kind, "channel": "other", "description": words, "place": {"area": area_code}}
    return register(actor, body, now=now, client_id=key).case
