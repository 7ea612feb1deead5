"""Uploaded files: judged by their content, never by their name; images re-encoded so that nothing rides along.

Residents may send photos (JPEG, PNG, WebP); staff also PDF, Word (docx) and Excel (xlsx). Everything else is refused
with ``BadFile`` and a Chinese sentence. Re-encoding drops EXIF with its GPS position, comments and whatever a polyglot
carries, after the picture was turned upright. Documents are kept as they are and must be served as attachments.
"""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from governance_portal.lib.errors import BadFile as BadFile

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of one file."""
LARGEST_IMAGE = 40_000_000
"""Pixels of one image, checked before it is decoded."""

SMALL_SIDE = 240
"""Pixels of the longer side of a small version."""

# Pillow's own guard, which warns above this and refuses above twice as much.
Image.MAX_IMAGE_PIXELS = LARGEST_IMAGE

JPEG, PNG, WEBP, HEIC, PDF = "image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"
SVG, HTML, UNKNOWN = "image/svg+xml", "text/html", "application/octet-stream"
ZIP, OLE = "application/zip", "application/x-ole-storage"
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX, XLSX = f"{_OFFICE}.wordprocessingml.document", f"{_OFFICE}.spreadsheetml.sheet"

EXTENSIONS = {JPEG: ".jpg", PNG: ".png", WEBP: ".webp", PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx"}
"""What is kept, with the extension it is stored under."""
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}

_PREFIXES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})
_BYTES_LOOKED_AT = 1024
_MOST_MEMBERS = 5_000
_LARGEST_UNPACKED = 200 * 1024 * 1024
_LARGEST_CONTENT_TYPES = 1024 * 1024
_PDF_TAIL = 2048
_WHAT_DECODERS_RAISE = (
    *(OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, OverflowError),
    *(struct.error, zlib.error, MemoryError),
)


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file as it may be stored: its bytes, its media type by content, the extension to go with it."""

    data: bytes
    mime: str
    extension: str


def accept_file(data: bytes, *, documents: bool = False) -> CleanFile:
    """The file made safe to store. Photos always; with ``documents`` (staff) PDF, docx and xlsx too. BadFile if not."""
    mime = _sniffed(data)
    if mime in _FORMATS:
        cleaned, mime = clean_image(data)
        return CleanFile(cleaned, mime, EXTENSIONS[mime])
    if not documents or mime not in EXTENSIONS:
        raise BadFile(_refusal(mime, documents))
    if mime == PDF:
        _check_pdf(data)
    return CleanFile(data, mime, EXTENSIONS[mime])


def clean_image(data: bytes) -> tuple[bytes, str]:
    """(bytes, media type) of the picture alone, upright, in the format it came in. BadFile for anything else."""
    mime = _sniffed(data)
    if mime not in _FORMATS:
        raise BadFile(_refusal(mime, documents=False))
    try:
        with Image.open(BytesIO(data), formats=[_FORMATS[mime]]) as opened:
            _check_size(opened)
            picture = _pixels_alone(opened, mime)
        out = BytesIO()
        picture.save(out, _FORMATS[mime], **({} if mime == PNG else {"quality": 88}))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadFile(_TOO_MANY_PIXELS) from None
    except BadFile:
        raise
    except _WHAT_DECODERS_RAISE:
        raise BadFile("这张图片已损坏，打不开。请重新拍照或换一张图片上传。") from None
    return out.getvalue(), mime


def small_image(data: bytes, side: int = SMALL_SIDE) -> bytes:
    """A JPEG of the picture, no side longer than ``side``, on white; from a picture that was cleaned before."""
    with Image.open(BytesIO(data)) as opened:
        _check_size(opened)
        opened.draft("RGB", (side, side))
        picture = opened.convert("RGBA" if "A" in opened.getbands() or "transparency" in opened.info else "RGB")
    picture.thumbnail((side, side))
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    out = BytesIO()
    picture.save(out, "JPEG", quality=76)
    return out.getvalue()


def sniff(data: bytes) -> str:
    """The media type by content; ``application/octet-stream`` for what is not known. Never raises, decodes nothing."""
    head = bytes(data[:_BYTES_LOOKED_AT])
    for prefix, mime in _PREFIXES:
        if head.startswith(prefix):
            return _office_type(data) if mime == ZIP else mime
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return HEIC if head[8:12] in _HEIF_BRANDS else "video/mp4"
    return _markup_type(head)


# ── images ──────────────────────────────────────────────────────────────────────────────────────────────────────

_TOO_MANY_PIXELS = "这张图片的像素太大（超过 4000 万像素）。请缩小后再上传。"


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > LARGEST_IMAGE:
        raise BadFile(_TOO_MANY_PIXELS)


def _pixels_alone(opened: Image.Image, mime: str) -> Image.Image:
    """The first frame, decoded and upright, with nothing left of its metadata."""
    opened.load()
    picture = ImageOps.exif_transpose(opened)
    see_through = mime != JPEG and ("A" in picture.getbands() or "transparency" in picture.info)
    picture = picture.convert("RGBA" if see_through else "RGB")
    picture.info.clear()
    return picture


# ── documents ───────────────────────────────────────────────────────────────────────────────────────────────────


def _check_pdf(data: bytes) -> None:
    """A PDF to its end: not cut off, and not another file as well (a ZIP read from its tail)."""
    if b"%%EOF" not in data[-_PDF_TAIL:] or zipfile.is_zipfile(BytesIO(data)):
        raise BadFile("这个 PDF 文件不完整或夹带了其他内容。请重新导出后上传。")


def _office_type(data: bytes) -> str:
    """docx or xlsx when the package says so and is of a sane size, without macros; otherwise just a ZIP."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            members = package.infolist()
            names = {member.filename for member in members}
            if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _LARGEST_UNPACKED:
                return ZIP
            if package.getinfo("[Content_Types].xml").file_size > _LARGEST_CONTENT_TYPES:
                return ZIP
            types = package.read("[Content_Types].xml")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, *_WHAT_DECODERS_RAISE):
        return ZIP
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        return ZIP
    for mime, part in ((DOCX, "word/document.xml"), (XLSX, "xl/workbook.xml")):
        if f"{mime}.main+xml".encode() in types and part in names:
            return mime
    return ZIP


# ── neither ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _markup_type(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.replace(b"\0", b"")[2:].lstrip().lower()
    if not text.startswith(b"<"):
        return UNKNOWN
    return SVG if b"<svg" in text else HTML


def _sniffed(data: bytes) -> str:
    if not data:
        raise BadFile("这个文件是空的。请重新选择文件上传。")
    if len(data) > LARGEST_FILE:
        raise BadFile("文件超过 20 MB。请压缩或拆分后再上传。")
    return sniff(data)


def _refusal(mime: str, documents: bool) -> str:
    taken = "JPG、PNG、WebP 图片" + ("，以及 PDF、Word（docx）、Excel（xlsx）文件" if documents else "")
    if mime == HEIC:
        return "暂不支持苹果手机的 HEIC 照片。请在相机设置的「格式」里选「兼容性最佳」，或把照片另存为 JPG 后上传。"
    if mime == OLE:
        return f"不支持旧版 Word、Excel 文件（doc、xls）。请另存为 docx、xlsx 后上传；可以上传{taken}。"
    if mime == ZIP:
        return f"不支持压缩包和带宏的文档。可以上传{taken}。"
    if mime in (SVG, HTML):
        return f"为了安全，不能上传网页和矢量图文件。可以上传{taken}。"
    return f"不支持这种文件。可以上传{taken}。"
