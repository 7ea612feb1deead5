"""What the forms of a hazard hold before anybody types: the file as it stands, the class that the category suggests."""

from __future__ import annotations

from typing import Any

from cases.hazards.choices import class_of
from cases.models import Case, HazardFile


def prefilled_hazard(case: Case, kind: str, item: str = "") -> dict[str, Any]:
    """Return the values of one of the records of a hazard; `item` is the number of the line whose button was pressed."""
    if kind in ("hazard_done", "hazard_drop"):
        asked = {"item": item} if item.isascii() and item.isdigit() and len(item) <= 3 else {}
        return {**asked, "done": "true"} if kind == "hazard_done" else asked
    file = HazardFile.objects.select_related("unit").filter(case=case).first()
    if kind != "hazard":
        return {}
    if file is None:
        unit = case.lead_unit.code if case.lead_unit else ""
        return {"hazard_class": class_of(case.category_code), "unit": unit}
    return {
        "hazard_class": file.hazard_class,
        "detail": file.detail,
        "unit": file.unit.code,
        "person": file.person,
        "term": file.term.isoformat(),
        "plan": file.plan,
        "measure": file.measure,
    }
