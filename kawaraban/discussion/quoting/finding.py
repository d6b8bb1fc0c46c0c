"""Find the quotations of a comment and the source of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kawaraban.discussion.quoting.headings import clock
from kawaraban.discussion.quoting.index import WINDOW, Index, Key, Part, Told, compared, passage_key, read
from kawaraban.discussion.quoting.judging import (
    is_misquoted,
    is_quoted_exactly,
    is_quoted_if_sentence,
    is_quoted_in_sentence,
    is_quoted_together,
)
from kawaraban.discussion.quoting.lines import Line, Mark, in_quotes, lines_of
from kawaraban.discussion.quoting.matching import Match, cover, stands_as, surroundings, whole
from kawaraban.discussion.quoting.runs import Run, heading_of, run_under
from kawaraban.discussion.quoting.shapes import Quotation, StoryPassage
from kawaraban.discussion.quoting.text import tokens, typed
from kawaraban.discussion.quoting.tracing import Share, shares, within
from kawaraban.discussion.quoting.writing import Found, quotations

_END: Key = 2**62
_DEEPEST = 12  # Quotations of quotations of quotations whose origin is looked up.
_MOST_SEARCHES = 8  # Comments searched for what they quote, in one search, if that is not known yet.
_MOST_COVERS = 40  # Lines of one comment that are compared word by word.
_MOST_HEADINGS = 60  # Names in one comment under which words are looked for.
_MOST_TEXTS = 16  # Texts with the same words among which the first to say them is looked for.
_MOST_ENDS = 4  # The same, of which one must have the words as a sentence.
_MOST_SCANS = 3  # Quotations of one or two words for which every text is looked at.
_FEW = 6  # Words that may well have been said by somebody else before.


@dataclass(slots=True)
class _Search:
    """What has been found in one comment so far, and what the search may still cost."""

    text: str
    lines: Sequence[Line]
    before: Key
    found: list[Found] = field(default_factory=list)
    named: Told | None = None  # The comment that the last heading named.
    covers: int = _MOST_COVERS
    scans: int = _MOST_SCANS
    headings: int = _MOST_HEADINGS
    known: dict[tuple[Mark, str], list[Match]] = field(default_factory=dict)


class Words:
    """The words of a thread and of its story, in which the sources of quotations are found.

    Build it once and keep it: a new comment is added, an edited one replaced, a removed one forgotten.
    """

    def __init__(self) -> None:
        self._index = Index()
        self._passages: dict[str, Told] = {}
        self._version = 0
        # How many quotations of quotations the search has gone down, how many more comments it may search on the way,
        # and whether it had to do without one.
        self._depth = 0
        self._searches = 0
        self._is_cut = False

    def add_passage(self, version: int, position: int, text: str) -> None:
        """Take in a paragraph of the story as one version has it; position 0 is headline and standfirst."""
        text, words, joined = read(text)
        told = self._passages.get(joined)
        if told is None:
            told = self._passages[joined] = Told(passage_key(version, position), text, joined)
            self._index.add(told, words)
        told.places = sorted({*told.places, (version, position)})
        self._version = max(self._version, version)
        self._forget_parts(0)

    def add_comment(self, number: int, author: str, text: str, time_text: str = "") -> None:
        """Take in a comment, or what it says now; nothing else of that number is known any more.

        Args:
            author: as readers see it; empty when it is not known.
            time_text: the hour as readers see it, such as "07:01 am JST"; empty when it is not known.
        """
        text, words, joined = read(text)
        self._index.add(Told(number, text, joined, " ".join(author.split()).casefold(), clock(time_text)), words)
        self._forget_parts(number)

    def forget(self, number: int) -> None:
        """Let a comment be no source any more, because it was deleted or removed."""
        self._index.remove(number)
        self._forget_parts(number)

    def find(self, text: str, before: int | None = None) -> tuple[Quotation, ...]:
        """The quotations in a text, in order.

        Args:
            before: only comments with a lower number are sources; None for all of them.
        """
        self._searches = _MOST_SEARCHES
        search = self._search(text, _END if before is None else before)
        return tuple(quotations(search.text, search.found, self._source))

    # --- The walk -----------------------------------------------------------------------------------------------------
    def _search(self, text: str, before: Key) -> _Search:
        search = _Search(text, lines_of(text), before)
        at = 0
        while at < len(search.lines):
            at = self._headed(search, at) or self._named_again(search, at) or self._block(search, at)
        return search

    def _headed(self, search: _Search, at: int) -> int:
        """Take a heading and the words under it; where to go on, or 0 when there is none."""
        heading = heading_of(search.text, search.lines, at, self._index, search.before)
        if heading is None or not search.headings:
            return 0
        search.headings -= 1
        below = at + heading.lines
        span = search.lines[at].start, search.lines[below - 1].end
        run = run_under(heading, search.lines[below:], self._index, search.before, self._parts)
        if run is not None:
            search.named = run.told
            search.found.append(self._run(search, run, search.lines[below:], span))
            return below + len(run.matches)
        # A pasted heading is nobody's words; a name may be the writer's way to speak to somebody.
        if search.lines[below].mark != Mark.ARROW or heading.is_guess:
            return below if heading.is_timed else 0
        count = len(search.found)
        below = self._block(search, below)
        if search.found[count:]:
            search.found[count].heading = span
        return below

    def _named_again(self, search: _Search, at: int) -> int:
        """Take lines quoted from the comment that a heading further up named, if they hold words of its own."""
        told, rest = search.named, search.lines[at:]
        if told is None or told.is_story or not rest[0].words:
            return 0
        if not (match := whole(rest[0].words, told)) or not (run := Run.of(told, rest)):
            return 0
        is_quoted = len(run.matches) > 1 and is_quoted_together(rest[: len(run.matches)])
        if not is_quoted and not self._is_exact_quote(search, at, [match]):
            return 0
        if all(within(match, self._parts(told)) for match in run.matches):
            return 0
        search.found.append(self._run(search, run, rest, None))
        return at + len(run.matches)

    def _run(self, search: _Search, run: Run, lines: Sequence[Line], heading: tuple[int, int] | None) -> Found:
        taken = list(lines[: len(run.matches)])
        parts = self._parts(run.told)
        inner = [share for match, line in zip(run.matches, taken, strict=True) for share in shares(match, parts, line)]
        return Found(
            taken,
            run.told,
            all(match.is_exact and _is_all(line, match) for match, line in zip(run.matches, taken, strict=True)),
            heading,
            [share for share in inner if share.told is not run.told],
        )

    def _block(self, search: _Search, at: int) -> int:
        """Take one line without a heading, with the lines that belong to it; where to go on."""
        line = search.lines[at]
        matches = self._matches(search, line)
        if matches and matches[0].is_exact and len(matches[0].pieces) == 1 and _is_all(line, matches[0]):
            if self._is_exact_quote(search, at, matches) or self._continues(search, at, matches):
                self._take(search, line, matches[:1])
                return at + 1
        elif line.words and search.covers:
            search.covers -= 1
            covering = self._cover(search, line)
            if is_misquoted(line, covering) and not self._is_parody(search, covering):
                self._take(search, line, covering)
                return at + 1
        if line.words and (line.mark == Mark.ARROW or (line.mark == Mark.QUOTES and len(line.words) >= 5)):
            search.found.append(Found([line], None, False))
        else:
            self._inline(search, line)
        return at + 1

    def _inline(self, search: _Search, line: Line) -> None:
        """Take what stands in quotation marks within a line."""
        for part in in_quotes(search.text, line):
            matches = self._matches(search, part)
            if matches and is_quoted_in_sentence(part, search.text, matches[0]):
                self._take(search, part, matches[:1], is_block=False)
            elif len(part.words) >= 6 and search.covers and not matches:
                search.covers -= 1
                covering = self._cover(search, part)
                if is_misquoted(part, covering, is_inline=True):
                    self._take(search, part, covering, is_block=False)

    # --- Where the words stand ----------------------------------------------------------------------------------------
    def _matches(self, search: _Search, line: Line) -> list[Match]:
        """The texts that have all words of the line in one piece: who said them first, then the others by age."""
        key = line.mark, search.text[slice(*line.inside)]
        if key not in search.known:  # A text may be one line a thousand times.
            search.known[key] = self._look_up(search, line)
        return search.known[key]

    def _look_up(self, search: _Search, line: Line) -> list[Match]:
        words, before = line.words, search.before
        if len(words) < WINDOW and (not words or line.mark < Mark.QUOTES):
            return []
        texts = self._index.having(words, before)
        if len(words) < WINDOW:
            texts = texts[-1:] or self._scanned(search, line)
        matches = [match for told in texts[:_MOST_TEXTS] if (match := whole(words, told))]
        if len(matches) > 1:
            first = self._first(search.text, line, matches)
            matches.sort(key=lambda match: match is not first)
        return matches

    def _scanned(self, search: _Search, line: Line) -> list[Told]:
        """The latest text that has one or two words somewhere, if they are marked and no "No."."""
        if line.mark != Mark.ARROW or not search.scans or sum(map(len, line.words)) < 5:
            return []
        search.scans -= 1
        latest = self._index.scan(f" {' '.join(line.words)} ", search.before)
        return [latest] if latest else []

    def _cover(self, search: _Search, line: Line) -> list[Match]:
        likely = self._index.likely(line.words, search.before)
        # Too few rows in common with any text: not even a misquote.
        if not likely or likely[0][0] < 0.15 * min(len(line.words), 64):
            return []
        covering = cover(line.words, line.gaps, sorted(compared(likely), key=lambda told: told.key))
        return [self._newest(line, match, likely) for match in covering]

    def _newest(self, line: Line, match: Match, likely: Iterable[tuple[int, Told]]) -> Match:
        """The same words in the story as it is now, if they stand there as well."""
        if not match.told.is_story or self._is_current(match.told):
            return match
        for _, told in likely:
            if told.is_story and self._is_current(told):
                for other in cover(line.words, line.gaps, [told]):
                    if (other.start, other.end, other.matched) == (match.start, match.end, match.matched):
                        return other
        return match

    def _first(self, text: str, line: Line, matches: Sequence[Match]) -> Match:
        """The text that said it first, of those that have all the words."""
        if len(matches) > 1 and len(line.words) <= _FEW:
            # A few words are easily said twice; whoever copied them copied capitals and stops as well.
            spelled = typed(text[slice(*line.inside)]).strip(" \"'")
            same = next((match for match in matches if spelled in typed(surroundings(match))), None)
            if same and not same.told.is_story:
                return same
        story = [match for match in matches if match.told.is_story]
        return next((match for match in story if self._is_current(match.told)), matches[0])

    def _is_current(self, told: Told) -> bool:
        return told.is_story and told.places[-1][0] == self._version

    # --- Whether they are quoted --------------------------------------------------------------------------------------
    def _is_exact_quote(self, search: _Search, at: int, matches: Sequence[Match]) -> bool:
        line = search.lines[at]
        is_last = at + 1 == len(search.lines)
        if is_quoted_exactly(line, search.text, is_last=is_last):
            return True
        if not is_quoted_if_sentence(line, is_last=is_last, is_line=True):
            return False
        ends = {stands_as(match) for match in matches[:_MOST_ENDS]} - {""}
        return bool(ends) and is_quoted_if_sentence(line, is_last=is_last, is_line="line" in ends)

    def _continues(self, search: _Search, at: int, matches: Sequence[Match]) -> bool:
        """Whether a few words are quoted because the line above or below them is, from where both stand together."""
        line, lines = search.lines[at], search.lines
        if len(line.words) < 3 or at + 1 == len(lines):
            return False
        texts = [match.told for match in matches]
        above = lines[at - 1] if at else None
        if above and search.found and search.found[-1].lines[-1] is above and _together(above, line, texts):
            return True
        below = lines[at + 1]
        if len(below.words) < 3 or at + 2 == len(lines) or not is_quoted_together((line, below)):
            return False
        return any(whole([*line.words, *below.words], told) for told in texts)

    @staticmethod
    def _is_parody(search: _Search, matches: Sequence[Match]) -> bool:
        """Whether the writer has just quoted the same words as they are and now turns them round."""
        match, *others = matches
        if others or match.is_exact:
            return False
        wanted = set(match.told.joined.split()[match.pieces[0].at : match.pieces[-1].at + 1])
        quoted = (found for found in search.found[-2:] if found.told is match.told and found.is_exact)
        return any(len(wanted.intersection(line.words)) > len(wanted) / 2 for found in quoted for line in found.lines)

    # --- Whose they are -----------------------------------------------------------------------------------------------
    def _take(self, search: _Search, line: Line, matches: Sequence[Match], is_block: bool = True) -> None:
        """Note the words of a line as quoted from where they were first said."""
        found: list[Share] = []
        is_exact = sum(match.matched for match in matches) == len(line.words)
        for match in matches:
            parts = () if match.told.is_story else self._parts(match.told)
            found.extend(shares(match, parts, line))
        for n, share in enumerate(found):
            search.found.append(
                Found(
                    [line],
                    share.told,
                    share.is_exact and is_exact,
                    is_block=is_block,
                    words=None if len(found) == 1 else (share.start, found[n + 1].start if found[n + 1 :] else -1),
                )
            )

    def _parts(self, told: Told) -> tuple[Part, ...]:
        """What of a comment is quoted; found when it is first asked, and kept."""
        if told.parts is None and not told.is_story:
            if self._depth >= _DEEPEST or not self._searches:
                self._is_cut = True
                return ()
            self._searches -= 1
            self._depth += 1
            was_cut, self._is_cut = self._is_cut, False
            try:
                parts = self._parts_of(told)
                # What was found without looking further is good enough for now, but not to keep.
                if self._is_cut:
                    return parts
                told.parts = parts
            finally:
                self._depth -= 1
                self._is_cut = self._is_cut or was_cut
        return told.parts or ()

    def _parts_of(self, told: Told) -> tuple[Part, ...]:
        search = self._search(told.text, told.key)
        _, places = tokens(told.text)
        parts: list[Part] = []
        for quotation in quotations(search.text, search.found, lambda source: source):
            for each in (quotation, *quotation.inner):
                if isinstance(each.source, Told):
                    inside = [n for n, (start, end) in enumerate(places) if each.start <= start and end <= each.end]
                    if inside:
                        parts.append(Part(inside[0], inside[-1] + 1, each.source, each.is_exact))
        return tuple(parts)

    def _forget_parts(self, key: Key) -> None:
        for told in self._index.newer(key):
            told.parts = None

    def _source(self, told: Told | None) -> int | StoryPassage | None:
        if told is None:
            return None
        if not told.is_story:
            return told.number
        return StoryPassage(*(told.places[-1] if self._is_current(told) else told.places[0]))


def _is_all(line: Line, match: Match) -> bool:
    return match.matched == len(line.words)


def _together(above: Line, line: Line, texts: Iterable[Told]) -> bool:
    return any(whole([*above.words[-4:], *line.words], told) for told in texts)
