# ruff: noqa: RUF001 - look-alike letters are what is tested
"""Tests of what is made equal before texts are compared, and of the languages they are told by."""

import pytest

from kawaraban.screening import languages
from kawaraban.screening.folding import fold, words


@pytest.mark.parametrize(
    "typed",
    [
        "Idiot",
        "ÍDIOT",
        "1d10t",
        "ｉｄｉｏｔ",
        "іdіоt",  # Cyrillic
        "ΙDΙΟΤ",  # Greek capitals
        "id\u200bi\u00adot",
        "i.d.i.o.t",
        "i d i o t",
        "𝓲𝓭𝓲𝓸𝓽",
    ],
)
def test_a_word_is_the_same_however_it_is_typed(typed):
    assert fold(typed) == "idiot"


@pytest.mark.parametrize("text", ["100 km", "the 2nd of may", "route 66", "at 10:30", "u.s. steel", "i am a b"])
def test_figures_and_initials_stay_what_they_are(text):
    assert fold(text) == text


def test_the_voicing_of_kana_makes_another_word():
    assert fold("か") != fold("が")
    assert fold("ｶﾞ") == fold("ガ")


def test_spaces_between_japanese_letters_hide_nothing():
    assert fold("死 ね\u3000よ") == "死ねよ"


def test_words_stand_between_spaces():
    assert words(fold("You, sir: “go-home”!")) == " you sir go home "


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I think that the bridge is not what they promised"),
        ("de", "Der Bürgermeister ist nicht der, den wir gewählt haben"),
        ("fr", "Le maire est dans la ville et il ne fait pas ce que vous pensez"),
        ("es", "El alcalde no hace lo que dice porque hay elecciones"),
        ("it", "Il sindaco non è quello che si dice della città"),
        ("pt", "O prefeito não fez o que prometeu para as pessoas"),
        ("nl", "De burgemeester heeft het niet gedaan en dat is een probleem"),
        ("sv", "Jag tror att det är en bro som inte har kommit"),
        ("pl", "Nie wiem, co to jest, ale most jest już tylko na papierze"),
        ("ja", "橋はいつできるのですか"),
        ("zh", "这座桥什么时候能建好"),
        ("ru", "Этот мост никогда не построят"),
        ("ko", "다리는 언제 지어집니까"),
        ("el", "Πότε θα γίνει η γέφυρα"),
    ],
)
def test_a_sentence_tells_its_language(language, text):
    assert languages.guess(text) == language


@pytest.mark.parametrize(
    "text", ["", "lol", "https://the.of.and.example/the/of/and", "I love ラーメン so", "Across the Berlin station"]
)
def test_nothing_is_said_of_a_text_that_tells_too_little(text):
    assert languages.guess(text) == ""
