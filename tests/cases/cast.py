"""The cast and the district that the tests of the matter play in; literals, nothing random."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.choices import Role, UnitKind
from accounts.models import Post, Unit, User
from accounts.queries import Actor, actor_for, service_actor
from cases import services
from cases.models import Case
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area, Duty, Grid

DISTRICT, STREET, OTHER_STREET = "140603", "140603100", "140603101"
COMMUNITY, GRID = "140603100001", "140603100001001"
#: A Monday morning in an ordinary week.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    """A moment in Shanghai, in November 2026 unless said otherwise."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@dataclass
class District:
    """Units by short key, people by log-in name."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def actor(self, username: str, now: datetime = MONDAY) -> Actor:
        """The actor a person is at a moment; "resident", "clock", "integration" are the service accounts."""
        if username in ("resident", "clock", "integration"):
            return service_actor(username)
        return actor_for(self.people[username], now)

    def unit(self, key: str, name: str, kind: str, area: str = DISTRICT, parent: str | None = None) -> Unit:
        """Make a unit."""
        above = self.units[parent] if parent else None
        made = Unit.objects.create(code=key, name=name, short_name=name, kind=kind, area_code=area, parent=above)
        self.units[key] = made
        return made

    def person(self, username: str, name: str, role: str, unit: str, area: str = DISTRICT, lead: bool = False) -> User:
        """Make a person with one post, or give a known person one more."""
        user = self.people.get(username)
        if user is None:
            user = self.people[username] = User.objects.create(username=username, name=name)
        Post.objects.create(
            user=user, role=role, unit=self.units[unit], area_code=area, lead=lead, starts_on=date(2026, 1, 1)
        )
        return user

    def register(self, by: str = "clerk", now: datetime = MONDAY, **given: Any) -> Case:
        """Register a matter with plausible defaults."""
        body: dict[str, Any] = {
            "kind": "appeal",
            "channel": "window",
            "description": "胜利社区三号楼暖气不热，已有一周，请求尽快维修。",
            "place": {"area": COMMUNITY, "address": "胜利社区三号楼"},
            "reporters": [{"name": "张三", "phone": "13812341234"}],
        }
        return services.register(self.actor(by, now), {**body, **given}, now=now).case

    def move(self, case: Case, name: str, by: str, /, now: datetime = MONDAY, **given: Any) -> Case:
        """Make one move."""
        return services.move(case, name, actor=self.actor(by, now), now=now, given=given)

    def record(self, case: Case, kind: str, by: str, /, now: datetime = MONDAY, **given: Any) -> Any:
        """Write one record."""
        return services.record(case, kind, actor=self.actor(by, now), now=now, given=given)


def build_district() -> District:
    """平鲁区 in small: a centre, two streets, a community with one worker, a department, a committee."""
    region = Area.objects.create(code=DISTRICT, name="平鲁区", level="district")
    street = Area.objects.create(code=STREET, name="井坪镇", level="street", parent=region)
    Area.objects.create(code=OTHER_STREET, name="凤凰城镇", level="street", parent=region)
    community = Area.objects.create(code=COMMUNITY, name="胜利社区", level="community", parent=street)
    grid = Grid.objects.create(code=GRID, name="胜利社区第一网格", community=community)
    d = District()
    d.unit("zfw", "区委政法委", UnitKind.LEADERSHIP)
    d.unit("centre", "平鲁区社会治安综合治理中心", UnitKind.CENTRE, parent="zfw")
    d.unit("housing", "区住房和城乡建设局", UnitKind.DEPARTMENT)
    d.unit("heating", "区供热服务站", UnitKind.DEPARTMENT, parent="housing")
    d.unit("street", "井坪镇人民政府", UnitKind.STREET, STREET)
    d.unit("other_street", "凤凰城镇人民政府", UnitKind.STREET, OTHER_STREET)
    d.unit("committee", "井坪镇人民调解委员会", UnitKind.COMMITTEE, STREET, parent="street")
    d.unit("community", "胜利社区居委会", UnitKind.COMMUNITY, COMMUNITY, parent="street")
    d.person("clerk", "小王", Role.CLERK, "centre")
    d.person("operator", "小周", Role.OPERATOR, "centre")
    d.person("dispatcher", "老周", Role.DISPATCHER, "centre")
    d.person("supervisor", "赵主任", Role.SUPERVISOR, "centre")
    d.person("supervisor2", "钱督办", Role.SUPERVISOR, "centre")
    d.person("follow_up", "小陈", Role.FOLLOW_UP_OFFICER, "centre")
    d.person("centre_lead", "孙主任", Role.LEADER, "centre", lead=True)
    d.person("handler", "老李", Role.HANDLER, "housing")
    d.person("handler2", "老吴", Role.HANDLER, "housing")
    d.person("housing_lead", "郑局长", Role.HANDLER, "housing", lead=True)
    d.person("heating_man", "老冯", Role.HANDLER, "heating")
    d.person("street_handler", "小杨", Role.HANDLER, "street", STREET)
    d.person("handler_other", "外街老韩", Role.HANDLER, "other_street", OTHER_STREET)
    d.person("mediator", "老刘", Role.MEDIATOR, "committee", STREET)
    d.person("committee_lead", "老马", Role.MEDIATOR, "committee", STREET, lead=True)
    d.person("grid_worker", "小刘", Role.GRID_WORKER, "community", COMMUNITY)
    d.person("auditor", "审计员小孟", Role.AUDITOR, "zfw")
    Duty.objects.create(user=d.people["grid_worker"], grid=grid, starts_on=date(2026, 1, 1))
    return d
