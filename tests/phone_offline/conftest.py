"""Fixtures of the phone's tests: the cast, a client of each, a served town."""

from tests.api.conftest import _own_folder, phones
from tests.pages.conftest import _fresh_policies, client_of, district, migrated, town

__all__ = ["_fresh_policies", "_own_folder", "client_of", "district", "migrated", "phones", "town"]
