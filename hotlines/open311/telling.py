"""What an app reads of a report: open or closed, the unit, the dates; nothing personal goes out.

A resident's own words and the exact point go back only to the app that sent them. For everybody else a report is its
service, its street and a point rounded to about a hundred metres (个人信息保护法 §25, facts §7.1).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.choices import Status
from cases.queries import public_status
from governance_portal.lib.geo import gcj02_to_wgs84
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import SHANGHAI
from grids.choices import Datum
from hotlines.models import Open311Post

#: GeoReport v2 knows two; the portal's own words stand in status_notes.
ENDED = (Status.CLOSED, Status.ARCHIVED, Status.DECLINED, Status.MERGED)
#: Three places of a degree: about a hundred metres.
ROUNDED = 3


def request_of(post: Open311Post, own: bool, names: dict[str, str]) -> dict[str, Any]:
    """Return one row of GET requests, every field of the standard, in its order; `own`: asked by the app that sent it.

    `post.updated_at` is annotated by the query; `names` are the areas' names by code.
    """
    case, category = post.case, post.service.category
    lng, lat = _point(case)
    street = names.get(case.area_code[:9], "")
    return {
        "service_request_id": case.number,
        "status": "closed" if case.status in ENDED else "open",
        "status_notes": public_status(case),
        "service_name": category.name,
        "service_code": category.code,
        "description": mask_text(case.description) if own else f"{category.name}（{street or '本区'}）",
        "agency_responsible": case.lead_unit.name if case.lead_unit else None,
        "service_notice": None,
        "requested_datetime": moment(case.registered_at),
        "updated_datetime": moment(getattr(post, "updated_at", None) or case.registered_at),
        "expected_datetime": moment(case.due_at) if case.due_at and case.is_open else None,
        "address": (case.address if own else street) or None,
        "address_id": None,
        "zipcode": None,
        "lat": lat if own or lat is None else round(lat, ROUNDED),
        "long": lng if own or lng is None else round(lng, ROUNDED),
        "media_url": post.media_url if own and post.media_url else None,
    }


def moment(at: datetime) -> str:
    """Return `2026-11-22T09:30:00+08:00`: whole seconds, with the offset, as the W3C note asks."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _point(case: Any) -> tuple[float | None, float | None]:
    """Where the case is, in WGS-84 as the standard has it."""
    if case.lng is None or case.lat is None:
        return None, None
    if case.datum == Datum.GCJ02:
        lng, lat = gcj02_to_wgs84(case.lng, case.lat)
        return round(lng, 6), round(lat, 6)
    return case.lng, case.lat
