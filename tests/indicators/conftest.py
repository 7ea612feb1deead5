"""The district of the matter's tests, and who enters its pages."""

from tests.cases.conftest import _fresh_policies, district
from tests.pages.conftest import client_of

__all__ = ["_fresh_policies", "client_of", "district"]
