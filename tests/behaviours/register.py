"""The thirty behaviours and the tests that show each: read from the marks in the tests, written to docs/behaviours.md.

`python -m tests.behaviours.register` writes the page; `tests/house/test_behaviours.py` holds it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "behaviours.md"
BEHAVIOURS = {
    1: "What the table allows is accepted, all else refused, and a refusal leaves nothing behind.",
    2: "What ends or turns a matter needs its reason.",
    3: "A report from outside starts registered; what a client may not set is refused.",
    4: "A place outside the district is refused, a matter without a place is asked where.",
    5: "A file is judged by its content; residents may send fewer types.",
    6: "Uploads at the same moment all arrive, one event each.",
    7: "A request that changes several things is all or nothing.",
    8: "Each action needs its own right.",
    9: "List, detail, files, history, search, export and counts agree on what one may see.",
    10: "Contact data is masked without the right, everywhere.",
    11: "Reassigning takes it from who had it and says so; the same unit again is no event.",
    12: "A merged matter tells where it went and when the other ended; unmerging restores it.",
    13: "Messages go once, and a late worker sends that of its own move.",
    14: "A rating is used once, amended for a week, and an unhappy one is looked at, never silently reopened.",
    15: "Dates count working days with 调休, nights, weekends, pauses; a closed case is never overdue.",
    16: "A routing rule that is broken never blocks an intake.",
    17: "Contact data goes after its time, only after the end, with its files, and leaves a mark.",
    18: "The look-up answers alike for an unknown number and a wrong code.",
    19: "Two at once: one moves, the other is told who and to what.",
    20: "A list costs the same whatever its size, and its count is its rows.",
    21: "Closed is not solved: procedure and outcome are told apart.",
    22: "What colleagues write for each other never reaches the resident.",
    23: "Who lost a matter no longer opens it; the dispatcher keeps sight of it.",
    24: "A half-written intake survives a closed browser and a lost network.",
    25: "Nobody has to have a phone or an e-mail.",
    26: "A bulk action obeys the rules of a single one and reports each refusal.",
    27: "An export holds every column and date that the screen shows.",
    28: "What the clock does is attributed to the clock.",
    29: "A word of two characters is found, and totals respect rights.",
    30: "A reminder of a date that moved is sent again; one that was sent is not.",
}


def shown() -> dict[int, list[str]]:
    """Return the tests marked for each number, as `path::name`, in the order of the tree."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        everywhere = [number for node in tree.body if isinstance(node, ast.Assign) for number in _numbers(node.value)]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                numbers = {*everywhere, *(n for mark in node.decorator_list for n in _numbers(mark))}
                for number in sorted(numbers):
                    found[number].append(f"{path.relative_to(ROOT)}::{node.name}")
    return dict(found)


def _numbers(node: ast.AST) -> Iterator[int]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "behaviour":
            yield from (argument.value for argument in call.args if isinstance(argument, ast.Constant))  # type: ignore[misc]


def page() -> str:
    """Return docs/behaviours.md."""
    tests = shown()
    lines = [
        "# Thirty behaviours, and where each is shown",
        "",
        "Collected from the test suites and complaint threads of the best civic systems (design/behaviours.md). Written by",
        "`make docs` from the marks `@pytest.mark.behaviour(n)`; a number without a test fails `tests/house`.",
    ]
    for number, told in BEHAVIOURS.items():
        lines += ["", f"## {number}. {told}", ""]
        for test in tests.get(number, []):
            path, name = test.split("::")
            lines.append(f"* {name.removeprefix('test_').replace('_', ' ')} (`{path}`)")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"docs/behaviours.md: {sum(map(len, shown().values()))} tests")
