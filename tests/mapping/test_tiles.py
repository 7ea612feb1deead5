"""The pictures under the map: only a centre that has a key lets its browsers ask 天地图 for them."""

import os
import subprocess
import sys

from governance_portal.environment import BASE_DIR


def policy(**more: str) -> str:
    """The browser's rules of a portal started with these surroundings."""
    code = "from governance_portal import settings; print(settings.CONTENT_SECURITY_POLICY)"
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PORTAL_VAR", "VIRTUAL_ENV")}
    asked = {**kept, "PORTAL_ENV": "demo", "PORTAL_ENV_FILE": os.devnull, **more}
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=BASE_DIR, env=asked, check=True, capture_output=True, text=True, timeout=120
    )
    return next(part.strip() for part in answer.stdout.split(";") if part.strip().startswith("img-src"))


def test_only_with_a_key_may_a_browser_fetch_tiles() -> None:
    assert policy() == "img-src 'self' data:"
    assert policy(TIANDITU_KEY="abc") == "img-src 'self' data: https://t0.tianditu.gov.cn"
