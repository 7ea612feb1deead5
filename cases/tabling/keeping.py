"""Tables with a name: one's own, and those others share. Only the question is kept; each reader's figures are their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts.choices import CASE_ROLES, Role, UnitKind
from accounts.queries import Actor
from cases.models import SavedTable
from cases.tabling.asking import LONGEST_QUERY, Asked
from cases.tabling.choices import Share
from governance_portal.lib.errors import Incomplete, NotYou, NotYours

MOST_TABLES = 50
NAME_LENGTH = 30
TAKEN = "您已有同名的统计表，请换一个名字。"
ROLES = [(role.value, str(role.label)) for role in Role if role in CASE_ROLES]


@dataclass(frozen=True)
class Kept:
    """A saved table as one reader has it."""

    row: SavedTable
    own: bool

    @property
    def shared_with(self) -> str:
        """With whom, in words; "" with nobody."""
        if self.row.share == Share.UNIT and self.row.unit:
            return self.row.unit.short_name or self.row.unit.name
        if self.row.share == Share.ROLE:
            return dict(ROLES).get(self.row.role, self.row.role)
        return str(Share(self.row.share).label) if self.row.share == Share.CENTRE else ""


def in_centre(actor: Actor) -> bool:
    """Works in a centre: may share with all of its people and by role."""
    return any(post.unit_kind == UnitKind.CENTRE for post in actor.posts)


def _readable(actor: Actor) -> QuerySet[SavedTable]:
    roles = {post.role for post in actor.posts}
    found = Q(owner_id=actor.user_id or 0)
    found |= Q(share=Share.UNIT, unit_id__in=actor.unit_ids) | Q(share=Share.ROLE, role__in=roles)
    if in_centre(actor):
        found |= Q(share=Share.CENTRE)
    return SavedTable.objects.filter(found).select_related("owner", "unit")


def all_of(actor: Actor) -> tuple[list[Kept], list[Kept]]:
    """One's own tables and those that others share, by name; one query."""
    found = [Kept(row, row.owner_id == actor.user_id) for row in _readable(actor)]
    return [one for one in found if one.own], [one for one in found if not one.own]


def find(actor: Actor, pk: int) -> Kept:
    """One table that this person may read; NotYours (404) for any other."""
    row = _readable(actor).filter(pk=pk).first()
    if row is None:
        raise NotYours("没有找到这张统计表，可能已被删除，或不再共享给您。")
    return Kept(row, row.owner_id == actor.user_id)


def _mine(actor: Actor, pk: int) -> SavedTable:
    kept = find(actor, pk)
    if not kept.own:
        raise NotYou(f"这张表是{kept.row.owner.name}的，您可以另存一份再改。")
    return kept.row


def save(
    actor: Actor, name: str, asked: Asked, share: str = "", unit_id: int | None = None, role: str = ""
) -> SavedTable:
    """Keep a table under a name. Incomplete at `name` or `share`, NotYou for sharing beyond one's own."""
    whom = _whom(actor, share or Share.NOBODY, unit_id, role)
    if SavedTable.objects.filter(owner_id=actor.user_id or 0).count() >= MOST_TABLES:
        raise Incomplete({"name": [f"最多保存 {MOST_TABLES} 张统计表，请先删去不用的。"]})
    row = SavedTable(owner_id=actor.user_id or 0, name=_name_of(name), query=_query_of(asked), **whom)
    _write(row)
    return row


def copy(actor: Actor, pk: int) -> SavedTable:
    """Make one's own copy of a table one may read, shared with nobody."""
    kept = find(actor, pk)
    taken = set(SavedTable.objects.filter(owner_id=actor.user_id or 0).values_list("name", flat=True))
    base, at = kept.row.name, 1
    name = base
    while name in taken:
        at += 1
        tail = f"（{at}）"
        name = base[: NAME_LENGTH - len(tail)] + tail
    if len(taken) >= MOST_TABLES:
        raise Incomplete({"name": [f"最多保存 {MOST_TABLES} 张统计表，请先删去不用的。"]})
    row = SavedTable(owner_id=actor.user_id or 0, name=name, query=kept.row.query)
    _write(row)
    return row


def change(
    actor: Actor, pk: int, *, name: str, share: str, unit_id: int | None, role: str, asked: Asked | None = None
) -> SavedTable:
    """Rename one's own table, share it otherwise, and with `asked` keep another question under it."""
    row = _mine(actor, pk)
    row.name = _name_of(name)
    for field, value in _whom(actor, share, unit_id, role).items():
        setattr(row, field, value)
    if asked is not None:
        row.query = _query_of(asked)
    _write(row)
    return row


def remove(actor: Actor, pk: int) -> str:
    """Delete one's own table; answers its name."""
    row = _mine(actor, pk)
    row.delete()
    return row.name


def _write(row: SavedTable) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Incomplete({"name": [TAKEN]}) from None


def _name_of(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Incomplete({"name": ["请给统计表起个名字。"]})
    if len(name) > NAME_LENGTH or "\x00" in name:
        raise Incomplete({"name": [f"名称最多 {NAME_LENGTH} 字。"]})
    return name


def _query_of(asked: Asked) -> str:
    query = asked.query()
    if len(query) > LONGEST_QUERY:
        raise Incomplete({"name": ["条件太多，存不下。请去掉几个再保存。"]})
    return query


def _whom(actor: Actor, share: str, unit_id: int | None, role: str) -> dict[str, Any]:
    """Whom to share with as columns; a unit one belongs to, and beyond it only for who works in a centre."""
    if share not in Share.values:
        raise Incomplete({"share": ["请选择和谁共享。"]})
    if share == Share.UNIT:
        unit = unit_id if unit_id is not None else next(iter(sorted(actor.unit_ids)), None)
        if unit not in actor.unit_ids:
            raise NotYou("只能共享给您所在的单位。")
        return {"share": share, "unit_id": unit, "role": ""}
    if share in (Share.CENTRE, Share.ROLE) and not in_centre(actor):
        raise NotYou("共享给综治中心或某一类岗位，由中心的人来做；您可以共享给本单位。")
    if share == Share.ROLE and role not in dict(ROLES):
        raise Incomplete({"role": ["请选择共享给哪一类岗位。"]})
    return {"share": share, "unit_id": None, "role": role if share == Share.ROLE else ""}
