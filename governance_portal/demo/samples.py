"""What the sixty stories and the year behind them do not have: the desks of 督办, 回访, 接访 and 待批 and an
agreement in instalments, alive at once.

Each module makes its own, through the doors, once. Six of them register matters of their own, each under a `client_id`
of its own (`KEYS`), and an imported sheet the orders of its line; these are among the matters of the demonstration, so that
the year behind is that much shorter.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.queries import cases_from, registered_as
from governance_portal.demo import (
    agreements,
    calendar,
    calls,
    caring,
    councils,
    crowds,
    deciding,
    following_up,
    hazards,
    links,
    mapping,
    network,
    orders,
    patrols,
    phone,
    reception,
    screens,
    supervising,
)

KEYS = ("demo:following_up:", "demo:deciding:", "demo:agreements:", "demo:crowds:", "demo:hazards:", "demo:phone:")
#: How many matters the samples register.
MATTERS = (
    len(following_up.MATTERS)
    + deciding.MATTERS
    + agreements.MATTERS
    + crowds.MATTERS
    + hazards.MATTERS
    + len(phone.MATTERS)
    + orders.MATTERS
)


def make_samples(now: datetime) -> list[Any]:
    """Make what is missing, counted from this moment, and return the cases they registered.

    The papers of 督办, the receptions and the lines to other systems are about cases that are there already.
    """
    for module in (
        calendar,
        following_up,
        deciding,
        agreements,
        crowds,
        hazards,
        supervising,
        reception,
        links,
        calls,
        orders,
        phone,
        caring,
        councils,
        patrols,
        mapping,
        screens,
        network,
    ):
        module.make(now)
    return [case for key in KEYS for case in registered_as(key)] + cases_from(orders.SOURCE)
