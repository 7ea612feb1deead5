"""A year's notice, or one day, read first and written when it is confirmed: all of it or nothing, and on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.choices import Role
from accounts.models import User
from accounts.queries import Actor
from cases import policies
from cases.limits.moving import MOST, Foreseen, foresee
from cases.limits.notice import Notice, NoticeRow, weekday_base
from cases.limits.year import worked_days
from cases.models import CalendarImport, Holiday, Recount
from cases.services import recounting
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.working_days import SHANGHAI

ONLY_KEEPERS = "工作日历和时限规定由中心负责人和系统管理员维护，您没有这些岗位。"


def may_keep(actor: Actor) -> bool:
    """Tell whether somebody keeps the calendar and the limits: the centre's lead and the system administrator."""
    return actor.leads_centre or actor.has(Role.SYSTEM_ADMIN)


def check_keeper(actor: Actor) -> None:
    """Refuse everybody else (NotYou)."""
    if not may_keep(actor):
        raise NotYou(ONLY_KEEPERS)


@dataclass(frozen=True)
class Change:
    """What a draft makes of the calendar: the days it writes, since when dates are counted again."""

    days: dict[date, tuple[bool, str, str]]
    since: date
    changed: tuple[date, ...]


def keep_notice(notice: Notice, actor: Actor, file_name: str, now: datetime) -> CalendarImport:
    """Keep a faultless notice for the preview. Incomplete when it has problems or no rows."""
    if notice.problems or not notice.rows:
        raise Incomplete({"file": [sentence for _line, sentence in notice.problems] or ["文件里没有安排。"]})
    return _keep("file", notice.rows, actor, now, year=notice.year, file_name=file_name[:120])


def keep_day(row: NoticeRow, actor: Actor, now: datetime) -> CalendarImport:
    """Keep the edit of single days for the preview. Incomplete for a day that has passed by a published calendar."""
    return _keep("date", [row], actor, now)


def _keep(field: str, rows: list[NoticeRow], actor: Actor, now: datetime, **more: object) -> CalendarImport:
    draft = CalendarImport(
        rows=[row.as_list() for row in rows],
        author=User.objects.filter(pk=actor.user_id or 0).first(),
        author_name=actor.name or actor.username,
        created_at=now,
        **more,
    )
    if past := past_days(change_of(draft), now):
        raise Incomplete({field: [_past_words(past)]})
    draft.save()
    return draft


def past_days(change: Change, now: datetime) -> list[date]:
    """Return the days that have passed by a published calendar and would now be otherwise.

    What was late by them stays late (workflow.md rule 6); a day of a year that was only 暂定 may still be corrected.
    """
    stands, today = policies.calendar(), now.astimezone(SHANGHAI).date()
    return [day for day in change.changed if day < today and not stands.is_tentative(day)]


def _past_words(past: list[date]) -> str:
    return f"{past[0]} 已经过去，那天的期限已经按公布的日历判过，不能再改；请只改今天或以后的日子。"


def change_of(draft: CalendarImport) -> Change:
    """Return what a draft would write, held against the calendar as it stands now."""
    stand = {row.date: row for row in Holiday.objects.all()}
    base = weekday_base(draft.year) if draft.year else {}
    source = str(draft.rows[0][4])
    days: dict[date, tuple[bool, str, str]] = {day: (worked, "", source) for day, worked in base.items()}
    for row in map(NoticeRow.from_list, draft.rows):
        days |= dict.fromkeys(row.days(), (row.worked, row.name, row.source))
    before, after = policies.calendar_of(worked_days()), calendar_after(days)
    changed = sorted(day for day, (worked, _n, _s) in days.items() if worked != before.is_workday(day))
    published = [day for day in days if before.is_tentative(day) != after.is_tentative(day)]
    told = [day for day, row in days.items() if day not in stand or row != _as_tuple(stand[day])]
    since = min([*changed[:1], *published, *([] if changed or published else told)], default=min(days))
    return Change(days, since, tuple(changed))


def _as_tuple(row: Holiday) -> tuple[bool, str, str]:
    return (row.workday, row.name, row.source)


def calendar_after(days: dict[date, tuple[bool, str, str]]) -> policies.Calendar:
    """Return the calendar as it would be with these days."""
    return policies.calendar_of(worked_days({day: worked for day, (worked, _name, _source) in days.items()}))


def foresee_draft(draft: CalendarImport, most: int | None = MOST) -> tuple[Change, Foreseen]:
    """Return what a draft would write and which dates would move; nothing is written."""
    change = change_of(draft)
    return change, foresee(change.since, calendar_after(change.days), most)


def confirm(draft_id: int, actor: Actor, now: datetime, *, address: str = "", agent: str = "") -> Recount:
    """Write a draft into the calendar, ask for the recount, and put it on record; all in one transaction.

    NotYou for who does not keep the calendar, NotNow when it was confirmed already.
    """
    check_keeper(actor)
    return write(draft_id, actor, now, address=address, agent=agent)


def write(draft_id: int, actor: Actor | None, now: datetime, *, address: str = "", agent: str = "") -> Recount:
    """`confirm` for somebody whose right was judged already (the command)."""
    with transaction.atomic():
        draft = CalendarImport.objects.select_for_update().filter(pk=draft_id).first()
        if draft is None or draft.confirmed_at is not None:
            raise NotNow("这份安排已经写入日历，不用再确认；变动的期限见重新计算的清单。")
        change = change_of(draft)
        if past := past_days(change, now):
            raise NotNow(_past_words(past))
        Holiday.objects.bulk_create(
            [Holiday(date=day, workday=w, name=name, source=source) for day, (w, name, source) in change.days.items()],
            update_conflicts=True,
            unique_fields=["date"],
            update_fields=["workday", "name", "source"],
        )
        wish = recounting.ask(change.since, reason_of(draft), draft.author_name, now)
        draft.confirmed_at, draft.recount = now, wish
        draft.save(update_fields=["confirmed_at", "recount"])
        what = {"year": draft.year, "days": len(change.days), "changed": [str(day) for day in change.changed][:60]}
        action = "calendar.imported" if draft.year else "calendar.edited"
        name = str(draft.year) if draft.year else str(change.since)
        audit.record(actor, action, f"calendar:{name}", reason_of(draft), what, now=now, address=address, agent=agent)
        transaction.on_commit(policies.forget)
    policies.forget()
    return wish


def reason_of(draft: CalendarImport) -> str:
    """Why dates are counted again, in words."""
    if draft.year:
        return f"{draft.year} 年放假安排已导入"
    row = NoticeRow.from_list(draft.rows[0])
    day = f"{row.first.year}年{row.first.month}月{row.first.day}日"
    return f"{day}改为{'上班' if row.worked else '休息'}" + (f"（{row.name}）" if row.name else "")
