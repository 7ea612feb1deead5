"""Fixtures of the search: the district, and phones and clients of its people."""

from tests.api.conftest import _own_folder, phones
from tests.cases.conftest import _fresh_policies, district
from tests.pages.conftest import client_of

__all__ = ["_fresh_policies", "_own_folder", "client_of", "district", "phones"]
