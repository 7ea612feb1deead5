"""Keys of apps: given out once, kept as SHA-256, taken back by a tick."""

from __future__ import annotations

import hashlib
import secrets

from hotlines.models import Open311Client


def new_key() -> tuple[str, str]:
    """Return a fresh key and its digest; the key is shown once and never again."""
    text = secrets.token_urlsafe(24)
    return text, digest_of(text)


def digest_of(text: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def client_of(text: str) -> Open311Client | None:
    """Whose key it is; None when nobody's, or taken back. One query, none for an empty key."""
    if not text:
        return None
    return Open311Client.objects.filter(digest=digest_of(text), is_active=True).first()
