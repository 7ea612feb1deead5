"""Residents' pages: no account, no script needed, one white list of what is told (`telling`)."""

from cases.public.about import guide, home, privacy
from cases.public.acting import act
from cases.public.files import download
from cases.public.lookup import query, rating
from cases.public.reporting import report
from cases.public.telling import told_of

__all__ = ["act", "download", "guide", "home", "privacy", "query", "rating", "report", "told_of"]
