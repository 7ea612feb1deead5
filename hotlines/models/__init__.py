"""The lines' tables: calls, call-backs owed, what is known, links to other systems."""

from hotlines.models.call_backs import CallBack, CallBackAttempt
from hotlines.models.calls import CallerLookUp, CallRecord, OperatorExtension, TelephonyEvent
from hotlines.models.knowledge import KnownAnswer
from hotlines.models.links import Line, Link, LinkMessage
from hotlines.models.open311 import Open311Attribute, Open311Client, Open311Post, Open311Service
from hotlines.models.orders import OrderBatch, OrderMapping, OrderRow
from hotlines.models.outward import OutwardMessage, Provision, Subscriber

__all__ = [
    "CallBack",
    "CallBackAttempt",
    "CallRecord",
    "CallerLookUp",
    "KnownAnswer",
    "Line",
    "Link",
    "LinkMessage",
    "Open311Attribute",
    "Open311Client",
    "Open311Post",
    "Open311Service",
    "OperatorExtension",
    "OrderBatch",
    "OrderMapping",
    "OrderRow",
    "OutwardMessage",
    "Provision",
    "Subscriber",
    "TelephonyEvent",
]
