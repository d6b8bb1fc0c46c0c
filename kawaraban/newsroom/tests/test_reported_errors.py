"""Readers report an error from the paragraph, and the desk turns it into a correction or says why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kawaraban.accounts.models import Notification
from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import make_comment, remove_comment
from kawaraban.newsroom import actions
from kawaraban.newsroom.actions import paragraph
from kawaraban.newsroom.corrections import Correction, ErrorReport
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_story
from kawaraban.newsroom.tests.pages import page, publish_again, texts, words

WRONG = "The mayor took 15 per cent of it."


@pytest.fixture
def story(site):
    """A story with an error in its first paragraph."""
    return make_story(body=[paragraph(WRONG), paragraph("The ferry stays for now.")])


def address(story):
    return f"/story/{story.pk}/error/"


def report(browser, story, **changes):
    """What comes of sending the form, filled in and changed."""
    data = {"version": "1", "passage": "1", "words": "It was 60.", "name": "", "homepage": "", **changes}
    return browser.post(address(story), data)


def settle(browser, **data):
    """What comes of answering the only report."""
    return browser.post(f"/desk/errors/{ErrorReport.objects.get().pk}/", data)


def test_the_way_from_a_story_leads_by_its_paragraphs_to_the_form(story, stranger):
    way = page(story.url).select_one(".story__error")["href"]
    choices = page(way).select(".paragraphs a")
    assert [words(choice) for choice in choices][1:] == [
        WRONG, "The ferry stays for now.", "A photograph, a name, or the story as a whole"
    ]  # fmt: skip
    soup = page(way + choices[1]["href"])
    assert words(soup.select_one("blockquote")) == WRONG
    form = {field["name"]: field.get("value", "") for field in soup.select("form[method=post] [name]")}
    assert (form["version"], form["passage"]) == ("1", "1")
    answer = stranger.post(way, {**form, "words": "It was 60."}, follow=True)
    assert words(page(answer.redirect_chain[0][0]).h1) == "Thank you"
    made = ErrorReport.objects.get()
    assert (made.version, made.position, made.words, made.member, made.name) == (1, 1, "It was 60.", None, "")


def test_words_that_are_selected_choose_their_paragraph_and_are_quoted(story, stranger):
    soup = page(f"{address(story)}?words=took%2015%0A+per+cent")
    assert words(soup.select_one("blockquote")) == WRONG
    form = {field["name"]: field.get("value", "") for field in soup.select("form[method=post] [name]")}
    assert form["passage"] == "1"
    assert soup.select_one("textarea").text.strip() == "“took 15 per cent”"
    refused = stranger.post(address(story), {**form, "words": ""}).content.decode()
    assert "“took" not in refused


@pytest.mark.parametrize("sent", ["", "+", "The+mayor+is+a+thief.", "%3Cscript%3E", "x" * 5_000])
def test_words_that_are_not_in_the_story_are_not_shown_and_its_paragraphs_are(story, sent):
    soup = page(f"{address(story)}?words={sent}")
    assert len(soup.select(".paragraphs a")) == 4
    assert "thief" not in soup.text


@pytest.mark.parametrize("passage", ["", "0", "2"])
def test_every_part_of_a_story_can_be_reported(story, stranger, passage):
    assert page(f"{address(story)}?passage={passage}").select_one("form textarea") is not None
    assert report(stranger, story, passage=passage).status_code == 302
    assert ErrorReport.objects.get().position == (int(passage) if passage else None)


def test_the_same_report_sent_twice_is_one(story, stranger, reader, signed_in):
    for browser in (stranger, stranger, signed_in(reader), signed_in(reader)):
        assert report(browser, story).status_code == 302
    assert ErrorReport.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"words": "  "}, 409, "Say what is wrong."),
        ({"words": "x" * 2001}, 409, "This holds up to 2,000 characters"),
        ({"name": "x" * 61, "thanks": "on"}, 409, "a name 60."),
        ({"passage": "9"}, 409, "This paragraph is no longer in the story."),
        ({"version": "7"}, 409, "This paragraph is no longer in the story."),
        ({"version": "a", "passage": "-1"}, 409, "This paragraph is no longer in the story."),
        ({"homepage": "http://spam.example/"}, 409, "The field that only programs see"),
    ],
)
def test_what_is_missing_is_said_and_the_words_are_kept(story, stranger, sent, status, said):
    answer = report(stranger, story, **{"words": "Kept words.", **sent})
    assert answer.status_code == status
    text = answer.content.decode()
    assert said in text
    assert sent.get("words", "Kept words.") in text
    assert not ErrorReport.objects.exists()


def test_many_reports_from_one_place_are_refused_for_a_while(story, stranger):
    for number in range(10):
        assert report(stranger, story, words=f"Report {number}.").status_code == 302
    answer = report(stranger, story, words="One more.")
    assert answer.status_code == 429
    assert "One more." in answer.content.decode()
    assert ErrorReport.objects.count() == 10


@pytest.mark.parametrize("what", ["draft", "unpublished", "missing"])
def test_of_what_is_not_published_nothing_is_shown_or_taken(story, stranger, what):
    if what == "draft":
        story.get_parent().add_child(instance=StoryPage(title="Secret", slug="secret", live=False))
    elif what == "unpublished":
        story.unpublish()
    pk = {"draft": StoryPage.objects.last().pk, "unpublished": story.pk, "missing": 99999}[what]
    for path in (f"/story/{pk}/error/", f"/story/{pk}/error/?passage=1", f"/story/{pk}/error/sent/"):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"/story/{pk}/error/", {"version": "1", "passage": "1", "words": "x"}).status_code == 404


def test_the_desk_turns_a_report_into_a_correction_that_thanks_and_links(story, reader, editor, signed_in):
    make_comment(Thread.objects.get(pk=story.thread_id), reader, "It was 60, says the ministry.")
    report(signed_in(reader), story, thanks="on")
    desk = signed_in(editor)
    assert "It was 60." in desk.get("/desk/errors/").content.decode()
    answer = settle(desk, deed="correct", kind="clarification", text="It was 60 per cent.", comment_number="#1")
    assert answer.status_code == 302
    (printed,) = texts(page(story.url), ".corrections p")
    assert printed.startswith("Clarification")
    assert printed.endswith("It was 60 per cent. Pointed out in #1. Thanks to Old Ferryman.")
    link = page(story.url).select_one(".corrections a")["href"]
    assert link == f"/t/{story.thread_id}/1/"
    told = Notification.objects.get(recipient=reader, kind="corrected")
    assert (told.address, "led to a correction" in told.title) == (story.url, True)
    assert ErrorReport.objects.get().outcome == "corrected"
    assert "It was 60." not in desk.get("/desk/errors/").content.decode()
    assert "Corrected by" in words(page("/desk/errors/?settled=1", desk))


@pytest.mark.parametrize(("name", "thanks", "named"), [("Jo Salt", "on", True), ("Jo Salt", "", False)])
def test_somebody_without_an_account_is_named_only_if_they_wish(story, stranger, editor, name, thanks, named):
    report(stranger, story, name=name, **({"thanks": thanks} if thanks else {}))
    actions.correct_error(editor, ErrorReport.objects.get().pk, kind="correction", text="It was 60 per cent.")
    assert ("Thanks to Jo Salt." in words(page(story.url))) is named


def test_a_member_who_does_not_wish_it_is_not_named(story, reader, editor, signed_in):
    report(signed_in(reader), story)
    actions.correct_error(editor, ErrorReport.objects.get().pk, kind="correction", text="It was 60 per cent.")
    assert "Old Ferryman" not in words(page(story.url))


def test_a_comment_that_was_removed_is_no_longer_pointed_at(story, reader, moderator, editor, stranger):
    thread = Thread.objects.get(pk=story.thread_id)
    make_comment(thread, reader, "It was 60.")
    report(stranger, story)
    number = {"comment_number": 1}
    actions.correct_error(editor, ErrorReport.objects.get().pk, kind="correction", text="It was 60.", **number)
    remove_comment(moderator, thread.pk, 1)
    assert "Pointed out" not in words(page(story.url))


def test_a_draft_stays_a_draft_and_keeps_the_correction_when_it_is_published(story, stranger, editor):
    draft = StoryPage.objects.get(pk=story.pk)
    draft.title = "A new headline"
    draft.save_revision()
    report(stranger, story)
    actions.correct_error(editor, ErrorReport.objects.get().pk, kind="correction", text="It was 60 per cent.")
    shown = page(story.url)
    assert (words(shown.h1), len(shown.select(".corrections p"))) == (story.title, 1)
    StoryPage.objects.get(pk=story.pk).get_latest_revision().publish()
    shown = page(story.url)
    assert (words(shown.h1), len(shown.select(".corrections p"))) == ("A new headline", 1)
    assert Correction.objects.count() == 1


def test_a_report_is_closed_with_a_reason_that_its_member_reads(story, reader, author, editor, signed_in):
    report(signed_in(reader), story)
    assert settle(signed_in(editor), deed="close", answer="The ministry says 15.").status_code == 302
    told = Notification.objects.get(recipient=reader, kind="corrected")
    assert "The ministry says 15." in words(page(told.address, signed_in(reader)))
    assert signed_in(author).get(told.address).status_code == 404
    assert page(story.url).select(".corrections") == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"deed": "correct", "kind": "correction", "text": ""}, "Choose a kind, and say"),
        ({"deed": "correct", "kind": "rumour", "text": "x"}, "Choose a kind, and say"),
        ({"deed": "correct", "kind": "correction", "text": "x" * 1001}, "Choose a kind, and say"),
        ({"deed": "correct", "kind": "correction", "text": "x", "comment_number": "7"}, "Readers see no comment #7"),
        ({"deed": "close", "answer": ""}, "Say why, in up to 500 characters"),
        ({"deed": ""}, "It was not clear what you decided."),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_and_changes_nothing(story, stranger, editor, signed_in, data, said):
    report(stranger, story)
    answer = settle(signed_in(editor), **data)
    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert ErrorReport.objects.get().outcome == "open"
    assert not Correction.objects.exists()


def test_a_story_that_waits_for_its_time_is_not_published_by_a_correction(story, stranger, editor, signed_in):
    report(stranger, story)
    publish_again(story, title="Later", go_live_at=timezone.now() + timedelta(hours=1))
    answer = settle(signed_in(editor), deed="correct", kind="correction", text="It was 60.")
    assert answer.status_code == 409
    assert "waits for its time" in answer.content.decode()
    assert StoryPage.objects.get(pk=story.pk).scheduled_revision is not None


def test_a_report_is_answered_once(story, stranger, editor, signed_in):
    report(stranger, story)
    desk = signed_in(editor)
    settle(desk, deed="close", answer="No.")
    answer = settle(desk, deed="correct", kind="correction", text="It was 60.")
    assert (answer.status_code, Correction.objects.count()) == (409, 0)


@pytest.mark.parametrize("role", ["reader", "moderator"])
def test_who_does_not_publish_neither_sees_nor_answers_reports(request, story, stranger, signed_in, role):
    report(stranger, story)
    browser = signed_in(request.getfixturevalue(role))
    assert browser.get("/desk/errors/").status_code in (302, 403)
    assert settle(browser, deed="close", answer="No.").status_code in (302, 403)
    assert ErrorReport.objects.get().outcome == "open"


def test_the_writer_of_a_comment_that_a_correction_credits_is_told_once(story, author, moderator):
    comment, hidden = (make_comment(story.thread, author, text) for text in ("It was 60.", "It was 70."))
    remove_comment(moderator, story.thread_id, hidden.number)
    for number in (comment.number, hidden.number, 99):
        note = Correction(made_at=timezone.now(), text="It was 60.", comment_number=number, sort_order=number)
        shown = StoryPage.objects.get(pk=story.pk)
        shown.corrections.add(note)
        shown.save_revision().publish()
    (told,) = Notification.objects.filter(recipient=author, kind="corrected")
    assert told.title == f"A correction in “{story.title}” credits your comment"
    assert told.address == f"/t/{story.thread_id}/{comment.number}/"
