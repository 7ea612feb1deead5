"""Personal data at rest: sealed text, a sealed model field, and a blind index to look people up by.

A token is ``version (1 byte) · cipher (1) · length of key id (1) · key id · nonce (12) · ciphertext and tag (16)``.
Header and row are authenticated with the text, so a token moved to another row, field or key does not open. Opening
fails closed: anything but the exact text sealed for the exact row raises ``Tampered``.

``PORTAL_CIPHER`` selects ``aes-256-gcm`` (default) or ``sm4-gcm`` (GB/T 32907, with SM3, GB/T 32905, for the index);
tokens of both stay readable, ``needs_rotation`` names those to be sealed anew.
"""

import json
import os
import re
import unicodedata
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from governance_portal.lib.keyring import keyring

_VERSION = 1
_NONCE = 12
_TAG = 16
_AES_256_GCM = 1
_SM4_GCM = 2
_CIPHERS = {"aes-256-gcm": _AES_256_GCM, "sm4-gcm": _SM4_GCM}
_KEY_LENGTHS = {_AES_256_GCM: 32, _SM4_GCM: 16}
_INDEX_LENGTH = 32


class Tampered(Exception):
    """A sealed value was changed, belongs to another row, or was sealed with a key that is not configured."""


# ── sealing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def seal(plaintext: str, aad: str) -> bytes:
    """Encrypt and authenticate ``plaintext`` for the place named by ``aad`` (say ``cases.party.contact:<uid>``)."""
    ring = keyring()
    cipher = _cipher_in_force()
    header = _header(cipher, ring.current)
    nonce = os.urandom(_NONCE)
    key = ring.key(ring.current, f"seal/{cipher}", _KEY_LENGTHS[cipher])
    return header + nonce + _encrypt(cipher, key, nonce, plaintext.encode(), header + aad.encode())


def unseal(token: bytes, aad: str) -> str:
    """The text sealed for ``aad``. Raises Tampered, and says nothing of why beyond what an operator needs."""
    parts = _split(token)
    try:
        key = keyring().key(parts.key_id, f"seal/{parts.cipher}", _KEY_LENGTHS[parts.cipher])
    except KeyError:
        raise Tampered(f"sealed with a key that is not configured: {parts.key_id!r}") from None
    try:
        return _decrypt(parts.cipher, key, parts.nonce, parts.sealed, parts.header + aad.encode()).decode()
    except (InvalidTag, UnicodeDecodeError):
        raise Tampered("the sealed value was changed, or belongs to another row") from None


def needs_rotation(token: bytes) -> bool:
    """Whether the token was sealed with an older key or another cipher than those in force. Tampered if malformed."""
    parts = _split(token)
    return (parts.key_id, parts.cipher) != (keyring().current, _cipher_in_force())


@dataclass(frozen=True, slots=True)
class _Parts:
    header: bytes
    cipher: int
    key_id: str
    nonce: bytes
    sealed: bytes


def _header(cipher: int, key_id: str) -> bytes:
    name = key_id.encode()
    return bytes((_VERSION, cipher, len(name))) + name


def _split(token: bytes) -> _Parts:
    token = bytes(token)
    if len(token) < 3 or token[0] != _VERSION or token[1] not in _KEY_LENGTHS:
        raise Tampered("not a sealed value")
    after_header = 3 + token[2]
    header, rest = token[:after_header], token[after_header:]
    if len(rest) < _NONCE + _TAG:
        raise Tampered("the sealed value was cut short")
    try:
        key_id = header[3:].decode()
    except UnicodeDecodeError:
        raise Tampered("not a sealed value") from None
    return _Parts(header, token[1], key_id, rest[:_NONCE], rest[_NONCE:])


def _cipher_in_force() -> int:
    name = getattr(settings, "PORTAL_CIPHER", None) or "aes-256-gcm"
    try:
        return _CIPHERS[name]
    except KeyError:
        raise ImproperlyConfigured(f"PORTAL_CIPHER is one of {', '.join(_CIPHERS)}, not {name!r}") from None


def _encrypt(cipher: int, key: bytes, nonce: bytes, text: bytes, aad: bytes) -> bytes:
    if cipher == _AES_256_GCM:
        return AESGCM(key).encrypt(nonce, text, aad)
    try:
        encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    except UnsupportedAlgorithm as missing:
        raise ImproperlyConfigured("PORTAL_CIPHER: this build of OpenSSL has no SM4 in GCM mode") from missing
    encryptor.authenticate_additional_data(aad)
    return encryptor.update(text) + encryptor.finalize() + encryptor.tag


def _decrypt(cipher: int, key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    if cipher == _AES_256_GCM:
        return AESGCM(key).decrypt(nonce, sealed, aad)
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(aad)
    return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()


# ── looking people up ───────────────────────────────────────────────────────────────────────────────────────────


def blind_index(kind: str, value: str) -> str:
    """32 hex digits that are equal for equal values of a kind, and tell nothing without the key.

    ``kind`` is ``phone``, ``id_number`` or a name of your own. Writings of the same value are made one first:
    full-width digits, spaces, dashes, ``+86``, a small ``x``. An empty value gives "" so that people without a phone
    are not taken for one person.
    """
    text = _normalise(kind, value)
    return _index(kind, text, keyring().keys("index")[0], _digest_in_force()) if text else ""


def blind_index_candidates(kind: str, value: str) -> tuple[str, ...]:
    """The value's index under every configured key, current first: ``filter(phone_index__in=…)`` during a rotation."""
    text = _normalise(kind, value)
    if not text:
        return ()
    digests: list[HashAlgorithm] = [_digest_in_force(), SHA256(), SM3()]
    found = (_index(kind, text, key, digest) for digest in digests for key in keyring().keys("index"))
    return tuple(dict.fromkeys(found))


def _digest_in_force() -> HashAlgorithm:
    return SM3() if _cipher_in_force() == _SM4_GCM else SHA256()


def _index(kind: str, text: str, key: bytes, digest: HashAlgorithm) -> str:
    mac = HMAC(key, digest)
    mac.update(f"{kind}\0{text}".encode())
    return mac.finalize().hex()[:_INDEX_LENGTH]


def _normalise(kind: str, value: str) -> str:
    text = unicodedata.normalize("NFKC", value).strip()
    if kind == "phone":
        digits = re.sub(r"[^0-9]", "", text)
        if text.startswith("+86"):
            return digits[2:]
        if digits.startswith("0086"):
            return digits[4:]
        return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    if kind == "id_number":
        return re.sub(r"[^0-9A-Z]", "", text.upper())
    return re.sub(r"\s+", " ", text).casefold()


# ── the field ───────────────────────────────────────────────────────────────────────────────────────────────────

if TYPE_CHECKING:
    _BinaryField = models.BinaryField[dict[str, Any] | None, dict[str, Any]]
else:
    _BinaryField = models.BinaryField


class _SealedAttribute(DeferredAttribute):
    """Opens the token at the first reading and keeps the dict on the instance; the token stays until then."""

    field: "SealedJSONField"

    @overload
    def __get__(self, instance: None, cls: type[models.Model] | None = None) -> "_SealedAttribute": ...
    @overload
    def __get__(self, instance: models.Model, cls: type[models.Model] | None = None) -> dict[str, Any] | None: ...
    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, bytes):
            value = instance.__dict__[self.field.attname] = self.field.open(instance, value)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, (memoryview, bytearray)):
            value = bytes(value)
        if value is not None and not isinstance(value, (dict, bytes)):
            raise TypeError(f"{self.field.name} holds a dict, not {type(value).__name__}")
        instance.__dict__[self.field.attname] = value


class SealedJSONField(_BinaryField):
    """A dict of JSON values, stored sealed and bound to its row.

    ``bound_to`` names an attribute of the row that is set before it is saved and never changes (a ``uid``). The place
    a token is bound to is ``<app.model>.<field>:<value of bound_to>``.

    Reading an instance gives a plain dict, opened at the first reading (``Tampered`` if the row was meddled with);
    ``save``, ``create`` and ``bulk_create`` seal it. ``values()`` and raw SQL give the token. ``update()`` and
    ``bulk_update()`` cannot know the row and take only tokens made by ``seal_for(instance, value)``; a dict is refused
    with TypeError. It cannot be searched: use ``blind_index``. To add it to a table with rows, make it ``null=True``.
    """

    descriptor_class = _SealedAttribute
    description = "Sealed JSON"
    empty_strings_allowed = False

    def __init__(self, *args: Any, bound_to: str = "uid", **kwargs: Any) -> None:
        self.bound_to = bound_to
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """As any field, with ``bound_to`` when it is not the usual one."""
        name, path, args, kwargs = super().deconstruct()
        if self.bound_to != "uid":
            kwargs["bound_to"] = self.bound_to
        return name, path, args, kwargs

    def aad_of(self, instance: models.Model) -> str:
        """The place tokens of this row are bound to. ValueError while the row has no ``bound_to`` value."""
        binding = getattr(instance, self.bound_to)
        if binding is None or binding == "":
            raise ValueError(f"{self.bound_to} must be set before {self.name} is sealed or opened")
        return f"{self.model._meta.label_lower}.{self.name}:{binding}"

    def seal_for(self, instance: models.Model, value: dict[str, Any]) -> bytes:
        """The token of ``value`` for this row, for ``update()`` and rotation. TypeError for what is not JSON."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
        return seal(text, self.aad_of(instance))

    def open(self, instance: models.Model, token: bytes) -> dict[str, Any]:
        """The dict sealed for this row; Tampered otherwise."""
        value = json.loads(unseal(token, self.aad_of(instance)))
        if not isinstance(value, dict):
            raise Tampered("the sealed value is not a dict")
        return value

    def token_of(self, instance: models.Model) -> bytes | None:
        """What a save of this instance would store: the token as loaded, or a new one of the dict written or read."""
        if self.attname not in instance.__dict__:
            getattr(instance, self.attname)
        value = instance.__dict__[self.attname]
        return self.seal_for(instance, value) if isinstance(value, dict) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal at the last moment, so that changes inside the dict are kept too."""
        value = model_instance.__dict__.get(self.attname)
        if add and isinstance(value, bytes):
            # A row copied with its old token could never be read again: better refuse now.
            self.open(model_instance, value)
        return self.token_of(model_instance)

    def get_default(self) -> Any:
        """An empty dict for a field that is required, unless the model says otherwise."""
        if self.has_default() or self.null:
            return super().get_default()
        return {}

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Only tokens reach the database."""
        if isinstance(value, dict):
            raise TypeError(f"{self.name} is sealed per row: save the instance, or pass seal_for(instance, value)")
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        """Bytes on every database driver."""
        return None if value is None else bytes(value)

    def value_to_string(self, obj: models.Model) -> str:
        """The token in base64: a dump of the data holds no plain text."""
        return b64encode(self.token_of(obj) or b"").decode("ascii")
