"""Residents' pages: no account, no script needed, one white list of what is told (`telling`)."""

from cases.public.about import guide, home, privacy
from cases.public.acting import act
from cases.public.boards import outlines
from cases.public.files import download
from cases.public.lookup import query, rating
from cases.public.reporting import report, report_grid
from cases.public.reviewing import ask_review
from cases.public.telling import told_of

__all__ = [
    "act",
    "ask_review",
    "download",
    "guide",
    "home",
    "outlines",
    "privacy",
    "query",
    "rating",
    "report",
    "report_grid",
    "told_of",
]
