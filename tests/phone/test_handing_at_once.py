"""Two of the grid's three hand the same matter over at once: one is given, the other reads a sentence."""

import pytest

from cases.models import HandOver
from cases.phone import handing
from governance_portal.lib.errors import NotNow
from tests.accounts.conftest import emptied_log  # noqa: F401  (a fixture)
from tests.cases.cast import GRID, MONDAY, District
from tests.cases.test_together import at_once, cast  # noqa: F401  (a fixture)
from tests.phone.conftest import with_three

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("emptied_log"),
]


def test_eight_at_once_make_one(cast: District) -> None:  # noqa: F811
    d = with_three(cast)
    matter = d.register("resident", channel="web", place={"grid": GRID})
    givers = ["grid_worker", "surveyor"]
    answers = at_once(
        lambda place: handing.hand_over(
            matter, d.actor(givers[place % 2]), {"to": "armband", "said": "请去看看"}, now=MONDAY
        )
    )
    won = [one for one in answers if isinstance(one, tuple)]
    assert (len(won), {type(one) for one in answers} - {tuple}) == (1, {NotNow})
    assert HandOver.objects.count() == 1
