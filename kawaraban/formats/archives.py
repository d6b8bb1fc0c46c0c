"""A zip from elsewhere, unpacked in memory: small, flat, and nothing in it that only looks like a file."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from io import BytesIO

from kawaraban.formats.items import FormatError

LARGEST = 100 * 1024 * 1024
"""Bytes of all files together, unpacked."""
MOST = 1_000
"""Files."""
STEEPEST = 200
"""Times its own size that an archive may unpack to. Text shrinks to a tenth, endless repetition to a thousandth."""

_ENTRY = b"PK\x01\x02"
_LOCAL = struct.Struct("<26xHH")
_SHRUNK = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
)
_ODD_NAME = re.compile(r"[\x00-\x1f\x7f\\]|^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError,
    ValueError,
)  # fmt: skip


def read_zip(data: bytes, largest: int = LARGEST) -> dict[str, bytes]:
    """The files of an archive by their bare names, without folders. Hidden files, such as those of macOS, are left out.

    Args:
        largest: bytes of all files together, as the archive says and as they turn out.

    Raises:
        FormatError: it is broken, too large, or holds what no agency sends: links, archives, files outside of it, two
            of the same name or in the same place.
    """
    # Counted before zipfile makes an object of each: a million of them are half a gigabyte.
    if data.count(_ENTRY) > MOST:
        raise FormatError(f"The archive holds more than {MOST:,} files.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            files = [entry for entry in archive.infolist() if _is_file(entry)]
            total = sum(entry.file_size for entry in files)
            if total > min(largest, STEEPEST * len(data)):
                raise FormatError(f"The archive unpacks to {total:,} bytes, which is too much for its size or for us.")
            _refuse_overlaps(data, archive)
            found: dict[str, bytes] = {}
            for entry in files:
                name = entry.filename.rpartition("/")[2]
                if name in found:
                    raise FormatError(f"The archive holds two files with the name {name}.")
                found[name] = _unpacked(archive, entry)
    except _BROKEN as error:
        raise FormatError(f"The archive is broken: {error or type(error).__name__}.") from None
    return found


def _is_file(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file to take; what is no honest entry at all ends the reading."""
    # What zipfile makes of a name is shorter when there is a NUL in it.
    if _ODD_NAME.search(entry.orig_filename) or len(entry.orig_filename) > 255:
        raise FormatError("The archive holds a file with a name that leads out of it or that no file may have.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise FormatError("The archive holds a link or a device instead of a file.")
    if entry.flag_bits & 1 or entry.compress_type not in _SHRUNK:
        raise FormatError("The archive is encrypted, or packed in a way other than zip's own.")
    return not entry.is_dir() and not entry.filename.rpartition("/")[2].startswith(".")


def _refuse_overlaps(data: bytes, archive: zipfile.ZipFile) -> None:
    """Let each byte belong to one file: the same packed bytes, named a thousand times, unpack a thousand times.

    Python looks itself from 3.11.8 on (CVE-2024-0450).
    """
    end = archive.start_dir
    for entry in sorted(archive.infolist(), key=lambda each: each.header_offset, reverse=True):
        name, extra = _LOCAL.unpack_from(data, entry.header_offset)
        if entry.header_offset + _LOCAL.size + name + extra + entry.compress_size > end:
            raise FormatError("The archive holds files that lie in one another.")
        end = entry.header_offset


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of one file. zipfile unpacks no more of them than the entry says, and compares their checksum."""
    with archive.open(entry) as file:
        unpacked = file.read(entry.file_size)
    if len(unpacked) != entry.file_size:
        raise FormatError("The archive holds a file that is shorter than it says.")
    if unpacked.startswith(_ARCHIVES):
        raise FormatError("The archive holds another archive.")
    return unpacked
