"""The stories as data: complete, and told with invented people only."""

import re

from django.conf import settings

from accounts.choices import SERVICE_ACCOUNTS, UnitKind
from cases.choices import Channel, Kind
from governance_portal.demo.offices import NAMED, offices, seats
from governance_portal.demo.pictures import draw
from governance_portal.demo.script import Number
from governance_portal.demo.stories import STORIES
from governance_portal.lib.images import clean_image


def people() -> list[dict[str, str]]:
    """Everybody who comes in or is complained about in a story."""
    return [dict(row) for story in STORIES for row in (*story.people, *story.given.get("other_party", ()))]


def test_there_are_sixty_and_each_has_a_name_of_its_own() -> None:
    assert len({story.key for story in STORIES}) == 60


def test_every_kind_and_every_channel_is_there() -> None:
    assert {story.kind for story in STORIES} == set(Kind.values)
    assert {story.channel for story in STORIES} == set(Channel.values)


def test_steps_stand_in_the_order_of_time() -> None:
    def minutes(day: int, hour: str) -> tuple[int, int]:
        hours, minute = hour.split(":")
        return day, int(hours) * 60 + int(minute)

    for story in STORIES:
        times = [minutes(*story.came[:2]), *(minutes(step.day, step.hour) for step in story.steps)]
        assert times == sorted(times), story.key


def test_nothing_happens_after_today() -> None:
    assert {step.day for story in STORIES for step in story.steps if step.day > 0} == set()


def test_everybody_who_acts_has_a_seat() -> None:
    acting = {story.came[2] for story in STORIES} | {step.who for story in STORIES for step in story.steps}

    assert acting - {seat.username for seat in seats()} - set(SERVICE_ACCOUNTS) == set()


def test_a_story_names_an_earlier_one_only() -> None:
    seen: set[str] = set()
    for story in STORIES:
        named = {value.key for step in story.steps for value in step.given.values() if isinstance(value, Number)}
        assert named <= seen, story.key
        seen.add(story.key)


def test_telephones_are_numbers_that_nobody_has() -> None:
    wrong = [row["phone"] for row in people() if not re.fullmatch(r"1540000\d{4}", row["phone"])]

    assert wrong == []
    assert len({row["phone"] for row in people()}) == len(people())


def test_what_colleagues_and_residents_read_names_nobody() -> None:
    names = {row["name"] for row in people()}
    told = [str(value) for story in STORIES for step in story.steps for value in step.given.values()]
    told += [story.title + story.text for story in STORIES]

    assert [text for text in told for name in names if name in text or "1540000" in text] == []


def test_every_office_that_can_be_sent_to_has_an_officer_and_a_lead() -> None:
    led = {seat.office for seat in seats() if seat.lead}
    held = {seat.office for seat in seats() if seat.role in ("handler", "mediator", "grid_worker")}

    assert {office.code for office in offices()} - led == set()
    assert {office.code for office in offices() if office.kind != UnitKind.CENTRE} - held == set()


def test_nobody_bears_the_name_of_another() -> None:
    names = [seat.name for seat in seats()]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_log_ins_of_the_contract_are_there() -> None:
    assert set(settings.DEMO_USERNAMES) - {seat.username for seat in NAMED} == set()


def test_a_photo_is_the_same_each_time_and_a_photo() -> None:
    scenes = {step.given["scene"] for story in STORIES for step in story.steps if step.what == "photo"}

    assert {scene: draw(scene) == draw(scene) for scene in scenes} == dict.fromkeys(scenes, True)
    assert {clean_image(draw(scene))[1] for scene in scenes} == {"image/png"}
