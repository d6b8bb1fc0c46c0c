"""What the body of a story is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

INLINE = ["bold", "italic", "link"]
MOST_IN_GALLERY = 24
NEEDS_ALT_TEXT = _("Say what is in the picture, for those who cannot see it, or mark it as decorative.")
DECORATIVE_HELP = _("It tells nothing that the text does not: those who cannot see it are not told of it.")


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

    photo = ImageChooserBlock(label=_("Photo"))
    caption = blocks.CharBlock(required=False, max_length=500, label=_("Caption"))
    alt_text = blocks.CharBlock(
        required=False, max_length=400, label=_("Alt text"), help_text=_("For those who cannot see it.")
    )
    is_decorative = blocks.BooleanBlock(required=False, label=_("Is decorative"), help_text=DECORATIVE_HELP)

    def clean(self, value: Any) -> Any:
        """The block, with an alternative text unless it is a draft's or decorative."""
        cleaned = super().clean(value)
        if self.is_deferred_validation or cleaned["is_decorative"]:
            return cleaned
        if not (cleaned["alt_text"] or cleaned["photo"].description).strip():
            raise blocks.StructBlockValidationError({"alt_text": ValidationError(NEEDS_ALT_TEXT)})
        return cleaned

    class Meta:
        icon = "image"
        template = "newsroom/blocks/photo.html"


class GalleryBlock(blocks.StructBlock):
    """Several photographs that belong together, each with its own caption."""

    title = blocks.CharBlock(required=False, max_length=120, label=_("Title"))
    photos = blocks.ListBlock(PhotoBlock(), label=_("Photos"), min_num=2, max_num=MOST_IN_GALLERY)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Adds `shown`: the photographs of the gallery that have not expired."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["shown"] = [item for item in value["photos"] if item["photo"] and not item["photo"].is_expired]
        return context

    class Meta:
        icon = "image"
        template = "newsroom/blocks/gallery.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, set apart."""

    text = blocks.TextBlock(label=_("Text"))
    attribution = blocks.CharBlock(required=False, max_length=200, label=_("Attribution"))

    class Meta:
        icon = "openquote"
        template = "newsroom/blocks/quote.html"


class EmbedBlock(blocks.StructBlock):
    """Something from elsewhere, named and linked. Nothing is loaded from there before the reader's click."""

    url = blocks.URLBlock(label=_("Address"))
    title = blocks.CharBlock(max_length=200, label=_("Title"), help_text=_("What the reader will see there."))
    caption = blocks.CharBlock(required=False, max_length=500, label=_("Caption"))

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

    paragraph = blocks.RichTextBlock(label=_("Paragraph"), features=INLINE, template="newsroom/blocks/paragraph.html")
    heading = blocks.CharBlock(
        label=_("Heading"), max_length=120, icon="title", template="newsroom/blocks/heading.html"
    )
    quote = QuoteBlock(label=_("Quote"))
    list = blocks.ListBlock(
        blocks.RichTextBlock(features=INLINE), label=_("List"), template="newsroom/blocks/list.html", icon="list-ul"
    )
    image = PhotoBlock(label=_("Image"))
    gallery = GalleryBlock(label=_("Gallery"))
    embed = EmbedBlock(label=_("Embed"))


class NetworkLinkBlock(blocks.StructBlock):
    """One line of the network block: an article of a sister site, a resource, or a partner's paid offer."""

    kind = blocks.ChoiceBlock(
        choices=[("article", _("Article")), ("resource", _("Resource")), ("offer", _("Offer, paid by a partner"))],
        default="article",
        label=_("Kind"),
    )
    source = blocks.CharBlock(
        required=False, max_length=80, label=_("Source"), help_text=_("The sister site, for an article.")
    )
    title = blocks.CharBlock(max_length=160, label=_("Title"))
    url = blocks.URLBlock(label=_("Address"))

    class Meta:
        icon = "link"


def photos_in(body: Any) -> list[Any]:
    """Every photograph of the library that a body shows, in order."""
    found = []
    for block in body:
        items = block.value["photos"] if block.block_type == "gallery" else [block.value]
        found += [item["photo"] for item in items if block.block_type in ("image", "gallery") and item["photo"]]
    return found


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
