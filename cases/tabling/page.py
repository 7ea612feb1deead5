"""What the builder's page shows: the controls with what is chosen, and the table under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from cases import choices as c
from cases.filters import NONE
from cases.tabling import counting, drawing, keeping, measures, naming
from cases.tabling.asking import MOST_MEASURES, Asked
from cases.tabling.choices import Share
from cases.tabling.counting import Frame, TooLarge
from cases.tabling.dimensions import sections
from cases.tabling.keeping import Kept
from cases.tabling.steps import PERIODS
from cases.views.choices import all_units, categories, places

Row = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One page of the builder: a table, the saved one it comes from, and what was typed wrongly below it."""

    frame: Frame
    kept: Kept | None = None
    elsewhere: bool = False
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> Asked:
        """The question."""
        return self.frame.asked

    def inner(self) -> dict[str, Any]:
        """The table, or the sentence why there is none, with what can be done with it."""
        frame, asked = self.frame, self.asked
        here = reverse("tables:make")
        context: dict[str, Any] = {
            "asked": asked,
            "query": asked.query(),
            "kept": self.kept,
            "elsewhere": self.elsewhere,
            "place": drawing.place_words(frame),
            "days": drawing.period_words(frame),
            "conditions": drawing.filter_words(frame, naming.names_of_filters(asked)),
            "swap_url": self._url(asked.swapped()) if asked.columns else "",
            "now": frame.now,
            **self._sharing(),
        }
        try:
            counted = counting.count(frame)
        except TooLarge as refused:
            return {**context, "table": None, "problem": refused.detail}
        return {**context, "table": drawing.drawn(counted, reverse("cases:list"), here)}

    def whole(self) -> dict[str, Any]:
        """The controls as well."""
        return {**self.inner(), **self.controls()}

    def _url(self, asked: Asked) -> str:
        saved = f"&saved={self.kept.row.pk}" if self.kept else ""
        return f"{reverse('tables:make')}?{asked.query()}{saved}"

    def controls(self) -> dict[str, Any]:
        """The selects and ticks of the form."""
        asked, frame = self.asked, self.frame
        layouts = [(name, [(one.name, one.label) for one in held]) for name, held in sections()]
        known = [
            (name, [(one.name, one.label) for one in held]) for name, held in measures.sections(frame.actor, frame.area)
        ]
        chosen = [*asked.measures, *[""] * MOST_MEASURES][:MOST_MEASURES]
        own = min((post.area_code for post in frame.actor.posts if post.area_code), key=len, default=frame.area)
        return {
            "row_groups": _groups(layouts, asked.rows),
            "column_groups": _groups(layouts, asked.columns),
            "measure_groups": [_groups(known, name) for name in chosen],
            "periods": _options(PERIODS.items(), [asked.period]),
            "first": asked.first,
            "last": asked.last,
            "places": _options(((row["value"], row["label"]) for row in places(own)), [asked.area]),
            "categories": self._codes("category", "尚未归类", categories("")),
            "units": self._codes("unit", "尚未分流", all_units()),
            "ticks": [
                ("kind", "事项大类", self._ticked("kind", c.Kind.choices)),
                ("channel", "来源渠道", self._ticked("channel", c.Channel.choices)),
                ("level", "等级", self._ticked("level", [*c.Level.choices, (NONE, "尚未定级")])),
            ],
            "filtered": bool(asked.filters),
            "sorts": drawing.sort_choices(asked.sort),
        }

    def _codes(self, name: str, none: str, rows: Iterable[Row]) -> list[Row]:
        pairs = [(NONE, none), *((row["value"], row["label"]) for row in rows)]
        return _options(pairs, self.asked.filters.get(name, ()))

    def _ticked(self, name: str, pairs: Iterable[tuple[Any, Any]]) -> list[Row]:
        return _options(pairs, self.asked.filters.get(name, ()))

    def _sharing(self) -> dict[str, Any]:
        actor, row = self.frame.actor, self.kept.row if self.kept else None
        own = self.kept is not None and self.kept.own
        wide = keeping.in_centre(actor)
        shares = [pair for pair in Share.choices if wide or pair[0] in (Share.NOBODY, Share.UNIT)]
        units = {post.unit_id: post.unit_name for post in actor.posts}
        typed = self.typed
        name = row.name if row and own else drawing.name_of_table(self.frame)[: keeping.NAME_LENGTH]
        return {
            "own": own,
            "save_name": typed.get("name", name),
            "save_errors": self.errors,
            "shares": _options(shares, [typed.get("share") or (row.share if row and own else Share.NOBODY)]),
            "share_units": _options(
                units.items(), [typed.get("unit") or (str(row.unit_id or "") if row and own else "")]
            ),
            "share_roles": _options(keeping.ROLES, [typed.get("role") or (row.role if row and own else "")])
            if wide
            else [],
        }


def _groups(sections: Iterable[tuple[str, list[tuple[str, str]]]], chosen: str) -> list[tuple[str, list[Row]]]:
    return [(name, _options(pairs, [chosen])) for name, pairs in sections]


def _options(pairs: Iterable[tuple[Any, Any]], chosen: Iterable[Any]) -> list[Row]:
    held = {str(value) for value in chosen}
    return [{"value": str(value), "label": str(label), "chosen": str(value) in held} for value, label in pairs]


def within_reach(asked: Asked) -> Asked:
    """The same table of the reader's own widest area."""
    return replace(asked, area="")
