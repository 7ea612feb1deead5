"""The words for the codes of a table's filters."""

from __future__ import annotations

from accounts.models import Unit
from cases import choices as c
from cases.filters import NONE
from cases.models import Category
from cases.tabling.asking import Asked

_FIXED = {
    **{f"channel:{value}": str(label) for value, label in c.Channel.choices},
    **{f"level:{value}": str(label) for value, label in c.Level.choices},
    **{f"kind:{value}": str(label) for value, label in c.Kind.choices},
    f"level:{NONE}": "尚未定级",
    f"unit:{NONE}": "尚未分流",
    f"category:{NONE}": "尚未归类",
}


def names_of_filters(asked: Asked) -> dict[str, str]:
    """`{"unit:zjj": "区住建局", …}`; at most a query for units and one for categories."""
    found = dict(_FIXED)
    units, categories = asked.filters.get("unit", ()), asked.filters.get("category", ())
    if units:
        found |= {
            f"unit:{code}": name for code, name in Unit.objects.filter(code__in=units).values_list("code", "name")
        }
    if categories:
        rows = Category.objects.filter(code__in=categories).values_list("code", "name")
        found |= {f"category:{code}": name for code, name in rows}
    return found
