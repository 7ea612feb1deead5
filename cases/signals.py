"""News that travels upward: `cases` never hears of the floors above it."""

from django.dispatch import Signal

#: Sent after commit for every event of a case. Arguments: case, event.
case_moved = Signal()
