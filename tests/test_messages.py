"""Everything that the rooms say can be said in Japanese, and nothing was forgotten."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tests.messages import PACKAGE, catalogue_of, compiled, extracted, fields_of, is_translated, kept, rooms

# The rooms whose every word is marked. A room stands here from the moment that it is done.
SPOKEN = (
    "accounts",
    "decisions",
    "discussion",
    "jobs",
    "live",
    "metrics",
    "moderation",
    "newsroom",
    "screening",
    "search",
    "syndication",
    "theme",
    "wire",
)
# What is called the same in both languages.
NAMES = {"JSON", "RSS", "Atom", "Kawaraban"}

ROOMS = rooms()
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
ATTRIBUTES = {"alt", "aria-label", "content", "label", "placeholder", "title", "value"}
# An example of an address, in a field that asks for one.
ADDRESS = re.compile(r"https?://\S*|/[\w/-]+/")

each_room = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)


@each_room
def test_a_catalogue_has_every_word_of_its_room_and_no_other(room):
    said = {(message.id, message.context) for message in extracted(room) if message.id}
    written = {(message.id, message.context) for message in kept(room) if message.id}
    assert said == written, "`make messages` brings the catalogues up to date."
    assert not kept(room).obsolete


@each_room
def test_every_word_of_a_room_is_translated(room):
    assert [message.id for message in kept(room) if message.id and (not is_translated(message) or message.fuzzy)] == []


@each_room
def test_a_translation_has_the_fields_of_what_it_translates(room):
    assert [message.id for message in kept(room) if message.id and not _has_its_fields(message)] == []


@each_room
def test_what_programs_read_is_what_stands_in_the_catalogue(room):
    assert catalogue_of(room).with_suffix(".mo").read_bytes() == compiled(kept(room))


def test_what_two_rooms_say_alike_is_translated_alike():
    meanings: dict[tuple[str, str | None], set[str]] = {}
    for room in ROOMS:
        for message in kept(room):
            if message.id:
                meanings.setdefault((str(message.id), message.context), set()).add(str(message.string))
    assert {said: found for said, found in meanings.items() if len(found) > 1} == {}


TEMPLATES = [
    file
    for room in SPOKEN
    for file in sorted((PACKAGE / room / "templates").rglob("*"))
    if file.suffix in (".html", ".txt")
]
MODULES = [
    file
    for room in SPOKEN
    for file in sorted((PACKAGE / room).rglob("*.py"))
    if not {"tests", "migrations"} & set(file.relative_to(PACKAGE).parts)
]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_template_says_nothing_that_cannot_be_translated(file):
    assert bare_words(file) == []


@pytest.mark.parametrize("file", sorted(PACKAGE.glob("*/static/**/*.js")), ids=lambda file: file.name)
def test_a_script_has_its_words_from_the_page(file):
    code = re.sub(r"(?m)^\s*//.*|/\*[\s\S]*?\*/", "", file.read_text(encoding="utf-8"))
    assert re.findall(r"""(["'`])([A-Z][a-z]+(?: [a-z]+|:)[^"'`]*)\1""", code) == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_refusal_can_be_translated(file):
    calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    refusals = [call for call in calls if _name(call) == "Refused"]
    assert [ast.unparse(call) for call in refusals if not _is_marked(call.args[-1])] == []
    # Words whose fields are filled in first are in no catalogue.
    marked = [call for call in calls if _name(call) in MARKS]
    assert [ast.unparse(call) for call in marked if any(isinstance(word, ast.JoinedStr) for word in call.args)] == []


# --- Templates -------------------------------------------------------------------------------------------------------


class _Words(HTMLParser):
    """Letters that somebody reads: the text, and what is written in attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag, attributes):
        self._unread += tag in ("script", "style")
        written = dict(attributes)
        for name in ATTRIBUTES & set(written):
            is_data = (name == "value" and written.get("type") not in ("submit", "button")) or (
                name == "content" and written.get("name") not in ("description", "title")
            )
            if not is_data:
                self._look(written[name] or "")

    def handle_endtag(self, tag):
        self._unread -= tag in ("script", "style")

    def handle_data(self, data):
        if not self._unread:
            self._look(data)

    def _look(self, text):
        if ADDRESS.fullmatch(text):
            return
        plain = re.sub(r"\S+--\S+", "", text)  # a class that a page gives to the one around it
        words = [word for word in re.findall(r"[A-Za-z]{2,}", plain) if word not in NAMES]
        if words:
            self.found.append(" ".join(text.split()))


def bare_words(file: Path) -> list[str]:
    """What a template says that no catalogue has: plain text, attributes, and words put in by filters and tags."""
    source = file.read_text(encoding="utf-8")
    plain, found, skipped, in_address = [], [], "", False
    for token in Lexer(source).tokenize():
        words = token.contents.split()
        if skipped:
            if token.token_type == TokenType.BLOCK and words[0] == f"end{skipped}":
                skipped = ""
        elif token.token_type == TokenType.TEXT:
            plain.append("" if in_address else token.contents)
        elif token.token_type == TokenType.BLOCK and words[0] in ("comment", "blocktranslate"):
            skipped = words[0]
            if words[0] == "blocktranslate" and "trimmed" not in words and file.suffix == ".html":
                found.append(token.contents)
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            in_address = words[:2] == ["block", "mine_url"] or (in_address and words[0] != "endblock")
            if token.token_type == TokenType.VAR:
                plain.append("0")
            found += _said_by(token.contents)
    reader = _Words()
    reader.feed("".join(plain))
    reader.close()
    return found + reader.found


def _said_by(contents: str) -> list[str]:
    """Words in a tag or after a filter that stand there in one language."""
    if re.match(r"(translate|url|static|load|extends|include \S+$|partialdef|partial|block) ?", contents):
        return []
    unmarked = re.sub(r"""_\((["']).*?\1\)|\bsizes="[^"]*\"""", "", contents)
    said = re.findall(r"""\|(?:pluralize|yesno|date|time|timesince|capfirst|lower|title)\b[^|} ]*""", unmarked)
    said = [each for each in said if not re.search(r"date:.(c|Y-m|Y-m-d\\TH:i).$", each)]
    said += re.findall(r"""\|default:["'][^"']*[A-Za-z]{2}[^"']*["']""", unmarked)
    return said + re.findall(r"""\w+=["'][^"']*(?:[A-Z]| \w)[^"']*["']""", unmarked)


# --- Modules ---------------------------------------------------------------------------------------------------------


def _name(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _is_marked(message: ast.AST) -> bool:
    """Whether the words come out of a catalogue: marked here, or made by a function, or handed on."""
    if isinstance(message, ast.Constant | ast.JoinedStr):
        return False
    return not any(
        isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add))
        for node in ast.walk(message)
    )


def _has_its_fields(message) -> bool:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    wanted = set().union(*map(fields_of, ids))
    return all(fields_of(text) == wanted for text in texts)
