"""A comment's text and what it quotes, as HTML for readers; plain Python, which asks nobody."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from kawaraban import markup

# What stands in place of words that readers may no longer see.
GAP = "[…]"

# What moderators put where they take personal data out of somebody's words.
CUT = "[personal data taken out]"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation as readers are to see it.

    Args:
        start: where it begins in the quoting text, the heading above it included.
        end: where it ends.
        words: what is quoted, without its marks.
        label: who is quoted, such as "#12 mikan, 09:41".
        href: where the words were said.
        notes: what has become of the source, each as a short phrase.
        gone: why the words cannot be shown; empty while they can.
        is_block: False for words within a sentence, which stay where they are.
        lost: words inside that come from elsewhere and cannot be shown.
    """

    start: int
    end: int
    words: str
    label: str
    href: str
    notes: tuple[str, ...] = ()
    gone: str = ""
    is_block: bool = True
    lost: tuple[str, ...] = ()


def digest(words: str) -> str:
    """A short name for quoted words, by which their writer can say that they are no quotation."""
    return hashlib.sha256(" ".join(words.split()).casefold().encode()).hexdigest()[:12]


def digests(sent: Iterable[str]) -> list[str]:
    """What of a form can be such short names, each once."""
    return [name for name in dict.fromkeys(sent) if re.fullmatch("[0-9a-f]{12}", name)]


def is_cut(former: str, text: str) -> bool:
    """Whether a text is a former one with nothing changed but what `CUT` stands for."""
    first, *rest = text.split(CUT)
    if not rest or not former.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        at = former.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(former) - len(rest[-1]) >= at and former.endswith(rest[-1])


def typeset(text: str, quoted: Sequence[Quoted]) -> str:
    """Safe HTML of a tidied text with its quotations, each with its source below it.

    Every part is made by `markup.render`, which escapes and then cleans; the parts are joined between blocks, and what
    is added around them is written here and escaped (S-005).

    Args:
        quoted: in any order; of two that overlap the later is left out.
    """
    parts: list[str] = []
    at = 0
    text, blocks = _without_lost_words(text, quoted)
    for each in blocks:
        parts.append(_own(text[at : each.start]))
        parts.append(_figure(each))
        at = each.end
    parts.append(_own(text[at:]))
    return "".join(parts)


def plain(text: str, quoted: Sequence[Quoted]) -> str:
    """The text for machines, without the words that readers may no longer see."""
    for each in sorted(_apart(quoted), key=lambda each: -each.start):
        if each.gone:
            text = text[: each.start] + f"> {GAP}\n" * each.is_block + GAP * (not each.is_block) + text[each.end :]
        elif each.lost:
            text = text[: each.start] + _redacted(text[each.start : each.end], each.lost) + text[each.end :]
    return text


def seen(quoted: Quoted) -> str | None:
    """The quoted words that readers may see; None when they may see none of them."""
    return None if quoted.gone else _redacted(quoted.words, quoted.lost)


def own_words(text: str, quoted: Sequence[Quoted]) -> str:
    """What the writer says themselves; of a text that only quotes, what readers see of it."""
    own = text
    for each in reversed(_apart(quoted)):
        if each.is_block:
            own = own[: each.start] + own[each.end :]
        elif each.gone or each.lost:
            gap = GAP if each.gone else _redacted(own[each.start : each.end], each.lost)
            own = own[: each.start] + gap + own[each.end :]
    return own.strip() or plain(text, quoted).strip()


def _apart(quoted: Sequence[Quoted]) -> list[Quoted]:
    """The quotations in order, without those that begin inside another."""
    kept: list[Quoted] = []
    for each in sorted(quoted, key=lambda each: (each.start, -each.end)):
        if each.start < each.end and (not kept or each.start >= kept[-1].end):
            kept.append(each)
    return kept


def _without_lost_words(text: str, quoted: Sequence[Quoted]) -> tuple[str, list[Quoted]]:
    """The text with gaps for words within sentences that cannot be shown, and the blocks where they now stand."""
    blocks: list[Quoted] = []
    moved = 0
    for each in _apart(quoted):
        start, end = each.start + moved, each.end + moved
        if each.is_block:
            blocks.append(
                Quoted(start, end, _redacted(each.words, each.lost), each.label, each.href, each.notes, each.gone)
            )
        elif each.gone or each.lost:
            gap = GAP if each.gone else _redacted(text[start:end], each.lost)
            text = text[:start] + gap + text[end:]
            moved += len(gap) - (end - start)
    return text, blocks


def _redacted(words: str, lost: Sequence[str]) -> str:
    """The words without those that are lost; nothing of them where these cannot be told apart."""
    for each in lost:
        pattern = r"[\s>]*".join(re.escape(part) for part in each.split())
        words, found = re.subn(pattern, GAP, words) if pattern else (words, 1)
        if not found:
            return GAP
    return words


def _own(text: str) -> str:
    return markup.render(text.strip("\n")) if text.strip() else ""


def _figure(quoted: Quoted) -> str:
    words = f'<p class="quotation__gone">{escape(quoted.gone)}</p>' if quoted.gone else markup.render(quoted.words)
    notes = "".join(f' <span class="quotation__note">{escape(note)}</span>' for note in quoted.notes)
    return (
        f'<figure class="quotation"><blockquote>{words}</blockquote><figcaption>'
        f'<a href="{escape(quoted.href)}"><bdi>{escape(quoted.label)}</bdi></a>{notes}</figcaption></figure>'
    )
