"""What units were granted to leave out of their own ranking figures (剔除): the condition of a case.

Only the unit table looks at it. The counts that are kept, the overview and every indicator stay as they are.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from cases.models import RankingExclusion
from cases.ranking.choices import ExclusionStage, Ranked


def left_out(figure: str) -> Q:
    """The cases that are left out of a `Ranked` figure of the unit that leads them now.

    What was granted to a unit that leads no more counts nothing: the matter is another's. A rating is one of a round: what
    the resident says after the matter was opened again was never asked about.
    """
    granted = RankingExclusion.objects.filter(
        case_id=OuterRef("pk"), unit_id=OuterRef("lead_unit_id"), figure=figure, stage=ExclusionStage.GRANTED
    )
    if figure == Ranked.SATISFIED:
        granted = granted.filter(round=OuterRef("round"))
    return Q(Exists(granted))


def some_granted() -> Q:
    """The few cases that could be left out of anything: leaves the rest to the indexes."""
    return Q(pk__in=RankingExclusion.objects.filter(stage=ExclusionStage.GRANTED).order_by().values("case_id"))
