"""The same submission again: who sent it, what it said, and that it was answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.queries import Actor
from cases.models import Submission
from cases.services import statements


def sender_of(actor: Actor) -> str:
    """Name the sender of a submission; every resident without an account is "resident"."""
    return actor.service or f"user:{actor.user_id}"


def digest_of(body: Mapping[str, Any]) -> str:
    """Return a hash of what was submitted, the same for the same content in any order of its fields."""
    text = json.dumps(body, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()  # judged before it is cleaned


def remember(submission: Submission, actor: Actor, now: datetime) -> bool:
    """Keep a submission that is answered with this transaction; False when its key was used already."""
    submission.sender, submission.created_at = sender_of(actor), now
    return bool(statements.NEW_SUBMISSION.write([submission]))
