"""Fixtures of the behaviours' tests: those of the API's, which hold the district."""

from tests.api.conftest import _fresh_policies, _own_folder, district, phones

__all__ = ["_fresh_policies", "_own_folder", "district", "phones"]
