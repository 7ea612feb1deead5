"""网格考核 in the demonstration: its words; made through the doors by cases.assessing.samples, when the year behind is there."""

from __future__ import annotations

from datetime import datetime

from cases.assessing.samples import Words, lay_samples

WORDS = Words(
    appeal="这件当事人去外地看病，前后两次约不上，不是网格上拖着不办，请核实。",
    answer="查了联系记录，两次上门和三次电话都有，当事人住院属实，按不可抗力不计入。",
    grade="办得快，群众认可，回头看没有反复。",
)


def make(now: datetime) -> int:
    """Make what is missing; answers how many rounds, 0 when they are there already."""
    people = {"computes": "supervisor", "answers": "supervisor2", "decides": "centre_lead"}
    return lay_samples(people, WORDS, now)
