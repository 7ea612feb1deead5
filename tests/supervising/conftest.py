"""Fixtures of 督办: the cast of the matter in its district."""

from tests.cases.conftest import _fresh_policies, district
from tests.pages.conftest import client_of

__all__ = ["_fresh_policies", "client_of", "district"]
