"""Uploaded files, each made here byte by byte."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from openpyxl import Workbook
from PIL import Image

from governance_portal.lib import images
from governance_portal.lib.images import (
    DOCX,
    JPEG,
    PDF,
    PNG,
    WEBP,
    XLSX,
    BadFile,
    CleanFile,
    accept_file,
    clean_image,
    sniff,
)

TAKEN = "可以上传JPG、PNG、WebP 图片"
TAKEN_OF_STAFF = f"{TAKEN}，以及 PDF、Word（docx）、Excel（xlsx）文件。"
BROKEN = "这张图片已损坏，打不开。请重新拍照或换一张图片上传。"
TOO_LARGE = "这张图片的像素太大（超过 4000 万像素）。请缩小后再上传。"

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    """A picture, red on the left and blue on the right."""
    picture = Image.new(mode, size, "blue" if mode != "L" else 40)
    picture.paste("red" if mode != "L" else 200, (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> bytes:
    data = Image.Exif()
    data[ORIENTATION] = orientation
    data[MAKE] = "SecretPhoneMaker"
    data.get_ifd(GPS).update({1: "N", 2: (39.0, 19.0, 52.0), 3: "E", 4: (112.0, 25.0, 59.0)})
    return data.tobytes()


def package(content_type: str, part: str, **more: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{content_type}.main+xml"/></Types>')
        archive.writestr(part, "<x/>")
        for name, data in more.items():
            archive.writestr(name, data)
    return out.getvalue()


def plain_zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.bat", "calc")
    return out.getvalue()


PDF_FILE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HEIC_FILE = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40
SVG_FILE = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


# ── by content ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (photo("JPEG"), JPEG),
        (photo("PNG"), PNG),
        (photo("WEBP"), WEBP),
        (photo("GIF"), "image/gif"),
        (photo("BMP"), "image/bmp"),
        (photo("TIFF"), "image/tiff"),
        (HEIC_FILE, "image/heic"),
        (b"\0\0\0\x18ftypisom" + b"\0" * 40, "video/mp4"),
        (PDF_FILE, PDF),
        (package(DOCX, "word/document.xml"), DOCX),
        (package(XLSX, "xl/workbook.xml"), XLSX),
        (package(DOCX, "xl/workbook.xml"), "application/zip"),
        (plain_zip(), "application/zip"),
        (b"PK\x03\x04 cut short", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "application/x-ole-storage"),
        (SVG_FILE, "image/svg+xml"),
        (b"\xef\xbb\xbf \n<SVG onload=alert(1)>", "image/svg+xml"),
        (b"<!DOCTYPE html><html>", "text/html"),
        ("<html><body>你好".encode("utf-16"), "text/html"),
        (b"ID3\x03 a song", "application/octet-stream"),
        ("随便写的".encode(), "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
    ids=range(22),
)
def test_the_type_is_told_by_content(data: bytes, mime: str) -> None:
    assert sniff(data) == mime


def test_a_real_workbook_is_known() -> None:
    out = BytesIO()
    Workbook().save(out)
    assert accept_file(out.getvalue(), documents=True) == CleanFile(out.getvalue(), XLSX, ".xlsx")


# ── images ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "mime", "extension"), [("JPEG", JPEG, ".jpg"), ("PNG", PNG, ".png"), ("WEBP", WEBP, ".webp")]
)
def test_position_and_maker_are_dropped_and_the_picture_stands_upright(kind: str, mime: str, extension: str) -> None:
    sent = photo(kind, exif=exif(orientation=6))
    assert b"SecretPhoneMaker" in sent
    kept = accept_file(sent)
    assert (kept.mime, kept.extension) == (mime, extension)
    assert b"SecretPhoneMaker" not in kept.data
    picture = Image.open(BytesIO(kept.data))
    assert (picture.size, dict(picture.getexif()), picture.format) == ((20, 40), {}, kind)
    # Turned by a quarter clockwise: what was left is now above.
    above, below = picture.convert("RGB").getpixel((10, 5)), picture.convert("RGB").getpixel((10, 35))
    assert above[0] > 200 > 60 > above[2]
    assert below[2] > 200 > 60 > below[0]


def test_comments_and_text_chunks_are_dropped() -> None:
    assert b"comment of the sender" not in clean_image(photo("JPEG", comment=b"comment of the sender"))[0]
    chunk = b"tEXtComment\0comment of the sender"
    sent = photo("PNG")
    body = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    with_text = sent[:33] + body + sent[33:]
    assert Image.open(BytesIO(with_text)).info == {"Comment": "comment of the sender"}
    assert b"comment of the sender" not in clean_image(with_text)[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_polyglot_keeps_only_its_picture(kind: str) -> None:
    sent = photo(kind) + plain_zip()
    cleaned, _ = clean_image(sent)
    assert (zipfile.is_zipfile(BytesIO(sent)), zipfile.is_zipfile(BytesIO(cleaned))) == (True, False)
    assert b"run.bat" not in cleaned


@pytest.mark.parametrize(
    ("kind", "mode", "kept"),
    [
        ("PNG", "RGBA", "RGBA"),
        ("PNG", "LA", "RGBA"),
        ("PNG", "P", "RGB"),
        ("PNG", "L", "RGB"),
        ("PNG", "1", "RGB"),
        ("WEBP", "RGBA", "RGBA"),
        ("JPEG", "L", "RGB"),
        ("JPEG", "CMYK", "RGB"),
    ],
)
def test_every_kind_of_colour_is_kept_or_made_plain(kind: str, mode: str, kept: str) -> None:
    out = BytesIO()
    Image.new(mode, (8, 8)).save(out, kind, **({"lossless": True} if kind == "WEBP" else {}))
    cleaned, _ = clean_image(out.getvalue())
    assert Image.open(BytesIO(cleaned)).mode == kept


def test_cleaning_twice_is_possible_and_keeps_the_size() -> None:
    once, mime = clean_image(photo())
    twice, same = clean_image(once)
    assert (mime, same, Image.open(BytesIO(twice)).size) == (JPEG, JPEG, (40, 20))


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a size: decoding it would ask for all that memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(6400, 6400), (8000, 8000), (40_000, 40_000), (1, 40_000_001)])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(BadFile) as raised:
        clean_image(png_claiming(width, height))
    assert raised.value.detail == TOO_LARGE


def test_the_largest_allowed_image_is_the_cap_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "LARGEST_IMAGE", 800)
    assert clean_image(photo(size=(40, 20)))[1] == JPEG
    with pytest.raises(BadFile):
        clean_image(photo(size=(41, 20)))


@pytest.mark.parametrize(
    "data",
    [
        photo("JPEG", size=(400, 400))[:-200],
        photo("PNG", size=(400, 400))[:-60],
        photo("WEBP")[:-20],
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\xff\xd8\xff<svg onload=alert(1)>",
        png_claiming(0, 0),
        photo("PNG").replace(b"IDAT", b"IDAX"),
    ],
    ids=range(9),
)
def test_a_broken_image_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BadFile) as raised:
        clean_image(data)
    assert raised.value.detail == BROKEN


def test_every_cut_and_every_flip_of_an_image_is_taken_or_refused_and_never_an_error() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        sent = photo(kind)
        changed = [sent[:length] for length in range(1, len(sent), 7)]
        changed += [sent[:at] + bytes([sent[at] ^ 0xFF]) + sent[at + 1 :] for at in range(0, len(sent), 3)]
        for data in changed:
            try:
                _, mime = clean_image(data)
            except BadFile as refused:
                assert refused.detail.endswith("。")
            else:
                assert mime in {JPEG, PNG, WEBP}


# ── what may be sent ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "mime", "extension"),
    [
        (PDF_FILE, PDF, ".pdf"),
        (package(DOCX, "word/document.xml"), DOCX, ".docx"),
        (package(XLSX, "xl/workbook.xml"), XLSX, ".xlsx"),
    ],
)
def test_staff_may_send_documents_and_residents_only_photos(data: bytes, mime: str, extension: str) -> None:
    assert accept_file(data, documents=True) == CleanFile(data, mime, extension)
    with pytest.raises(BadFile) as raised:
        accept_file(data)
    assert raised.value.detail == f"不支持这种文件。{TAKEN}。"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "这个文件是空的。请重新选择文件上传。"),
        (b"\xff" * (20 * 1024 * 1024 + 1), "文件超过 20 MB。请压缩或拆分后再上传。"),
        (
            HEIC_FILE,
            "暂不支持苹果手机的 HEIC 照片。请在相机设置的「格式」里选「兼容性最佳」，或把照片另存为 JPG 后上传。",
        ),
        (SVG_FILE, f"为了安全，不能上传网页和矢量图文件。{TAKEN_OF_STAFF}"),
        (b"<!doctype html><script>alert(1)</script>", f"为了安全，不能上传网页和矢量图文件。{TAKEN_OF_STAFF}"),
        (plain_zip(), f"不支持压缩包和带宏的文档。{TAKEN_OF_STAFF}"),
        (
            package(DOCX, "word/document.xml", **{"word/vbaProject.bin": b"macro"}),
            f"不支持压缩包和带宏的文档。{TAKEN_OF_STAFF}",
        ),
        (
            package("application/vnd.ms-word.document.macroEnabled", "word/document.xml"),
            f"不支持压缩包和带宏的文档。{TAKEN_OF_STAFF}",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            f"不支持旧版 Word、Excel 文件（doc、xls）。请另存为 docx、xlsx 后上传；{TAKEN_OF_STAFF}",
        ),
        (b"MZ\x90\0 a program", f"不支持这种文件。{TAKEN_OF_STAFF}"),
        (photo("GIF"), f"不支持这种文件。{TAKEN_OF_STAFF}"),
        (b"ID3\x03 a song", f"不支持这种文件。{TAKEN_OF_STAFF}"),
        (PDF_FILE[:-8], "这个 PDF 文件不完整或夹带了其他内容。请重新导出后上传。"),
        (PDF_FILE + plain_zip(), "这个 PDF 文件不完整或夹带了其他内容。请重新导出后上传。"),
    ],
    ids=range(14),
)
@pytest.mark.behaviour(5)
def test_what_cannot_be_taken_says_why_and_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(BadFile) as raised:
        accept_file(data, documents=True)
    assert (raised.value.detail, str(raised.value)) == (sentence, sentence)


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = package(DOCX, "word/document.xml", more=b"\0" * 10_000)
    assert sniff(bomb) == DOCX
    monkeypatch.setattr(images, "_LARGEST_UNPACKED", 10_000)
    assert sniff(bomb) == "application/zip"
