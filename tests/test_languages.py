"""A site speaks the language of its readers, alike to all of them; its desk that of each editor."""

from __future__ import annotations

import threading

import pytest
from bs4 import BeautifulSoup
from django.test import override_settings
from django.utils import translation
from django.utils.translation import get_language
from wagtail.users.models import UserProfile

from kawaraban.accounts.models import Notification
from kawaraban.discussion import actions
from kawaraban.discussion.announce import thread_event
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.reads import quotation_of
from kawaraban.discussion.testing import make_comment, make_thread, remove_comment
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


def test_a_comment_in_the_other_language_says_so(author, reader, stranger):
    thread = make_thread()
    make_comment(thread, author, "橋は正午に閉鎖されました。")
    make_comment(thread, reader, "> 橋は正午に閉鎖されました。\n\nThe bridge was closed at noon, it says.")
    english = BeautifulSoup(stranger.get(thread.get_absolute_url()).text, "html.parser")
    assert [text.get("lang") for text in english.select(".comment__text")] == ["ja", None]
    with in_japanese:
        japanese = BeautifulSoup(stranger.get(thread.get_absolute_url()).text, "html.parser")
    assert [text.get("lang") for text in japanese.select(".comment__text")] == [None, "en"]


def test_what_is_done_at_a_desk_in_another_language_is_told_in_the_sites(author, editor, moderator, reader):
    thread = make_thread()
    first = make_comment(thread, author, "The ferry was never late in thirty-one years.")
    answer = make_comment(thread, reader, "> The ferry was never late in thirty-one years.\n\nExcept in fog.")
    with translation.override("ja"):
        actions.pick_comment(editor, thread.pk, first.number, "First-hand knowledge.")
        closing = actions.close_thread(editor, thread.pk, reason="circles")
        remove_comment(moderator, thread.pk, first.number)
        event = thread_event(Thread.objects.get(pk=thread.pk))
    assert Notification.objects.filter(title="The newsroom picked your comment on “A bridge is promised”").exists()
    assert closing.decision.facts == "The discussion went in circles."
    answer.refresh_from_db()
    assert "Words removed by a moderator." in answer.html
    assert "Comments are closed" in event.data


@in_japanese
def test_a_japanese_site_answers_in_japanese(author, reader, signed_in):
    thread = make_thread()
    first = make_comment(thread, author, "橋は正午に閉鎖されました。")
    page = signed_in(reader).get(thread.get_absolute_url()).text
    assert all(word in page for word in ("コメント1件", "そう思う", "返信", "引用", "通報"))
    refused = signed_in(reader).post(f"{thread.get_absolute_url()}comments/", {"body": "", "key": "a" * 32})
    assert "文章が空のため、まだ投稿できません。" in refused.text
    make_comment(thread, reader, quotation_of(first) + "\n\n本当ですか。")
    told = Notification.objects.get(recipient=author)
    assert told.title == "「A bridge is promised」であなたのコメントが引用されました"
    assert Comment.objects.get(author=reader).quotes.get().source == first


@in_japanese
def test_members_join_in_japanese(site, stranger, mailoutbox):
    assert "会員登録" in stranger.get("/account/signup/").text
    form = {"handle": "みかん", "email": "mikan@readers.example", "password1": "paper-and-ink-27", "rules": "on"}
    assert stranger.post("/account/signup/", form).status_code == 302
    assert mailoutbox[0].subject == "メールアドレスの確認"
    assert "3日以内に次のリンクを開いて確認してください。" in mailoutbox[0].body
    short = stranger.post("/account/signup/", {**form, "handle": "や", "email": "ya@readers.example"})
    assert "ハンドルネームは2〜30文字です" in short.text
