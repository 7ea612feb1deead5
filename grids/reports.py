"""What an import did or would do, for the person who delivered the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Remark:
    """Something about one row: ``line`` is the line of the table, or the ordinal of the GeoJSON feature."""

    line: int
    code: str
    reason: str


@dataclass
class ImportReport:
    """Codes by what happens to them, rows refused and rows that deserve a second look; equal files, equal reports."""

    what: str = "区域"
    line_word: str = "第 {} 行"
    new: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    skipped: int = 0
    rejected: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def reject(self, line: int, code: str, reason: str) -> None:
        """Leave the row out and say why."""
        self.rejected.append(Remark(line, code, reason))

    def warn(self, line: int, code: str, reason: str) -> None:
        """Take the row, but tell somebody to look."""
        self.warnings.append(Remark(line, code, reason))

    def summary(self) -> str:
        """One line of figures."""
        parts = [f"新增 {len(self.new)}", f"变更 {len(self.changed)}", f"不变 {len(self.unchanged)}"]
        parts += [f"跳过 {self.skipped}"] if self.skipped else []
        parts += [f"拒收 {len(self.rejected)}"]
        parts += [f"提醒 {len(self.warnings)}"] if self.warnings else []
        return f"{self.what}：" + "，".join(parts) + "。"

    def lines(self) -> Iterator[str]:
        """The whole report, line by line: figures, then changes, refusals and warnings."""
        yield self.summary()
        for code, changes in sorted(self.changed.items()):
            yield f"变更 {code}：{'；'.join(changes)}"
        for word, remarks in (("拒收", self.rejected), ("提醒", self.warnings)):
            for remark in sorted(remarks):
                yield f"{word} {self.line_word.format(remark.line)}（{remark.code or '无代码'}）：{remark.reason}"
