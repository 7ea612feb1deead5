"""What leaves plays in the same district; subscribers are receivers of our own."""

from tests.cases.conftest import _fresh_policies, district
from tests.notices.conftest import outside
from tests.pages.conftest import client_of

__all__ = ["_fresh_policies", "client_of", "district", "outside"]
