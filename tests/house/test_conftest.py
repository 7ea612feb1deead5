"""The tests' own ground holds."""

import pytest

from cases.models import Category

FILLED_IN = 20


# Two tests on purpose: the first one's end empties every table, and the second must not notice.
@pytest.mark.parametrize("turn", ["one", "the next"])
@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_commits_leaves_what_the_migrations_filled_in(turn: str) -> None:
    assert Category.objects.count() > FILLED_IN
