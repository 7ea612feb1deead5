"""The tables of the matter."""

from cases.models.attachment import Attachment
from cases.models.case import Assisting, Case, Category, Party
from cases.models.dispatch import CannedAnswer, DispatchLine
from cases.models.event import Event, Outbox, Submission
from cases.models.limits import Deadline, Holiday, LimitPolicy, Recount, Reminder
from cases.models.links import SameMatter
from cases.models.lists import Export, ListPreference, Presence, SavedView
from cases.models.orders import HandlerRequest, SupervisionOrder
from cases.models.retention import Erasure, LegalHold, RetentionRule
from cases.models.search import SearchText
from cases.models.window import IntakeDraft, RosterEntry, Visit

__all__ = [
    "Assisting",
    "Attachment",
    "CannedAnswer",
    "Case",
    "Category",
    "Deadline",
    "DispatchLine",
    "Erasure",
    "Event",
    "Export",
    "HandlerRequest",
    "Holiday",
    "IntakeDraft",
    "LegalHold",
    "LimitPolicy",
    "ListPreference",
    "Outbox",
    "Party",
    "Presence",
    "Recount",
    "Reminder",
    "RetentionRule",
    "RosterEntry",
    "SameMatter",
    "SavedView",
    "SearchText",
    "Submission",
    "SupervisionOrder",
    "Visit",
]
