"""What the body of a story is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.html import strip_tags
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

INLINE = ["bold", "italic", "link"]


@dataclass(frozen=True, slots=True)
class Player:
    """A video that can be played here after a click. `frame` is the address of its player."""

    provider: str
    frame: str


def player(url: str) -> Player | None:
    """The player for a video's address, or None for a page that can only be linked.

    The address of the frame is made here from the video's id; nothing is fetched from the provider.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host == "youtu.be":
        video = parts.path.strip("/")
    elif host in ("youtube.com", "youtube-nocookie.com", "m.youtube.com"):
        video = parse_qs(parts.query).get("v", [""])[0]
    elif host == "vimeo.com" and (number := re.fullmatch(r"/([0-9]{6,12})/?", parts.path)):
        return Player("Vimeo", f"https://player.vimeo.com/video/{number[1]}?dnt=1")
    else:
        return None
    if not re.fullmatch(r"[\w-]{6,20}", video, re.ASCII):
        return None
    return Player("YouTube", f"https://www.youtube-nocookie.com/embed/{video}")


class PhotoBlock(blocks.StructBlock):
    """A further photograph in the text; what is left empty comes from the photograph's own record."""

    photo = ImageChooserBlock()
    caption = blocks.CharBlock(required=False, max_length=500)

    class Meta:
        icon = "image"
        template = "newsroom/blocks/photo.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, set apart."""

    text = blocks.TextBlock()
    attribution = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "openquote"
        template = "newsroom/blocks/quote.html"


class EmbedBlock(blocks.StructBlock):
    """Something from elsewhere, named and linked. Nothing is loaded from there before the reader's click."""

    url = blocks.URLBlock(label="Address")
    title = blocks.CharBlock(max_length=200, help_text="What the reader will see there.")
    caption = blocks.CharBlock(required=False, max_length=500)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Adds `player`, and `host` for the line that says where the click leads."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["player"] = player(value["url"])
        context["host"] = (urlsplit(value["url"]).hostname or "").removeprefix("www.")
        return context

    class Meta:
        icon = "media"
        template = "newsroom/blocks/embed.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a story, block by block."""

    paragraph = blocks.RichTextBlock(features=INLINE, template="newsroom/blocks/paragraph.html")
    heading = blocks.CharBlock(max_length=120, icon="title", template="newsroom/blocks/heading.html")
    quote = QuoteBlock()
    list = blocks.ListBlock(blocks.RichTextBlock(features=INLINE), template="newsroom/blocks/list.html", icon="list-ul")
    image = PhotoBlock()
    embed = EmbedBlock()


class NetworkLinkBlock(blocks.StructBlock):
    """One line of the network block: an article of a sister site, a resource, or a partner's paid offer."""

    kind = blocks.ChoiceBlock(
        choices=[("article", "Article"), ("resource", "Resource"), ("offer", "Offer, paid by a partner")],
        default="article",
    )
    source = blocks.CharBlock(required=False, max_length=80, help_text="The sister site, for an article.")
    title = blocks.CharBlock(max_length=160)
    url = blocks.URLBlock(label="Address")

    class Meta:
        icon = "link"


def passages(body: Any) -> list[list[str]]:
    """The texts that a reader could quote, block by block: one for each paragraph, heading, quote and list item."""
    return [[plain for text in _texts(block) if (plain := " ".join(text.split()))] for block in body]


def _texts(block: Any) -> list[str]:
    if block.block_type == "paragraph":
        return _paragraphs(str(block.value.source))
    if block.block_type == "heading":
        return [block.value]
    if block.block_type == "quote":
        return [block.value["text"]]
    if block.block_type == "list":
        return [plain for item in block.value for plain in _paragraphs(str(item.source))]
    return []


def _paragraphs(html: str) -> list[str]:
    from html import unescape

    return [unescape(strip_tags(part)) for part in re.split(r"</p>|<br\s*/?>|</li>", html)]
