"""The `lang` of words that are in another language than the page."""

from __future__ import annotations

import re

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kawaraban.languages import other_language

register = template.Library()

_QUOTATION = re.compile(r"<figure class=\"quotation\">.*?</figure>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@register.filter
def lang(language: str) -> SafeString | str:
    """A `lang` attribute with a space before it; nothing for the site's own language, or where none is known."""
    return format_html(' lang="{}"', language) if language and language != settings.LANGUAGE_CODE else ""


@register.filter
def lang_of(html: str) -> SafeString | str:
    """The `lang` attribute of a comment's text, by its writer's own words; what they quote does not count."""
    if html.isascii() and settings.LANGUAGE_CODE != "ja":
        return ""
    return lang(other_language(_TAG.sub(" ", _QUOTATION.sub("", html))))
