"""Who may do what in the configuration pages: 三权分立, role by role, nothing by default.

`grids` and `cases` add the models they let the system administrator configure, in their `AppConfig.ready`:
`grant(Role.SYSTEM_ADMIN, "grids.area", "view", "add", "change")`.
"""

from __future__ import annotations

from collections.abc import Iterable

from accounts.choices import ADMIN_ROLES, Role

ENTER_ADMIN = "accounts.enter_admin"

_granted: dict[str, set[str]] = {role: {ENTER_ADMIN} for role in ADMIN_ROLES}


def grant(role: str, model: str, *actions: str) -> None:
    """Let an administrator's role `view`, `add`, `change` or `delete` a model named `app.model`."""
    if role not in ADMIN_ROLES:
        raise ValueError(f"{role} is not an administrator's role")
    app, _, name = model.lower().partition(".")
    _granted[role] |= {f"{app}.{action}_{name}" for action in actions}


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """All rights of these roles, as Django names them (`accounts.change_unit`)."""
    return frozenset().union(*(_granted.get(role, set()) for role in roles))


grant(Role.SYSTEM_ADMIN, "accounts.unit", "view", "add", "change")
grant(Role.SYSTEM_ADMIN, "accounts.user", "view", "add", "change")
grant(Role.SYSTEM_ADMIN, "accounts.post", "view")
grant(Role.SYSTEM_ADMIN, "accounts.deputy", "view")
grant(Role.SYSTEM_ADMIN, "accounts.groupchannel", "view", "add", "change")
grant(Role.SYSTEM_ADMIN, "accounts.delivery", "view", "resend")
grant(Role.SECURITY_ADMIN, "accounts.unit", "view")
grant(Role.SECURITY_ADMIN, "accounts.user", "view")
grant(Role.SECURITY_ADMIN, "accounts.user", "secure")
grant(Role.SECURITY_ADMIN, "accounts.post", "view", "add", "change")
grant(Role.SECURITY_ADMIN, "accounts.deputy", "view", "add", "change")
grant(Role.SECURITY_ADMIN, "accounts.authtoken", "view")
grant(Role.AUDITOR, "accounts.auditentry", "view")
grant(Role.AUDITOR, "accounts.auditseal", "view")
