"""The catalogue from a table: each row a line, rows that cannot be taken listed with their line and the reason.

What a line says or has said already changes nothing, so the same file may come again, also after its amendments; what
differs becomes the next version. (To go back to an earlier unit needs a document of its own, with its own date.)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.dateparse import parse_date

from accounts.models import User
from cases.dispatching.catalogue import Draft, history, latest, problems, publish, sentences
from cases.models import DispatchLine
from governance_portal.lib.errors import BadFile, Incomplete
from governance_portal.lib.progress import SILENT, Progress
from governance_portal.lib.sheets import BadRow, read_rows
from grids.reports import ImportReport

COLUMNS = ("类别代码", "区划代码", "主办单位代码", "依据", "生效日", "说明", "撤销")
NEEDED = COLUMNS[:5]
YES, NO = ("是", "1"), ("", "否", "0")


def import_catalogue(
    path: Path, *, author: User | None, now: datetime, dry_run: bool, progress: Progress = SILENT
) -> ImportReport:
    """Read a CSV or XLSX with the columns COLUMNS (the last two may be missing) and publish what is new.

    Every row is judged before the first is published. BadFile when the file or its header cannot be read.
    """
    report = ImportReport("派单目录")
    drafts = _accepted(path, report, progress)
    if not dry_run:
        with transaction.atomic():
            for line, draft in progress.over("发布", drafts):
                try:
                    publish(draft, author=author, now=now, origin=f"导入 {path.name}")
                except Incomplete as refused:
                    report.reject(line, _name(draft), "；".join(sentences(refused.errors)))
    return report


def _accepted(path: Path, report: ImportReport, progress: Progress) -> list[tuple[int, Draft]]:
    drafts: list[tuple[int, Draft]] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in progress.over("核对", read_rows(path)):
        if isinstance(cells, BadRow):
            report.reject(line, "", cells.problem)
            continue
        if missing := [name for name in NEEDED if name not in cells]:
            raise BadFile(f"表头缺少“{'”“'.join(missing)}”列；应有：{'、'.join(COLUMNS)}（后两列可缺）。")
        draft, problem = _draft(cells)
        name = _name(draft) if draft else cells["类别代码"]
        if draft and not problem:
            key = (draft.category_code, draft.area_code)
            problem = f"与第 {seen[key]} 行是同一类别、同一区划，请只留一行。" if key in seen else ""
            problem = problem or "；".join(sentences(problems(draft)))
            seen.setdefault(key, line)
        if draft is None or problem:
            report.reject(line, name, problem)
            continue
        if _decide(draft, report):
            drafts.append((line, draft))
    return drafts


def _draft(cells: Mapping[str, str]) -> tuple[Draft | None, str]:
    day = _day(cells["生效日"])
    ends = cells.get("撤销", "")
    if day is None:
        return None, f"生效日“{cells['生效日'][:20]}”读不出来，请写成 2026-01-01 的样子。"
    if ends not in (*YES, *NO):
        return None, f"撤销应填“是”或空着，现在是“{ends[:10]}”。"
    return Draft(
        category_code=cells["类别代码"],
        area_code=cells["区划代码"],
        unit_code="" if ends in YES else cells["主办单位代码"],
        source=cells["依据"],
        effective_on=day,
        note=cells.get("说明", ""),
        withdrawn=ends in YES,
    ), ""


def _decide(draft: Draft, report: ImportReport) -> bool:
    """Sort the row into the report; True when it has something new to say."""
    before, name = latest(draft.category_code, draft.area_code), _name(draft)
    if before is None:
        report.new.append(name)
        return True
    if any(not _changes(version, draft) for version in history(before)):
        report.unchanged.append(name)
        return False
    changes = _changes(before, draft)
    report.changed[name] = [f"第 {before.version} 版 → 第 {before.version + 1} 版", *changes]
    return True


def _changes(before: DispatchLine, draft: Draft) -> list[str]:
    pairs = (
        ("主办单位", before.unit_code or "撤销", draft.unit_code or "撤销"),
        ("依据", before.source, draft.source),
        ("生效日", str(before.effective_on), str(draft.effective_on)),
        ("说明", before.note, draft.note),
    )
    return [f"{label} {old or '空'} → {new or '空'}" for label, old, new in pairs if old != new]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _name(draft: Draft) -> str:
    return f"{draft.category_code or '全部类别'} {draft.area_code or '全区'}"
