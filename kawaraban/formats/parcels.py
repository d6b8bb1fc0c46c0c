"""What comes in one delivery: a document, or a zip of documents with the pictures that they name."""

from __future__ import annotations

from kawaraban.formats import detect
from kawaraban.formats.archives import read_zip
from kawaraban.formats.items import FormatError, Item

# Beside them agencies pack checksums, notices and pages for people, which are none of our business.
DOCUMENTS = (".atom", ".json", ".newsml", ".ninjs", ".nitf", ".rss", ".xml")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def is_zip(data: bytes) -> bool:
    """True for what begins as a zip."""
    return data.startswith(_ZIP)


def read(data: bytes, content_type: str = "") -> list[Item]:
    """The items of a document, or of every document in a zip, in the order of their names.

    Raises:
        FormatError: the document or one of them cannot be read, the zip is none that is taken (`archives.read_zip`),
            or holds no document. Nothing of it was read.
    """
    if not is_zip(data):
        return detect.read(data, content_type)
    found: list[Item] = []
    documents = [(name, held) for name, held in sorted(read_zip(data).items()) if name.lower().endswith(DOCUMENTS)]
    if not documents:
        raise FormatError(f"The archive holds no document: no file with a name that ends in {', '.join(DOCUMENTS)}.")
    for name, held in documents:
        try:
            found += detect.read(held)
        except FormatError as error:
            raise FormatError(f"In the archive, {ascii(name)[1:-1][:80]}: {error}") from None
    return found


def files(data: bytes) -> dict[str, bytes]:
    """The files of a zip by their bare names; none of what is no zip, or no longer kept.

    Raises:
        FormatError: as `archives.read_zip`.
    """
    return read_zip(data) if is_zip(data) else {}
