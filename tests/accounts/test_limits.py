"""Tries are counted exactly, whoever else is counting at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts import limits
from accounts.limits import Hit
from accounts.models import RateWindow
from tests.accounts.conftest import NOW


def test_the_first_tries_pass_the_next_one_is_told_how_long_to_wait(db: None) -> None:
    tries = [limits.hit("lookup", "1.2.3.4", 2, 60, NOW + timedelta(seconds=second)) for second in (0, 10, 20)]
    assert tries == [Hit(True, 1, 0), Hit(True, 2, 0), Hit(False, 3, 40)]


def test_a_new_window_opens_when_the_old_one_is_over(db: None) -> None:
    moments = [NOW + timedelta(seconds=second) for second in (0, 59, 60, 61)]
    assert [limits.hit("lookup", "a", 1, 60, moment) for moment in moments] == [
        Hit(True, 1, 0),
        Hit(False, 2, 1),
        Hit(True, 1, 0),
        Hit(False, 2, 59),
    ]


def test_keys_and_scopes_are_counted_apart_and_keys_are_not_kept_in_clear(db: None) -> None:
    tries = [
        limits.hit(scope, key, 1, 60, NOW).allowed for scope, key in (("a", "x"), ("a", "y"), ("b", "x"), ("a", "x"))
    ]
    assert tries == [True, True, True, False]
    assert [len(row.bucket) for row in RateWindow.objects.all()] == [64, 64, 64]


def test_looking_does_not_count(db: None) -> None:
    seen = [limits.peek("a", "x", 1, NOW), limits.hit("a", "x", 1, 60, NOW), limits.peek("a", "x", 1, NOW)]
    assert seen == [Hit(True, 0, 0), Hit(True, 1, 0), Hit(False, 1, 60)]


def test_a_success_begins_anew_and_windows_that_are_over_are_swept(db: None) -> None:
    limits.hit("a", "x", 1, 60, NOW)
    limits.forget("a", "x")
    assert limits.hit("a", "x", 1, 60, NOW) == Hit(True, 1, 0)
    assert [limits.sweep(NOW + timedelta(seconds=second)) for second in (59, 60)] == [0, 1]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_sixteen_threads_exactly_as_many_pass_as_may(emptied_log: None) -> None:
    together = Barrier(16)

    def knock(number: int) -> list[bool]:
        together.wait()
        try:
            return [limits.hit("token.address", "10.0.0.9", 40, 300, NOW).allowed for _ in range(10)]
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        answers = [allowed for row in threads.map(knock, range(16)) for allowed in row]
    assert (len(answers), sum(answers)) == (160, 40)
    assert list(RateWindow.objects.values_list("hits", flat=True)) == [160]
