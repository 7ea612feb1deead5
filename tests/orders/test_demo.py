"""The demonstration's morning of orders: forty rows, three of them waiting to be mended."""

from datetime import datetime

import pytest

from cases.models import Case
from governance_portal.demo import making, orders
from governance_portal.lib.working_days import SHANGHAI
from hotlines.models import Link, OrderBatch
from hotlines.orders import queries

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_a_sheet_was_imported_and_three_rows_wait() -> None:
    making.make_offices()
    making.make_people(NOW)
    making.make_territory(NOW)

    made = (orders.make(NOW), orders.make(NOW))

    batch = queries.batch_of(OrderBatch.objects.get().uid)
    assert made == (orders.MATTERS, 0)
    assert (batch.total, batch.new, batch.refused) == (40, 37, 3)  # type: ignore[attr-defined]
    assert [sorted(row.errors) for row in queries.rejects()] == [["received_at"], ["phone"], ["street"]]
    statuses = list(Case.objects.order_by("pk").values_list("status", flat=True))
    assert [statuses.count(one) for one in ("follow_up", "accepted", "registered")] == [12, 15, 10]
    assert Link.objects.filter(their_due_at__isnull=False).count() == 37
