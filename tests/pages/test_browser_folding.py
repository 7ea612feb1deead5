"""What a choice unfolds at the window: folded before the scripts run, moved by them, all there without them."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.pages.conftest import Town, migrated, town

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

SEEN = """() => Array.from(document.querySelectorAll("form[data-intake] [data-when]"))
  .map(box => [box.dataset.when + "=" + box.dataset.is, box.getClientRects().length > 0])"""


def parts(page: Page) -> list[list[object]]:
    """Each part that depends on a choice, and whether it is seen."""
    return page.evaluate(SEEN)  # type: ignore[no-any-return]


def test_nothing_unfolded_is_seen_before_the_scripts_run(town: Town) -> None:
    page, held = town.enter("clerk"), list[Route]()
    page.route("**/intake*.js", lambda route: held.append(route))
    page.goto("/cases/new/", wait_until="commit")
    expect(page.locator("#register")).to_be_visible()
    page.wait_for_function("() => document.styleSheets.length > 5")
    before = parts(page)
    assert held != []
    for route in held:
        route.continue_()
    page.wait_for_function("() => document.querySelectorAll('form[data-intake] [data-off]').length === 0")
    assert parts(page) == before
    assert [seen for name, seen in before if name == "who=person several behalf"] == [True]
    assert [name for name, seen in before if seen and str(name).startswith("then=")] == []
    assert town.troubles == []


def test_a_choice_unfolds_its_part_and_folds_it_again(town: Town) -> None:
    page = town.enter("clerk")
    page.goto("/cases/new/")
    page.locator("[name=who][value=several]").check()
    expect(page.locator(".count-line input")).to_be_visible()
    page.locator("[name=who][value=anonymous]").check()
    expect(page.locator(".count-line")).to_be_hidden()
    expect(page.locator(".person-slot").first).to_be_hidden()


def test_without_scripts_every_part_stands_open(town: Town) -> None:
    page = town.enter("clerk", java_script_enabled=False)
    page.goto("/cases/new/")
    boxes = page.locator("form[data-intake] [data-when]")
    assert boxes.count() > 8
    assert [boxes.nth(place).is_visible() for place in range(boxes.count())] == [True] * boxes.count()
