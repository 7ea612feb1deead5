"""The page of the workflow is the table."""

import re

from django.conf import settings

from cases.table_page import page
from cases.workflow import MOVES
from tests.cases.matrix import MOVES as CONTRACT


def test_the_committed_page_equals_the_table() -> None:
    committed = (settings.BASE_DIR / "docs" / "workflow.md").read_text(encoding="utf-8")

    assert committed == page(), "run `make docs`"


def test_the_diagram_has_an_arrow_for_every_way_the_contract_knows_and_no_other() -> None:
    drawn = set(re.findall(r"^    (\S+) --> (\S+) : ", page(), flags=re.M)) - {("[*]", "registered")}
    into: dict[str, set[str]] = {}
    for name, (sources, _who, target) in CONTRACT.items():
        into[name] = {target}
        if name == "resolve_on_spot":
            into[name] |= {"supervision"}
        if name == "unmerge":
            into[name] = {*["registered", "incomplete", "accepted", "consulting", "dispatched", "returned", "handling"]}
        if name == "reopen":
            into[name] |= {"accepted"}
        assert sources

    assert drawn == {
        (source, target)
        for name, (sources, _who, _to) in CONTRACT.items()
        for source in sources.split()
        for target in into[name]
    }


def test_every_move_stands_on_the_page_with_its_chinese_name() -> None:
    assert [action.name for action in MOVES if f"| {action.label} `{action.name}` |" not in page()] == []
