"""What the people of `make bench-moderation` say: sentences out of frames and slots, in English and Japanese.

Each list is in three parts. Two are in use from the beginning; every third entry is kept back until the second phase,
where half of all choices fall on it. So a score that has only learned whole sentences by heart knows nothing there.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

JAPANESE = 0.25
"""The part of all texts that is in Japanese."""
FRESH = 0.5
"""In the second phase, how often a choice falls on what was kept back."""
DISGUISED = 0.4
"""How often a troll spells a word so that a list misses it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A comment as somebody means to post it.

    Args:
        kind: "talk", "sharp" and "mention" stay; "insult", "sly" and "advert" are to be removed.
        is_new: the word by which one could tell was kept back in the first phase.
    """

    body: str
    kind: str
    language: str
    is_new: bool = False

    @property
    def is_bad(self) -> bool:
        """True if a moderator who reads it removes it."""
        return self.kind in RULES

    @property
    def rule(self) -> int:
        """The number of the house rule that it breaks; 0 for none."""
        return RULES.get(self.kind, 0)


RULES = {"insult": 1, "sly": 1, "advert": 2}


def _read(language: str) -> Mapping[str, tuple[str, ...]]:
    """The frames and slots of a language, from paragraphs such as `place: by the river | at the station`."""
    text = Path(__file__).with_name(f"phrases-{language}.txt").read_text(encoding="utf-8")
    named = [paragraph.partition(":") for paragraph in text.strip().split("\n\n")]
    return {slot: tuple(" ".join(entry.split()) for entry in entries.split("|")) for slot, _, entries in named}


_EN, _JA = _read("en"), _read("ja")
TELLING = {"insult": "slur", "advert": "goods"}
"""The slot by which a kind can be told."""


def made_by(seed: str) -> random.Random:
    """Chance that is the same on every run."""
    return random.Random(seed)  # noqa: S311 - nothing secret


def held_out(entries: Sequence[str]) -> tuple[str, ...]:
    """The entries of a list that are not used before the second phase; short lists have none."""
    return tuple(entries[2::3]) if len(entries) > 3 else ()


LISTED = tuple(
    word for lists, most in ((_EN, 8), (_JA, 5)) for word in lists["slur"][:most] if word not in held_out(lists["slur"])
)
"""Words that the desk lists on the first day: those that come to mind."""


class Speech:
    """Says what is asked for, the same for the same seed.

    Args:
        is_second: the second phase, in which what was kept back is said as well.
    """

    def __init__(self, seed: str, *, is_second: bool = False) -> None:
        self._chance = made_by(seed)
        self._is_second = is_second
        self._told = ""

    def regular(self) -> Text:
        """What somebody says who came for the subject: now and then sharply, or with a word of abuse in it."""
        kind = self._chance.choices(("talk", "sharp", "mention"), (82, 14, 4))[0]
        return self.text(kind)

    def troll(self, trade: str) -> Text:
        """What somebody says who came for something else: of `trade` "insult" or "advert"."""
        if trade == "insult" and self._chance.random() < 0.12:
            return self.text("sly")
        return self.text(trade)

    def text(self, kind: str) -> Text:
        """A text of a kind, one to three sentences of talk around it."""
        chance = self._chance
        language = "ja" if chance.random() < JAPANESE else "en"
        lists = _JA if language == "ja" else _EN
        self._told = ""
        around = chance.randint(1, 3) if kind in ("talk", "sharp", "mention") else chance.randint(0, 2)
        kinds = ["talk"] * around + [kind]
        chance.shuffle(kinds)
        is_bad = kind in RULES
        sentences = [self._sentence(lists, each, is_disguised=is_bad) for each in kinds]
        body = "".join(sentences) if language == "ja" else " ".join(sentences)
        if chance.random() < (0.7 if kind == "advert" else 0.06):
            body += f" https://{self._host()}/{chance.randrange(9_999)}"
        telling = TELLING.get(kind, "")
        return Text(body, kind, language, bool(telling) and self._told in held_out(lists[telling]))

    def _host(self) -> str:
        part = self._chance.choice(("north", "river", "blue", "first", "open", "city"))
        ending = self._chance.choice(("shop", "paper", "page", "post", "store"))
        return f"{part}-{ending}{self._chance.randrange(40)}.example"

    def _sentence(self, lists: Mapping[str, tuple[str, ...]], kind: str, *, is_disguised: bool) -> str:
        telling = TELLING.get(kind, "")

        def filled(place: re.Match[str]) -> str:
            slot = place[1]
            word = self._pick(lists[slot])
            if slot == telling:
                self._told = word
                if is_disguised and slot == "slur" and self._chance.random() < DISGUISED:
                    return disguise(self._chance, word)
            return word

        said = re.sub(r"\{(\w+)\}", filled, self._pick(lists[kind]))
        if lists is _JA:
            return said + "。"
        return said[0].upper() + said[1:] + self._chance.choice((".", ".", ".", ".", "!"))

    def _pick(self, entries: tuple[str, ...]) -> str:
        kept_back = held_out(entries)
        if kept_back and self._is_second and self._chance.random() < FRESH:
            return self._chance.choice(kept_back)
        return self._chance.choice([each for each in entries if each not in kept_back])


# --- How words are disguised ------------------------------------------------------------------------------------------

_DIGITS = str.maketrans("aeiost", "4310$7")
_LOOK_ALIKE = str.maketrans("aceopx", "\u0430\u0441\u0435\u043e\u0440\u0445")


def disguise(chance: random.Random, word: str) -> str:
    """The word as somebody types it who knows that it is looked for."""
    ways: tuple[Callable[[str], str], ...] = (
        lambda text: chance.choice((" ", ".", "-")).join(text),
        lambda text: "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text),
        lambda text: text.translate(_DIGITS),
        lambda text: text.translate(_LOOK_ALIKE),
        lambda text: _doubled(chance, text),
        lambda text: text[:1] + "*" + text[2:],
    )
    return chance.choice(ways)(word)


def _doubled(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text))
    return text[:place] + text[place] * chance.randint(2, 3) + text[place + 1 :]
