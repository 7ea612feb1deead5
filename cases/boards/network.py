"""多元解纷网络: layers and members by days, and what each member holds now; its keeping is `keeping`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from cases.models import NetworkLayer, NetworkMember
from cases.statistics import counting
from cases.statistics.scope import Scope
from cases.statistics.windows import EVER
from governance_portal.lib.errors import NotYours


def on_day(day: date) -> Q:
    """The condition "in force on that day", of layers and members."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def layers_on(day: date) -> QuerySet[NetworkLayer]:
    """The layers of a day, from the top down."""
    return NetworkLayer.objects.filter(on_day(day))


def members_on(day: date) -> list[NetworkMember]:
    """The members of a day, units by their codes, then those known by name."""
    rows = NetworkMember.objects.filter(on_day(day)).select_related("unit", "layer")
    return sorted(rows, key=lambda row: (row.unit is None, row.unit.code if row.unit else row.name, row.pk))


@dataclass(frozen=True)
class Layer:
    """A layer with its members; `symbol` is the number counted from them, or N."""

    row: NetworkLayer
    members: list[NetworkMember]

    @property
    def symbol(self) -> str:
        """「13」, or 「N」 for a layer whose number is open."""
        return "N" if self.row.open_ended else str(len(self.members))


def network_on(day: date) -> list[Layer]:
    """Return the network of a day; two statements."""
    members: dict[int, list[NetworkMember]] = {}
    for member in members_on(day):
        members.setdefault(member.layer_id, []).append(member)
    return [Layer(row, members.get(row.pk, [])) for row in layers_on(day)]


def formula(layers: list[Layer]) -> str:
    """Return 「1+13+10+N」, each number counted."""
    return "+".join(layer.symbol for layer in layers)


def holding(scope: Scope, now: datetime) -> dict[int, dict[str, int]]:
    """Return `{unit id: {open, overdue}}`: what each unit leads now, as far as this person sees."""
    counted = counting.by_unit(scope, EVER, now)
    return {pk: {name: row[name] for name in ("open", "overdue")} for pk, row in counted.items() if pk}


def find_layer(pk: int) -> NetworkLayer:
    """Return a layer; NotYours (404) for none."""
    found = NetworkLayer.objects.filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def find_member(pk: int) -> NetworkMember:
    """Return a member; NotYours (404) for none."""
    found = NetworkMember.objects.select_related("unit", "layer", "entered_by").filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def history_of(member: NetworkMember) -> QuerySet[NetworkMember]:
    """Return every row of the same unit, or of the same name, the newest first."""
    same = Q(unit_id=member.unit_id) if member.unit_id else Q(name=member.name)
    rows = NetworkMember.objects.filter(same).select_related("layer", "unit", "entered_by")
    return rows.order_by("-starts_on", "-pk")
