"""The lines' configuration pages, in Chinese: what a centre sets up itself."""

from hotlines.admin import open311, outward

__all__ = ["open311", "outward"]
