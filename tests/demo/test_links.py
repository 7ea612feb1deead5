"""对接 in the demonstration: a line of each kind with matters on it, something to do on one, none of the figures moved."""

import pytest

from cases.models import Case
from governance_portal.demo import links
from hotlines.links import queries
from hotlines.models import Line, Link, LinkMessage
from tests.demo.conftest import MONDAY, Demo


@pytest.mark.usefixtures("db")
def test_each_kind_has_a_line_with_matters_and_one_message_waits_for_somebody(demo: Demo) -> None:
    before = Case.objects.count()
    assert links.make(MONDAY) > 3
    assert links.make(MONDAY) == 0
    assert Case.objects.count() == before
    assert set(Line.objects.values_list("kind", flat=True)) == {"court", "police", "petition"}
    assert {link.line.kind for link in Link.objects.select_related("line")} == {"court", "police", "petition"}
    assert any(state.stuck for state in queries.lines(MONDAY))
    assert LinkMessage.objects.filter(state="sent", kind="result").exists()
