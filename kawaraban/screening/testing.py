"""Decisions of a made-up site, for tests and benches: the same on every run, and no easier than they need to be."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from kawaraban.screening.samples import Labelled

REMOVED = 0.04
"""The part of all comments that this site removes."""
JAPANESE = 0.25
INSULTS, ADVERTS, OFF_TOPIC = "1", "2", "3"
_SYLLABLES = "ba be bi bo da de di do fa fe ga go ka ke ki ko la le li lo ma me mi mo na ne no pa po ra re ri sa se so ta te".split()  # noqa: E501, SIM905
_ENDINGS = ("", "", "", "s", "ed", "ing", "er", "ly")
_KANJI = "橋川市長議会計画予算税金道路駅建設住民反対賛成問題工事費用交通安全学校病院公園電車料金値上選挙"
_KANA = "のはがをにでともやへかなあいうえおさしすせそたちつてとらりるれろまみむめもん"


def decided(size: int, seed: str = "site", removed: float = REMOVED) -> list[Labelled]:
    """So many decisions, one an hour. This part is removals: insults, advertisements, and what is off the topic.

    What makes it hard, as it is elsewhere: a word of abuse also stands in comments that stay (quoted, or meant
    kindly), removals name each word rarely and often misspelt, one removal in ten is in nothing different from what
    stays, and what is off the topic differs by its subject alone.
    """
    chance = random.Random(seed)  # noqa: S311 - the same on every run, nothing secret
    tongues = [_Tongue(chance, japanese=japanese) for japanese in (False, True)]
    began = datetime(2026, 1, 1, tzinfo=UTC)
    return [_one(chance, tongues, began + timedelta(hours=number), removed) for number in range(size)]


class _Tongue:
    """A language: its words, the common ones far more often than the others, and those of each kind of removal."""

    def __init__(self, chance: random.Random, *, japanese: bool) -> None:
        self.name = "ja" if japanese else "en"
        self.gap = "" if japanese else " "
        make = _japanese if japanese else _latin
        self.words = [make(chance) for _ in range(6_000)]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.abuse = [make(chance) for _ in range(120)]
        self.adverts = [make(chance) for _ in range(60)]
        self.elsewhere = [make(chance) for _ in range(400)]

    def text(self, chance: random.Random, special: list[str], part: float) -> str:
        """Some sentences in which this part of the words is from a special list."""
        sentences = []
        for _ in range(chance.randint(1, 8)):
            words = chance.choices(self.words, cum_weights=self.weights, k=chance.randint(4, 14))
            for place in range(len(words)):
                if special and chance.random() < part:
                    words[place] = _misspelt(chance, _usual(chance, special))
            sentences.append(self.gap.join(words) + ("。" if not self.gap else "."))
        return (self.gap or "").join(sentences)


def _one(chance: random.Random, tongues: list[_Tongue], at: datetime, removed: float) -> Labelled:
    tongue = tongues[chance.random() < JAPANESE]
    group = chance.choices((INSULTS, ADVERTS, OFF_TOPIC), (5, 3, 2))[0] if chance.random() < removed else ""
    special = {INSULTS: tongue.abuse, ADVERTS: tongue.adverts, OFF_TOPIC: tongue.elsewhere}
    if group:
        lists, part = special[group], (0.0 if chance.random() < 0.1 else 0.08)
    else:
        lists, part = (tongue.abuse if chance.random() < 0.05 else tongue.elsewhere), chance.choice((0, 0, 0, 0.02))
    text = tongue.text(chance, lists, part)
    if group and part and not any(word in text for word in lists):
        text += tongue.gap + _usual(chance, lists)
    if group == ADVERTS or chance.random() < 0.03:
        text += f" https://{chance.choice(_SYLLABLES)}{chance.choice(_SYLLABLES)}{chance.randrange(99)}.example/"
    return Labelled(text, tongue.name, group, bool(group), at)


def _usual(chance: random.Random, words: list[str]) -> str:
    """One of these words; of abuse, too, a few are in everybody's mouth."""
    return words[int(len(words) ** chance.random()) - 1]


def _latin(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) + chance.choice(_ENDINGS)


def _japanese(chance: random.Random) -> str:
    return "".join(chance.choices(_KANJI, k=chance.randint(1, 2)) + chance.choices(_KANA, k=chance.randint(0, 3)))


def _misspelt(chance: random.Random, word: str) -> str:
    if len(word) < 4 or chance.random() > 0.3:
        return word
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + chance.choice(("", word[place] * 2, "*", ".")) + word[place + 1 :]
