"""The dispatcher's bulk form shows what the catalogue says, unit by unit; one unit for all is filled in, never forced."""

from collections.abc import Callable

from django.test import Client

from cases.dispatching.grouping import groups_of
from cases.models import Case, DispatchLine
from tests.cases.cast import MONDAY, District

Line = Callable[..., DispatchLine]


def accepted(district: District, category: str) -> Case:
    return district.move(district.register(), "accept", "clerk", category=category, level="general")


def form(client: Client, cases: list[Case]) -> str:
    numbers = [case.number for case in cases]
    return client.post("/cases/bulk/", {"case": numbers, "action": "dispatch"}).content.decode()


def test_groups_are_by_unit_the_largest_first_and_those_without_a_proposal_last(district: District, line: Line) -> None:
    line("A0102", "heating")
    line("A02", "housing")
    warm, warm2 = accepted(district, "A0102"), accepted(district, "A0102")
    house, road = accepted(district, "A0201"), accepted(district, "A0301")
    groups = groups_of([road, house, warm, warm2], MONDAY)
    assert [(group.unit and group.unit.code, group.cases) for group in groups] == [
        ("heating", [warm, warm2]),
        ("housing", [house]),
        (None, [road]),
    ]


def test_one_unit_for_all_is_filled_in_and_several_are_offered_group_by_group(
    district: District, line: Line, client_of: Callable[[str], Client]
) -> None:
    line("A0102", "heating")
    line("A02", "housing")
    warm, warm2, house = accepted(district, "A0102"), accepted(district, "A0102"), accepted(district, "A0201")
    dispatcher = client_of("dispatcher")
    one, several = form(dispatcher, [warm, warm2]), form(dispatcher, [warm, warm2, house])
    assert "已填入主办单位，可以改选" in one and 'value="heating" selected' in one
    assert "只派这 2 件" in several and "只派这 1 件" in several and 'value="heating" selected' not in several


def test_without_a_catalogue_the_form_is_as_it_was(district: District, client_of: Callable[[str], Client]) -> None:
    page = form(client_of("dispatcher"), [accepted(district, "A0102")])
    assert "派单目录建议" not in page and "bulk-form" in page
