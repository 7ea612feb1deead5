"""The demonstration of 月报: two months signed with their advice, the last one a draft; made once."""

from __future__ import annotations

import pytest

from cases.models import Bulletin
from governance_portal.demo import bulletins
from tests.demo.conftest import Demo


@pytest.mark.usefixtures("db")
def test_two_months_are_signed_and_the_last_is_a_draft(demo: Demo) -> None:
    assert (bulletins.make(demo.now), bulletins.make(demo.now)) == (3, 0)
    rows = Bulletin.objects.order_by("period").values_list("area_code", "period", "state", "number")
    assert list(rows) == [
        ("140603", "2026-08", "signed", "平综治报〔2026〕8号"),
        ("140603", "2026-09", "signed", "平综治报〔2026〕9号"),
        ("140603", "2026-10", "draft", ""),
    ]
    signed = Bulletin.objects.get(period="2026-09")
    assert signed.document is not None
    assert signed.document["parts"][-1]["paragraphs"] == bulletins.ADVICE.split("\n")
