"""The same photo and the same report sixteen times at one moment, as a phone sends them whose answers are lost: once each."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from cases.models import Attachment, Case
from cases.phone import reporting
from tests.api.test_attachments import photo
from tests.cases.cast import GRID, MONDAY, District
from tests.cases.test_together import at_once, cast

__all__ = ["cast"]

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

KEY = "0f1e2d3c-0000-4000-8000-000000000077"


def test_a_photo_and_a_report_that_arrive_sixteen_times_at_once_count_once(
    cast: District, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path
    actor, content = cast.actor("grid_worker"), photo()

    def keep(_place: int) -> str:
        upload = SimpleUploadedFile("a.jpg", content, "image/jpeg")
        return str(reporting.keep_photo(actor, upload, after=False, now=MONDAY, client_id=KEY).uid)

    (uid,) = set(at_once(keep))
    given = {
        "category": "A0401",
        "description": "三号楼前垃圾没有清运。",
        "place": {"grid": GRID},
        "photos": [uid],
        "way": "settle",
        "result": "已清走。",
    }

    def send(_place: int) -> tuple[str, int]:
        filed = reporting.file(actor, given, now=MONDAY, client_id=KEY)
        return filed.case.number, filed.photos

    ((number, photos),) = set(at_once(send))
    case = Case.objects.get()
    assert (case.number, photos, case.status, Attachment.objects.count()) == (number, 1, "follow_up", 1)
    assert [event.kind for event in case.events.all()] == ["register", "resolve_on_spot"]
