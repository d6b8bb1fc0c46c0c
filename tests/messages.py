"""The catalogues of words: what the rooms say, and how it is said in Japanese. `make messages` brings them up to date.

Plain Python with Babel, so that nobody needs the tools of GNU gettext. Each room has its own catalogue below `locale`.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parents[1] / "kawaraban"
LANGUAGE = "ja"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_UNREAD = {"tests", "migrations", "static"}
# A catalogue tells the same whenever it is written.
_WRITTEN = datetime(2026, 11, 23, tzinfo=UTC)


def rooms() -> list[Path]:
    """The rooms that have anything to say."""
    return [room for room in sorted(PACKAGE.iterdir()) if (room / "__init__.py").exists() and any(_said_in(room))]


def catalogue_of(room: Path) -> Path:
    """Where the catalogue of a room lies."""
    return room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def extracted(room: Path) -> Catalog:
    """What a room says, without translations."""
    found = Catalog()
    for place, message, context in _said_in(room):
        found.add(message, locations=[(place, 0)], context=context)
    return found


def kept(room: Path) -> Catalog:
    """The catalogue of a room as it was written last; an empty one where there is none."""
    file = catalogue_of(room)
    if not file.exists():
        return _empty(room)
    with file.open("rb") as opened:
        return read_po(opened, locale=LANGUAGE)


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as programs read it."""
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def update(room: Path) -> list[Message]:
    """Write a room's catalogue anew: its own words, with the translations they had. Returns those that have none."""
    before, now = kept(room), _empty(room)
    for message in extracted(room):
        if message.id:
            old = before.get(message.id, message.context)
            places = sorted(set(message.locations))
            now.add(message.id, old.string if old else None, places, context=message.context)
    file = catalogue_of(room)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        write_po(opened, now, width=120, include_lineno=False, sort_by_file=True)
    file.with_suffix(".mo").write_bytes(compiled(kept(room)))
    return [message for message in now if message.id and not is_translated(message)]


def is_translated(message: Message) -> bool:
    """Whether every form of a message has its words."""
    return bool(message.string) and (isinstance(message.string, str) or all(message.string))


def fields_of(text: str) -> set[str]:
    """The places of a message in which something is put: `%(name)s`, `{name}`, `{count:,}`."""
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*(?::[^{} ]+)?\}", text))


def _empty(room: Path) -> Catalog:
    return Catalog(
        locale=LANGUAGE,
        project="Kawaraban",
        version="",
        header_comment=f"# Japanese of {room.name}. `make messages` writes this file; the translations in it are kept.",
        creation_date=_WRITTEN,
        revision_date=_WRITTEN,
        fuzzy=False,
    )


def _said_in(room: Path) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    for file in sorted(room.rglob("*")):
        if file.suffix not in (".py", ".html", ".txt") or {"tests", "migrations", "static"} & set(
            file.relative_to(room).parts
        ):
            continue
        text = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            if "templates" not in file.parts:
                continue
            text = _as_python(text)
        place = file.relative_to(PACKAGE.parent).as_posix()
        for _, message, _, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            yield place, message, context


def _as_python(template: str) -> str:
    """The calls that a template makes; what stands around them is no Python, and its indentation says nothing."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def main() -> int:
    """Bring every catalogue up to date."""
    settings.configure()
    django.setup()
    missing = [(room.name, message.id) for room in rooms() for message in update(room)]
    for room, message in missing:
        print(f"{room}: {message!r} has no translation.")  # noqa: T201 - a command
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
