"""Log lines that say what happened and never about whom."""

import logging
import re
from contextvars import ContextVar

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")

# The second line of defence: no code logs personal data, but a library's exception may quote a value.
_PERSONAL = re.compile(r"(?<![0-9.])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])(?![0-9])")
_DATABASE_DETAIL = re.compile(r"^DETAIL:.*$", re.MULTILINE)


class RequestIdFilter(logging.Filter):
    """Give each record the number of the request being answered, or ``-``."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


class DiscreetFormatter(logging.Formatter):
    """Blank out mobile numbers, identity numbers and PostgreSQL's ``DETAIL`` lines (which quote the row)."""

    def format(self, record: logging.LogRecord) -> str:
        return _PERSONAL.sub("***", _DATABASE_DETAIL.sub("DETAIL: ***", super().format(record)))
