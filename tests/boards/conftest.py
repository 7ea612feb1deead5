"""The district of the matter's tests, for the boards."""

from tests.pages.conftest import _fresh_policies, client_of, district

__all__ = ["_fresh_policies", "client_of", "district"]
