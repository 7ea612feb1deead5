"""Texts that are often written (常用答复), offered beside a field; whoever uses one goes on writing in it."""

from __future__ import annotations

import csv
from pathlib import Path

from cases.models import CannedAnswer, Case
from cases.needs import Need
from cases.workflow import MOVES, RECORDS, TABLE, Action

SHIPPED = Path(__file__).parent.parent / "data" / "canned_answers.csv"
LONGEST = 2000


def canned_for(case: Case, move_name: str) -> list[CannedAnswer]:
    """Return the texts for the fields of one move on this case, those of the deepest category first."""
    stem = [case.category_code[:length] for length in range(len(case.category_code) + 1)]
    rows = CannedAnswer.objects.filter(move=move_name, active=True, category_code__in=stem)
    return sorted(rows, key=lambda row: (row.field, -len(row.category_code), row.position, row.pk))


def places() -> list[tuple[str, str]]:
    """Every field that takes such texts, as `(move.field, 步骤 · 填写项)`."""
    return [
        (f"{action.name}.{need.name}", f"{action.label} · {need.label}{'（居民可见）' if need.public else ''}")
        for action in (*MOVES, *RECORDS)
        for need in _texts_of(action)
    ]


def problem_of(move: str, field: str, text: str) -> str:
    """Why a text cannot be offered there, in a sentence; "" when it can."""
    action = TABLE.get(move)
    need = next((need for need in _texts_of(action) if need.name == field), None) if action else None
    if need is None:
        return "没有这一步的这个填写项，请从列表中选择。"
    most = min(need.maximum or LONGEST, LONGEST)
    return f"正文最多 {most} 字，现在有 {len(text)} 字。" if len(text) > most else ""


def _texts_of(action: Action) -> list[Need]:
    return list({need.name: need for need in action.needs if need.type == "longtext"}.values())


def load_shipped() -> int:
    """Write the shipped texts; one that is there already is left as the centre edited it. Answers how many are new."""
    known = set(CannedAnswer.objects.values_list("move", "field", "category_code", "title"))
    made = []
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        for position, row in enumerate(csv.DictReader(lines), start=1):
            key = (row["move"], row["field"], row["category"], row["title"])
            if key not in known:
                made.append(
                    CannedAnswer(
                        move=key[0],
                        field=key[1],
                        category_code=key[2],
                        title=key[3],
                        text=row["text"],
                        position=position * 10,
                    )
                )
    CannedAnswer.objects.bulk_create(made)
    return len(made)
