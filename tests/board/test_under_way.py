"""On PostgreSQL a number given earlier may be committed later: the mark knows who is still writing."""

import pytest
from django.db import connection

from cases.statistics.stamp import _under_way

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_a_transaction_is_in_the_mark_until_it_has_ended() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 只有一个写入者")
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::xid::text")
            writing = str(cursor.fetchone()[0])
        assert writing in _under_way().split(",")
        other.commit()
        assert writing not in _under_way().split(",")
    finally:
        other.close()
