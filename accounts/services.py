"""Changing people: appoint, end, stand in, hand over, leave, passwords. Every change writes an audit entry.

`actor=None` means the command line (the person at the server); everyone else needs the post that `_require` names.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit, logins, passwords, tokens
from accounts.choices import Role
from accounts.models import Deputy, Post, Unit, User
from accounts.policy import DORMANT_DAYS
from accounts.queries import Actor
from accounts.querysets import day_of
from accounts.signals import cases_handed_over, person_leaving, post_changed
from governance_portal.lib.errors import Incomplete, NotNow, NotYou

ONLY_SECURITY = "只有安全管理员可以调整岗位和账号安全，请与安全管理员联系。"


@transaction.atomic
def appoint(
    actor: Actor | None,
    *,
    user: User,
    role: str,
    unit: Unit,
    area_code: str,
    starts_on: date,
    now: datetime,
    lead: bool = False,
    ends_on: date | None = None,
    note: str = "",
) -> Post:
    """Give somebody a post. NotYou; Incomplete when span, code or the separation of administrators forbids it."""
    _require_security(actor)
    _lock(user)
    post = Post(
        user=user,
        role=role,
        unit=unit,
        area_code=area_code,
        lead=lead,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
    )
    if user.is_service:
        raise Incomplete({"user": ["服务账号不能任职"]})
    _checked(post)
    post.save()
    _told("post.appoint", actor, post, now)
    return post


@transaction.atomic
def change_post(actor: Actor | None, post: Post, *, now: datetime, **changes: Any) -> Post:
    """Change fields of a post (role, unit, area, lead, span, note). Ending one goes through `end_post`."""
    _require_security(actor)
    _lock(post.user)
    before = _words(post)
    for name, value in changes.items():
        setattr(post, name, value)
    _checked(post)
    post.save()
    _told("post.change", actor, post, now, before=before)
    return post


@transaction.atomic
def end_post(actor: Actor | None, post: Post, *, on: date, now: datetime) -> Post:
    """End a post (last day `on`). NotNow with the floors' sentence while open matters would be left unassigned."""
    _require_security(actor)
    _lock(post.user)
    _ask_leave(post.user, on, post)
    before = _words(post)
    post.ends_on = on
    _checked(post)
    post.save(update_fields=["ends_on"])
    _told("post.end", actor, post, now, before=before)
    return post


@transaction.atomic
def set_deputy(actor: Actor | None, post: Post, user: User, *, starts_on: date, ends_on: date, now: datetime) -> Deputy:
    """Let `user` stand in for the post's holder, both days included.

    Asked by the security administrator, the holder, or the lead of the holder's unit. NotYou; Incomplete.
    """
    _require(actor, post, "代理由本人、单位负责人或安全管理员安排。")
    _lock(user)
    deputy = Deputy(post=post, user=user, starts_on=starts_on, ends_on=ends_on)
    if user.is_service:
        raise Incomplete({"user": ["服务账号不能代理"]})
    _checked(deputy)
    deputy.save()
    _told("deputy.set", actor, post, now, deputy=user.username, starts_on=str(starts_on), ends_on=str(ends_on))
    return deputy


@transaction.atomic
def end_deputy(actor: Actor | None, deputy: Deputy, *, on: date, now: datetime) -> Deputy:
    """The absent one is back: the deputy's last day is `on`; one that has not begun is removed."""
    post = deputy.post
    _require(actor, post, "代理由本人、单位负责人或安全管理员安排。")
    if on < deputy.starts_on:
        deputy.delete()
    else:
        deputy.ends_on = on
        _checked(deputy)
        deputy.save(update_fields=["ends_on"])
    _told("deputy.end", actor, post, now, deputy=deputy.user.username, ends_on=str(on))
    return deputy


@transaction.atomic
def hand_over(actor: Actor | None, *, from_user: User, to_user: User, now: datetime) -> int:
    """Move everything open from one person to another, in one go; answers how many matters moved.

    Asked by the security administrator or a lead of a unit in which the giving person has a post.
    """
    if from_user.pk == to_user.pk:
        raise Incomplete({"to_user": ["接办人不能是本人"]})
    if not to_user.is_active or to_user.is_service:
        raise Incomplete({"to_user": ["接办人的账号已停用，请另选一人"]})
    _require_over(actor, from_user, now)
    answers = cases_handed_over.send(User, actor=actor, from_user=from_user, to_user=to_user, now=now)
    moved = sum(int(count or 0) for _, count in answers)
    detail = {"to": to_user.username, "moved": moved}
    audit.record(actor, "person.hand_over", from_user.username, detail=detail, now=now)
    return moved


@transaction.atomic
def leave(actor: Actor | None, user: User, *, on: date, now: datetime, to_user: User | None = None) -> list[Post]:
    """Somebody leaves for good: hand over (to `to_user`, if given), end the posts, disable the account, end its phones.

    NotNow while open matters would be left unassigned. Answers the posts that were ended.
    """
    _require_security(actor)
    _lock(user)
    if to_user is not None:
        hand_over(actor, from_user=user, to_user=to_user, now=now)
    _ask_leave(user, on, None)
    posts = list(Post.objects.overlapping(on, None).filter(user=user).select_related("user", "unit"))
    ended = [_ended(actor, post, on, now) for post in posts]
    Deputy.objects.filter(user=user, starts_on__gt=on).delete()
    Deputy.objects.filter(user=user, ends_on__gt=on).update(ends_on=on)
    disable(actor, user, now=now)
    return ended


def _ended(actor: Actor | None, post: Post, on: date, now: datetime) -> Post:
    before = _words(post)
    # A post that had not begun ends on its first day: the account is disabled anyway, and the row stays for the record.
    post.ends_on = max(on, post.starts_on)
    post.save(update_fields=["ends_on"])
    _told("post.end", actor, post, now, before=before)
    return post


@transaction.atomic
def disable(actor: Actor | None, user: User, *, now: datetime, reason: str = "") -> None:
    """Nobody logs in with this account any more; its phones are logged out, its sessions end at the next request."""
    _require_security(actor)
    user.is_active = False
    user.save(update_fields=["is_active"])
    tokens.revoke_all(user, now)
    audit.record(actor, "person.disable", user.username, reason=reason, now=now)


@transaction.atomic
def enable(actor: Actor | None, user: User, *, now: datetime, reason: str = "") -> None:
    """The account may log in again."""
    _require_security(actor)
    user.is_active = True
    user.last_seen = now
    user.save(update_fields=["is_active", "last_seen"])
    audit.record(actor, "person.enable", user.username, reason=reason, now=now)


def disable_dormant(now: datetime) -> list[str]:
    """Disable accounts that nobody used for 90 days (GB/T 22239-2019 §8.1.4.2 c); answers their log-in names.

    For the clock, once a day.
    """
    since = now - timedelta(days=DORMANT_DAYS)
    people = User.objects.filter(is_active=True, is_service=False, date_joined__lt=since)
    asleep = [user for user in people if max(filter(None, (user.last_seen, user.last_login, user.date_joined))) < since]
    for user in asleep:
        disable(None, user, now=now, reason=f"{DORMANT_DAYS} 天未登录，自动停用")
    return [user.username for user in asleep]


@transaction.atomic
def change_password(user: User, *, old: str, new: str, now: datetime) -> None:
    """One's own password. Incomplete when the old one is wrong or the new one breaks a rule; phones are logged out."""
    if not user.check_password(old):
        audit.record(user, "password.change", user.username, ok=False, now=now)
        raise Incomplete({"old": ["原密码不正确"]})
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Incomplete({"new": error.messages}) from error
    passwords.changed_now(user, new, now)
    tokens.revoke_all(user, now)
    audit.record(user, "password.change", user.username, now=now)


@transaction.atomic
def reset_password(actor: Actor | None, user: User, *, now: datetime) -> str:
    """A one-time password for somebody else, told to them once; it must be changed at the next log-in."""
    _require_security(actor)
    text = passwords.one_time_password()
    passwords.changed_now(user, text, now, first=True)
    tokens.revoke_all(user, now)
    audit.record(actor, "password.reset", user.username, now=now)
    return text


@transaction.atomic
def forget_two_step(actor: Actor | None, user: User, *, now: datetime) -> int:
    """Lost phone: take the second step away; answers how many devices went."""
    _require_security(actor)
    gone = logins.forget_devices(user)
    audit.record(actor, "two_step.reset", user.username, detail={"devices": gone}, now=now)
    return gone


def _ask_leave(user: User, on: date, post: Post | None) -> None:
    objections = [answer for _, answer in person_leaving.send(User, user=user, on=on, post=post) if answer]
    if objections:
        raise NotNow("".join(str(sentence) for sentence in objections))


def _require_security(actor: Actor | None) -> None:
    if actor is not None and not actor.has(Role.SECURITY_ADMIN):
        raise NotYou(ONLY_SECURITY)


def _require(actor: Actor | None, post: Post, sentence: str) -> None:
    if actor is None or actor.has(Role.SECURITY_ADMIN) or actor.user_id == post.user_id:
        return
    if not actor.leads(post.unit_id):
        raise NotYou(sentence)


def _require_over(actor: Actor | None, user: User, now: datetime) -> None:
    if actor is None or actor.has(Role.SECURITY_ADMIN):
        return
    units = Post.objects.in_force(day_of(now)).filter(user=user).values_list("unit_id", flat=True)
    if not any(actor.leads(unit_id) for unit_id in units):
        raise NotYou("移交由所在单位负责人或安全管理员办理。")


def _lock(user: User) -> None:
    # Two posts given to one person at the same moment must see each other, or the separation would not hold.
    User.objects.select_for_update().get(pk=user.pk)


def _checked(row: Post | Deputy) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise Incomplete(error.message_dict) from error


def _words(post: Post) -> dict[str, Any]:
    return {
        "role": post.role,
        "unit": post.unit.code,
        "area_code": post.area_code,
        "lead": post.lead,
        "starts_on": str(post.starts_on),
        "ends_on": str(post.ends_on) if post.ends_on else None,
    }


def _told(action: str, actor: Actor | None, post: Post, now: datetime, **more: Any) -> None:
    detail = {"post": post.pk, "after": _words(post), **more}
    audit.record(actor, action, post.user.username, detail=detail, now=now)
    transaction.on_commit(partial(post_changed.send, Post, post=post, now=now))
