"""Pages get exactly the front-end files they name, under names that change with their content."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from governance_portal.static_finder import NodeModulesFinder

ROOT = Path(__file__).resolve().parents[2]


def test_only_the_named_files_of_node_modules_are_served() -> None:
    finder = NodeModulesFinder()
    served = {name: Path(storage.path(name)).is_file() for name, storage in finder.list(None)}

    assert served == {
        "vendor/echarts.simple.min.js": True,
        "vendor/geoman.css": True,
        "vendor/geoman.js": True,
        "vendor/htmx.min.js": True,
        "vendor/images/layers-2x.png": True,
        "vendor/images/layers.png": True,
        "vendor/images/marker-icon.png": True,
        "vendor/leaflet.css": True,
        "vendor/leaflet.js": True,
        "vendor/tabler.min.css": True,
        "vendor/tabler.min.js": True,
        "vendor/axe.min.js": True,  # in tests only
    }
    assert [finders.find(name) for name in ("htmx.org/dist/htmx.js", "vendor/../htmx.org/package.json")] == [None, None]


def test_a_missing_front_end_file_is_told(settings: Any, tmp_path: Path) -> None:
    settings.NODE_MODULES = tmp_path
    settings.NODE_MODULES_FILES = {"vendor/htmx.min.js": "htmx.org/dist/htmx.min.js"}

    assert [warning.msg for warning in NodeModulesFinder().check()] == ["缺少前端文件：vendor/htmx.min.js。"]
    assert NodeModulesFinder().find("vendor/htmx.min.js") == []


def test_every_file_can_be_gathered_and_hashed(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "governance_portal.static_finder.HashedFiles"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)

    names = (path.name for path in (tmp_path / "vendor").iterdir() if path.suffix == ".css")
    assert {re.sub(r"[0-9a-f]{12}", "…", name) for name in names} == {
        "geoman.css",
        "geoman.….css",
        "leaflet.css",
        "leaflet.….css",
        "tabler.min.css",
        "tabler.min.….css",
    }


def test_no_template_or_style_asks_for_anything_from_elsewhere_or_inline() -> None:
    """The content security policy would stop it in the browser; here it is told with its line."""
    outside = re.compile(
        r"""(?:src|href|action)=["'](?:https?:)?//|<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=["']|\son[a-z]+=["']|url\(["']?(?:https?:)?//""",
        re.IGNORECASE,
    )
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.css")]
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in sorted(files)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if outside.search(line)
    ]

    assert found == []
    assert len(files) > 1
    assert "unsafe" not in settings.CONTENT_SECURITY_POLICY
