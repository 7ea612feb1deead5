"""The layout holds itself: floors, one door, rooms with names, no paths of one machine."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
APPS = ["governance_portal", "hotlines", "cases", "grids", "accounts"]
# The door writes the row; the fold is the pure model of it that tests compare the row with.
MAY_WRITE_A_STATUS = {"cases/services/door.py", "cases/fold.py"}


def sources() -> Iterator[Path]:
    """Every Python file of the product."""
    for app in APPS:
        yield from sorted((ROOT / app).rglob("*.py"))


def tracked() -> list[Path]:
    """Every file that git knows, so that nobody's local files count."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def writes_a_status(tree: ast.AST) -> list[int]:
    """The lines that write a case's status: ``x.status = …``, ``setattr(x, "status", …)``, ``.update(status=…)``."""
    lines = []
    for node in ast.walk(tree):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AugAssign | ast.AnnAssign)
            else []
        )
        if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
            lines.append(node.lineno)  # type: ignore[attr-defined]
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            named = [keyword.arg for keyword in node.keywords]
            literal = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if (name in {"update", "bulk_update", "update_or_create"} and "status" in named) or (
                name == "setattr" and "status" in literal
            ):
                lines.append(node.lineno)
    return lines


def test_imports_go_down_only() -> None:
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout


def test_a_case_changes_its_status_in_one_place_only() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        if str(path.relative_to(ROOT)) not in MAY_WRITE_A_STATUS and "migrations" not in path.parts
        for line in writes_a_status(ast.parse(path.read_text(encoding="utf-8")))
    }

    assert found == set()


@pytest.mark.parametrize(
    "planted",
    [
        "case.status = 'closed'",
        "case.status: str = 'closed'",
        "Case.objects.filter(pk=1).update(status='closed')",
        "setattr(case, 'status', 'closed')",
        "Case.objects.update_or_create(pk=1, status='closed')",
    ],
)
def test_a_status_written_elsewhere_would_be_seen(planted: str) -> None:
    assert writes_a_status(ast.parse(planted)) == [1]


def test_no_room_is_called_a_box_of_odds_and_ends() -> None:
    boxes = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}

    assert [str(path.relative_to(ROOT)) for path in sources() if path.stem in boxes or path.parent.name in boxes] == []


def test_no_file_is_too_long_to_read() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}

    assert {name for name, lines in long.items() if lines > 500 and "/migrations/" not in name} == set()


def test_every_command_of_ours_explains_itself_in_chinese() -> None:
    ours = {name: app for name, app in get_commands().items() if app in APPS}
    helps = {name: load_command_class(app, name).help for name, app in ours.items()}

    assert {name: text for name, text in helps.items() if not re.search("[一-鿿]", str(text))} == {}
    assert {"run_portal", "write_env_example"} <= set(helps)


def test_no_tracked_file_names_a_place_on_one_machine() -> None:
    place = re.compile(r"/(?:work|root|home/[a-z]+)/[a-z]")
    found = []
    for path in tracked():
        if path.suffix in {".png", ".jpg", ".ico", ".woff2", ".xlsx"} or path == Path(__file__).resolve():
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [f"{path.relative_to(ROOT)}:{number}" for number, line in enumerate(lines, 1) if place.search(line)]

    assert found == []


def test_the_licence_is_named_the_same_everywhere() -> None:
    assert 'license = "MulanPSL-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"license": "MulanPSL-2.0"' in (ROOT / "package.json").read_text(encoding="utf-8")
    assert "木兰宽松许可证, 第2版" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_every_app_of_ours_is_one_the_floors_know() -> None:
    ours = {
        config.name
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT) and ".venv" not in config.path
    }

    assert ours == set(APPS)
