"""The demonstration of decisions: made once, through the doors, with something waiting and something done."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from accounts.queries import actor_for
from cases.deciding.queries import waiting_for
from cases.models import ConsultedUnit, HandlerRequest, JointTask, Review
from cases.services.integrity import faults
from governance_portal.demo import deciding
from tests.demo.conftest import Demo


def test_an_extension_waits_one_is_granted_units_have_spoken_a_task_is_undone_and_a_review_runs(demo: Demo) -> None:
    now = demo.now + timedelta(hours=5)
    deciding.make(now)  # made with the demonstration; once more makes nothing
    made = deciding.make(now)
    extensions = HandlerRequest.objects.filter(
        public_reason__in=(
            "更换整根立管要停水，正在和各户约定时间，材料三天后到货",
            "地下电缆断了，要和供电站一起开挖更换",
        )
    )
    found = {
        "made": made,
        "approved": sorted(str(row.approved) for row in extensions),
        "said": ConsultedUnit.objects.exclude(opinion="").filter(unit__code__in=("market", "education")).count(),
        "undone": JointTask.objects.filter(done_at__isnull=True).count(),
        "reviews": [(row.kind, row.case.status) for row in Review.objects.all()],
        "faults": list(faults()),
    }
    assert found == {
        "made": 0,
        "approved": ["None", "True"],
        "said": 2,
        "undone": 2,
        "reviews": [("review", "accepted")],
        "faults": [],
    }
    row = extensions.get(approved=None)
    lead = User.objects.get(posts__unit=row.case.lead_unit, posts__lead=True)
    assert row.pk in {asked.row.pk for asked in waiting_for(actor_for(lead, now), now)}
