"""Every import command says how far it is on a terminal; where nobody watches, its words are the report alone."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from governance_portal.lib import progress
from tests.accounts.test_importing import PEOPLE, UNITS
from tests.cases.cast import COMMUNITY, build_district
from tests.importing.test_import_events import row, table
from tests.lib.test_progress import Terminal

pytestmark = pytest.mark.django_db

CATALOGUE = "类别代码,区划代码,主办单位代码,依据,生效日\nA0102,140603,housing,供热条例,2026-01-01\n"
AREAS = f"code,name\n{COMMUNITY[:9]}009,新村居委会\n"
GRIDS = f"code,name\n{COMMUNITY}009,胜利社区第九网格\n"
FILES = {
    "import_units": (UNITS, "导入 1/1 行"),
    "import_people": (PEOPLE, "导入 3/3 行"),
    "import_events": ("", "导入 2 行"),
    "import_dispatch_catalogue": (CATALOGUE, "核对 1 行"),
    "import_areas": (AREAS, "核对 1/1 行"),
    "import_grids": (GRIDS, "核对 1/1 行"),
}


@pytest.fixture(autouse=True)
def _at_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS", 0.0)


@pytest.mark.parametrize("command", FILES)
def test_a_terminal_sees_how_far_it_is_and_a_file_only_the_report(pingshan: None, tmp_path: Path, command: str) -> None:
    build_district()
    text, last = FILES[command]
    file = tmp_path / "rows.csv"
    file.write_bytes(table([row(1), row(2)]) if command == "import_events" else text.encode())
    words = [command, str(file)] + (["--dry-run"] if command != "import_dispatch_catalogue" else [])
    watched, kept = Terminal(), StringIO()
    call_command(*words, stdout=watched)
    call_command(*words, stdout=kept)
    said = [line for line in watched.getvalue().splitlines() if line not in kept.getvalue().splitlines()]
    assert [line for line in said if last in line] != []
    assert [line for line in said if "……" not in line and not line.endswith("行，完成。")] == []
    assert [line for line in kept.getvalue().splitlines() if "……" in line or "行，完成。" in line] == []
