"""Codes carry the tree, and the database holds what the codes say."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grids.codes import code_problem, grid_code_problem, parent_code, plain_code, trimmed_area_code
from grids.models import Area, Grid
from tests.grids.places import ANDONG, DISTRICT, STREET, make_areas


def test_a_code_says_what_lies_above_it() -> None:
    codes = ["140603100002001", "140603100002", "140603100", "140603", "", "1406031000020"]
    assert [parent_code(code) for code in codes] == [
        "140603100002",
        "140603100",
        "140603",
        "",
        "",
        "140603100002",
    ]


def test_codes_padded_with_zeros_by_the_national_table_are_cut_and_communities_are_not() -> None:
    codes = ["140603000000", "140603100000", "140603100002", "140603", "14060310000"]
    assert [trimmed_area_code(code) for code in codes] == [
        "140603",
        "140603100",
        "140603100002",
        "140603",
        "14060310000",
    ]


def test_full_width_digits_and_spaces_in_a_code_do_no_harm() -> None:
    assert plain_code("　１４０６０３ 100 ") == "140603100"


def test_what_is_wrong_with_an_area_code_is_said_in_a_sentence() -> None:
    assert {code: code_problem(code) for code in ["140603", "", "1.40603E+11", "14o603", "1406031", "²²²²²²"]} == {
        "140603": "",
        "": "没有代码。",
        "1.40603E+11": "代码「1.40603E+11」被表格软件改成了科学计数法，请把这一列设为文本后重新导出。",
        "14o603": "代码「14o603」里有数字以外的字符。",
        "1406031": "代码「1406031」是 7 位，应为 6、9、12 位。",
        "²²²²²²": "代码「²²²²²²」里有数字以外的字符。",
    }


def test_a_grid_code_has_fifteen_digits_and_its_number_says_its_kind() -> None:
    pattern = "网格编码不符合本区规则：一般是社区（村）12 位代码加 3 位网格顺序码。"
    number = "专属网格的顺序码用 900 至 999，基础网格用 001 至 899。"
    asked = [("001", "basic"), ("900", "dedicated"), ("900", "basic"), ("899", "dedicated"), ("01", "basic")]
    assert [grid_code_problem(ANDONG + digits, kind) for digits, kind in asked] == ["", "", number, number, pattern]


def test_the_pattern_of_grid_codes_is_the_districts_own(settings: Any) -> None:
    settings.PORTAL_GRID_CODE_PATTERN = r"^\d{12}\d{2}$"
    assert grid_code_problem(ANDONG + "01", "basic") == ""
    assert grid_code_problem(ANDONG + "001", "basic") != ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("14060310", "street", DISTRICT),
        ("140602100", "street", DISTRICT),
        ("140603100", "community", DISTRICT),
        ("140603101", "street", None),
        ("140604", "district", DISTRICT),
        ("140603100009", "community", DISTRICT),
        ("140603100009", "ward", STREET),
    ],
)
def test_the_database_refuses_an_area_that_does_not_fit_its_level_and_parent(
    code: str, level: str, parent: str | None
) -> None:
    make_areas()
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(code=code, name="井坪镇", level=level, parent_id=parent)


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "community"), [("140603100003001", ANDONG), ("140603100001", STREET)])
def test_the_database_refuses_a_grid_outside_its_community(code: str, community: str) -> None:
    make_areas()
    with pytest.raises(IntegrityError), transaction.atomic():
        Grid.objects.create(code=code, name="第一网格", community_id=community)


@pytest.mark.django_db
def test_a_form_says_what_is_wrong_with_an_area_and_a_grid_in_sentences() -> None:
    make_areas()
    with pytest.raises(ValidationError) as area:
        Area(code="140602101", name="井坪镇", level="street", parent_id=DISTRICT).full_clean()
    with pytest.raises(ValidationError) as elsewhere:
        Grid(code="140603100003001", name="第一网格", community_id=ANDONG).full_clean()
    with pytest.raises(ValidationError) as number:
        Grid(code="140603100002001", name="第一网格", community_id=ANDONG, kind="dedicated").full_clean()
    assert area.value.messages == ["代码要以上级区域的代码开头。"]
    assert elsewhere.value.messages == ["网格编码要以所属社区（村）的 12 位代码开头。"]
    assert number.value.messages == ["专属网格的顺序码用 900 至 999，基础网格用 001 至 899。"]
