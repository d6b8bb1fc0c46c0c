# ruff: noqa: RUF001 - full width is what is tested
"""Texts that say the same again are alike however they are typed, and a signature finds them among others."""

from __future__ import annotations

import random

import pytest

from kawaraban.screening import actions, likeness, reads
from kawaraban.screening.models import Band

SPAM = "Earn 500 coins a day from home, call 0800 123456 and ask for Kiyo."
HARSH = "This mayor is an idiot and a liar, and everybody at the ferry knows it."
JAPANESE = "この市長は嘘つきで、橋の予算を三回も間違えた。渡し船に乗る人はみんな知っている。"


def alike(one, other):
    return likeness.share(likeness.pieces(one), likeness.pieces(other))


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (SPAM, "Earn 900 coins a day from home, call 0900 987654 and ask for Kiyo!!"),
        (SPAM, "EARN 500 coins a day\n\nfrom home… call 0800-123-456 and ask for Kiyo."),
        (SPAM, "Ｅａｒｎ ５００ ｃｏｉｎｓ a day from home, call ０８００ １２３４５６ and ask for Kiyo."),
        (HARSH, "This mayor is an 1d10t and a l1ar, and everybody at the ferry knows it."),
        (HARSH, "This mayor is an i.d.i.o.t and a l i a r, and everybody at the ferry knows it."),
        (HARSH, f"> What do you think of the bridge?\n\n{HARSH}"),
        (JAPANESE, "この 市長は 嘘つきで 、 橋の予算を 三回も間違えた。 渡し船に乗る人は みんな知っている。"),
        (JAPANESE, "この市長は嘘つきで,橋の予算を三回も間違えた.渡し船に乗る人はみんな知っている"),
        ("ｶﾞｽ料金はまた上がる", "ガス料金は、また上がる！"),
    ],
)
def test_the_same_words_are_the_same_however_they_are_typed(text, again):
    assert alike(text, again) == 1
    assert likeness.signature(text) == likeness.signature(again)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (HARSH, HARSH.replace("mayor", "council")),
        (HARSH, f"{HARSH} Goodbye!"),
        (JAPANESE, JAPANESE.replace("三回", "何度")),
    ],
)
def test_a_word_more_or_another_is_nearly_the_same(text, again):
    assert 0.6 < alike(text, again) < 1


def test_other_words_are_not_alike():
    assert alike(HARSH, SPAM) < 0.05
    assert alike(JAPANESE, "橋は要らない。渡し船があれば十分だと思う。税金の無駄だ。") < 0.1
    assert alike("", HARSH) == 0


@pytest.mark.parametrize("text", ["", "!", "🎉", "a", "\ud800", "\0" * 9, "> only a quotation"])
def test_every_text_has_a_signature_that_a_database_can_hold(text):
    bands = likeness.signature(text)
    assert len(bands) == likeness.BANDS
    assert all(0 <= band < 2**63 for band in bands)


def test_signatures_find_as_many_as_the_formula_says():
    chance = random.Random("likeness")  # noqa: S311 - the same on every run, nothing secret
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(600)]

    def found(changed):
        hits, shares = 0, []
        for _ in range(300):
            text = chance.sample(words, 30)
            again = [chance.choice(words) if chance.random() < changed else word for word in text]
            one, other = " ".join(text), " ".join(again)
            hits += bool(set(likeness.signature(one)) & set(likeness.signature(other)))
            shares.append(alike(one, other))
        return hits / 300, sum(shares) / 300

    for changed in (0.05, 0.15, 0.3):
        hits, share = found(changed)
        expected = 1 - (1 - share**likeness.ROWS) ** likeness.BANDS
        assert abs(hits - expected) < 0.12, (changed, share)
    assert found(1.0)[0] < 0.02


def test_the_longest_text_is_signed_in_some_milliseconds(stopwatch):
    text = "".join(chr(0x4E00 + number % 3000) for number in range(5_000))
    with stopwatch:
        likeness.signature(text)
    assert stopwatch.seconds < 0.1


def test_remembered_words_are_found_by_their_key_until_they_are_forgotten(db, django_assert_num_queries):
    actions.remember_words(1, HARSH)
    actions.remember_words(2, SPAM)
    actions.remember_words(2, SPAM)
    assert Band.objects.filter(key=2).count() == likeness.BANDS
    with django_assert_num_queries(1):
        assert set(reads.keys_like(HARSH.upper())) == {1}
    actions.remember_words(1, SPAM)
    assert set(reads.keys_like(SPAM)) == {1, 2}
    actions.forget_words(1)
    actions.forget_words(2)
    assert not Band.objects.exists()


def test_the_same_words_are_found_before_a_hundred_newer_ones_that_are_less_alike(db):
    actions.remember_words(1, HARSH)
    for number in range(reads.MOST_LIKE + 20):
        actions.remember_words(number + 2, f"{HARSH} {chr(97 + number % 26) * 9} {chr(97 + number // 26) * 9}")
    found = list(reads.keys_like(HARSH))
    assert (found[0], len(found)) == (1, reads.MOST_LIKE)
