"""The sorts of matters that a district has in a year, by what they are about."""

from governance_portal.demo.skeletons.disputes import DISPUTES
from governance_portal.demo.skeletons.homes import HOMES
from governance_portal.demo.skeletons.livelihood import LIVELIHOOD
from governance_portal.demo.skeletons.questions import CONDUCT, QUESTIONS
from governance_portal.demo.skeletons.safety import SAFETY
from governance_portal.demo.skeletons.skeleton import Skeleton
from governance_portal.demo.skeletons.streets import STREETS

SKELETONS: tuple[Skeleton, ...] = (*HOMES, *STREETS, *LIVELIHOOD, *DISPUTES, *SAFETY, *QUESTIONS)
__all__ = ["CONDUCT", "SKELETONS", "Skeleton"]
