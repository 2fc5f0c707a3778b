"""What may come in: a short list of kinds, each recognised by its bytes; pictures are painted anew, text must be text.

Never trusted: the browser's content type, the extension alone, the name. Never taken: SVG, HTML, XML, archives, programs, macros.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from backoffice.refusals import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_MEMBERS, MOST_UNPACKED, MOST_RATIO = 2000, 200 * 1024 * 1024, 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Screened:
    """A file that may be kept: its clean name, its true type and the bytes to keep."""

    name: str
    content_type: str
    content: bytes


def screen(name: str, content: bytes) -> Screened:
    """Check an upload by its extension and its bytes; Refused with words when it is none of what we take."""
    name = clean_name(name)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in KINDS:
        taken = ", ".join(sorted(KINDS))
        raise Refused(
            _("Files of the kind «%(kind)s» are not taken; these are: %(taken)s.")
            % {"kind": extension or "—", "taken": taken}
        )
    if not content:
        raise Refused(_("«%(name)s» is empty.") % {"name": name})
    if len(content) > MOST_BYTES:
        raise too_large(name)
    content_type, check = KINDS[extension]
    try:
        return Screened(name, content_type, check(content))
    except (_NotThat, UnidentifiedImageError, zipfile.BadZipFile, OSError, ValueError, SyntaxError):
        raise Refused(
            _("«%(name)s» is not a sound %(kind)s file. Open it in its own program and save it again.")
            % {"name": name, "kind": extension.upper()}
        ) from None
    except Image.DecompressionBombError:
        raise Refused(_("The picture «%(name)s» has too many pixels.") % {"name": name}) from None


def too_large(name: str) -> Refused:
    """The refusal of a file beyond the limit."""
    words = _("«%(name)s» is larger than %(megabytes)s MB.")
    return Refused(words % {"name": clean_name(name), "megabytes": MOST_BYTES // 1024**2})


def clean_name(name: str) -> str:
    """The last part of the name without control characters and direction marks, at most 150 long with its extension kept."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .") or "file"
    stem, dot, extension = name.rpartition(".")
    return name if len(name) <= 150 else (stem or extension)[: 149 - len(extension)] + dot + extension[:20]


class _NotThat(Exception):
    pass


def _pdf(content: bytes) -> bytes:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise _NotThat
    return content


def _picture(kind: str) -> Callable[[bytes], bytes]:
    def paint_anew(content: bytes) -> bytes:
        """Only the pixels are kept: no metadata (where a photo was taken), nothing hidden behind the picture."""
        with Image.open(io.BytesIO(content), formats=(kind,)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            upright = ImageOps.exif_transpose(picture)
            wanted = "RGB" if kind == "JPEG" or ("A" not in upright.mode and upright.mode != "P") else "RGBA"
            clean = Image.new(wanted, upright.size)
            clean.paste(upright.convert(wanted))
        out = io.BytesIO()
        clean.save(out, kind, **({"quality": 90} if kind != "PNG" else {"optimize": False}))
        return out.getvalue()

    return paint_anew


def _package(needed: str) -> Callable[[bytes], bytes]:
    def look_inside(content: bytes) -> bytes:
        """A zip of the right build, without macros, whose members unpack to a sane size."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            unpacked = sum(member.file_size for member in members)
            packed = max(1, sum(member.compress_size for member in members))
            if needed not in names or any("vbaproject" in one.lower() for one in names):
                raise _NotThat
            if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked / packed > MOST_RATIO:
                raise _NotThat
        return content

    return look_inside


def _words(content: bytes) -> bytes:
    """Text in UTF-8 or GB18030 that is no markup."""
    if b"\0" in content:
        raise _NotThat
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    if re.match(r"\s*<[?!a-z]", text, re.IGNORECASE):
        raise _NotThat
    return content


KINDS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "pdf": ("application/pdf", _pdf),
    "png": ("image/png", _picture("PNG")),
    "jpg": ("image/jpeg", _picture("JPEG")),
    "jpeg": ("image/jpeg", _picture("JPEG")),
    "webp": ("image/webp", _picture("WEBP")),
    "xlsx": (XLSX, _package("xl/workbook.xml")),
    "docx": (DOCX, _package("word/document.xml")),
    "ofd": ("application/ofd", _package("OFD.xml")),  # the form of China's electronic invoices
    "csv": ("text/csv", _words),
    "txt": ("text/plain", _words),
}
