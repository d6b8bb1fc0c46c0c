"""Stories in Japanese, and what an editor with another language leaves on the pages of readers."""

from __future__ import annotations

import json

from django.test import override_settings
from django.utils import translation

from kawaraban.accounts.models import Notification
from kawaraban.newsroom import actions, announce
from kawaraban.newsroom.testing import make_entry, make_live_report, make_poll, make_story
from kawaraban.newsroom.tests.pages import page, words

in_japanese = override_settings(LANGUAGE_CODE="ja")


@in_japanese
def test_what_stands_around_a_story_is_in_japanese(site):
    story = make_story()
    soup = page(story.url)
    assert words(soup.select_one(".story__error")) == "誤りを知らせる"
    assert words(page(f"/story/{story.pk}/error/").select_one("h1")) == "誤りを知らせる"
    assert "最初の公開" in words(page(f"/story/{story.pk}/versions/").select_one(".versions__list"))


@in_japanese
def test_a_poll_is_asked_in_japanese(site):
    poll = make_poll("橋", "渡し船")
    soup = page(poll.story.url)
    assert words(soup.select_one("#poll .label")).startswith("アンケート")
    assert "投票は会員1人につき1票" in words(soup.select_one("#poll"))


def test_open_pages_hear_of_a_live_report_in_the_language_of_the_site(site, editor):
    story = make_live_report()
    entry = make_entry(story, "The bridge is closed.")
    actions.take_back_entry(editor, story.pk, entry.number, entry.changed)
    entry.refresh_from_db()
    with translation.override("ja"):
        html = json.loads(announce.entry_event(entry, story).data)[0][2]
    assert "The newsroom has taken this entry back." in html


def test_whoever_reported_an_error_hears_in_the_language_of_the_site(site, editor, reader):
    story = make_story()
    found = actions.Found(words="It was 60 per cent.", version=story.version, position=None)
    report = actions.report_error(story.pk, found, reader)
    with translation.override("ja"):
        actions.close_error(editor, report.pk, "It was not.")
    told = Notification.objects.get(recipient=reader)
    assert told.title == f"The newsroom answered your report of an error in “{story.title}”"
