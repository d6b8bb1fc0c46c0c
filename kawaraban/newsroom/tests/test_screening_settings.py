"""Publication, section and story say when moderators read the comments; the discussion does as they say."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.accounts.testing import make_member
from kawaraban.decisions.models import Decision
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import hold_comment, make_comment
from kawaraban.newsroom import actions
from kawaraban.newsroom.models import SectionPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import page, publish_again, say_everywhere, words
from kawaraban.screening import actions as screening
from kawaraban.screening import scorer
from kawaraban.screening.models import ScreeningSettings

SAID = "The ferry was never late."


def screens(story):
    return Thread.objects.get(pk=story.thread_id).screens


def thread_of(story):
    return Thread.objects.get(pk=story.thread_id)


# --- Who says it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("everywhere", "here", "own", "wanted"),
    [
        ("after", "", "", "after"),
        ("before", "", "", "before"),
        ("before", "off", "", "off"),
        ("before", "off", "after", "after"),
        ("off", "after", "before", "before"),
    ],
)
@pytest.mark.parametrize("first", ["the story", "the rest"])
def test_the_story_goes_before_its_section_and_that_before_the_publication(site, everywhere, here, own, wanted, first):
    section = make_section("City")
    if first == "the story":
        story = make_story(section, screens=own)
    say_everywhere(screens=everywhere)
    section = publish_again(section, screens=here)
    if first == "the rest":
        story = make_story(section, screens=own)
    assert screens(story) == wanted


def test_a_story_published_again_does_as_it_says_now(site):
    story = make_story()
    for wanted in ("before", "off", ""):
        story = publish_again(story, screens=wanted)
        assert screens(story) == (wanted or "after")


def test_what_is_only_a_draft_says_nothing_yet(site):
    section = make_section()
    story = make_story(section)
    for each in (story, SectionPage.objects.get(pk=section.pk)):
        each.screens = "before"
        each.save_revision()
    assert screens(story) == "after"


def test_other_sections_go_on_as_they_are(site):
    city, world = make_section("City"), make_section("World")
    here, there = make_story(city), make_story(world)
    publish_again(city, screens="before")
    assert (screens(here), screens(there)) == ("before", "after")
    say_everywhere(screens="off")
    assert (screens(here), screens(there)) == ("before", "off")
    publish_again(city, screens="")
    assert screens(here) == "off"


def test_it_costs_the_same_at_any_number_of_stories(site):
    costs = {}
    for count in (2, 12):
        section = make_section(f"With {count}")
        for number in range(count):
            make_story(section, headline=f"{section.title} {number}")
        section.screens = "before"
        with CaptureQueriesContext(connection) as queries:
            assert actions.section_published(section) == count
        costs[count] = len(queries)
    assert costs[2] == costs[12]


# --- What it does -----------------------------------------------------------------------------------------------------


def test_before_publication_everything_waits_but_what_the_newsroom_says(
    site, reader, editor, moderator, stranger, signed_in
):
    story = make_story(screens="before")
    browser = signed_in(reader)
    answer = browser.post(f"/t/{story.thread_id}/comments/", {"body": SAID, "key": "a-key"}, follow=True)
    told = words(BeautifulSoup(answer.content, "html.parser").main)
    assert "#1 waits for a moderator" in told
    assert "Here a moderator reads every comment before it appears." in told
    for staff in (editor, moderator):
        assert make_comment(thread_of(story), staff, f"{staff.handle} answers.").is_visible
    assert SAID not in stranger.get(story.url).content.decode()
    held = Decision.objects.get()
    assert (held.kind, held.is_automated, held.member) == ("hold", True, reader)


def test_writers_are_told_before_they_begin(site, reader, signed_in):
    story = make_story()
    sentence = "A moderator reads every comment here before it appears."
    assert sentence not in words(page(story.url))
    publish_again(story, screens="before")
    assert sentence in words(page(story.url).select_one("#rules-notice"))
    assert sentence in words(page(f"/t/{story.thread_id}/", signed_in(reader)).select_one("#rules-notice"))


def test_after_publication_the_checks_decide_and_off_nothing_waits(site, moderator):
    screening.add_pattern(None, "sea cucumber")
    for wanted, state in (("after", "held"), ("off", "visible")):
        story = make_story(headline=f"Read {wanted}", screens=wanted)
        comment = make_comment(thread_of(story), make_member(), "What a sea cucumber.")
        assert comment.state == state
    # Moderators decide as everywhere.
    assert hold_comment(moderator, comment.thread_id, comment.number).state == "held"


def test_where_nothing_is_checked_nothing_is_sent_to_a_scorer_elsewhere(site, settings):
    settings.SCORER_URL = "http://127.0.0.1:9/"  # where nobody answers, which the desk is told
    screening.change_settings(scorer_on=True)
    for wanted, is_asked in (("off", False), ("after", True)):
        comment = make_comment(thread_of(make_story(screens=wanted)), make_member(), SAID)
        discussion.edit_comment(comment.author, comment.thread_id, comment.number, f"{SAID} Never!")
        assert (ScreeningSettings.objects.get().scorer_failing_since is not None) == is_asked
    scorer.breaker.heard(well=True)


# --- In a raid --------------------------------------------------------------------------------------------------------


def test_what_a_moderator_holds_in_a_raid_stays_held_when_the_newsroom_publishes(site, moderator):
    story = make_story()
    discussion.screen_thread(moderator, story.thread_id, screens="before", hold_new_from=None)
    publish_again(story, title="The bridge is promised for the fourth time")
    assert screens(story) == "before"
    publish_again(story, screens="off")
    assert screens(story) == "before"
    discussion.screen_thread(moderator, story.thread_id, screens="after", hold_new_from=None)
    assert screens(story) == "off"


# --- At the desk ------------------------------------------------------------------------------------------------------


def test_editors_choose_it_in_the_words_of_the_field(site, editor, signed_in):
    story = make_story()
    desk = signed_in(editor)
    addresses = {
        f"/desk/pages/{story.pk}/edit/": "As in its section",
        f"/desk/pages/{story.get_parent().pk}/edit/": "As in the whole publication",
        f"/desk/settings/newsroom/publication/{site.get_site().pk}/": None,
    }
    for address, empty in addresses.items():
        soup = BeautifulSoup(desk.get(address, follow=True).content, "html.parser")
        choices = [words(option) for option in soup.select("select[name=screens] option")]
        assert choices[-3:] == [
            "Off: no check lets a comment wait",
            "After publication (post-moderation): comments appear at once, unless a check lets them wait",
            "Before publication (pre-moderation): every comment waits until a moderator has read it",
        ], address
        assert choices[:-3] == ([empty] if empty else []), address
        assert "Those of the newsroom never wait" in soup.get_text(), address
