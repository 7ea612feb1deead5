"""A level is proposed with every reason it has; a human sets it."""

import pytest

from cases.suggesting.levels import propose_level


@pytest.mark.parametrize(
    ("story", "people", "level", "reasons"),
    [
        ("门口路灯不亮，请修。", 1, "general", ()),
        ("我们5户人家的水管都坏了。", 1, "major", ("涉及 5 人",)),
        ("来反映工资的事。", 11, "serious", ("涉及 11 人",)),
        ("小区 40 多户居民都没有暖气。", 1, "urgent", ("涉及 40 人",)),
        ("他扬言要跳楼。", 1, "urgent", ("有人身危险（“跳楼”、“扬言”）",)),
        ("拖欠工资三十万元。", 1, "major", ("涉及金额约 30 万元",)),
        ("欠了我们 120 万元货款。", 1, "serious", ("涉及金额约 120 万元",)),
        ("欠我 3 千元。", 1, "general", ()),
        ("这件事拖了八个月。", 1, "major", ("已持续 8 个月",)),
        ("干了十一个月没给钱。", 1, "major", ("已持续 11 个月",)),
        ("从七月起没有发。", 1, "general", ()),
        ("二月份交的钱。", 1, "general", ()),
    ],
)
def test_facts_of_the_story_speak_for_a_level(story: str, people: int, level: str, reasons: tuple[str, ...]) -> None:
    found = propose_level(story, people)
    assert (found.level, found.reasons) == (level, reasons)


def test_coming_again_and_again_is_a_reason() -> None:
    assert propose_level("还是那件事。", 1, repeats=3).reasons == ("同一件事已来过 3 次",)


def test_without_a_reason_it_says_so() -> None:
    assert propose_level("门口路灯不亮。").reason == "没有看到需要提级的情形"
