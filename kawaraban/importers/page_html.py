"""An HTML page as the lines its text would have, and what its markup tells about comments besides.

The tokenizer is the standard library's and no tree is built: a tree of a page with 10,000 comments costs 15 seconds in
BeautifulSoup (it searches a list of all void elements at every end tag), and nothing here needs one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

from kawaraban.importers.html_marks import Line, Mark, Span, comment_span, confirm, mark_kind, words_of
from kawaraban.importers.page_parts import HtmlHint, PageError, PageLine, PageLines, PageWarning
from kawaraban.importers.page_text import one_line, score_of

MAX_DEPTH = 2_000  # Elements inside one another; real pages stay below a hundred.

_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
})  # fmt: skip
_DROPPED = frozenset({
    "script", "style", "template", "noscript", "nav", "svg", "math", "iframe", "object", "canvas", "audio",
    "video", "select", "textarea", "datalist", "head",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "ol", "p", "pre", "search",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_IN_HEAD = frozenset({"title", "meta", "link", "script", "style", "base", "noscript", "template"})
# An end tag that HTML lets people leave out: the element ends where one of these begins, unless a list or table between
# the two began later.
_ENDED_BY = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
}
_QUOTES = frozenset({"quote", "quoted", "quotation", "blockquote"})
_INDENT = "    "  # What a browser's text gives a block of quotation.
_ENCLOSING = 6  # Nested comment elements looked at, from the inside outwards.


@dataclass(slots=True)
class _Open:
    """An element that has begun and not ended."""

    tag: str
    span: Span | None = None
    mark: Mark | None = None
    quote: bool = False


def flatten(html: str, warnings: tuple[PageWarning, ...] = ()) -> PageLines:
    """The page as the lines a browser would save as text, with what the markup says about authors and times.

    Raises:
        PageError: its elements are nested too deeply.
    """
    flow = _Flow()
    flow.feed(_without_broken_end(html))
    flow.close()
    lines, scores = flow.finish()
    furniture = confirm(lines, flow.marks, scores)
    return _page_lines(lines, scores, furniture, one_line(flow.title), warnings)


def _without_broken_end(html: str) -> str:
    """The page without a last tag or comment that never ends, and without what browsers do not read either.

    The tokenizer tries every "<" of an unfinished tag anew: 100 KB of "<a <a <a" took it a minute and a half.
    """
    # "<![" begins nothing in HTML, but makes the tokenizer raise; browsers skip it as a comment up to the next ">".
    html = html.replace("<![", "<! [").replace("<!-->", "").replace("<!--->", "")
    end = html.rfind(">") + 1
    broken = re.compile(r"<[a-zA-Z/!?]").search(html, end)
    cut = html[: broken.start()] if broken else html
    comment = cut.rfind("<!--")
    return cut[:comment] if comment >= 0 and cut.find("-->", comment) < 0 else cut


class _Flow(HTMLParser):
    """Reads tags from first to last and writes lines; what is open is a plain list, so depth costs no recursion."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.marks: list[Mark] = []
        self.title = ""
        self.open: list[_Open] = []
        self.opened: Counter[str] = Counter()  # How often each tag is open, so that a stray end tag costs nothing.
        self.dropped = 0
        self.in_title = False
        self.current: Line | None = None
        self.new_paragraph = True
        self.spans: list[Span] = []
        self.quotes = 0
        self.mark: Mark | None = None

    # --- Tags ---------------------------------------------------------------------------------------------------------
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element, ending those whose end tag was left out."""
        given = {name: value or "" for name, value in attrs}
        self._end_implied(tag)
        if tag in _BLOCKS:
            self._break(new_paragraph=True)
        if tag == "br":
            self._break(new_paragraph=False)
        if tag == "img":
            self._image(given)
        if tag in _VOID:
            return
        if len(self.open) >= MAX_DEPTH:
            line = self.getpos()[0]
            raise PageError(
                f"Line {line} opens more than {MAX_DEPTH:,} elements inside one another, so nothing was imported; save"
                " the page as text instead.",
                line,
            )
        self._push(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treats `<div/>` as browsers do: as `<div>`; in drawings and formulas, which are dropped, it opens nothing."""
        if not self.dropped and tag not in ("svg", "math"):
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Closes the element and what was left open inside it."""
        if self.opened[tag]:
            self._pop_to(tag)
        elif tag == "p":
            self._break(new_paragraph=True)

    def _end_implied(self, tag: str) -> None:
        if self.opened["head"] and tag not in _IN_HEAD and tag != "head":
            self._pop_to("head")
        if tag in _BLOCKS and self.open and self.open[-1].tag == "p":
            self._pop_to("p")
        ended, stoppers = _ENDED_BY.get(tag, (frozenset(), frozenset()))
        if any(self.opened[name] for name in ended):
            for element in reversed(self.open):
                if element.tag in stoppers:
                    break
                if element.tag in ended:
                    self._pop_to(element.tag)
                    break

    def _push(self, tag: str, given: dict[str, str]) -> None:
        element = _Open(tag)
        self.open.append(element)
        self.opened[tag] += 1
        if tag == "title" and not self.title and not self.opened["svg"]:
            self.in_title = True
        if tag in _DROPPED:
            self.dropped += 1
        if self.dropped:
            return
        words = words_of(given.get("class", ""))
        element.span = comment_span(tag, given, len(self.lines))
        if element.span is not None:
            self.spans.append(element.span)
        if tag in ("blockquote", "q") or words & _QUOTES:
            element.quote = True
            self.quotes += 1
        kind = mark_kind(tag, given, words, self.mark)
        # A name inside a quotation is the name of the quoted.
        if kind == "button" or (kind and self.spans and not self.quotes):
            element.mark = self._begin_mark(kind, given)

    def _begin_mark(self, kind: str, given: dict[str, str]) -> Mark:
        spans = tuple(reversed(self.spans[-_ENCLOSING:]))
        mark = Mark(kind, len(self.lines) - (self.current is not None), self.getpos()[0], spans, outer=self.mark)
        if kind == "time":
            mark.said = one_line(given.get("datetime", ""))
        if self.mark is not None and self.mark.kind == kind:
            self.mark.replaced = True
        self.marks.append(mark)
        self.mark = mark
        return mark

    def _pop_to(self, tag: str) -> None:
        while self.open:
            element = self.open.pop()
            self.opened[element.tag] -= 1
            self._ended(element)
            if element.tag == tag:
                return

    def _ended(self, element: _Open) -> None:
        if element.tag in _BLOCKS:
            self._break(new_paragraph=True)
        if element.tag == "title":
            self.in_title = False
        if element.tag in _DROPPED:
            self.dropped -= 1
        if element.mark is not None:
            self.mark = element.mark.outer
            # "Reply" and "Report" are the site's words; a button with a number on it is probably a vote count.
            element.mark.dropped = element.mark.kind == "button" and not re.search("[0-9]", element.mark.value())
        if element.quote:
            self.quotes -= 1
        if element.span is not None:
            element.span.last = len(self.lines) - 1
            self.spans.pop()

    # --- Words --------------------------------------------------------------------------------------------------------
    def handle_data(self, data: str) -> None:
        """Adds words to the line being written."""
        if self.in_title:
            self.title += data
        if self.dropped:
            return
        number = self.getpos()[0]
        if self.opened["pre"]:
            for offset, part in enumerate(data.split("\n")):
                if offset:
                    self._break(new_paragraph=False)
                self._write(part.replace(" ", "\u00a0").replace("\t", "\u00a0" * 4), number + offset)
            return
        self._write(data, number)

    def _write(self, data: str, number: int) -> None:
        if self.current is None:
            words = data.lstrip(" \t\n\r\f")
            if not words:
                return
            number += data.count("\n", 0, len(data) - len(words))
            role = "photo" if self.opened["figcaption"] and not self.spans else ""
            self.current = Line(number, min(self.opened["blockquote"], 3), role, self.new_paragraph)
            self.lines.append(self.current)
            self.new_paragraph = False
        self.current.pieces.append((data, self.mark))
        if self.mark is not None:
            self.mark.pieces.append(data)

    def _image(self, given: dict[str, str]) -> None:
        alt = one_line(given.get("alt", ""))
        # In a comment it is the portrait of its author, and no part of what was written.
        if not alt or self.dropped or self.spans:
            return
        self._break(new_paragraph=True)
        self.lines.append(Line(self.getpos()[0], 0, "photo", new_paragraph=True, pieces=[(alt, None)]))
        self.new_paragraph = True

    def _break(self, *, new_paragraph: bool) -> None:
        self.current = None
        self.new_paragraph = self.new_paragraph or new_paragraph

    def finish(self) -> tuple[list[Line], list[int]]:
        """All lines, and the indexes of those that are scores."""
        while self.open:
            self._ended(self.open.pop())
        scores = [at for at, line in enumerate(self.lines) if score_of(line.text_beside_marks()) is not None]
        return self.lines, scores


def _page_lines(
    lines: list[Line],
    scores: list[int],
    told: dict[int, list[Mark]],
    title: str,
    warnings: tuple[PageWarning, ...],
) -> PageLines:
    score_lines = set(scores)
    kept: list[PageLine] = []
    hints: list[HtmlHint] = []
    aside: list[tuple[int, str]] = []
    pending = False
    for at, line in enumerate(lines):
        pending = pending or line.new_paragraph
        text = line.text()
        if line.is_furniture() and at not in score_lines:
            if text.strip(" \u00a0"):
                aside.append((line.number, text))
            continue
        if not text:
            continue
        if pending and kept:
            kept.append(PageLine(line.number, ""))
        pending = False
        if at in score_lines:
            hints.extend(HtmlHint(len(kept), mark.kind, mark.value(), mark.number) for mark in told.get(at, ()))
        kept.append(PageLine(line.number, _INDENT * line.indent + text, line.role))
    return PageLines(tuple(kept), title, tuple(hints), tuple(aside), warnings)
