"""Is it a quotation? What is marked as one needs few words; a bare line needs more than readers say by chance."""

from __future__ import annotations

from collections.abc import Sequence

from kawaraban.discussion.quoting.lines import Line, Mark
from kawaraban.discussion.quoting.matching import Match, resembles, stands_as
from kawaraban.discussion.quoting.text import weight


def is_quoted_exactly(line: Line, text: str, *, is_last: bool) -> bool:
    """Whether a line whose words all stand in one earlier text is quoted from it.

    Args:
        is_last: nothing stands below it; who quotes to answer does so below.
    """
    count, worth = len(line.words), weight(line.words)
    if line.mark == Mark.ARROW:
        return True
    if line.mark >= Mark.INDENT:
        return (count >= 3 and worth >= 1) or count >= 5
    if is_last:
        return count >= 7 and worth >= 4
    if count == 4:
        return worth >= 3 and not _is_title(line, text)
    return (count >= 5 and worth >= 3) or (count >= 7 and worth >= 1)


def is_quoted_if_sentence(line: Line, *, is_last: bool, is_line: bool) -> bool:
    """The same for a line that is a whole sentence there: fewer words will do.

    Args:
        is_line: it is a line of its own there too.
    """
    if line.mark >= Mark.QUOTES:
        return True
    count, worth, letters = len(line.words), weight(line.words), sum(map(len, line.words))
    enough = (count >= 4 and worth >= 2) or (is_line and count >= 5 and worth >= 1) or count >= 9
    return not is_last and enough and letters >= 14


def is_quoted_together(lines: Sequence[Line]) -> bool:
    """Whether lines that follow one another there as they do here are quoted, though each may be too short for it."""
    words = [word for line in lines for word in line.words]
    return len(words) >= 9 or weight(words) >= 3


def is_quoted_in_sentence(line: Line, text: str, match: Match) -> bool:
    """Whether words in quotation marks within a sentence are quoted from a text that has them all."""
    count, worth = len(line.words), weight(line.words)
    # What somebody said is said by others too; the story's wording is hardly met by chance.
    enough = worth >= (1 if match.told.is_story else 2) if count == 3 else worth >= 1 and count > 3
    if not enough and (count < 4 or not stands_as(match)):
        return False
    return not _is_title(line, text)


def is_misquoted(line: Line, matches: Sequence[Match], *, is_inline: bool = False) -> bool:
    """Whether most words of a line stand in a text, or in two one after the other, in their order."""
    count = len(line.words)
    exact = all(match.is_exact for match in matches)
    found = sum(match.matched for match in matches)
    share = found / count
    if not matches:
        return False
    if exact and found == count:
        return _is_glued(line, matches, is_inline=is_inline)
    if line.mark == Mark.ARROW:
        return count >= 4 and share >= 0.6 and weight(line.words) >= 1
    # What the writer adds to somebody's words stands before or behind them.
    edge = max(matches[0].start, count - matches[-1].end)
    if line.mark == Mark.QUOTES:
        return count >= 5 and share >= 0.74 and weight(line.words) >= 2
    if line.mark == Mark.INDENT:
        return count >= 8 and share >= 0.8 and edge <= 2
    if len(matches) > 1 or count < 10 or weight(line.words) < 3 or edge > 2:
        return False
    if count < 12:
        return share >= 0.85
    return share >= 0.7 and resembles(line.words, matches[0]) >= 0.8


def _is_glued(line: Line, matches: Sequence[Match], *, is_inline: bool) -> bool:
    """Whether words that are all there, but in several places, are quotations one behind the other."""
    pieces = [line.words[match.start : match.end] for match in matches]
    if line.mark == Mark.ARROW:
        return True
    dotted = all(match.start in line.gaps for match in matches[1:])
    least = 3 if dotted or line.mark else 4
    worth = 2 if (line.mark or len(line.words) >= 10) and not is_inline else 3
    return all(len(piece) >= least for piece in pieces) and weight(line.words) >= worth


def _is_title(line: Line, text: str) -> bool:
    """Whether the words are a name or a title, which two readers may well put in quotation marks."""
    spelled = [text[start:end] for (start, end), word in zip(line.places, line.words, strict=True) if weight([word])]
    named = all(word[0].isupper() or word[0].isdigit() for word in spelled)
    return named and len(line.words) <= 6 and sum(word[0].isupper() for word in spelled) > 1
