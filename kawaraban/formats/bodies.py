"""The text of an item: HTML, XHTML or NITF to blocks, and blocks to XHTML.

Nothing of the given markup is passed on. What is read are texts, and whether they are bold, italic or a link; the
paragraphs are written anew, and `nh3` is the last that touches them (S-009).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Any, NamedTuple

import nh3
from lxml import etree

from kawaraban.formats import values
from kawaraban.formats.items import FormatError, Picture

Block = tuple[str, object]

MAX_HTML = 2_000_000  # Characters of one text.
MAX_TAGS = 50_000
MAX_BLOCKS = 2_000
MAX_HEADING = 120  # As the newsroom's stories take them.
MAX_ATTRIBUTION = 200

_DROPPED = {"script", "style", "iframe", "frameset", "object", "embed", "applet", "canvas", "svg", "math", "template"}
_DROPPED |= {"noscript", "video", "audio", "form", "input", "button", "select", "textarea", "link", "meta", "base"}
# In a header agencies repeat for their own pages what they tell elsewhere: headline, topics, the embargo.
_DROPPED |= {"header"}
_SILENT = {"head", "title", "link", "meta", "base"}
_PICTURES = {"figure", "media", "img", "picture"}
_CREDITS = {"cite", "credit", "footer"}
_BREAKS = {"html", "body", "body.content", "section", "article", "main", "aside", "nav", "footer", "address", "block"}
_BREAKS |= {"p", "div", "br", "hr", "pre", "center", "note", "fn", "figcaption", "credit", "details", "summary"}
_BREAKS |= {"table", "caption", "tr", "li", "dl", "dt", "dd"}
# What the elements of HTML and NITF are here. The text of what is not named belongs to what surrounds it.
_ROLES = {
    **dict.fromkeys(_BREAKS, "break"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2"), "heading"),
    **dict.fromkeys(("blockquote", "bq"), "quote"),
    **dict.fromkeys(("ul", "ol"), "list"),
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em", "cite"), "italic"),
    **dict.fromkeys(("td", "th"), "cell"),
    "a": "link",
    "q": "mark",
}
# Where one of these begins or ends, so does a block.
_PARTING = {"break", "heading", "quote", "list", "credit"}


class Body(NamedTuple):
    """What was read of a text: its blocks, and the pictures that stand in it."""

    blocks: tuple[Block, ...]
    pictures: tuple[Picture, ...]


class _Run(NamedTuple):
    """Characters of one look."""

    text: str
    bold: bool
    italic: bool
    href: str


def read_html(html: str, warnings: list[str]) -> Body:
    """The blocks of HTML or of XHTML written as text, however broken.

    Raises:
        FormatError: the text has more characters than `MAX_HTML` or more tags than `MAX_TAGS`, or tags stand in one
            another more than 250 deep.
    """
    if len(html) > MAX_HTML or html.count("<") > MAX_TAGS:
        raise FormatError(f"The text of an item is longer than {MAX_HTML:,} characters or {MAX_TAGS:,} tags.")
    root = _html(values.text(html))
    return Body((), ()) if root is None else read_element(root, warnings)


def read_element(root: Any, warnings: list[str]) -> Body:
    """The blocks of an element of XHTML or NITF, whatever its namespace."""
    reader = _Reader(warnings)
    reader.walk(root)
    return reader.body()


def read_plain(text: str, warnings: list[str]) -> Body:
    """The blocks of what is called plain text; if there are tags of paragraphs in it, it is none."""
    marked = re.search(r"</?(?:p|div|br|h[1-6]|ul)\b[^<>]{0,200}>", text)
    return read_html(text, warnings) if marked else Body(read_text(text), ())


def read_text(text: str) -> tuple[Block, ...]:
    """The paragraphs of a plain text: parted by empty lines, or by every line where there is none."""
    cleaned = values.text(text).replace("\r\n", "\n").strip()
    parts = re.split(r"\n[ \t]*\n\s*" if re.search(r"\n[ \t]*\n", cleaned) else r"\n", cleaned)
    said = [values.SPACE.sub(" ", part).strip() for part in parts[:MAX_BLOCKS]]
    return tuple(("paragraph", _written([_Run(part, False, False, "")])) for part in said if part)


def without_headline(blocks: tuple[Block, ...], headline: str) -> tuple[Block, ...]:
    """The blocks without a first one that only says the headline again."""
    return blocks[1:] if headline and blocks[:1] == (("heading", headline),) else blocks


def standfirst(said: str, blocks: tuple[Block, ...], headline: str) -> str:
    """What stands above the text, or "" where it only says the headline or the text's beginning again, as many do."""
    excerpt = said.rstrip(" .…[]")[:200]
    repeated = any(_plain_block(*block).startswith(excerpt) for block in blocks[:4])
    return "" if said == headline or (len(excerpt) > 20 and repeated) else said


def plain(html: str) -> str:
    """What a reader sees of HTML, on one line: for a title that may hold markup."""
    if "<" not in html and "&" not in html:
        return values.line(html)
    root = _html(values.text(html)[: values.MAX_LINE])
    if root is None:
        return ""
    # Between blocks words must not grow together.
    return values.line("".join(piece for piece in _texts(root)))


def write_xhtml(blocks: tuple[Block, ...]) -> str:
    """The blocks as XHTML without a root: well-formed, and read again they are the same."""
    return "\n".join(_block_written(kind, value) for kind, value in blocks)


# --- Reading ----------------------------------------------------------------------------------------------------------


def _html(html: str) -> Any:
    """The tree of the HTML, or None for nothing."""
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(html, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    # The parser stops there and keeps the beginning; half a text is worse than none.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise FormatError("The text of an item holds tags in one another more than 250 deep.")
    return root


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _texts(root: Any) -> Iterator[str]:
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = _name(element)
        if event == "start" and name and name not in _DROPPED:
            yield (" " if _ROLES.get(name) in _PARTING else "") + (element.text or "")
        elif event == "end":
            yield (" " if _ROLES.get(name) in _PARTING else "") + (element.tail or "" if element is not root else "")


class _Reader:
    """Goes through a tree once and keeps what becomes a block."""

    def __init__(self, warnings: list[str]) -> None:
        self.warnings = warnings
        self.blocks: list[Block] = []
        self.pictures: list[Picture] = []
        self.runs: list[_Run] = []
        self.items: list[str] | None = None
        self.quote: list[str] | None = None
        self.credit = ""
        self.open: list[str] = []
        self.depths: Counter[str] = Counter()
        self.hrefs: list[str] = []
        self.left_out: set[str] = set()

    def walk(self, root: Any) -> None:
        skipped = None
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event in ("comment", "pi"):
                self.text(element.tail if skipped is None and element is not root else "")
                continue
            name = _name(element)
            if event == "start" and skipped is None:
                if name in _DROPPED or name == "head":
                    skipped = element
                    self.left_out |= {name} - _SILENT
                elif name in _PICTURES:
                    skipped = element
                    self.pictures += _picture(element)
                elif name == "pre" and self.quote is None and self.items is None:
                    skipped = element
                    self.flush()
                    self.blocks += read_text("".join(_texts(element)))
                else:
                    self.start(name, element)
                    self.text(element.text)
            elif event == "end":
                if skipped is None:
                    self.end()
                elif element is skipped:
                    skipped = None
                else:
                    continue
                self.text(element.tail if element is not root else "")
        self.flush()
        self.end_quote()

    def body(self) -> Body:
        if self.left_out:
            names = ", ".join(sorted(self.left_out))
            self.warnings.append(f"The text held what is not shown here ({names}); it was left out.")
        if len(self.blocks) > MAX_BLOCKS:
            self.warnings.append(f"The text has {len(self.blocks):,} paragraphs; the first {MAX_BLOCKS:,} were kept.")
        return Body(tuple(self.blocks[:MAX_BLOCKS]), tuple(self.pictures))

    def start(self, name: str, element: Any) -> None:
        role = "credit" if name in _CREDITS and self.quote is not None else _ROLES.get(name, "")
        if role in _PARTING:
            self.flush()
        self.open.append(role)
        self.depths[role] += 1
        if role == "link":
            self.hrefs.append(_href(element.get("href")))
        elif role == "mark":
            self.text("“")
        elif role == "cell" and self.runs:
            self.text(" | ")
        elif role == "list" and self.depths[role] == 1:
            self.items = []
        elif role == "quote" and self.depths[role] == 1:
            self.end_list()
            self.quote, self.credit = [], ""

    def end(self) -> None:
        role = self.open.pop()
        if role in _PARTING:
            self.flush()
        self.depths[role] -= 1
        if role == "link":
            self.hrefs.pop()
        elif role == "mark":
            self.text("”")
        elif role == "list" and not self.depths[role]:
            self.end_list()
        elif role == "quote" and not self.depths[role]:
            self.end_quote()

    def text(self, written: str | None) -> None:
        if written:
            said = values.SPACE.sub(" ", values.text(written))
            href = next((each for each in reversed(self.hrefs) if each), "")
            self.runs.append(_Run(said, self.depths["bold"] > 0, self.depths["italic"] > 0, href))

    def flush(self) -> None:
        """Make what was read since the last break a block, an item of the list or a line of the quotation."""
        html, self.runs = _written(self.runs), []
        if not html:
            return
        if self.depths["credit"]:
            self.credit = f"{self.credit} {plain(html)}".strip()
        elif self.quote is not None:
            self.quote.append(plain(html))
        elif self.items is not None:
            self.items.append(html)
        elif self.depths["heading"]:
            heading = plain(html)
            fits = len(heading) <= MAX_HEADING
            self.blocks.append(
                ("heading", heading) if fits else ("paragraph", f"<b>{escape(heading, quote=False)}</b>")
            )
        else:
            self.blocks.append(("paragraph", html))

    def end_list(self) -> None:
        if self.items and self.quote is None:
            self.blocks.append(("list", self.items))
        self.items = None

    def end_quote(self) -> None:
        self.end_list()
        if self.quote is not None and (self.quote or self.credit):
            said, credit = self.quote, self.credit
            if len(credit) > MAX_ATTRIBUTION or not said:
                said, credit = [*said, credit], ""
            self.blocks.append(("quote", {"text": "\n".join(said), "attribution": credit}))
        self.quote = None


def _href(written: str | None) -> str:
    address = values.text(written or "").strip()
    if address[:7].casefold() == "mailto:":
        return address if re.fullmatch(r"(?i)mailto:[^\s<>\"@]{1,64}@[^\s<>\"@]{1,253}", address) else ""
    return values.web_address(address)


def _picture(element: Any) -> list[Picture]:
    """The picture of an `img`, a `figure` or NITF's `media`; none where no file of one is named."""
    named: dict[str, str] = {}
    files = []
    alt_text = ""
    for part in element.iter():
        name = _name(part)
        if name in ("img", "media-reference"):
            source = part.get("src") or part.get("source") or ""
            if found := values.rendition(source, part.get("mime-type"), part.get("width"), part.get("height")):
                files.append(found)
            alt_text = alt_text or values.line(part.get("alt") or part.get("alternate-text"))
        elif name in ("figcaption", "media-caption", "media-producer"):
            named[name] = values.line("".join(_texts(part)))
        elif name == "media-metadata":
            named[values.line(part.get("name")).casefold()] = values.line(part.get("value"))
    if _name(element) == "media" and element.get("media-type", "image") not in ("image", "photo", "picture"):
        return []
    caption = named.get("figcaption") or named.get("media-caption", "")
    shown = Picture(
        caption=caption,
        alt_text=alt_text,
        photographer=named.get("media-producer") or named.get("byline", ""),
        credit=named.get("credit", ""),
        is_file_photo=values.is_file_photo(caption),
        renditions=values.largest_first(files),
    )
    return [shown] if files else []


# --- Writing ----------------------------------------------------------------------------------------------------------


def _written(runs: list[_Run]) -> str:
    """The runs as HTML of `b`, `i` and `a` alone, with no space at the ends and neighbours of one look joined."""
    joined: list[_Run] = []
    for run in runs:
        said = run.text
        if not joined or joined[-1].text.endswith(" "):
            said = said.removeprefix(" ")
        if not said:
            continue
        # A space has no look of its own.
        look = run if said != " " or (joined and joined[-1][1:] == run[1:]) else _Run("", False, False, "")
        if joined and joined[-1][1:] == look[1:]:
            joined[-1] = look._replace(text=joined[-1].text + said)
        else:
            joined.append(look._replace(text=said))
    while joined and not joined[-1].text.rstrip(" "):
        joined.pop()
    if joined:
        joined[-1] = joined[-1]._replace(text=joined[-1].text.rstrip(" "))
    html = ""
    for href, linked in groupby(joined, lambda run: run.href):
        inner = "".join(_bold_written(bold, list(group)) for bold, group in groupby(linked, lambda run: run.bold))
        html += f'<a href="{escape(href)}">{inner}</a>' if href else inner
    return _sure(html)


def _bold_written(bold: bool, runs: list[_Run]) -> str:
    inner = ""
    for run in runs:
        said = escape(run.text, quote=False)
        inner += f"<i>{said}</i>" if run.italic else said
    return f"<b>{inner}</b>" if bold else inner


def _sure(html: str) -> str:
    if "<" not in html:
        return html
    schemes = {"http", "https", "mailto"}
    cleaned = nh3.clean(html, tags={"a", "b", "i"}, attributes={"a": {"href"}}, url_schemes=schemes, link_rel=None)
    return cleaned.replace("&nbsp;", "\xa0")


def _block_written(kind: str, value: Any) -> str:
    if kind == "heading":
        return f"<h2>{escape(value, quote=False)}</h2>"
    if kind == "quote":
        said = "".join(f"<p>{escape(each, quote=False)}</p>" for each in value["text"].split("\n"))
        credit = value.get("attribution", "")
        return (
            f"<blockquote>{said}{f'<p><cite>{escape(credit, quote=False)}</cite></p>' if credit else ''}</blockquote>"
        )
    if kind == "list":
        return f"<ul>{''.join(f'<li>{_xhtml(item)}</li>' for item in value)}</ul>"
    return f"<p>{_xhtml(value)}</p>"


def _xhtml(html: str) -> str:
    """The HTML of one paragraph as XML takes it, also of one that was not read here."""
    blocks = read_html(html, []).blocks
    return " ".join(str(value) for _, value in blocks)


def _plain_block(kind: str, value: Any) -> str:
    if kind == "quote":
        credit = value.get("attribution", "")
        return f"“{value['text']}”{f' – {credit}' if credit else ''}"
    if kind == "list":
        return "\n".join(f"- {plain(item)}" for item in value)
    return value if kind == "heading" else plain(value)
