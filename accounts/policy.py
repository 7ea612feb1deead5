"""The rules a centre may set (GB/T 22239-2019 §8.1.4.1–2; defaults: what level 3 is usually held to)."""

from __future__ import annotations

from django.conf import settings

from accounts.choices import ADMIN_ROLES

PASSWORD_HISTORY = 5
DORMANT_DAYS = 90


def password_days() -> int:
    """After how many days a password must be changed; 0 = never. `PASSWORD_MAX_AGE_DAYS`, else 90, 0 in a demo."""
    return int(getattr(settings, "PASSWORD_MAX_AGE_DAYS", 0 if getattr(settings, "DEMO", False) else 90))


def token_days() -> int:
    """How long a phone stays logged in. `DEVICE_TOKEN_DAYS`, else 30."""
    return int(getattr(settings, "DEVICE_TOKEN_DAYS", 30))


def two_step_roles() -> frozenset[str]:
    """Roles that must log in with a one-time code. `TWO_STEP_ROLES`, else the three administrators; none in a demo."""
    default = frozenset() if getattr(settings, "DEMO", False) else ADMIN_ROLES
    return frozenset(getattr(settings, "TWO_STEP_ROLES", default))


def centre_name() -> str:
    """The centre's name in full. `CENTRE_NAME`."""
    return str(getattr(settings, "CENTRE_NAME", "平鲁区社会治安综合治理中心"))
