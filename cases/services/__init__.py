"""The doors of the matter: register, move, record. Nothing else writes a case."""

from cases.services.door import move, record
from cases.services.parties import amend_contact, unmask
from cases.services.rating import rate
from cases.services.registering import register

__all__ = ["amend_contact", "move", "rate", "record", "register", "unmask"]
