"""The district of the bench: 平鲁区's 12 streets and 234 communities, 506 grids, 50 units, one person per post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from accounts.choices import Role, UnitKind
from accounts.models import Post, Unit, User
from accounts.queries import Actor, PostView, actor_for, service_actor
from grids.demo import DISTRICT, make_territory
from grids.models import Area, Duty, Grid

SINCE = date(2020, 1, 1)
DEPARTMENTS = (
    *("住房和城乡建设", "人力资源和社会保障", "自然资源", "农业农村", "教育", "民政", "卫生健康", "交通运输", "水利"),
    *("市场监督管理", "应急管理", "生态环境", "城市管理", "文化和旅游", "财政", "司法", "能源", "审计", "统计"),
    *("医疗保障", "退役军人事务", "行政审批服务", "信访", "公安"),
)


@dataclass(frozen=True)
class Cast:
    """Who acts in the histories; a unit's officers by the unit's key."""

    clerks: tuple[Actor, ...]
    dispatchers: tuple[Actor, ...]
    supervisors: tuple[Actor, ...]
    callers: tuple[Actor, ...]
    leader: Actor
    officers: dict[int, Actor]
    units: dict[int, PostView]
    street_clerks: dict[str, Actor]
    patrols: dict[str, Actor]
    grids: tuple[str, ...]
    clock: Actor

    def everyone(self) -> dict[str, Actor]:
        """Return one actor per kind of scope, by a name the tables use."""
        return {
            "全区（分流员）": self.dispatchers[0],
            "街道（窗口）": next(iter(self.street_clerks.values())),
            "部门（承办人）": next(iter(self.officers.values())),
            "网格员": next(iter(self.patrols.values())),
        }


def build(now: datetime) -> None:
    """Make territory, units and people where they are missing; nothing is changed that is there."""
    if Unit.objects.filter(code="centre").exists():
        return
    make_territory(now)
    centre = _unit("zfw", "区委政法委", UnitKind.LEADERSHIP, DISTRICT, None)
    centre = _unit("centre", "平鲁区社会治安综合治理中心", UnitKind.CENTRE, DISTRICT, centre)
    for number in (1, 2):
        _post(f"clerk{number}", f"受理员{number}", Role.CLERK, centre, DISTRICT)
        _post(f"dispatcher{number}", f"分流员{number}", Role.DISPATCHER, centre, DISTRICT)
        _post(f"supervisor{number}", f"督办员{number}", Role.SUPERVISOR, centre, DISTRICT)
        _post(f"caller{number}", f"回访员{number}", Role.FOLLOW_UP_OFFICER, centre, DISTRICT)
    _post("leader", "中心主任", Role.LEADER, centre, DISTRICT, lead=True)
    for number, name in enumerate(DEPARTMENTS, start=1):
        unit = _unit(f"dept{number:02d}", f"区{name}局", UnitKind.DEPARTMENT, DISTRICT, None)
        _officers(unit, DISTRICT, Role.HANDLER)
    for street in Area.objects.filter(level="street"):
        unit = _unit(f"street{street.code}", f"{street.name}人民政府", UnitKind.STREET, street.code, None)
        _officers(unit, street.code, Role.HANDLER)
        _post(f"clerk{street.code}", f"{street.name}窗口", Role.CLERK, unit, street.code)
        committee = _unit(f"mediation{street.code}", f"{street.name}调委会", UnitKind.COMMITTEE, street.code, unit)
        _officers(committee, street.code, Role.MEDIATOR)
        for grid in Grid.objects.filter(code__startswith=street.code).order_by("code")[:4]:
            user = _post(f"patrol{grid.code}", f"{grid.name}网格员", Role.GRID_WORKER, unit, grid.code)
            Duty.objects.create(user=user, grid=grid, starts_on=SINCE)


def _unit(code: str, name: str, kind: str, area: str, parent: Unit | None) -> Unit:
    return Unit.objects.create(code=code, name=name, short_name=name[:30], kind=kind, area_code=area, parent=parent)


def _post(username: str, name: str, role: str, unit: Unit, area: str, lead: bool = False) -> User:
    user = User.objects.create(username=username, name=name[:40])
    user.set_unusable_password()
    user.save()
    Post.objects.create(user=user, role=role, unit=unit, area_code=area, lead=lead, starts_on=SINCE)
    return user


def _officers(unit: Unit, area: str, role: str) -> None:
    _post(f"officer-{unit.code}", f"{unit.short_name[:30]}承办人", role, unit, area)
    _post(f"head-{unit.code}", f"{unit.short_name[:30]}负责人", role, unit, area, lead=True)


def cast(now: datetime) -> Cast:
    """Read the people back as actors."""
    actors = [actor_for(user, now) for user in User.objects.filter(is_service=False).order_by("pk")]

    def called(prefix: str) -> list[Actor]:
        return [actor for actor in actors if actor.username.startswith(prefix)]

    def centre(prefix: str) -> tuple[Actor, ...]:
        return tuple(actor for actor in called(prefix) if actor.posts[0].unit_code == "centre")

    officers = called("officer-")
    return Cast(
        clerks=centre("clerk"),
        dispatchers=centre("dispatcher"),
        supervisors=centre("supervisor"),
        callers=centre("caller"),
        leader=called("leader")[0],
        officers={actor.posts[0].unit_id: actor for actor in officers},
        units={actor.posts[0].unit_id: actor.posts[0] for actor in officers},
        street_clerks={
            actor.posts[0].area_code: actor for actor in called("clerk") if actor.posts[0].unit_code != "centre"
        },
        patrols={actor.posts[0].area_code: actor for actor in called("patrol")},
        grids=tuple(Grid.objects.order_by("code").values_list("code", flat=True)),
        clock=service_actor("clock"),
    )
