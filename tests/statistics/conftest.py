"""The district of the matter's tests."""

from tests.cases.conftest import _fresh_policies, district

__all__ = ["_fresh_policies", "district"]
