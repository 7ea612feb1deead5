"""Draws that nobody chooses and anybody can repeat: a sample is decided by a hash of what stands on record."""

import hashlib


def lot(*parts: object) -> int:
    """Return a lot of 0–99: the first eight hex digits of SHA-256 of the parts joined by "-", modulo 100.

    With a share of s per cent a lot below s is drawn, so that a larger share draws whatever a smaller one draws. One of
    the parts should be something that nobody knows beforehand (the chain hash of the last event), or it can be foretold.
    """
    told = "-".join(str(part) for part in parts)
    return int(hashlib.sha256(told.encode()).hexdigest()[:8], 16) % 100
