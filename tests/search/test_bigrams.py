"""Bigrams against the plain question "does the text hold the word", by Hypothesis; and the databases' own way."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cases.models import Case, SearchText
from governance_portal.lib.bigrams import bigrams, plain, words
from tests.cases.cast import District

#: Few letters, so that words do occur in texts; with what is spelt two ways, ends words, or is outside the first plane.
LETTERS = st.sampled_from("暖气热水不好楼号一二三３3aAＡß-.:,，。、（ \n\t𠮷é")
TEXTS = st.text(LETTERS, max_size=40) | st.text(max_size=30)


def test_a_text_is_kept_in_one_spelling_and_its_words_are_divided_by_single_spaces() -> None:
    assert plain("  ３号楼，暖气（不热）。\n请 Ｋ栋  8:30 来！") == "3号楼 暖气 不热 请 k栋 8:30 来"


def test_words_are_what_somebody_typed_each_once() -> None:
    assert words("暖气、不热 暖气，ＷＩＦＩ") == ("暖气", "不热", "wifi")


def test_bigrams_are_the_neighbours_that_no_space_divides() -> None:
    assert bigrams("暖气不热 三号") == ["三号", "不热", "暖气", "气不"]


@given(TEXTS, TEXTS)
@example("暖气不热", "气不")
@example("a。b", "ab")
def test_every_word_that_stands_in_a_text_is_found_by_its_bigrams(text: str, typed: str) -> None:
    kept = plain(text)
    found = set(bigrams(kept))
    for word in words(typed):
        if word in kept:
            assert found.issuperset(bigrams(word))
        if len(word) == 2:
            assert (word in found) == (word in kept)


@given(TEXTS)
def test_a_word_cut_out_of_a_text_is_found_in_it_however_it_is_written(text: str) -> None:
    assert all(word in plain(text) for word in words(text))


@pytest.fixture
def searched(district: District) -> Case:
    """The only case there is."""
    return district.register()


@pytest.mark.both
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.text(LETTERS, max_size=60).map(plain) | st.text(max_size=40).map(plain))
def test_the_database_works_out_the_same_bigrams(searched: Case, text: str) -> None:
    SearchText.objects.filter(pk=searched.pk).update(text=text)
    assert _kept_pairs(searched.pk) == bigrams(text)


def _kept_pairs(pk: int) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT cases_bigrams(text) FROM cases_searchtext WHERE case_id = %s", [pk])
            return sorted(set(cursor.fetchone()[0]))
        cursor.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.pairs USING fts5vocab('main', 'cases_searchgrams', 'row')"
        )
        cursor.execute("SELECT term FROM temp.pairs")
        return sorted(bytes.fromhex(row[0]).decode() for row in cursor.fetchall())
