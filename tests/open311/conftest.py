"""Open311 plays in the same district."""

from tests.cases.conftest import _fresh_policies, district

__all__ = ["_fresh_policies", "district"]
