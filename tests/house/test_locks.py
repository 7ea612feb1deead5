"""Lock files pin what is installed and say nothing about where from."""

import json
import re
from pathlib import Path

import pytest

from governance_portal.lock_files import without_addresses

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt", "package-lock.json"]
PINNED = re.compile(r"^[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==\S+")


@pytest.mark.parametrize("name", [*LOCKS, "package.json", "requirements.in", "requirements-dev.in", ".npmrc"])
def test_no_file_of_dependencies_names_a_host(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if "://" in line or "--index-url" in line or "registry=" in line] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_python_package_is_pinned_with_its_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=[a-z])", (ROOT / name).read_text(encoding="utf-8").strip())

    assert len(blocks) > 40
    assert [block.splitlines()[0] for block in blocks if not (PINNED.match(block) and "--hash=sha256:" in block)] == []


def test_every_npm_package_is_pinned_with_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    assert [path for path, entry in packages.items() if path and not entry["integrity"].startswith("sha512-")] == []


def test_the_same_package_has_the_same_version_in_both_python_locks() -> None:
    def versions(name: str) -> set[str]:
        return {match[0] for line in (ROOT / name).read_text().splitlines() if (match := PINNED.match(line))}

    assert versions("requirements.txt") - versions("requirements-dev.txt") == set()


def test_addresses_that_npm_writes_are_taken_out_and_the_rest_stays() -> None:
    entry = {"version": "1.0.0", "integrity": "sha512-x"}
    written = {"packages": {"node_modules/a": {**entry, "resolved": "https://host/a", "funding": {"url": "https://b"}}}}

    assert without_addresses(written) == {"packages": {"node_modules/a": entry}}
