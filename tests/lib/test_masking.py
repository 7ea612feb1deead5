"""What is left of personal data for those who need not see it."""

import pytest

from governance_portal.lib.masking import mask_address, mask_id, mask_name, mask_phone, mask_text, without_numbers


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王**"),
        ("王明", "王**"),
        ("欧阳修文", "欧**"),
        (" 李四 ", "李**"),
        ("王", "王**"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_name_keeps_its_first_character_and_not_its_length(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("138-1234-1234", "138****1234"),
        ("+86 13812341234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("0349-2021234", "*******1234"),
        ("2021234", "***1234"),
        ("12345", "****"),
        ("不详", "****"),
        ("", ""),
    ],
)
def test_a_phone_keeps_what_its_owner_recognises(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("140603199001011234", "1****************4"),
        ("14060319900101123X", "1****************X"),
        ("140603900101123", "1*************3"),
        ("G1", "**"),
        ("G", "*"),
        ("", ""),
    ],
)
def test_an_id_number_keeps_its_first_and_last_character(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("北关路街道阳光小区3栋2单元501", "北关路街道阳****"),
        ("阳光小区3栋", "阳光小****"),
        ("家", "****"),
        ("", ""),
    ],
)
def test_an_address_keeps_its_beginning(address: str, masked: str) -> None:
    assert mask_address(address) == masked


def test_numbers_inside_a_text_are_masked_and_the_rest_stays() -> None:
    text = "来电13812341234，身份证14060319900101123x，受理编号26112110000422，12345转来，138 1234 1234也可。"
    assert mask_text(text) == (
        "来电138****1234，身份证1****************x，受理编号26112110000422，12345转来，138****1234也可。"
    )


@pytest.mark.parametrize("value", ["王", "王明", "110", "12345", "13812341234", "X", "北关路", "140603199001011234"])
def test_nothing_is_ever_given_back_whole(value: str) -> None:
    assert value not in {mask_name(value), mask_phone(value), mask_id(value), mask_address(value)}


def test_numbers_are_taken_out_of_a_text_that_is_searched() -> None:
    told = "电话138 1234 1234，身份证140603199001011234，3号楼501，编号26112110000029"
    assert without_numbers(told) == "电话 ，身份证 ，3号楼501，编号26112110000029"
