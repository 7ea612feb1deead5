"""The matter's configuration pages, in Chinese: what a centre sets up itself. Cases are not among them: administrators
see none (workflow.md "Who sees what"), and a status is written by the door only. Calendar and limits have pages of
their own (cases.views.calendar, cases.views.limits)."""

from cases.admin import crowds, deciding, dispatching, following_up, hazards, keeping, supervising, together

__all__ = ["crowds", "deciding", "dispatching", "following_up", "hazards", "keeping", "supervising", "together"]
