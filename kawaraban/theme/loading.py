"""Templates in the language of the page, with their words put in once and not at every rendering.

A thread of 400 comments has thousands of marked words. Looking one up takes 5 µs, a sentence with fields 17. So it is
with addresses that are the same for as long as the program runs: a page has thirty, each of which takes 20 µs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from django.template.base import Origin
from django.template.loaders import cached
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.translation import get_language, gettext, pgettext, trim_whitespace

_WORDS = re.compile(r'{% translate "([^"%]*)"(?: context "([^"]*)")? %}')
_SENTENCE = re.compile(
    r"{% blocktranslate trimmed(?: with((?: \w+=[^\s%]+)+))? %}((?:[^{%]|{{ \w+ }}|\n)*){% end\w+ %}"
)
_STATIC = re.compile(r"""{% static (['"])([^'"{}]+)\1 %}""")
_URL = re.compile(r"""{% url (['"])([^'"{}]+)\1 %}""")
_FIELD = re.compile(r"{{ (\w+) }}")
_PLACE = re.compile(r"%\((\w+)\)s")


class Loader(cached.Loader):
    """Django's cached loader, which keeps a template for each language."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        """The key of a template in the language of the moment."""
        return f"{get_language()}:{super().cache_key(template_name, skip)}"

    def get_contents(self, origin: Origin) -> str:
        """The source of a template, with its words in the language of the moment."""
        return addressed(spoken(super().get_contents(origin)))


def spoken(source: str) -> str:
    """A template's source in the language of the moment, with the same meaning to Django.

    Put in are `translate` of plain words and `blocktranslate trimmed` whose fields are plain; whatever counts, is kept
    in a variable or has a percent sign is left to Django.
    """
    return _SENTENCE.sub(_sentence, _WORDS.sub(_words, source))


def addressed(source: str) -> str:
    """A template's source with the addresses that depend on nothing; one that does not exist is left to Django."""
    return _URL.sub(partial(_address, reverse), _STATIC.sub(partial(_address, static), source))


def _address(find: Callable[[str], str], found: re.Match[str]) -> str:
    try:
        return escape(find(found[2]))
    except (NoReverseMatch, ValueError):  # no such view, or a file that is not collected
        return found[0]


def _words(found: re.Match[str]) -> str:
    return pgettext(found[2], found[1]) if found[2] else gettext(found[1])


def _sentence(found: re.Match[str]) -> str:
    values = dict(pair.split("=", 1) for pair in (found[1] or "").split())
    said = gettext(_FIELD.sub(r"%(\1)s", trim_whitespace(found[2])))
    return _PLACE.sub(lambda place: f"{{{{ {values.get(place[1], place[1])} }}}}", said)
