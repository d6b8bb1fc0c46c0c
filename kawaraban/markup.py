"""Reader text to safe HTML: a small Markdown for people who argue, not for people who write documents.

Three stages: `tidy` decides what is stored, `render` turns the stored source into HTML, and `clean` is the last thing
that touches the HTML (S-005). Headings, images, tables, code, HTML, entities and reference definitions are no markup
here and stay visible as typed. Where this differs from CommonMark, it is to keep people's words as they wrote them:

- every line break is shown, and indented text stays a paragraph, because people indent what they quote;
- a quotation ends where the `>` end: what follows is the writer's own words, never the quoted person's;
- a list is numbered as typed, and "1986. What a year" is a sentence;
- `*` inside a word is a letter somebody hid, as in "sh*t", or a sign, as in "5*4*3";
- a link must name its host, and a label that looks like an address must be the address it leads to.

What is beyond the limits below is shown as typed, so that hostile text costs no time.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from html import escape, unescape
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_inline import StateInline, emphasis

MAX_LENGTH = 5_000  # Code points of a tidied text that a reader may post.
MAX_DEPTH = 8  # Quotes and lists inside one another; no recursion goes deeper (S-096).
MAX_BLOCKS = 200  # Quotes and lists in one text: one of them costs as much time as a hundred words.
MAX_LINES = 500  # Line breaks in one text: paragraphs and items cost likewise. A text of more has no markup at all.
MAX_EMPHASIS = 300  # Runs of * or _ in one text that may mean something: nested tags cost the sanitiser their square.
MAX_URL = 2_000  # Characters of an address.
# Combining marks on one letter that take no space of their own. Pointed Hebrew with accents needs five, Burmese four,
# Thai, Vietnamese, Arabic and Devanagari three; towers that paint over the neighbours' comments need many (S-098).
MAX_MARKS = 5

# --- What is stored ---------------------------------------------------------------------------------------------------
_NEWLINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Controls, lone surrogates and noncharacters break databases, XML and terminals (S-097); bidi embeddings, overrides and
# isolates reorder what stands beside the comment; the rest are signs nobody sees, used to dodge filters.
_NEVER = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "\u202a-\u202e\u2066-\u2069"
    + "\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    + "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Scripts spelled with joiners (Arabic, Persian, Syriac, those of India, Tibetan, Burmese, Khmer, Mongolian), and
# scripts that write no spaces but mark where a line may break (Thai, Lao, Burmese, Khmer).
_JOINED = "\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\ua9ff\uaa60-\uaa7f\uabc0-\uabff\U00010a00-\U00011fff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_EMOJI = "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
# Joiners, breaks and selectors where they spell nothing.
_STRAY = re.compile(
    rf"(?<![{_JOINED}])\u200c|(?<![{_JOINED}{_EMOJI}\ufe0f])\u200d|(?<=[{_EMOJI}\ufe0f])\u200d(?![{_EMOJI}])"
    rf"|(?<![{_UNSPACED}])\u200b|\u200b(?![{_UNSPACED}])"
    rf"|(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]|(?<![\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef]"
)
# Tag characters spell the flags of England, Scotland and Wales; elsewhere they carry messages nobody sees.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)|[\U000e0000-\U000e007f]")
# The longest emoji in use have four joints; a chain without end is one unbreakable glyph.
_EMOJI_CHAIN = re.compile(f"(?:[{_EMOJI}]\ufe0f?[\U0001f3fb-\U0001f3ff]?\u200d){{6,}}")
_DIRECTION = re.compile("([\u200e\u200f\u061c])[\u200e\u200f\u061c]*")
_RTL = re.compile("[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def tidy(text: str) -> str:
    """The text as it is stored: the writer's words, without what cannot be seen and without what breaks a page.

    Line breaks become newlines; spaces at line ends and blank lines around the text go; indentation stays. Controls and
    invisible signs go, except where a script or an emoji is spelled with them; the rest is NFC with at most `MAX_MARKS`
    combining marks on a letter. Tidying twice changes nothing more.

    Cost: linear in the length, so it is safe before the length is checked.
    """
    text = _NEVER.sub("", _NEWLINE.sub("\n", text))
    # Until it settles, which is the second time: composing can join what a removed sign kept apart.
    before = None
    while text != before and not text.isascii():
        before = text
        text = unicodedata.normalize("NFC", _uncluttered(text))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _uncluttered(text: str) -> str:
    kept = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category != "Cf":  # An invisible sign must not start the count again.
            marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= MAX_MARKS or category == "Cf":
            kept.append(character)
    text = _STRAY.sub("", _TAGS.sub(r"\1", "".join(kept)))
    text = _EMOJI_CHAIN.sub(lambda chain: chain[0].replace("\u200d", ""), text)
    # Direction marks order a line that mixes Hebrew or Arabic with numbers; elsewhere nobody types them.
    return _DIRECTION.sub(r"\1" if _RTL.search(text) else "", text)


# --- Addresses --------------------------------------------------------------------------------------------------------
# No backslash and no user part: browsers read "https://bank.example\@other.example" as readers do not.
_WEB = re.compile(r"(?i)(https?)://([\w.-]{1,253})(:[0-9]{1,5})?([/?#][^\s<>\\]*)?")
_MAIL = re.compile(r"(?i)mailto:([\w.+-]{1,64})@([\w.-]{1,253})")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])\.?")
# Bare addresses are ASCII: in Japanese the sentence goes on without a space. Others go between < and >.
_URL = r"[a-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]"
_BARE = re.compile(
    rf"(?i)https?://[a-z0-9.-]{{1,253}}+(?::[0-9]{{1,5}})?+(?![a-z0-9.@\\-]|:[a-z0-9])(?:[/?#]{_URL}{{0,{MAX_URL}}}+(?!{_URL}))?"
)
_ANGLED = re.compile(rf"(?i)<((?:https?://|mailto:)[^\s<>]{{1,{MAX_URL}}}+)>")
# A label holds no brackets, so that none is looked at twice. Parentheses in an address come in pairs, as in
# /wiki/Kawaraban_(newspaper).
_LABELLED = re.compile(
    r"\[((?:[^\[\]\\]|\\.)++)\]\(\s?(?:<([^\s<>]++)>|((?i:https?://|mailto:)(?:[^\s<>()]|\([^\s<>()]*+\))*+))\s?\)"
)


def safe_href(address: str) -> str | None:
    """The address as it may stand in a link; None when it does not lead to a named host on the web or to a mailbox."""
    if len(address) > MAX_URL:
        return None
    if mail := _MAIL.fullmatch(address):
        host = _host(mail[2])
        return host and f"mailto:{quote(mail[1], safe='+')}@{host}"
    web = _WEB.fullmatch(address)
    host = web and _host(web[2])
    return web and host and f"{web[1].lower()}://{host}{web[3] or ''}{quote(web[4] or '', safe='/?#[]@!$&()*+,;=:%~')}"


@lru_cache(maxsize=256)  # The cleaner asks again about every link, and the codec is slow.
def _host(name: str) -> str | None:
    """The host in ASCII. Numbers are no names: nobody cites 127.0.0.1, 0x7f.1 or 2130706433 as a source."""
    try:
        host = name.encode("idna").decode("ascii").lower()
        # The codec knows IDNA 2003 and would send people from faß.example to fass.example.
        faithful = name.isascii() or host.encode("ascii").decode("idna") == name.lower()
    except UnicodeError:
        return None
    return host if faithful and len(host) <= 253 and _HOST.fullmatch(host) else None


def _trimmed(address: str) -> str:
    """The address without what belongs to the sentence around it: a final stop, a bracket that nothing opened."""
    surplus = {")": address.count(")") - address.count("("), "]": address.count("]") - address.count("[")}
    for end in range(len(address), 0, -1):
        last = address[end - 1]
        if surplus.get(last, 0) <= 0 and last not in ".,;:!?'*_~":
            return address[:end]
        surplus[last] = surplus.get(last, 0) - 1
    return ""


# --- Inside a paragraph: text, emphasis, links ------------------------------------------------------------------------
# Where plain text stops; no other character ever meets a rule.
_STOP = re.compile(r"(?i)[\n\\<\[*_]|(?<![a-z0-9])https?://")
_RUN = re.compile(r"\*+|_+")


def _text(state: StateInline, silent: bool) -> bool:
    stop = _STOP.search(state.src, state.pos, state.posMax)
    text = state.src[state.pos : stop.start() if stop else state.posMax]
    state.append_pending(text)
    state.pos += len(text)
    return bool(text)


def _emphasis(state: StateInline, silent: bool) -> bool:
    run = _RUN.match(state.src, state.pos, state.posMax)
    if not run:
        return False
    state.env["emphasis"] += 1
    around = state.src[max(run.start() - 1, 0) : run.start()], state.src[run.end() : run.end() + 1]
    # Only between Latin letters and digits: Japanese has no spaces to put around an emphasised word.
    inside_word = all(character.isalnum() and character < "\u0250" for character in around)
    if inside_word or len(run[0]) > 3 or state.env["emphasis"] > MAX_EMPHASIS:
        state.append_pending(run[0])
        state.pos = run.end()
        return True
    return emphasis.tokenize(state, silent)


def _bare_link(state: StateInline, silent: bool) -> bool:
    found = _BARE.match(state.src, state.pos, state.posMax)
    address = _trimmed(found[0]) if found else ""
    return _push_link(state, address, address, state.pos + len(address))


def _angled_link(state: StateInline, silent: bool) -> bool:
    found = _ANGLED.match(state.src, state.pos, state.posMax)
    return found is not None and _push_link(state, found[1], re.sub("(?i)^mailto:", "", found[1]), found.end())


def _push_link(state: StateInline, address: str, text: str, end: int) -> bool:
    href = None if state.linkLevel else safe_href(address)
    if href is None:
        return False
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)
    state.pos = end
    return True


def _labelled_link(state: StateInline, silent: bool) -> bool:
    found = _LABELLED.match(state.src, state.pos, state.posMax)
    # An image is shown as typed: its text, and its address as a bare link.
    if not found or state.linkLevel or state.src[max(state.pos - 1, 0)] == "!":
        return False
    label, address = found[1].strip(), found[2] or found[3]
    # A label that shows one address and leads to another is how people are sent to the wrong bank.
    href = None if not label or ("://" in label and label != address) else safe_href(address)
    if href is None:
        return False
    state.push("link_open", "a", 1).attrs = {"href": href}
    end = state.posMax
    state.pos, state.posMax = found.span(1)
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.push("link_close", "a", -1)
    state.pos, state.posMax = found.end(), end
    return True


# --- Paragraphs, quotes, lists ----------------------------------------------------------------------------------------
_NUMBER = re.compile(r"([0-9]{1,9})[.)](?:[ \t]|$)")
# Not "1986. ..." and not "007. ...": a list is numbered from 0 to 99. And "- - -" is a line drawn by hand.
_ITEM = re.compile(r"(?:0|[1-9][0-9]?)[.)][ \t]+\S|[-*][ \t]+(?![-*\s]*+$)\S")


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _nested(rule: Callable[[StateBlock, int, int, bool], bool]) -> Callable[[StateBlock, int, int, bool], bool]:
    def within_limits(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        if state.env["depth"] >= MAX_DEPTH or state.env["blocks"] >= MAX_BLOCKS:
            return False
        state.env["depth"] += 1
        matched = rule(state, line, end, silent)
        state.env["depth"] -= 1
        state.env["blocks"] += matched and not silent
        return matched

    return within_limits


def _list(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    return bool(_ITEM.match(_line(state, line))) and list_block(state, line, end, silent)


def _ends_quote(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Asked about a line without `>` below a quotation: it is the writer's own."""
    return silent


def _ends_list(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Asked about the line after a list item: any number but the next one starts a list of its own."""
    if not silent or not (number := _NUMBER.match(_line(state, line))):
        return False
    items = (token for token in reversed(state.tokens) if token.type == "list_item_open" and token.level == state.level)
    previous = next(items).info  # The number as typed; nothing in a list without numbers.
    return bool(previous) and int(number[1]) != int(previous) + 1


def _parser() -> MarkdownIt:
    # "Zero" knows paragraphs only. Beyond its own limit of levels (a list counts two) it would drop text.
    parser = MarkdownIt("zero", {"breaks": True, "maxNesting": 100})
    parser.enable(["blockquote", "list", "newline", "escape", "emphasis"])
    parser.block.ruler.at("blockquote", _nested(blockquote), {"alt": ["paragraph", "blockquote", "list"]})
    parser.block.ruler.at("list", _nested(_list), {"alt": ["paragraph", "blockquote"]})
    parser.block.ruler.before("paragraph", "ends_quote", _ends_quote, {"alt": ["blockquote"]})
    parser.block.ruler.before("paragraph", "ends_list", _ends_list, {"alt": ["list"]})
    parser.inline.ruler.at("text", _text)
    parser.inline.ruler.at("emphasis", _emphasis)
    for name, rule in (("labelled", _labelled_link), ("angled", _angled_link), ("bare", _bare_link)):
        parser.inline.ruler.push(name, rule)
    # The rulers compile on first use, and a second thread would meet them half compiled.
    for ruler in (parser.core.ruler, parser.block.ruler, parser.inline.ruler, parser.inline.ruler2):
        ruler.getRules("")
    return parser


# --- What is shown ----------------------------------------------------------------------------------------------------


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return safe_href(value)
    return value if attribute == "rel" or re.fullmatch("[0-9]{1,2}", value) else None  # The cleaner itself sets rel.


_PARSER = _parser()
_CLEANER = nh3.Cleaner(
    tags={"a", "blockquote", "br", "em", "li", "ol", "p", "strong", "ul"},
    attributes={"a": {"href"}, "ol": {"start"}},
    attribute_filter=_allowed,
    link_rel="ugc nofollow noopener noreferrer",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)
_TAG = re.compile('<(/?)([a-z]+)(?: start="([0-9]+)")?[^>]*>')


def render(source: str) -> str:
    """The text as HTML that may go on a page as it is, whatever the text. Cost: 1 ms; 20 ms for the worst (S-095)."""
    text = tidy(source)
    if text.count("\n") > MAX_LINES:
        return clean(f"<p>{escape(text)}</p>".replace("\n", "<br>\n"))
    return clean(_PARSER.render(text, {"depth": 0, "blocks": 0, "emphasis": 0}))


def clean(html: str) -> str:
    """The HTML with nothing left but the tags, attributes and links that `render` makes; clean HTML stays as it is."""
    # What is left when other tags are gone can nest otherwise than it did, as <p> in <button> in <p>. Browsers would
    # sort it out in their own way, and that is where mutation XSS lives: so it is sorted out here, until it is stable.
    for _ in range(9):  # Two have always been enough.
        before, html = html, _CLEANER.clean(html).strip()
        if html == before:
            return html
    return escape(html)


def plain_text(html: str) -> str:
    """The words of rendered HTML, for excerpts, mail and search: a line for each paragraph, list item and line break.

    The numbers of a list are words too: people answer "2." by its number. The result is text, not HTML: `<` in it is a
    character somebody typed, to be escaped like any other.
    """
    numbers: list[int | None] = []

    def spoken(tag: re.Match[str]) -> str:
        closes, name, start = tag.groups()
        if name in ("ol", "ul"):
            if not closes:
                numbers.append(int(start or 1) if name == "ol" else None)
            elif numbers:
                numbers.pop()
        if name == "li" and not closes and numbers and (number := numbers[-1]) is not None:
            numbers[-1] = number + 1
            return f"\n{number}. "
        return "\n" if name in ("blockquote", "br", "li") or (name == "p" and closes) else ""

    lines = unescape(_TAG.sub(spoken, html.replace("\n", " "))).split("\n")
    return "\n".join(words for line in lines if (words := " ".join(line.split())))
