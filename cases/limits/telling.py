"""Those concerned are told of the dates that moved: one notice per person and recount, never one per case."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.notices import notify
from cases.choices import Clock
from cases.models import MovedDate, Recount
from cases.services.recipients import Recipients
from governance_portal.lib import spoken

#: So many are named in a notice; the rest is counted.
NAMED = 8
#: What leaves the portal by SMS or robot: no number, no name.
OUTSIDE = "放假安排有更新，您有事项的期限已重新计算，请登录查看"


@dataclass
class Digest:
    """What one person hears: dates that moved earlier or later, dates that are no longer 暂定, the first few by number."""

    earlier: int = 0
    later: int = 0
    certain: int = 0
    cases: set[int] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def add(self, moved: MovedDate, line: str) -> None:
        """Count one moved date."""
        self.cases.add(moved.case_id)
        if moved.due_to < moved.due_from:
            self.earlier += 1
        elif moved.due_to > moved.due_from:
            self.later += 1
        else:
            self.certain += 1
        if len(self.lines) < NAMED and moved.due_to != moved.due_from:
            self.lines.append(line)

    def title(self) -> str:
        """What happened, in one line."""
        if self.earlier or self.later:
            return f"放假安排有更新，您的 {len(self.cases)} 件事项期限已重新计算"
        return f"放假安排已公布，您的 {len(self.cases)} 件事项期限由暂定转为确定"

    def body(self, reason: str) -> str:
        """How many moved which way, and the first few by number, clock and dates: no names, no matter."""
        counts = (("提前", self.earlier), ("推后", self.later), ("日期不变、转为确定", self.certain))
        told = "，".join(f"{label} {count} 个" for label, count in counts if count)
        more = self.earlier + self.later - len(self.lines)
        rows = "；".join(self.lines) + (f"；另有 {more} 个，见事项清单" if more else "")
        return f"{reason or '工作日历有改动'}：期限{told}。" + (f"{rows}。" if rows else "")


def tell(recount: Recount, now: datetime) -> int:
    """Put one notice into the inbox of each person concerned; returns how many were told. Twice tells once."""
    told = 0
    with transaction.atomic():
        for user_id, digest in sorted(digests(recount, now).items()):
            key = f"recount:{recount.pk}"
            title, body = digest.title(), digest.body(recount.reason)
            told += notify({user_id}, key, title, body, kind="calendar", now=now, outside=OUTSIDE)
        Recount.objects.filter(pk=recount.pk).update(told_at=now)
    return told


def digests(recount: Recount, now: datetime) -> dict[int, Digest]:
    """Return what each person hears: whoever the clock waits for (cases.services.recipients)."""
    recipients = Recipients(now)
    found: dict[int, Digest] = defaultdict(Digest)
    moved = recount.moved.select_related("case__complained_unit").order_by("due_to", "id")
    for row in moved.iterator(chunk_size=500):
        line = line_of(row, now)
        for user_id in recipients.of_clock(row.case, row.clock):
            found[user_id].add(row, line)
    return found


def line_of(moved: MovedDate, now: datetime) -> str:
    """「26112310000017 办结时限 2027年1月7日 → 2027年1月8日」."""
    before, after = (spoken.deadline_words(moment, now) for moment in (moved.due_from, moved.due_to))
    mark = "（暂定）" if moved.tentative_to else ""
    return f"{moved.case.number} {Clock(moved.clock).label} {before} → {after}{mark}"
