"""The portal's secret keys: one key per purpose, derived by HKDF-SHA256 (RFC 5869) from ``PORTAL_FIELD_KEYS``.

``PORTAL_FIELD_KEYS`` is a list of ``"id:secret"``, the first is current, the others still open what they sealed.
Without it a single key with the id ``default`` is derived from ``SECRET_KEY``. Keys of different purposes tell nothing
about each other, so a leaked query-code key opens no contact data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_SHORTEST_SECRET = 16
_LONGEST_ID = 255


@dataclass(frozen=True, slots=True)
class Keyring:
    """Master secrets by id, in the order configured; ``current`` is the id that seals."""

    current: str
    secrets: Mapping[str, bytes]

    def key(self, key_id: str, purpose: str, length: int = 32) -> bytes:
        """The key of ``length`` bytes for this purpose. KeyError when the id is not configured."""
        return _derive(self.secrets[key_id], purpose, length)

    def keys(self, purpose: str, length: int = 32) -> tuple[bytes, ...]:
        """The purpose's keys, the current one first."""
        return tuple(self.key(key_id, purpose, length) for key_id in self.secrets)


def keyring() -> Keyring:
    """The keyring of the settings in force. ImproperlyConfigured when they are malformed (never quoting a secret)."""
    configured = getattr(settings, "PORTAL_FIELD_KEYS", None) or [f"default:{settings.SECRET_KEY}"]
    return _parse(tuple(configured))


@lru_cache(maxsize=8)
def _parse(configured: tuple[str, ...]) -> Keyring:
    secrets: dict[str, bytes] = {}
    for position, entry in enumerate(configured, start=1):
        key_id, colon, secret = entry.partition(":")
        if not colon or not key_id or len(key_id.encode()) > _LONGEST_ID:
            raise ImproperlyConfigured(f"PORTAL_FIELD_KEYS: entry {position} is not of the form id:secret")
        if len(secret) < _SHORTEST_SECRET:
            raise ImproperlyConfigured(
                f"PORTAL_FIELD_KEYS: the secret of {key_id} is under {_SHORTEST_SECRET} characters"
            )
        if key_id in secrets:
            raise ImproperlyConfigured(f"PORTAL_FIELD_KEYS: the id {key_id} is there twice")
        secrets[key_id] = secret.encode()
    return Keyring(next(iter(secrets)), MappingProxyType(secrets))


@lru_cache(maxsize=64)
def _derive(secret: bytes, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length=length, salt=None, info=f"governance-portal/v1/{purpose}".encode()).derive(secret)
