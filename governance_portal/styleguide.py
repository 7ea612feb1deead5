"""`/styleguide/`: every component with invented content, in any theme. Served in the demonstration and in tests only.

What stands here is drawn by the same templates as the real pages, so a look at it (and axe over it) is a look at them.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.choices import STAGE_OF, Status
from cases.views.intake_form import fields_of, people
from cases.worklist import columns as list_columns
from governance_portal import styleguide_samples as samples
from governance_portal import styleguide_walk_in as walk_in
from governance_portal.display import MODES, THEMES

SHEETS = ("desk", "list", "case", "intake", "parts", "public", "path", "paper", "letter", "login")


@require_safe
def show(request: HttpRequest, sheet: str = "desk") -> HttpResponse:
    """Draw one sheet; `?theme=` and `?mode=` are taken from the address so that each look has one."""
    if sheet not in SHEETS:
        raise Http404
    chosen = {
        name: request.GET[name]
        for name, known in (("theme", THEMES), ("mode", MODES))
        if request.GET.get(name) in known
    }
    if sheet == "parts":
        messages.success(request, "已分流至井坪司法所，请于今天 16:30 前签收")
    more = _intake() if sheet == "intake" else {}
    return render(request, f"styleguide/{sheet}.html", {**_context(sheet), **more, **chosen})


def _intake() -> dict[str, Any]:
    """Today's form of the window, drawn by what draws the real one."""
    typed = walk_in.TYPED
    reporters = people(typed, {}, "reporter")
    return {
        "values": typed,
        "f": fields_of(typed, walk_in.ERRORS),
        "reporters": reporters,
        "others": people(typed, {}, "other"),
        "several_shown": 3,
        "hall": walk_in.HALL,
        **walk_in.BESIDE,
    }


def _context(sheet: str) -> dict[str, Any]:
    return {
        "now": samples.NOW,
        "sheet": sheet,
        "sheets": SHEETS,
        "title": samples.TITLES[sheet],
        "office": samples.OFFICE,
        "nav": samples.nav(sheet),
        "unread_count": 3,
        "person": samples.PERSON,
        "rows": samples.ROWS,
        "columns": samples.COLUMNS,
        "list_columns": list_columns.chosen(()),
        "statuses": [{"status": s.value, "stage": STAGE_OF[s].value, "label": str(s.label)} for s in Status],
        "tiles": samples.TILES,
        "groups": samples.GROUPS,
        "stages": samples.STAGES,
        "files": samples.FILES,
        "expected": samples.EXPECTED,
        "others": samples.OTHERS,
        "rare": samples.RARE,
        "needs": samples.NEEDS,
        "given": samples.GIVEN,
        "errors": samples.ERRORS,
        "kind": samples.KIND,
        "filters": samples.FILTERS,
        "levels": samples.LEVELS,
        "icons": samples.ICONS,
        "parts": ("群众联", "存根联"),
        "path_notes": {
            "intake": "11月18日 10:05 已受理",
            "routing": "11月18日 13:05 转交区住建局",
            "handling": "区住建局正在办理",
        },
        "notes": {"intake": "11月18日", "routing": "11月18日"},
    }
