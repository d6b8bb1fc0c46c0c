"""A saved page, plain text or HTML, as numbered lines of text."""

from __future__ import annotations

import re
import stat
from itertools import islice
from pathlib import Path

from kawaraban.importers.page_html import flatten
from kawaraban.importers.page_parts import HtmlHint, PageError, PageLine, PageLines, PageWarning

__all__ = [
    "MAX_BYTES",
    "MAX_LINES",
    "HtmlHint",
    "PageError",
    "PageLine",
    "PageLines",
    "PageWarning",
    "lines_of",
    "read_lines",
]

MAX_BYTES = 20_000_000  # A story with 10,000 comments is about 8 MB; what is larger is no story page.
MAX_LINES = 1_000_000  # The same in lines, of which such a story has 130,000. Each costs memory, even a blank one.

_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:[^-]|-(?!->)){0,2000}-->\s*){0,5}<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?(?:div|p|span|br|a|li|ul|ol|article|section|h[1-6]|table|tr|td)\b[^<>]{0,500}>", re.IGNORECASE)
_FRAGMENT_TAGS = 20
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,20})", re.IGNORECASE)
# Encodings a page may name for itself. Nothing else is taken from a file: Python also knows "unicode_escape".
_NAMED = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "euc-jp": "euc_jp", "euc-kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
    "big5": "big5hkscs", "iso-8859-2": "iso8859_2", "iso-8859-15": "iso8859_15", "koi8-r": "koi8_r",
    "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1253": "cp1253", "windows-1254": "cp1254",
}  # fmt: skip


def read_lines(path: Path | str) -> PageLines:
    """The lines of a saved page with their numbers in the file.

    Raises:
        PageError: the file cannot be read, or is no page of text or HTML.
    """
    path = Path(path)
    name = path.name or str(path)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise PageError(
                f"{name} is a directory, so nothing was imported; name the saved page itself, a .txt or .html file."
            )
        # A pipe or a device would make us wait for ever, or read without end.
        if not stat.S_ISREG(found.st_mode):
            raise PageError(f"{name} is not a regular file, so nothing was imported; save the page as a file first.")
        if found.st_size > MAX_BYTES:
            raise _too_large(name, found.st_size)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # The file may have grown since we asked for its size.
    except FileNotFoundError:
        raise PageError(f"{name} does not exist, so nothing was imported; check the path and try again.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be used"
        raise PageError(
            f"{name} cannot be read ({reason}), so nothing was imported; check its path and permissions and try again."
        ) from error
    return lines_of(data, name)


def lines_of(data: bytes, name: str = "The page") -> PageLines:
    """The lines of a saved page that is already in memory, such as an upload.

    Args:
        data: the file, byte for byte.
        name: what messages call it.
    Raises:
        PageError: this is no page of text or HTML.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(name, len(data))
    text, warnings = _decode(data, name)
    if not text.strip("\ufeff \t\r\n\u00a0\u200b"):
        raise PageError(f"{name} is empty, so nothing was imported; save the page again and try once more.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text[:2_000].lower().count("mime-version:") and "multipart/related" in text[:4_000].lower():
        raise PageError(
            f"{name} is a web archive (MHTML), so nothing was imported; save the page as text or as HTML instead.", 1
        )
    if text.count("\n") > MAX_LINES:
        raise PageError(
            f"{name} has more than {MAX_LINES:,} lines, so nothing was imported; save the page again and try anew."
        )
    if _is_html(text):
        return flatten(text, warnings)
    # Only "\n": the other separators Python knows would number lines differently from every editor.
    lines = tuple(PageLine(number, line) for number, line in enumerate(text.split("\n"), start=1))
    return PageLines(lines, warnings=warnings)


def _too_large(name: str, size: int) -> PageError:
    return PageError(
        f"{name} is {size / 1_000_000:.1f} MB and a story page may have {MAX_BYTES // 1_000_000} MB, so nothing was"
        " imported; save the page as text, without its pictures, and try again."
    )


def _decode(data: bytes, name: str) -> tuple[str, tuple[PageWarning, ...]]:
    warnings: tuple[PageWarning, ...] = ()
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        elif b"\x00" in data:
            raise _binary(name)
        else:
            text, warnings = _decode_bytes(data)
    except UnicodeDecodeError:
        raise _binary(name) from None
    controls = len(text) - len(text.translate(_WITHOUT_CONTROLS))
    # A stray control character happens in pasted comments; one in a hundred does not.
    if "\x00" in text or controls * 100 > len(text):
        raise _binary(name)
    return text.removeprefix("\ufeff"), warnings


def _decode_bytes(data: bytes) -> tuple[str, tuple[PageWarning, ...]]:
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if error.reason == "unexpected end of data":
            # A copy that broke off within a letter is still UTF-8; the parser will say what is missing.
            message = f"The file ends at line {line} within a character, so the end of the page is probably missing."
            return data[: error.start].decode("utf-8-sig"), (PageWarning(line, message),)
    named = _CHARSET.search(data[:4_000])
    encoding = _NAMED.get(named[1].decode("ascii").lower()) if named else None
    if encoding:
        return data.decode(encoding), ()
    text = data.decode("cp1252")
    message = (
        f"Line {line} is not UTF-8, so the page was read as Windows-1252; look at accented letters and quotation marks"
        " before you publish."
    )
    return text, (PageWarning(line, message),)


def _binary(name: str) -> PageError:
    return PageError(
        f"{name} is not a file of text, so nothing was imported; save the page as text or as HTML and try again."
    )


def _is_html(text: str) -> bool:
    if _HTML_START.match(text):
        return True
    # A fragment without a head. A discussion about HTML has tags as well, but its lines do not begin with them.
    if sum(1 for _ in islice(_TAG.finditer(text), _FRAGMENT_TAGS)) < _FRAGMENT_TAGS:
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(_TAG.match(line.lstrip()) is not None for line in lines) * 2 >= len(lines)


_WITHOUT_CONTROLS = dict.fromkeys([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
