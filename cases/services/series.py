"""Numbers of documents (文号): a series of its own for each word and year, consecutive, without gap or repeat (GB/T 9704 §7.2.5).

The counter is a row: taking a number locks it until the transaction ends, so that a number is used or was never taken.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from cases.models import OrderSeries, Series
from governance_portal.lib.working_days import SHANGHAI

_TAKE = """
INSERT INTO {table} ({word}, year, last) VALUES (%s, %s, 1)
ON CONFLICT ({word}, year) DO UPDATE SET last = {table}.last + 1
RETURNING last
"""
_OF_DOCUMENTS = _TAKE.format(table=Series._meta.db_table, word="name")
_OF_ORDERS = _TAKE.format(table=OrderSeries._meta.db_table, word="word")


def next_in_series(word: str, now: datetime) -> str:
    """Return the next number of a document in the year of Shanghai, "综治纪〔2026〕3号"; in the transaction that uses it."""
    return _next(_OF_DOCUMENTS, word, now)


def next_of_orders(word: str, now: datetime) -> str:
    """Return the next number of an order or a proposal, "平综治督〔2026〕45号"; in the transaction that uses it."""
    return _next(_OF_ORDERS, word, now)


def _next(statement: str, word: str, now: datetime) -> str:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken inside the transaction that uses it")
    year = now.astimezone(SHANGHAI).year
    with connection.cursor() as cursor:
        cursor.execute(statement, [word, year])
        return f"{word}〔{year}〕{cursor.fetchone()[0]}号"
