"""对接 in the demonstration: an invented court, police and petition line; made by hotlines.links.samples."""

from __future__ import annotations

from datetime import datetime

from hotlines.links.samples import SampleLine, lay_samples

LINES = (
    SampleLine(
        "court-demo", "平鲁区人民法院（演示）", "court", "file", "mediation", "（2026）晋0603诉前调{place}号", 30
    ),
    SampleLine("police-demo", "平鲁分局 110 指挥中心（演示）", "police", "file", "", "演示警情 {place:04d}", 1),
    SampleLine("petition-demo", "平鲁区信访局（演示）", "petition", "none", "petition", "演示信访 {place:04d}", 60),
)


def make(now: datetime) -> int:
    """Make what is missing; answers how many links were made."""
    return lay_samples(LINES, now)
