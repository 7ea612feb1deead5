"""The matter's configuration pages, in Chinese: what a centre sets up itself. Cases are not among them: administrators
see none (workflow.md "Who sees what"), and a status is written by the door only."""

from cases.admin import clocks, dispatching, keeping

__all__ = ["clocks", "dispatching", "keeping"]
