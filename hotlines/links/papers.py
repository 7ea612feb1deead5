"""Papers that come with a matter go through the case's door like any other file: judged by content, drawn anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.queries import Actor
from cases.services.attachments import store
from governance_portal.lib.errors import Refusal
from hotlines.models import Link

PURPOSE = "对方随转材料"


def named(paper: Mapping[str, Any]) -> str:
    """Return the name of a paper by its content, the same for the same bytes."""
    return hashlib.sha256(bytes(paper.get("content") or b"")).hexdigest()


def keep_papers(link: Link, papers: Iterable[Mapping[str, Any]], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Take the papers of an arrival into its case; `[{key, name, why, version}]`, `why` in words where one was not taken.

    A paper that cannot be taken does not keep the matter out: the other side is told (`answering`: refused).
    """
    kept: list[dict[str, Any]] = []
    for paper in papers:
        name = str(paper.get("name") or "材料")[:120]
        row: dict[str, Any] = {"key": named(paper), "name": name, "why": "", "version": link.version}
        upload = SimpleUploadedFile(name.replace("/", "_") or "材料", bytes(paper.get("content") or b""))
        try:
            store(link.case, upload, actor=actor, now=now, purpose=PURPOSE, client_id=f"{link.uid}:{row['key'][:24]}")
        except Refusal as refused:
            row["why"] = refused.detail[:200]
        kept.append(row)
    return kept
