"""Which language a text is in, from its letters and its commonest words: enough to tell languages apart, no more."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# Words that stand in nearly every sentence of one language and seldom in the others.
_COMMON = {
    "en": "the and of to is that it was for you not are this have with they but be at what there who would i",
    "de": "der die und ist das nicht ein ich sie mit den zu auf dass auch es wir für dem eine von wie aber noch",
    "fr": "le les est et des une pas que qui dans pour il ce vous du je sur mais avec sont nous cette plus au",
    "es": "el los que y es una por las del no con para lo se pero como más su este ya muy porque hay son",
    "it": "il che di è un non sono per gli della con una anche più del ma ho questo si lo alla come nel ci",
    "pt": "o que não é um uma os do da em para com mas por se as no na mais você isso são foi muito",
    "nl": "de het een en van is niet dat ik je zijn met voor op maar ook aan wat er nog dit naar heeft bij",
    "sv": "och att det som är inte en på jag för med har av till den om men ett vi kan så var du",
    "pl": "i w nie się na to jest że z do jak ale co tak o za po czy od tego był już tylko są",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
KNOWN = ("ar", "de", "el", "en", "es", "fr", "he", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "th", "zh")
"""The languages that can be told; of each script but the Latin one its most widely written."""

_SCRIPTS = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "HANGUL": "ko",
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "THAI": "th",
    "DEVANAGARI": "hi",
    "LATIN": "",
}
_ADDRESS = re.compile(r"\S+://\S+|\S+@\S+")
_LOOKED_AT = 1_000
_FEWEST = 12  # letters
_FEWEST_CJK = 4


def guess(text: str) -> str:
    """The language of a text as two letters of ISO 639-1; "" when it is too short, mixed or not among `KNOWN`.

    Latin letters need three of a language's commonest words, and twice as many as of any other. Chinese written beside
    kana is Japanese; another language in Cyrillic letters is taken for Russian.
    """
    text = _ADDRESS.sub(" ", text[:_LOOKED_AT])
    scripts = Counter(_script(letter) for letter in text if letter.isalpha())
    scripts.pop("", None)
    if not scripts:
        return ""
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > scripts["CJK"] // 20:
        scripts["HIRAGANA"] += scripts.pop("CJK", 0) + scripts.pop("KATAKANA", 0)
    script, letters = scripts.most_common(1)[0]
    fewest = _FEWEST_CJK if script in ("HIRAGANA", "CJK", "HANGUL") else _FEWEST
    if letters < fewest or letters < 0.6 * scripts.total():
        return ""
    return _SCRIPTS[script] or _by_words(text)


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").split(" ", 1)[0]
    return name if name in _SCRIPTS else ""


def _by_words(text: str) -> str:
    seen = re.findall(r"[^\W\d_]+", text.lower())
    counts = Counter({language: sum(word in common for word in seen) for language, common in _WORDS.items()})
    (first, most), (_, second) = counts.most_common(2)
    return first if most >= 3 and most >= 2 * second else ""
