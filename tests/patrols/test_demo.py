"""The demonstration's patrols: plans with a past, a campaign half done, made once."""

from accounts.choices import Role
from cases.models import PatrolPlan, PatrolTask
from cases.patrols import campaigns, coverage
from governance_portal.demo import patrols
from tests.cases.cast import STREET, District
from tests.patrols.conftest import on


def test_the_demonstration_has_a_daily_plan_a_friday_and_sunday_plan_and_a_campaign_half_done(ground: District) -> None:
    ground.person("jingping_lead", "井坪镇长", Role.HANDLER, "street", STREET, lead=True)

    assert [patrols.make(on("11-20")) for _twice in range(2)] == [3, 0]
    daily, market, winter = PatrolPlan.objects.order_by("pk")
    assert [plan.name for plan in (daily, market, winter)] == [
        *("楼道和消防通道日常排查", "早市夜市周五周日排查", "冬季取暖安全专项")
    ]
    assert campaigns.totals(winter) == (6, 12)
    whole = coverage.coverage(
        coverage.facts(PatrolTask.objects.filter(plan=daily), daily.first_day, on("11-20").date())
    )
    assert (whole.due, whole.unmanned) == (19, 0)  # working days from 10-27 to 11-20
    assert whole.done + whole.undone + whole.open == 19 and whole.done > 10
