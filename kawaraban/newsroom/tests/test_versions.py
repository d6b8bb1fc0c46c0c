"""What has changed in a story is public: when, why and which words; and can be withdrawn with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from kawaraban.discussion.models import Passage, Thread
from kawaraban.discussion.testing import make_comment
from kawaraban.newsroom import actions
from kawaraban.newsroom.actions import paragraph
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_story
from kawaraban.newsroom.tests.pages import MORNING, page, publish_again, texts, words
from kawaraban.newsroom.tests.test_desk import edit, sent
from kawaraban.newsroom.versions import Update

CANARY = "The mayor took 15 per cent, says a clerk."
MENDED = "The mayor took nothing, says a clerk."


@pytest.fixture(autouse=True)
def clock():
    """07:01 on a May morning; tests move it on."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def story(site):
    """A story with one paragraph that will have to go."""
    return make_story(body=[paragraph(CANARY), paragraph("The ferry stays for now.")])


@pytest.fixture
def mended(story, clock):
    """The same, an hour and nineteen minutes later, with other figures."""
    clock.shift(timedelta(minutes=79))
    body = [paragraph(MENDED), paragraph("The ferry stays for now.")]
    return publish_again(story, body=body, update_note="figures corrected")


def versions(story, number=None):
    return f"/story/{story.pk}/versions/" + (f"{number}/" if number else "")


def test_an_updated_story_says_when_and_what_and_leads_to_its_versions(mended):
    byline = page(mended.url).select_one(".byline")
    assert "· updated 08:20 am JST: figures corrected" in words(byline)
    assert byline.find("a", string="What has changed")["href"] == versions(mended)


def test_a_story_that_was_never_updated_leads_to_no_versions(story):
    assert "What has changed" not in words(page(story.url).select_one(".byline"))
    assert texts(page(versions(story)), ".versions__note") == ["First published"]


def test_the_versions_are_listed_newest_first_with_what_went_and_came(mended):
    soup = page(versions(mended))
    assert texts(soup, ".versions__row") == [
        "Version 2 May 12, 08:20 am JST figures corrected",
        "Version 1 May 12, 07:01 am JST First published",
    ]
    assert texts(soup, ".versions__text del") == ["15 per cent"]
    assert texts(soup, ".versions__text ins") == ["nothing"]
    assert texts(soup, ".versions__text p")[0] == mended.title


def test_a_version_can_be_read_alone(mended):
    soup = page(versions(mended, 1))
    assert CANARY in texts(soup, ".versions__text p")
    assert soup.select(".versions__text :is(ins, del)") == []


def test_a_note_without_other_words_is_an_update_of_the_same_version(story, clock):
    clock.shift(timedelta(hours=1))
    changed = publish_again(story, copyright="© Strait Wire", update_note="photo replaced")
    assert "updated 08:01 am JST: photo replaced" in words(page(changed.url).select_one(".byline"))
    assert texts(page(versions(changed)), ".versions__row")[0] == (
        "Version 1, same words May 12, 08:01 am JST photo replaced"
    )


def test_publishing_the_same_again_is_no_update(mended, clock):
    clock.shift(timedelta(hours=1))
    publish_again(mended)
    assert list(Update.objects.values_list("version", "note")) == [(1, ""), (2, "figures corrected")]


def test_a_draft_with_a_note_shows_nothing_until_it_is_published(story):
    draft = StoryPage.objects.get(pk=story.pk)
    draft.update_note, draft.title = "not yet", "Not yet"
    draft.save_revision()
    assert "not yet" not in words(page(story.url)).lower()
    assert Update.objects.count() == 1


def test_a_note_is_used_once_at_the_desk(story, editor, signed_in):
    desk = signed_in(editor)
    publish = {"action-publish": "action-publish"}
    assert desk.post(edit(story), sent(desk, story, update_note="figures corrected", **publish)).status_code == 302
    assert sent(desk, story)["update_note"] == ""
    desk.post(edit(story), sent(desk, story, title="Another headline", **publish))
    assert list(Update.objects.values_list("version", "note")) == [(1, ""), (2, "figures corrected"), (3, "")]


@pytest.mark.parametrize("hide", ["unpublished", "deleted", "no such version"])
def test_the_versions_of_what_cannot_be_read_cannot_be_read(mended, stranger, hide):
    if hide == "unpublished":
        mended.unpublish()
    elif hide == "deleted":
        StoryPage.objects.get(pk=mended.pk).delete()
    addresses = [versions(mended, 3)] if hide == "no such version" else [versions(mended), versions(mended, 1)]
    for address in addresses:
        answer = stranger.get(address)
        assert (answer.status_code, CANARY in answer.content.decode()) == (404, False), address


def test_hidden_words_are_nowhere_and_their_reason_stands_in_their_place(mended, reader, editor, stranger, signed_in):
    thread = Thread.objects.get(pk=mended.thread_id)
    make_comment(thread, reader, f"> {CANARY}\n\nIs that so?")
    make_comment(thread, reader, "> The ferry stays for now.\n\nGood.")
    desk = signed_in(editor)
    answer = desk.post(
        f"/desk/story/{mended.pk}/versions/", {"deed": "hide", "version": "1", "reason": "A court has said so."}
    )
    assert answer.status_code == 302
    soup = page(versions(mended, 1))
    assert "A court has said so." in words(soup.select_one("#words"))
    for address in (
        mended.url, versions(mended), versions(mended, 1), versions(mended, 2), thread.get_absolute_url(),
        f"{thread.get_absolute_url()}story/1/", reader.get_absolute_url(), f"/story/{mended.pk}/error/",
    ):  # fmt: skip
        text = words(page(address))
        assert "15 per cent" not in text, address
    assert "Words that the newsroom has withdrawn." in words(page(f"{thread.get_absolute_url()}story/1/"))
    discussion = words(page(mended.url).select_one("#discussion"))
    assert "Words that the newsroom has withdrawn." in discussion
    assert "The ferry stays for now." in discussion
    make_comment(thread, reader, f"> {CANARY}\n\nI say it again.")
    assert "15 per cent" not in words(page(mended.url))


def test_hidden_words_can_be_shown_again(mended, reader, editor):
    thread = Thread.objects.get(pk=mended.thread_id)
    make_comment(thread, reader, f"> {CANARY}\n\nIs that so?")
    actions.hide_version(editor, mended.pk, 1, "A court has said so.")
    actions.show_version(editor, mended.pk, 1)
    assert CANARY in words(page(mended.url).select_one("#discussion"))
    assert CANARY in words(page(versions(mended, 1)))
    assert not Passage.objects.filter(is_withheld=True).exists()


@pytest.mark.parametrize(
    ("version", "reason", "status", "said"),
    [
        ("2", "A court.", 409, "These are the words of the story as it is published."),
        ("1", " ", 409, "Say why, in up to 300 characters"),
        ("1", "x" * 301, 409, "Say why, in up to 300 characters"),
        ("7", "A court.", 404, ""),
        ("99999999999999999999", "A court.", 404, ""),
        ("one", "A court.", 404, ""),
    ],
)
def test_what_cannot_be_hidden_is_refused_with_a_reason(mended, editor, signed_in, version, reason, status, said):
    data = {"deed": "hide", "version": version, "reason": reason}
    answer = signed_in(editor).post(f"/desk/story/{mended.pk}/versions/", data)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert not Update.objects.exclude(hidden_at=None).exists()


@pytest.mark.parametrize("role", ["reader", "moderator"])
def test_who_does_not_publish_hides_nothing(request, mended, signed_in, role):
    browser = signed_in(request.getfixturevalue(role))
    answer = browser.post(f"/desk/story/{mended.pk}/versions/", {"deed": "hide", "version": "1", "reason": "No."})
    assert answer.status_code in (302, 403)
    assert not Update.objects.exclude(hidden_at=None).exists()


def test_the_history_at_the_desk_says_who_hid_words_and_why(mended, editor, signed_in):
    actions.hide_version(editor, mended.pk, 1, "A court has said so.")
    desk = signed_in(editor)
    assert "Words of a version hidden from readers" in desk.get(f"/desk/pages/{mended.pk}/history/").content.decode()
    assert f"/desk/story/{mended.pk}/versions/" in desk.get(edit(mended)).content.decode()


@pytest.mark.parametrize("count", [2, 12])
def test_the_page_of_versions_costs_the_same_with_any_number(story, stranger, django_assert_num_queries, count):
    for number in range(count):
        publish_again(story, body=[paragraph(f"Version {number} of it.")])
    page(versions(story))
    with django_assert_num_queries(8):
        stranger.get(versions(story))
