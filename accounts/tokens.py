"""Keys of phones: shown once, kept as SHA-256, per device, with an end, revocable."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import AuthToken, User
from accounts.policy import token_days
from governance_portal.lib.prepared import Query

# `last_used_at` is written when the last use lies further back than this: not a write per call.
USED_EVERY = timedelta(minutes=10)


_BY_DIGEST = Query(lambda v: AuthToken.objects.select_related("user").filter(digest=v.digest).order_by(), digest=str)


def issue(user: User, device: str, now: datetime) -> tuple[str, datetime]:
    """A new key and its end. The same device's older keys are revoked; an unnamed device has as many as it asks for."""
    text = secrets.token_urlsafe(32)
    expires_at = now + timedelta(days=token_days())
    with transaction.atomic():
        if device:
            AuthToken.objects.filter(user=user, device=device[:80], revoked_at__isnull=True).update(revoked_at=now)
        AuthToken.objects.create(
            digest=_digest(text), user=user, device=device[:80], created_at=now, expires_at=expires_at
        )
    return text, expires_at


def user_for(token_text: str, now: datetime) -> User | None:
    """Whose key it is; None when unknown, over, revoked, or the person may not log in any more. One query."""
    token: AuthToken | None = _BY_DIGEST.first(digest=_digest(token_text))
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        return None
    if not token.user.is_active or token.user.is_service:
        return None
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        AuthToken.objects.filter(pk=token.pk).update(last_used_at=now)
        User.objects.filter(pk=token.user_id).update(last_seen=now)
    return token.user


def revoke(token_text: str, now: datetime) -> bool:
    """True when the key was still good."""
    return bool(AuthToken.objects.filter(digest=_digest(token_text), revoked_at__isnull=True).update(revoked_at=now))


def revoke_all(user: User, now: datetime) -> int:
    """All phones of a person: after a change of password, on leaving. Answers how many."""
    return AuthToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
