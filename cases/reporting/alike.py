"""How alike two texts are, without keeping either: a keyed 64-bit similarity hash of their bigrams.

Charikar's simhash (STOC 2002): texts that share most of their bigrams differ in few bits. The key keeps anybody who sees the
table from trying texts against it. Digits do not count, so that a machine that numbers its texts does not escape.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from governance_portal.lib.bigrams import bigrams, plain
from governance_portal.lib.crypto import blind_index

BITS = 64
#: Two texts are nearly one when they differ in at most so many bits of 64. Unrelated ones differ in about 32.
NEAR = 12
_DIGITS = re.compile(r"\d+")


def alike_of(text: str) -> int:
    """Return the similarity hash of a text as a signed 64-bit number (what a database keeps)."""
    key = blind_index("held_text", "bigrams").encode()
    weights = [0] * BITS
    found = bigrams(_DIGITS.sub("", plain(text)).replace(" ", "")) or [plain(text)]
    for pair in found:
        digest = int.from_bytes(blake2b(pair.encode(), digest_size=8, key=key).digest())
        for bit in range(BITS):
            weights[bit] += 1 if digest >> bit & 1 else -1
    value = sum(1 << bit for bit, weight in enumerate(weights) if weight > 0)
    return value - (1 << BITS) if value >> (BITS - 1) else value


def distance(one: int, other: int) -> int:
    """Return in how many bits two similarity hashes differ: 0 for one text, about 32 for unrelated ones."""
    return ((one ^ other) & ((1 << BITS) - 1)).bit_count()


def near(one: int, other: int) -> bool:
    """Tell whether two texts are nearly one."""
    return distance(one, other) <= NEAR
