"""Each of the thirty behaviours has a test that shows it, and the page that says so is true."""

from tests.behaviours.register import BEHAVIOURS, PAGE, page, shown


def test_no_behaviour_is_without_a_test_and_no_test_shows_one_that_nobody_knows() -> None:
    assert sorted(shown()) == list(BEHAVIOURS) == list(range(1, 31))


def test_the_committed_page_names_the_tests_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
