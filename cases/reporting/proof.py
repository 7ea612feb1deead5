"""Proof of work against floods (hashcash, A. Back 1997): some seconds of a phone, an hour of ten thousand forms.

A challenge is a signed line: the form it was made for, how many leading zero bits are asked, when it was made, a random tail.
The proof is `<challenge>~<nonce>`: SHA-256 of it begins with that many zero bits. A challenge serves one submission, since it
names the key under which that submission is taken once: sent again it is answered as before, with other words it is a 409.
So a reply that was lost on the way is asked for again with the same proof, nothing is stored and nobody is asked who they are.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from django.core import signing

SALT = "cases.reporting.proof"
GOOD_FOR_SECONDS = 600
#: About 30,000 tries: under a second on a cheap phone.
FEWEST_BITS = 15
#: About 520,000 tries: some seconds on a cheap phone; more would stop people and not machines.
MOST_BITS = 19
LONGEST = 400


def challenge(form: str, bits: int, now: datetime) -> str:
    """Return a challenge for one form (its submission key); it is good for ten minutes."""
    said = [form, bits, int(now.timestamp()), secrets.token_urlsafe(9)]
    return signing.Signer(salt=SALT).sign_object(said)


def solved(proof: str, form: str, now: datetime) -> bool:
    """Tell whether a proof holds for this form, the submission key under which it is registered once."""
    if not form or not isinstance(proof, str) or len(proof) > LONGEST:
        return False
    line, mark, _nonce = proof.rpartition("~")
    if not mark:
        return False
    try:
        made_for, bits, at, _tail = signing.Signer(salt=SALT).unsign_object(line)
    except (signing.BadSignature, ValueError):
        return False
    age = int(now.timestamp()) - at
    return made_for == form and 0 <= age <= GOOD_FOR_SECONDS and zero_bits(proof) >= bits


def zero_bits(proof: str) -> int:
    """Return how many leading zero bits the SHA-256 of a proof has."""
    digest = sha256(proof.encode()).digest()
    return 256 - int.from_bytes(digest).bit_length()


def solve(line: str, bits: int) -> str:
    """Return a proof of a challenge; for tests and for clients written in Python. About `2 ** bits` tries."""
    nonce = 0
    while zero_bits(f"{line}~{nonce}") < bits:
        nonce += 1
    return f"{line}~{nonce}"
