"""News that travels upward: `cases` never hears of the floors above it."""

from django.dispatch import Signal

#: Sent after commit for every event of a case. Arguments: case, event.
case_moved = Signal()

#: Sent in the transaction that takes a case's contact data away, so that other floors do the same. Argument: case.
case_erased = Signal()
