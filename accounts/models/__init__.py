"""People, units, posts, the log, notices and what guards the door."""

from accounts.models.access import AuthToken, PasswordRecord, RateWindow
from accounts.models.deliveries import Delivery, DigestEntry, GroupChannel, NoticeSetting
from accounts.models.log import AuditEntry, AuditSeal, Notice
from accounts.models.people import Deputy, Post, User
from accounts.models.units import Unit

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "AuthToken",
    "Delivery",
    "Deputy",
    "DigestEntry",
    "GroupChannel",
    "Notice",
    "NoticeSetting",
    "PasswordRecord",
    "Post",
    "RateWindow",
    "Unit",
    "User",
]
