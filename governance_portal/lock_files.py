"""Keeps lock files free of addresses: run as ``python -m governance_portal.lock_files`` after ``npm install``."""

import json
from pathlib import Path

# npm writes both into every entry; neither is needed to install, and both name hosts.
UNWANTED = ("funding", "resolved")


def without_addresses(lock: dict[str, dict[str, dict[str, object]]]) -> dict[str, dict[str, dict[str, object]]]:
    """Return npm's lock with the entries' addresses left out; the integrity hashes stay."""
    packages = {
        path: {key: value for key, value in entry.items() if key not in UNWANTED}
        for path, entry in lock["packages"].items()
    }
    return {**lock, "packages": packages}


def main() -> None:
    """Rewrite ``package-lock.json`` in place."""
    path = Path("package-lock.json")
    lock = without_addresses(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
