"""An upload that is too large is stopped while it arrives."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from governance_portal.api_errors import handler


def sent(size: int) -> Any:
    """A form with one file of so many bytes, as the server reads it."""
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("照片.jpg", b"x" * size)})
    return request.FILES["file"]


def test_a_file_at_the_limit_arrives_whole(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000

    assert sent(100_000).size == 100_000


def test_a_file_over_the_limit_is_refused_with_a_sentence(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000

    with pytest.raises(RequestDataTooBig) as refused:
        sent(100_001)
    response = handler(refused.value, {})
    assert response is not None
    assert (response.status_code, response.data["detail"]) == (413, "上传的内容过大，请压缩后重试。")


def test_a_declared_length_beyond_all_files_is_refused_unread(settings: Any) -> None:
    settings.UPLOAD_REQUEST_MAX_BYTES = 1000
    body = BytesIO(b"")
    kind = "multipart/form-data; boundary=x"
    request = RequestFactory().generic("POST", "/", CONTENT_TYPE=kind, CONTENT_LENGTH="1001", **{"wsgi.input": body})

    with pytest.raises(RequestDataTooBig):
        _ = request.POST
    assert body.tell() == 0
