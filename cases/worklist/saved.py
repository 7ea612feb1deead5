"""What a person keeps of the list: how it is drawn, views with a name, views of the unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from accounts.choices import Role
from accounts.queries import Actor
from cases import choices as c
from cases.models import ListPreference, SavedView
from cases.worklist import columns
from cases.worklist.listing import LONGEST_QUERY, kept_of, person_of, query_of
from governance_portal.lib.errors import Incomplete, NotYou, NotYours

PAGE_SIZES = (30, 60, 100)
MOST_VIEWS = 30
#: Tabs beside the five that everybody has.
MOST_PINNED = 4
NAME_LENGTH = 20
TAKEN = "您已有同名的视图，请换一个名字。"

#: Lists that a post asks for every day: name and query.
COMMON: Mapping[str, tuple[tuple[str, str], ...]] = {
    Role.CLERK: (("待受理", "status=registered"), ("待补正", "status=incomplete"), ("窗口登记", "channel=window")),
    Role.OPERATOR: (("待受理", "status=registered"), ("热线来件", "channel=hotline")),
    Role.DISPATCHER: (
        ("待分流", "status=accepted&sort=step"),
        ("退回待改派", "status=returned&sort=step"),
        ("待签收", "status=dispatched&sort=step"),
        ("会商中", "status=consulting"),
        ("重大、紧急", "level=serious&level=urgent"),
    ),
    Role.SUPERVISOR: (
        ("待审核", "status=supervision&sort=step"),
        ("督办中", "orders=open&sort=due"),
        ("停滞", "watch=stuck&sort=due"),
        ("办结存疑", "watch=doubtful"),
        ("暂停计时", "status=suspended"),
    ),
    Role.FOLLOW_UP_OFFICER: (("待回访", "status=follow_up&sort=step"),),
    Role.HANDLER: (("待签收", "status=dispatched&sort=step"), ("办理中", "status=handling&sort=due")),
    Role.MEDIATOR: (("待签收", "status=dispatched&sort=step"), ("调解中", "status=handling&kind=dispute&sort=due")),
    Role.GRID_WORKER: (("办理中", "status=handling&sort=due"), ("安全隐患", "kind=hazard")),
    Role.LEADER: (
        ("督办中", "orders=open&sort=due"),
        ("重大、紧急", "level=serious&level=urgent"),
        ("矛盾纠纷", "kind=dispute"),
    ),
}


@dataclass(frozen=True)
class View:
    """A saved view as one reader has it: `own` may be changed, `tab` stands in the row of tabs."""

    id: int
    name: str
    query: str
    own: bool
    pinned: bool
    shared: bool
    tab: bool
    by: str

    @property
    def url(self) -> str:
        """The list it opens."""
        return f"{reverse('cases:list')}?{self.query}{'&' if self.query else ''}view={self.id}"


# --- how the list is drawn --------------------------------------------------------------------------------------


def preference_of(actor: Actor) -> ListPreference:
    """How this person's list is drawn; the usual way until they chose."""
    return ListPreference.objects.filter(user_id=person_of(actor)).first() or ListPreference(user_id=person_of(actor))


def prefer(actor: Actor, codes: Iterable[str], density: str, page_size: int) -> ListPreference:
    """Keep columns, density and page size; what is unknown falls back to the usual."""
    known = [column.code for column in columns.chosen(codes)][: columns.MOST]
    values = {
        "columns": [] if tuple(known) == columns.USUAL else known,
        "density": density if density in c.Density.values else c.Density.COMPACT,
        "page_size": page_size if page_size in PAGE_SIZES else PAGE_SIZES[0],
    }
    return ListPreference.objects.update_or_create(user_id=person_of(actor), defaults=values)[0]


# --- views ------------------------------------------------------------------------------------------------------


def views_of(actor: Actor) -> list[View]:
    """Own views and those shared with a unit of this person; one query."""
    rows = SavedView.objects.filter(Q(owner_id=person_of(actor)) | Q(unit_id__in=actor.unit_ids)).select_related(
        "owner"
    )
    found = [_view(row, actor) for row in rows]
    return sorted(found, key=lambda view: (not view.own, view.id))


def _view(row: SavedView, actor: Actor) -> View:
    own = row.owner_id == actor.user_id
    tab = row.pinned if own else row.by_lead
    return View(row.pk, row.name, row.query, own, row.pinned, row.unit_id is not None, tab, row.owner.name)


def save(actor: Actor, name: str, query: QueryDict, *, pinned: bool, unit_id: int | None = None) -> SavedView:
    """Keep this list under a name, for oneself or also for a unit one belongs to (as a tab for all when one leads it)."""
    name = _name_of(name)
    kept = kept_of(query)
    kept.pop("view", None)
    text = kept.urlencode()
    if len(text) > LONGEST_QUERY:
        raise Incomplete({"name": ["条件太多，存不下。请去掉几个筛选再保存。"]})
    if unit_id is not None and unit_id not in actor.unit_ids:
        raise NotYou("只能共享给您所在的单位。")
    mine = SavedView.objects.filter(owner_id=person_of(actor))
    if mine.count() >= MOST_VIEWS:
        raise Incomplete({"name": [f"最多保存 {MOST_VIEWS} 个视图，请先删去不用的。"]})
    by_lead = unit_id is not None and actor.leads(unit_id)
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                owner_id=person_of(actor), name=name, query=text, pinned=pinned, unit_id=unit_id, by_lead=by_lead
            )
    except IntegrityError:
        raise Incomplete({"name": [TAKEN]}) from None


def rename(actor: Actor, view_id: int, name: str) -> str:
    """Give one's own view another name; a sentence of what happened. Incomplete at `name`, NotYours for another's."""
    row = SavedView.objects.filter(pk=view_id, owner_id=person_of(actor)).first()
    if row is None:
        raise NotYours()
    before, row.name = row.name, _name_of(name)
    try:
        with transaction.atomic():
            row.save(update_fields=["name"])
    except IntegrityError:
        raise Incomplete({"name": [TAKEN]}) from None
    return f"视图“{before}”已改名为“{row.name}”。"


def _name_of(typed: str) -> str:
    name = typed.strip()
    if not name:
        raise Incomplete({"name": ["请给视图起个名字。"]})
    if len(name) > NAME_LENGTH:
        raise Incomplete({"name": [f"名称最多 {NAME_LENGTH} 字。"]})
    return name


def change(actor: Actor, view_id: int, what: str, unit_id: int | None = None) -> str:
    """`pin`, `unpin`, `share`, `unshare` or `delete` one's own view; a sentence of what happened."""
    row = SavedView.objects.filter(pk=view_id, owner_id=person_of(actor)).first()
    if row is None:
        raise NotYours()
    if what == "delete":
        row.delete()
        return f"已删除视图“{row.name}”。"
    if what in ("pin", "unpin"):
        row.pinned = what == "pin"
        row.save(update_fields=["pinned"])
        return f"“{row.name}”{'已放到' if row.pinned else '已移出'}标签栏。"
    if what not in ("share", "unshare"):
        raise Incomplete({"what": ["没有这个操作。"]})
    row.unit_id = _unit_of(actor, unit_id) if what == "share" else None
    row.by_lead = row.unit_id is not None and actor.leads(row.unit_id)
    row.save(update_fields=["unit", "by_lead"])
    return f"“{row.name}”{'已共享给本单位' if row.unit_id else '不再共享'}。"


def _unit_of(actor: Actor, unit_id: int | None) -> int:
    if unit_id is None and actor.posts:
        return actor.posts[0].unit_id
    if unit_id is None or unit_id not in actor.unit_ids:
        raise NotYou("只能共享给您所在的单位。")
    return unit_id


def take_over(actor: Actor, view_id: int) -> str:
    """Make one's own copy of a view that the unit shares; a sentence of what happened."""
    row = SavedView.objects.filter(pk=view_id, unit_id__in=actor.unit_ids).first()
    if row is None:
        raise NotYours()
    return f"已存为我的视图“{save(actor, row.name, query_of(row.query), pinned=True).name}”。"


def common(actor: Actor) -> list[dict[str, Any]]:
    """The everyday lists of this person's posts, `{name, url}`, none twice."""
    found: dict[str, str] = {}
    for post in actor.posts:
        for name, query in COMMON.get(post.role, ()):
            found.setdefault(name, f"{reverse('cases:list')}?{query}")
    return [{"name": name, "url": url} for name, url in found.items()]
