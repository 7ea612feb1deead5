"""A file is judged by its content, safe before its row exists, and gone when nobody claims it."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.queries import service_actor
from cases.models import Attachment, Event
from cases.services import attachments
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.cases.cast import MONDAY, District, at

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def photo(colour: str = "red", size: tuple[int, int] = (20, 10)) -> bytes:
    """A small JPEG."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def files() -> list[str]:
    """Every file in the upload folder."""
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_photo_gets_a_row_an_event_and_a_random_name(district: District) -> None:
    case = district.register()
    upload = SimpleUploadedFile("../三号楼/漏水 照片.png", photo(), "text/html")
    kept = attachments.store(case, upload, actor=district.actor("clerk"), now=MONDAY, purpose="现场")
    assert (kept.case, kept.name, kept.mime, kept.purpose) == (case, "漏水 照片.jpg", "image/jpeg", "现场")
    assert kept.uploaded_by == district.people["clerk"]
    assert files() == [kept.path]
    event = Event.objects.filter(case=case).latest("seq")
    assert (event.kind, event.data["attachments"], event.actor_name) == ("attach", [str(kept.uid)], "小王")
    with attachments.open_file(kept) as opened:
        assert len(opened.read()) == kept.size


@pytest.mark.behaviour(5)
def test_a_web_page_named_like_a_photo_is_refused_and_nothing_stays(district: District) -> None:
    case = district.register()
    upload = SimpleUploadedFile("照片.jpg", b"<html><script>1</script></html>", "image/jpeg")
    with pytest.raises(Incomplete) as refused:
        attachments.store(case, upload, actor=district.actor("clerk"), now=MONDAY)
    assert refused.value.errors == {
        "file": [
            "为了安全，不能上传网页和矢量图文件。可以上传JPG、PNG、WebP 图片，"
            "以及 PDF、Word（docx）、Excel（xlsx）文件。"
        ]
    }
    assert (files(), Attachment.objects.count(), case.events.count()) == ([], 0, 1)


@pytest.mark.behaviour(5)
def test_a_resident_sends_photos_but_no_documents(district: District) -> None:
    resident = service_actor("resident")
    with pytest.raises(Incomplete):
        attachments.store(None, SimpleUploadedFile("a.pdf", PDF), actor=resident, now=MONDAY, resident=True)
    kept = attachments.store(None, SimpleUploadedFile("a.jpg", photo()), actor=resident, now=MONDAY, resident=True)
    staff = attachments.store(
        district.register(), SimpleUploadedFile("a.pdf", PDF), actor=district.actor("clerk"), now=MONDAY
    )
    assert (kept.case, kept.mime, staff.mime) == (None, "image/jpeg", "application/pdf")


def test_who_may_not_write_on_the_case_leaves_no_bytes(district: District) -> None:
    case = district.register()
    with pytest.raises(NotYou):
        attachments.store(case, SimpleUploadedFile("a.jpg", photo()), actor=district.actor("auditor"), now=MONDAY)
    assert files() == []


def test_when_the_door_refuses_after_the_bytes_were_written_they_are_taken_away(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = district.register()

    def refuse(*_args: object, **_more: object) -> None:
        assert len(files()) == 1
        raise NotNow("moved meanwhile")

    monkeypatch.setattr(attachments, "record", refuse)
    with pytest.raises(NotNow):
        attachments.store(case, SimpleUploadedFile("a.jpg", photo()), actor=district.actor("clerk"), now=MONDAY)
    assert (files(), Attachment.objects.count()) == ([], 0)


def test_the_same_submission_twice_is_one_attachment_and_one_event(district: District) -> None:
    case = district.register()
    send = {"actor": district.actor("clerk"), "now": MONDAY, "client_id": "phone-0001"}
    first = attachments.store(case, SimpleUploadedFile("a.jpg", photo()), **send)
    again = attachments.store(case, SimpleUploadedFile("a.jpg", photo()), **send)
    assert (again, case.events.count(), files()) == (first, 2, [first.path])
    with pytest.raises(NotNow):
        attachments.store(case, SimpleUploadedFile("b.jpg", photo("blue")), **send)
    assert files() == [first.path]


def test_the_sweep_takes_orphans_and_unclaimed_uploads_and_nothing_else(district: District) -> None:
    now = at(28)
    kept = attachments.store(
        district.register(), SimpleUploadedFile("a.jpg", photo()), actor=district.actor("clerk"), now=MONDAY
    )
    send = {"actor": service_actor("resident"), "resident": True}
    attachments.store(None, SimpleUploadedFile("b.jpg", photo()), now=MONDAY, **send)
    waiting = attachments.store(None, SimpleUploadedFile("c.jpg", photo()), now=at(27, 20), **send)
    root = Path(settings.MEDIA_ROOT)
    (root / "00").mkdir(exist_ok=True)
    for name, age in (("old.part", timedelta(hours=2)), ("new.part", timedelta(minutes=2))):
        (root / "00" / name).write_bytes(b"half")
        moment = (now - age).timestamp()
        os.utime(root / "00" / name, (moment, moment))
    assert attachments.sweep(now) == 2
    assert files() == sorted([kept.path, waiting.path, "00/new.part"])
    assert list(Attachment.objects.order_by("id")) == [kept, waiting]
