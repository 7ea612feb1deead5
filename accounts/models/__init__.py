"""People, units, posts, the log, notices and what guards the door."""

from accounts.models.access import AuthToken, PasswordRecord, RateWindow
from accounts.models.log import AuditEntry, AuditSeal, Notice
from accounts.models.people import Deputy, Post, User
from accounts.models.units import Unit

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "AuthToken",
    "Deputy",
    "Notice",
    "PasswordRecord",
    "Post",
    "RateWindow",
    "Unit",
    "User",
]
