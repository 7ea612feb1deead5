"""Faults planted one by one in a copy of the tree: each must be caught, and by whom is printed.

The two that need no database run always; the others with `make faults` (LONG=1).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services import POSTGRES_URL, is_reachable

ROOT = Path(__file__).resolve().parents[2]
LONG = os.environ.get("LONG") == "1"
LINT = ("lint-imports",)
EXPORTING = "tests/pages/test_exporting.py::"


@dataclass(frozen=True)
class Fault:
    """`text` of `file` becomes `instead`; `catcher` is what must fail then: test ids, or a command of the venv."""

    name: str
    file: str
    text: str
    instead: str
    catcher: tuple[str, ...]
    quick: bool = False
    postgres: bool = False


FAULTS = (
    Fault(
        "status written elsewhere",
        "cases/services/rating.py",
        "\n    return case\n",
        '\n    case.status = "closed"\n    case.save(update_fields=["status"])\n    return case\n',
        ("tests/house/test_floors.py::test_a_case_changes_its_status_in_one_place_only",),
    ),
    Fault(
        "cases imports hotlines",
        "cases/tasks.py",
        "from cases.services import",
        "import hotlines.models  # noqa: F401\nfrom cases.services import",
        LINT,
        quick=True,
    ),
    Fault(
        "diagram stale",
        "cases/workflow/moves_to_units.py",
        '        "一次性告知补正",\n        (Status.REGISTERED,),',
        '        "要求补正",\n        (Status.REGISTERED,),',
        ("tests/cases/test_docs.py",),
        quick=True,
    ),
    Fault(
        "lock removed",
        "cases/services/statements.py",
        'Case.objects.select_for_update(of=("self",)).filter(pk=v.case)',
        "Case.objects.filter(pk=v.case)",
        ("tests/cases/test_together.py",),
        postgres=True,
    ),
    Fault(
        "permission check removed",
        "cases/workflow/table.py",
        "    if not standing & set(action.who):",
        "    if False:",
        ("tests/cases/test_journey.py",),
    ),
    Fault(
        "event not written",
        "cases/services/door.py",
        "        statements.NEW_EVENT.write([event])\n",
        "",
        ("tests/cases/test_journey.py",),
    ),
    Fault(
        "a list that forgets the scope",
        "cases/api/reading.py",
        "Case.objects.visible_to(self.actor, self.now).order_by()",
        "Case.objects.order_by()",
        ("tests/api/test_journey.py",),
    ),
    Fault(
        "a work list that forgets the scope",
        "cases/worklist/listing.py",
        "return Case.objects.visible_to(self.actor, self.now).order_by()",
        "return Case.objects.order_by()",
        ("tests/pages/test_journey.py",),
    ),
    Fault(
        "an unscoped export",
        "cases/worklist/exporting.py",
        "    return list(paging.ordered(listing.cases, listing.sort)",
        "    from cases.models import Case\n\n    listing.visible = everything = Case.objects.order_by()\n"
        "    return list(paging.ordered(everything, listing.sort)",
        (EXPORTING + "test_list_totals_and_exports_agree_and_another_street_s_rows_never_appear",),
    ),
    Fault(
        "an export whose later pieces forget the scope",
        "cases/worklist/exporting.py",
        "actor = _actor_of(export, now)",
        'actor = Actor(None, "", "", service="clock")',
        (EXPORTING + "test_a_long_export_is_written_behind_within_the_same_rights",),
    ),
    Fault(
        "an export without the date that the screen shows",
        "cases/worklist/columns.py",
        '("时限", "due_told"), ("时限至", "due_full")',
        '("时限", "due_told"), ("时限至", "orders_label")',
        (EXPORTING + "test_an_export_holds_every_column_and_date_that_the_screen_shows",),
    ),
    Fault(
        "a bulk action that forgets whom the table asks",
        "cases/worklist/bulk.py",
        "        except Refusal as refused:",
        "        except KeyError as refused:",
        ("tests/pages/test_bulk.py::test_a_bulk_action_obeys_the_table_and_reports_each_refusal",),
    ),
    Fault(
        "the reading door forgets who is complained about",
        "cases/querysets.py",
        ".exclude(about_own_unit(actor))",
        "",
        ("tests/cases/test_complaints.py",),
    ),
    Fault(
        "an outbox row is not written",
        "cases/services/door.py",
        "    statements.NEW_OUTBOX.write([owed])\n",
        "",
        ("tests/clock/test_sweep.py",),
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_can_still_be_planted(fault: Fault) -> None:
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.text) == 1


def _copied(to: Path) -> Path:
    """The tracked and new files of the tree, without history, environment and data."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    if (ROOT / "node_modules").is_dir():
        (to / "node_modules").symlink_to(ROOT / "node_modules")
    return to


def _run(tree: Path, catcher: tuple[str, ...], *, postgres: bool) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "LONG"))}
    environment |= {"PORTAL_VAR": str(tree / "var"), "PYTHONPATH": str(tree)}
    environment.pop("DATABASE_URL", None)
    if postgres:
        environment["DATABASE_URL"] = POSTGRES_URL
    command = (
        [str(Path(sys.executable).parent / catcher[0])]
        if catcher == LINT
        else [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *catcher]
    )
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.faults
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.quick or LONG], ids=lambda fault: fault.name)
def test_a_planted_fault_is_caught(fault: Fault, tmp_path: Path) -> None:
    if fault.postgres and not is_reachable(POSTGRES_URL):
        pytest.skip("PostgreSQL 没有应答")
    tree = _copied(tmp_path / "tree")
    source = (tree / fault.file).read_text(encoding="utf-8")
    assert source.count(fault.text) >= 1, f"{fault.file} 里已经没有要改坏的那一行，请更新这个故障"
    (tree / fault.file).write_text(source.replace(fault.text, fault.instead), encoding="utf-8")
    result = _run(tree, fault.catcher, postgres=fault.postgres)
    print(f"{fault.name} → caught by {' '.join(fault.catcher)}")
    assert result.returncode == 1, result.stdout[-2000:] + result.stderr[-2000:]
    if fault.catcher != LINT:
        assert " failed" in result.stdout or " error" in result.stdout, result.stdout[-2000:]
