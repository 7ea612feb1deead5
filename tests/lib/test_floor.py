"""The library is the ground floor: it knows no app, and its calculations know no framework."""

import ast
from pathlib import Path

import pytest

from governance_portal import lib

MODULES = sorted(Path(lib.__file__).parent.glob("*.py"))
#: Not calculations: they read the settings (crypto, keyring, outbound: which networks may be spoken to), are pieces of the
#: ORM (prepared, prefixes: a lookup, leasing: a condition, migrating: operations), or ask the database what time it is
#: (moments) or who else is at it (alone).
MAY_USE_DJANGO = {"alone", "crypto", "keyring", "leasing", "migrating", "moments", "outbound", "prefixes", "prepared"}
#: Whose purpose is to say what time it is, so that nobody else here asks.
TELLS_THE_TIME = {"moments"}


def imported_by(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_library_imports_no_app_and_calculations_no_django(path: Path) -> None:
    forbidden = {"accounts", "cases", "grids", "hotlines", "rest_framework"}
    if path.stem not in MAY_USE_DJANGO:
        forbidden |= {"django"}
    assert {name for name in imported_by(path) if name.split(".")[0] in forbidden} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_calculations_are_given_the_time(path: Path) -> None:
    calls = [
        node.attr for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)
    ]
    assert bool({"now", "today", "utcnow"} & set(calls)) == (path.stem in TELLS_THE_TIME)
