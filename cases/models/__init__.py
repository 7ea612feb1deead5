"""The tables of the matter."""

from cases.models.attachment import Attachment
from cases.models.case import Assisting, Case, Category, Party
from cases.models.event import Event, Outbox, Submission
from cases.models.limits import Deadline, Holiday, LimitPolicy, Reminder
from cases.models.orders import HandlerRequest, SupervisionOrder

__all__ = [
    "Assisting",
    "Attachment",
    "Case",
    "Category",
    "Deadline",
    "Event",
    "HandlerRequest",
    "Holiday",
    "LimitPolicy",
    "Outbox",
    "Party",
    "Reminder",
    "Submission",
    "SupervisionOrder",
]
