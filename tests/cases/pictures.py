"""A photograph as a phone would send it."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    """A small JPEG of one colour."""
    stream = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/jpeg")
