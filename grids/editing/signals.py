"""News that travels upward: grids never hear of what lies in them."""

from django.dispatch import Signal

#: Sent in the transaction that splits a grid, when the new ones stand. Arguments: old (code), new (codes).
#: Whoever keeps things by grid writes where each of them lies now (`GridBelonging`).
grid_split = Signal()
