"""A site speaks the language of its readers, alike to all of them; its desk that of each editor."""

from __future__ import annotations

import threading

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.translation import get_language
from wagtail.users.models import UserProfile

from kawaraban.languages import in_site_language, other_language

in_japanese = override_settings(LANGUAGE_CODE="ja")


@in_japanese
@pytest.mark.parametrize("wished", ["", "en", "de"])
def test_a_page_is_in_the_language_of_the_site_whatever_a_browser_wishes(site, stranger, wished):
    page = stranger.get(site.url, headers={"Accept-Language": wished})
    assert '<html lang="ja">' in page.text
    assert "コメントのルール" in page.text
    assert "Accept-Language" not in page.get("Vary", "")


def test_a_page_of_an_english_site_is_in_english(site, stranger):
    page = stranger.get(site.url, headers={"Accept-Language": "ja"})
    assert '<html lang="en">' in page.text
    assert "House rules" in page.text


@in_japanese
def test_error_pages_are_in_the_language_of_the_site(site, stranger):
    assert "このアドレスにページはありません" in stranger.get("/nowhere/").text
    assert '<html lang="ja">' in stranger.get("/?%00").text


@pytest.mark.parametrize(("preferred", "shown"), [("", "en"), ("ja", "ja")])
def test_the_desk_is_in_the_language_of_each_editor(site, editor, signed_in, preferred, shown):
    UserProfile.objects.create(user=editor, preferred_language=preferred)
    assert f'lang="{shown}"' in signed_in(editor).get("/desk/").text[:300]


def test_an_editor_chooses_between_the_languages_that_we_have(site, editor, signed_in):
    page = signed_in(editor).get("/desk/account/").text
    assert 'value="ja"' in page
    assert 'value="de"' not in page


def test_what_is_made_for_readers_is_in_the_language_of_the_site():
    with translation.override("ja"):
        assert in_site_language(get_language)() == "en"
        assert get_language() == "ja"


def test_two_threads_that_speak_to_readers_do_not_change_each_others_language():
    inside, go_on = threading.Event(), threading.Event()
    seen = []

    @in_site_language
    def speak(wait):
        if wait:
            inside.set()
            go_on.wait(5)

    def desk():
        with translation.override("ja"):
            speak(True)
            seen.append(get_language())

    thread = threading.Thread(target=desk)
    thread.start()
    inside.wait(5)
    speak(False)
    go_on.set()
    thread.join()
    assert seen == ["ja"]
    assert get_language() == "en"


@pytest.mark.parametrize(
    ("text", "on_an_english_site", "on_a_japanese_site"),
    [
        ("The bridge was closed at noon.", "", "en"),
        ("橋は正午に閉鎖されました。", "ja", ""),
        ("東京都知事選挙", "ja", ""),
        ("NHKニュースで見た", "ja", ""),
        ("はい", "ja", ""),
        ("In Japan they call it もったいない, a word without a good translation.", "", ""),
        ("The sign says 東京, which is Tokyo.", "", ""),
        ("https://courier.example/city/bridge/", "", ""),
        ("同感 https://courier.example/city/a-long-address-of-a-story/", "ja", ""),
        ("Déjà vu, n’est-ce pas?", "", "en"),
        ("Мост закрыт", "", ""),
        ("42 %, 7 : 3", "", ""),
        ("", "", ""),
    ],
)
def test_words_in_the_other_language_are_told(text, on_an_english_site, on_a_japanese_site):
    assert other_language(text) == on_an_english_site
    with in_japanese:
        assert other_language(text) == on_a_japanese_site
