"""Threads in which a person has marked every quotation and its source, and how well the search finds them.

A file of `quotations/` has the story's passages (`= VERSION.POSITION text`), then the comments (`--- NUMBER author`,
with an hour if the page shows one). In them `{{SOURCE|words}}` marks what is quoted: SOURCE is the number of a comment,
`vVERSION.POSITION` of a passage, or `?` when nobody here said it; `~` behind it calls the words a misquote.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from kawaraban.discussion.quoting import StoryPassage, Words

FOLDER = Path(__file__).parent / "quotations"
TUNED, HELD_OUT = FOLDER / "tuned", FOLDER / "held_out"

_PASSAGE = re.compile(r"= (\d+)\.(\d+) (.*)")
_COMMENT = re.compile(r"--- (\d+) (.+?)(?: (\d\d:\d\d [ap]m [A-Z]+))?")
_MARKED = re.compile(r"\{\{([^|{}~]+)(~?)\|(.*?)\}\}", re.DOTALL)


@dataclass
class Marked:
    """A quotation as a person marked it."""

    start: int
    end: int
    source: int | StoryPassage | None
    is_exact: bool


@dataclass
class Said:
    """A comment of a labelled thread."""

    number: int
    author: str
    hour: str
    text: str = ""
    quotations: list[Marked] = field(default_factory=list)


@dataclass
class Labelled:
    """A labelled thread."""

    name: str
    passages: list[tuple[int, int, str]] = field(default_factory=list)
    comments: list[Said] = field(default_factory=list)

    def words(self) -> Words:
        """The thread in an index."""
        words = Words()
        for version, position, text in self.passages:
            words.add_passage(version, position, text)
        for said in self.comments:
            words.add_comment(said.number, said.author, said.text, said.hour)
        return words


@dataclass
class Score:
    """Pairs of comment and source found rightly, found wrongly, and missed; what went wrong, in words."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of the pairs found, how many are right."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of the pairs there are, how many are found."""
        return self.right / (self.right + self.missed)

    def count(self, name: str, found: set[object], wanted: set[object]) -> None:
        """Note what was found in one comment, and what a person found in it."""
        self.right += len(found & wanted)
        self.wrong += len(found - wanted)
        self.missed += len(wanted - found)
        if found != wanted:
            self.mistakes.append(f"{name}: found {found or 'nothing'}, but it is {wanted or 'nothing'}")


def read(path: Path) -> Labelled:
    """The labelled thread of a file."""
    thread = Labelled(path.stem)
    head, *parts = re.split(r"^(?=--- )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for part in re.split(r"^(?== )", head, flags=re.MULTILINE):
        if passage := re.fullmatch(_PASSAGE.pattern, part.strip(), re.DOTALL):
            thread.passages.append((int(passage[1]), int(passage[2]), passage[3]))
    for part in parts:
        first, _, text = part.partition("\n")
        heading = _COMMENT.fullmatch(first)
        said = Said(int(heading[1]), heading[2], heading[3] or "")
        at = 0
        for marked in _MARKED.finditer(text.rstrip("\n")):
            said.text += text[at : marked.start()]
            start = len(said.text)
            said.text += marked[3]
            said.quotations.append(Marked(start, len(said.text), _source(marked[1]), not marked[2]))
            at = marked.end()
        said.text += text[at:].rstrip("\n")
        thread.comments.append(said)
    return thread


def read_all(folder: Path) -> list[Labelled]:
    """The labelled threads of a folder."""
    return [read(path) for path in sorted(folder.glob("*.txt"))]


def score(threads: list[Labelled]) -> Score:
    """How well the search does on labelled threads."""
    total = Score()
    for thread in threads:
        words = thread.words()
        for said in thread.comments:
            found = {each.source for each in words.find(said.text, said.number)}
            wanted = {each.source for each in said.quotations}
            total.count(f"{thread.name} #{said.number}", found - {None}, wanted - {None})
    return total


def _source(name: str) -> int | StoryPassage | None:
    if name == "?":
        return None
    if name.startswith("v"):
        version, position = name[1:].split(".")
        return StoryPassage(int(version), int(position))
    return int(name)
