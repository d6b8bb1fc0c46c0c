"""Live reports: written at the desk, read on the story's page, and heard of by open pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry, PageLogEntry

from kawaraban import bus
from kawaraban.errors import Refused
from kawaraban.live import subjects
from kawaraban.newsroom import actions, announce
from kawaraban.newsroom.actions import EntryDraft
from kawaraban.newsroom.live_reports import LiveEntry, LiveReport
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_entry, make_live_report, make_story
from kawaraban.newsroom.tests.pages import MORNING, page, publish_again, texts, words


@pytest.fixture
def story(site):
    """A live report that is published, without entries."""
    return make_live_report()


@pytest.fixture
def desk(editor, signed_in):
    """The browser of an editor."""
    return signed_in(editor)


@pytest.fixture
def heard():
    """What open pages hear, as (subject, event)."""
    found = []
    end = bus.subscribe(subjects.CHANNEL, lambda message: found.append(subjects.received(message)[1:]))
    yield found
    end()


def at_desk(story, number=""):
    return f"/desk/story/{story.pk}/live/{number}{'/' if number else ''}"


def send(browser, story, words, **more):
    """Write an entry at the desk, as its form does."""
    return browser.post(at_desk(story), {"deed": "write", "words": words, "key": f"{len(words)}", **more})


def correct(browser, entry, **changes):
    form = {"deed": "correct", "words": entry.source, "headline": entry.headline, "changed": entry.changed}
    return browser.post(at_desk(entry.report.story, entry.number), {**form, **changes})


def entries(soup):
    return [(entry["id"], words(entry.select_one(".entry__text"))) for entry in soup.select("#entries > .entry")]


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_entries_stand_on_the_storys_page_the_newest_first_each_at_its_own_address(desk, story):
    assert page(story.url).select(".entry") == []
    for text in ("The **first** train has left.", "The second waits."):
        assert send(desk, story, text)["Location"] == at_desk(story)
    soup = page(story.url)
    assert entries(soup) == [("entry-2", "The second waits."), ("entry-1", "The first train has left.")]
    assert [link["href"] for link in soup.select(".entry__time a")] == ["#entry-2", "#entry-1"]
    assert soup.select_one("#entry-1 strong").get_text() == "first"
    assert LiveEntry.objects.get(number=1).writer.handle == "Tomoe Sakai"
    assert "Tomoe Sakai" not in soup.get_text()


def test_an_entry_makes_no_revision_and_moves_the_time_of_the_story(desk, story):
    before = StoryPage.objects.get(pk=story.pk)
    send(desk, story, "The first train has left.")
    after = StoryPage.objects.get(pk=story.pk)
    assert after.revisions.count() == before.revisions.count()
    assert before.updated_at is None
    assert timedelta() <= after.updated_at - LiveEntry.objects.get().at < timedelta(seconds=5)


def test_key_moments_are_listed_above_all_entries(desk, story):
    send(desk, story, "Nothing yet.")
    send(desk, story, "It is open.", headline="The bridge opens", is_key="on")
    send(desk, story, "A long day ends. " * 20, is_key="on")
    soup = page(story.url)
    links = soup.select(".key-moments a")
    assert [link["href"] for link in links] == ["#entry-3", "#entry-2"]
    assert words(links[1]).endswith("The bridge opens")
    assert words(links[0]).endswith("…")


def test_a_form_that_is_sent_twice_writes_one_entry(desk, story):
    for _ in range(2):
        assert send(desk, story, "Once.").status_code == 302
    assert LiveEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"words": " \n "}, "Write what happened. Nothing was published."),
        ({"words": "x" * 5_001}, "An entry holds up to 5,000 characters"),
        ({"words": "x", "headline": "y" * 121}, "its headline 120"),
    ],
)
def test_an_entry_that_says_nothing_or_too_much_is_handed_back(desk, story, sent, reason):
    answer = desk.post(at_desk(story), {"deed": "write", **sent})
    assert answer.status_code == 409
    assert reason in answer.content.decode()
    assert not LiveEntry.objects.exists()


def test_what_was_written_is_kept_in_the_form_that_is_refused(desk, editor, story):
    actions.end_report(editor, story.pk)
    answer = send(desk, story, "Too late.")
    assert answer.status_code == 409
    assert "Too late." in answer.content.decode()
    assert "This live report has ended, so nothing was published." in answer.content.decode()


def test_only_those_who_publish_the_story_write_in_it(story, reader, moderator, signed_in, stranger):
    entry = make_entry(story, "There.")
    for browser in (signed_in(reader), signed_in(moderator), stranger):
        for address in (at_desk(story), at_desk(story, entry.number)):
            for form in ({"deed": "write", "words": "x"}, {"deed": "end"}, {"deed": "take back"}):
                assert browser.get(address).status_code in (302, 403)
                assert browser.post(address, form).status_code in (302, 403)
    assert LiveEntry.objects.get().removed_at is None
    assert LiveReport.objects.get().ended_at is None
    with pytest.raises(Refused, match="Only those who publish"):
        actions.write_entry(reader, story.pk, EntryDraft("x"), "k")


@pytest.mark.parametrize("change", [{"kind": "news"}, "unpublished"])
def test_nothing_is_written_in_what_is_not_published_as_a_live_report(desk, story, change):
    found = StoryPage.objects.get(pk=story.pk)
    if change == "unpublished":
        found.unpublish()
    else:
        publish_again(story, **change)
    answer = send(desk, story, "x")
    assert (answer.status_code, LiveEntry.objects.count()) == (409, 0)
    assert "Publish the story first." in answer.content.decode()


def test_bad_input_is_no_error_of_the_site(desk, story):
    make_entry(story, "x")
    for address, form in (
        (at_desk(story), {}),
        (at_desk(story), {"deed": "x", "key": "\x00" * 99}),
        (at_desk(story, 1), {"deed": "correct", "words": "y", "changed": "1" * 40}),
        (at_desk(story, 99), {"deed": "take back"}),
        (at_desk(story) + "?p=x", {}),
        ("/desk/story/999999/live/", {"deed": "end"}),
    ):
        assert desk.post(address, form).status_code in (404, 409), address


# --- Correcting, taking back, ending ----------------------------------------------------------------------------------


def test_a_corrected_entry_keeps_its_place_and_says_so(site, desk):
    story = make_live_report(headline="Begun in the morning", published_at=MORNING)
    with time_machine.travel(MORNING, tick=False) as clock:
        entry = make_entry(story, "Six were saved.")
        make_entry(story, "More later.")
        clock.shift(timedelta(minutes=4))
        assert "Six were saved." in desk.get(at_desk(story, 1)).content.decode()
        assert correct(desk, entry, words="Seven were saved.").status_code == 302
    soup = page(story.url)
    assert entries(soup)[1] == ("entry-1", "Seven were saved.")
    assert texts(soup, ".entry__time") == ["07:01 am JST", "07:01 am JST · corrected 07:05 am JST"]


def test_an_entry_that_is_only_pointed_out_is_not_called_corrected(desk, story):
    entry = make_entry(story, "It is open.")
    assert correct(desk, entry, is_key="on").status_code == 302
    soup = page(story.url)
    assert len(soup.select(".key-moments a")) == 1
    assert "corrected" not in words(soup.select_one(".entry__time"))


def test_of_two_who_correct_an_entry_the_second_is_told_and_keeps_their_words(desk, story):
    entry = make_entry(story, "Six.")
    correct(desk, entry, words="Seven.")
    answer = correct(desk, entry, words="Eight.")
    assert answer.status_code == 409
    for each in ("Somebody has changed this entry meanwhile.", "Seven.", "Eight."):
        assert each in answer.content.decode()
    assert entries(page(story.url)) == [("entry-1", "Seven.")]


def test_of_an_entry_that_is_taken_back_readers_see_only_that_there_was_one(desk, story):
    entry = make_entry(story, "The name of the wrong man.", headline="A name", is_key=True)
    answer = desk.post(at_desk(story, 1), {"deed": "take back", "changed": entry.changed})
    assert answer.status_code == 302
    soup = page(story.url)
    assert "The newsroom has taken this entry back." in words(soup.select_one("#entry-1"))
    assert "wrong man" not in str(soup)
    assert soup.select(".key-moments") == []
    assert "wrong man" in desk.get(at_desk(story)).content.decode()
    entry.refresh_from_db()
    assert correct(desk, entry, words="Back again.").status_code == 409


def test_the_page_says_that_the_report_has_ended_until_it_goes_on(desk, story):
    for deed, said in (("end", True), ("end", True), ("resume", False)):
        assert desk.post(at_desk(story), {"deed": deed}).status_code == 302
        shown = page(story.url)
        assert ("This live report has ended" in shown.get_text()) == said
        assert (shown.find("live-report") is None) == said  # who comes now has all there is
    assert LiveReport.objects.get().activity == 2


def test_the_storys_history_tells_of_what_was_corrected_taken_back_and_ended(desk, story):
    entry = make_entry(story, "Six.")
    correct(desk, entry, words="Seven.")
    entry.refresh_from_db()
    desk.post(at_desk(story, 1), {"deed": "take back", "changed": entry.changed})
    desk.post(at_desk(story), {"deed": "end"})
    told = set(PageLogEntry.objects.filter(page=story.pk).values_list("action", flat=True))
    assert {"kawaraban.correct_entry", "kawaraban.take_back_entry", "kawaraban.end_report"} <= told
    assert not ModelLogEntry.objects.filter(action__startswith="kawaraban.correct").exists()


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_an_older_revision_put_back_leaves_the_entries(story):
    make_entry(story, "The first train has left.")
    publish_again(story, standfirst="Changed.")
    first = StoryPage.objects.get(pk=story.pk).revisions.order_by("pk").first()
    first.publish()
    assert entries(page(story.url)) == [("entry-1", "The first train has left.")]


def test_the_entries_of_a_story_of_another_kind_are_kept_and_not_shown(story):
    make_entry(story, "Kept.")
    publish_again(story, kind="news")
    assert page(story.url).select(".entry") == []
    publish_again(story, kind="live")
    assert len(page(story.url).select(".entry")) == 1


def test_words_of_an_editor_are_words(story):
    make_entry(story, "<script>x</script> [a](javascript:x)", headline="<b>1 < 2</b>", is_key=True)
    soup = page(story.url)
    assert soup.select("#entries script, #entries b, #entries a[href^=javascript], .key-moments b") == []
    assert "1 < 2" in words(soup.select_one("#entry-1 h3"))


def test_a_report_costs_the_same_at_any_length(desk, story, stranger):
    make_entry(story, "The first.", is_key=True)
    costs = []
    for _ in range(2):
        for browser, address in ((stranger, story.url), (desk, at_desk(story))):
            browser.get(address)
            with CaptureQueriesContext(connection) as asked:
                browser.get(address)
            costs.append(len(asked))
        for number in range(60):
            make_entry(story, f"Entry {number}.", is_key=number % 2 == 0)
    assert costs[:2] == costs[2:]


# --- Open pages -------------------------------------------------------------------------------------------------------


def test_open_pages_hear_of_an_entry_with_its_words_once_it_is_kept(
    editor, story, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        actions.write_entry(editor, story.pk, EntryDraft("It is *open*.", is_key=True), "k")
        assert heard == []
    (subject, event), (_, head) = heard
    assert (subject, event.name, event.id, head.name, head.id) == (story.pk, "entry", 1, "report", None)
    [[number, changed, html]] = json.loads(event.data)
    assert (number, changed) == (1, 1)
    assert "<em>open</em>" in html
    assert "#entry-1" in json.loads(head.data)[0][2]


def test_open_pages_hear_that_a_report_has_ended(editor, story, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.end_report(editor, story.pk)
    [(_, event)] = heard
    assert (event.name, event.id) == ("report", 1)
    assert "has ended" in event.data


def test_who_was_away_is_told_of_each_entry_that_changed_as_it_stands_now(editor, story):
    for number in (1, 2, 3):
        make_entry(story, f"As it was: {number}.")
    first = LiveEntry.objects.get(number=1)
    actions.correct_entry(editor, story.pk, 1, EntryDraft("As it is now."), first.changed)
    actions.end_report(editor, story.pk)
    missed = list(announce.missed(story.pk, 2, ""))
    assert [(event.name, event.id) for event in missed] == [("entry", 3), ("entry", 4), ("report", 5)]
    assert "As it is now." in missed[1].data
    assert list(announce.missed(story.pk, 5, "")) == []


def test_words_that_were_taken_back_are_told_to_nobody_who_was_away(editor, story):
    entry = make_entry(story, "The name of the wrong man.")
    actions.take_back_entry(editor, story.pk, 1, entry.changed)
    missed = list(announce.missed(story.pk, 0, ""))
    assert len(missed) == 2
    assert "wrong man" not in str(missed)


def test_only_a_live_report_that_everybody_can_read_is_heard_of(story):
    assert announce.may_hear(story.pk)
    assert subjects.find(f"/story/{story.pk}/live/")[1] == story.pk
    assert not announce.may_hear(make_story(headline="Another").pk)
    assert not announce.may_hear(999_999)
    publish_again(story, kind="news")
    assert not announce.may_hear(story.pk)
    publish_again(story, kind="live").unpublish()
    assert not announce.may_hear(story.pk)


def test_the_desk_leads_from_the_story_to_its_report(desk, story):
    plain = make_story(headline="Another")
    assert at_desk(story) in desk.get(f"/desk/pages/{story.pk}/edit/").content.decode()
    assert at_desk(plain) not in desk.get(f"/desk/pages/{plain.pk}/edit/").content.decode()
