"""Where measured tables are kept: docs/performance.md, each between its own marks, with the commit that was measured."""

from __future__ import annotations

import subprocess
from pathlib import Path

from governance_portal.environment import BASE_DIR

DOCUMENT = BASE_DIR / "docs" / "performance.md"


def commit() -> str:
    """The short name of the commit that is checked out."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    answer = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def keep(told: str, begin: str, end: str, heading: str, command: str, document: Path = DOCUMENT) -> None:
    """Put a table into the document between its marks; where there are none yet, under a heading at its end."""
    text = document.read_text(encoding="utf-8")
    if begin not in text:
        text = f"{text.rstrip()}\n\n## {heading}\n\n`{command}` writes this table.\n\n{begin}{end}\n"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    document.write_text(f"{before}{begin}\n\n{told}\n\n{end}{after}", encoding="utf-8")
