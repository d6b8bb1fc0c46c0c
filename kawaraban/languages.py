"""The language of the site, and which other one a text is in."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

P = ParamSpec("P")
R = TypeVar("R")

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_CJK = re.compile(r"[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
_ADDRESS = re.compile(r"\S+://\S+|\S+@\S+")


def in_site_language(function: Callable[P, R]) -> Callable[P, R]:
    """The function, with whatever it says said in the language of the site.

    Editors have the desk in a language of their own. What is kept, sent or shown to readers while one of them presses
    a button is not theirs.
    """

    @wraps(function)
    def speak(*args: P.args, **kwargs: P.kwargs) -> R:
        with translation.override(settings.LANGUAGE_CODE):
            return function(*args, **kwargs)

    return speak


def other_language(text: str) -> str:
    """`ja` for Japanese on a site in another language, `en` for Latin letters alone on a Japanese one, else nothing.

    Japanese is what has kana, unless they are few among Latin letters, or more Chinese characters than other letters.
    Addresses of pages and of mail do not count, nor do numbers and signs.
    """
    if settings.LANGUAGE_CODE == "ja":
        if _KANA.search(text) or _CJK.search(text):
            return ""
        letters = list(filter(str.isalpha, _ADDRESS.sub(" ", text)))
        return "en" if letters and all(map(_LATIN.match, letters)) else ""
    kana, chinese = len(_KANA.findall(text)), len(_CJK.findall(text))
    if not kana and not chinese:
        return ""
    letters = list(filter(str.isalpha, _ADDRESS.sub(" ", text)))
    # A word in kana takes about half as many letters as one in Latin letters.
    counted = kana + chinese if kana else chinese
    others = sum(map(bool, map(_LATIN.match, letters))) if kana else len(letters)
    return "ja" if 2 * counted > others else ""
