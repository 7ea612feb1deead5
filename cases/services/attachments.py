"""Files of a case: judged by content, safe on disk before their row exists, given out only through here.

design/safety.md "uploads": random names, images drawn anew, no file served from a public folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import unicodedata
import uuid
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import Status
from cases.models import Attachment, Case
from cases.services.door import posts_of, record
from cases.services.submitting import sender_of
from cases.workflow import TABLE, refusal
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.images import LARGEST_FILE, BadFile, CleanFile, accept_file, small_image

NAME_LENGTH = 120
SMALL_FOLDER = "small"
PURPOSE_LENGTH = 40
#: What a file is for, when it is about people and not about a place: it lies on no phone, and no volunteer opens it.
PAPERS = ("身份和委托材料", "证据材料", "办理文书")
#: A file without a row is one that is being stored now, until it is this old; then nobody comes back for it.
ORPHAN_AFTER = timedelta(hours=1)
#: A resident's upload waits this long for the report that names it: longer than a phone keeps its draft (keeping.js: three days).
UNCLAIMED_AFTER = timedelta(days=4)


def store(
    case: Case | None,
    upload: UploadedFile[Any],
    *,
    actor: Actor,
    now: datetime,
    purpose: str = "",
    public: bool = False,
    resident: bool = False,
    client_id: str | None = None,
) -> Attachment:
    """Take a file into a case and write its `attach` event; without a case (a resident's upload) no event yet.

    `resident` accepts photos only. The same `client_id` and bytes from the same sender answer the first attachment
    again. NotNow, NotYou as for any record; Incomplete with a sentence under `file` when the content cannot be taken.
    """
    if case is not None:
        _judge(case, actor, now)
    if len(purpose) > PURPOSE_LENGTH:
        raise Incomplete({"purpose": [f"用途最多 {PURPOSE_LENGTH} 字。"]})
    given = upload.read(LARGEST_FILE + 1)
    uid = _uid_of(actor, case, client_id, given)
    if client_id and (prior := Attachment.objects.filter(uid=uid).first()):
        return prior
    try:
        cleaned = accept_file(given, documents=not resident)
    except BadFile as refused:
        raise Incomplete({"file": [refused.detail]}) from refused
    path = _write(cleaned)
    try:
        return _record(case, uid, upload.name or "", cleaned, path, actor, now, purpose, public, client_id)
    except IntegrityError:
        _remove(path)
        if client_id and (prior := Attachment.objects.filter(uid=uid).first()):
            return prior  # the same photo, sent twice at the same moment
        raise
    except BaseException:
        _remove(path)
        raise


def shown_to(case: Case, actor: Actor, now: datetime) -> QuerySet[Attachment]:
    """Return the files of a case this person may open: a volunteer's are pictures of the place and what they brought.

    A matter is lent to a volunteer for what is to be done at the place (cases.phone.handing), not for people's papers;
    whoever has another post, too, opens them where the case is in sight by that post.
    """
    files = case.attachments.select_related("uploaded_by")
    if actor.service or (actor.posts and not actor.has(Role.VOLUNTEER)):
        return files
    posts = tuple(post for post in actor.posts if post.role != Role.VOLUNTEER)
    beside = Actor(actor.user_id, actor.username, actor.name, posts)
    if beside.posts and Case.objects.visible_to(beside, now).filter(pk=case.pk).exists():
        return files
    of_the_place = Q(mime__startswith="image/") & ~Q(purpose__in=PAPERS)
    return files.filter(of_the_place | Q(uploaded_by_id=actor.user_id))


def open_file(attachment: Attachment) -> BinaryIO:
    """Open the bytes for reading; NotYours when they are gone."""
    try:
        return _place(attachment.path).open("rb")
    except FileNotFoundError as missing:
        raise NotYours("文件已不在，请联系系统管理员核对。") from missing


def open_small(attachment: Attachment) -> BinaryIO:
    """Open a picture's small version, made when it is first asked for and kept; NotYours for what is no picture."""
    if not attachment.mime.startswith("image/"):
        raise NotYours("这个文件没有缩略图，请下载后查看。")
    place = _small_place(attachment.path)
    if not place.exists():
        with open_file(attachment) as whole:
            small = small_image(whole.read())
        _put(place, small)
    return place.open("rb")


def sweep(now: datetime) -> int:
    """Delete bytes that no row names and uploads that no report claimed; for the clock. Answers how many files went."""
    unclaimed = Attachment.objects.filter(case__isnull=True, held__isnull=True, uploaded_at__lt=now - UNCLAIMED_AFTER)
    gone = list(unclaimed.values_list("path", flat=True))
    # Conditional: a report may claim one between the two statements.
    Attachment.objects.filter(path__in=gone, case__isnull=True, held__isnull=True).delete()
    root = Path(settings.MEDIA_ROOT)
    old = [
        str(found.relative_to(root))
        for found in root.glob("??/*")
        if found.is_file() and found.stat().st_mtime < (now - ORPHAN_AFTER).timestamp()
    ]
    kept = set(Attachment.objects.filter(path__in=[*old, *gone]).values_list("path", flat=True))
    orphans = {*old, *gone} - kept
    for path in orphans:
        _remove(path)
    return len(orphans)


def remove_all(case: Case) -> int:
    """Take every file of a case away, the bytes once the transaction is through. Answers how many. For retention."""
    return remove_these(case.attachments.all())


def remove_these(files: QuerySet[Attachment]) -> int:
    """Take these files away, the bytes once the transaction is through. Answers how many."""
    paths = list(files.values_list("path", flat=True))
    files.delete()
    for path in paths:
        transaction.on_commit(partial(_remove, path))
    return len(paths)


def _judge(case: Case, actor: Actor, now: datetime) -> None:
    """Refuse before megabytes are decoded; the door judges again under its lock."""
    refused = refusal(TABLE["attach"], case, frozenset(posts_of(case, actor, now)), now)
    if refused is None:
        return
    code, sentence = refused
    if code == 409:
        raise NotNow(sentence, current_status=Status(case.status).value)
    raise NotYou(sentence)


def _uid_of(actor: Actor, case: Case | None, client_id: str | None, given: bytes) -> uuid.UUID:
    """Random; or, for a submission with a key, the same for the same one (keyed, so that nobody can work it out)."""
    if not client_id:
        return uuid.uuid4()
    sent = (sender_of(actor), str(case.pk) if case else "", client_id, hashlib.sha256(given).hexdigest())
    return uuid.UUID(hex=blind_index("attachment", ":".join(sent)))


def _record(
    case: Case | None,
    uid: uuid.UUID,
    name: str,
    cleaned: CleanFile,
    path: str,
    actor: Actor,
    now: datetime,
    purpose: str,
    public: bool,
    client_id: str | None,
) -> Attachment:
    with transaction.atomic():
        attachment = Attachment.objects.create(
            uid=uid,
            case=case,
            name=_plain_name(name, cleaned.extension),
            mime=cleaned.mime,
            size=len(cleaned.data),
            sha256=hashlib.sha256(cleaned.data).hexdigest(),
            path=path,
            purpose=purpose,
            public=public,
            uploaded_by_id=actor.user_id,
            uploaded_at=now,
        )
        if case is not None:
            given = {"attachments": [str(uid)], **({"purpose": purpose} if purpose else {})}
            record(case, "attach", actor=actor, now=now, client_id=client_id, given=given)
    return attachment


def _plain_name(name: str, extension: str) -> str:
    """The name somebody gave, without folders and control characters, ending as its content says."""
    last = PurePath(name.replace("\\", "/")).name
    text = "".join(letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter)[0] != "C")
    stem = text.rsplit(".", 1)[0].strip(" .") or "附件"
    return stem[: NAME_LENGTH - len(extension)] + extension


def _place(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def _write(cleaned: CleanFile) -> str:
    """Put the bytes on the disk for good under a random name and return its path below the upload folder."""
    name = secrets.token_hex(20)
    path = f"{name[:2]}/{name}{cleaned.extension}"
    _put(_place(path), cleaned.data)
    return path


def _put(place: Path, data: bytes) -> None:
    """Write bytes so that the file is either whole or not there, also after a power cut."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = place.with_name(f"{place.stem}-{secrets.token_hex(4)}.part")
    try:
        with open(half, "xb", opener=lambda target, flags: os.open(target, flags, 0o600)) as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        half.replace(place)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _small_place(path: str) -> Path:
    """Small versions lie in a folder of their own, beside the two-letter ones that `sweep` compares with the rows."""
    return Path(settings.MEDIA_ROOT) / SMALL_FOLDER / PurePath(path).with_suffix(".jpg")


def _remove(path: str) -> None:
    for place in (_place(path), _small_place(path)):
        with contextlib.suppress(OSError):
            place.unlink()
