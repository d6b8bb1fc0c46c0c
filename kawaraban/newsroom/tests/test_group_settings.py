"""Whether opinion groups are looked for: a story goes before its section, and that before the publication."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kawaraban.discussion.models import Thread
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import publish_again, say_everywhere


def finds_groups(story):
    return Thread.objects.get(pk=story.thread_id).finds_groups


@pytest.mark.parametrize(
    ("everywhere", "here", "own", "wanted"),
    [
        (True, "", "", True),
        (False, "", "", False),
        (False, "on", "", True),
        (True, "off", "", False),
        (False, "off", "on", True),
        (True, "on", "off", False),
    ],
)
@pytest.mark.parametrize("first", ["the story", "the rest"])
def test_the_story_goes_before_its_section_and_that_before_the_publication(site, everywhere, here, own, wanted, first):
    section = make_section("City")
    if first == "the story":
        story = make_story(section, opinion_groups=own)
    say_everywhere(opinion_groups=everywhere)
    section = publish_again(section, opinion_groups=here)
    if first == "the rest":
        story = make_story(section, opinion_groups=own)
    assert finds_groups(story) is wanted


def test_a_section_that_says_when_moderators_read_still_follows_the_publication_here(site):
    story = make_story(publish_again(make_section("City"), screens="before"))
    say_everywhere(opinion_groups=False)
    assert not finds_groups(story)


def test_a_story_published_again_does_as_it_says_now(site):
    story = make_story()
    for wanted in ("off", "on", "off", ""):
        story = publish_again(story, opinion_groups=wanted)
        assert finds_groups(story) is (wanted != "off")


def test_turned_off_what_was_found_is_shown_no_more(site):
    story = make_story()
    Thread.objects.filter(pk=story.thread_id).update(group_letters="AB")
    publish_again(story, opinion_groups="off")
    thread = Thread.objects.get(pk=story.thread_id)
    assert (thread.group_letters, thread.has_new_votes) == ("", True)


def test_the_desk_asks_in_words(site, editor, signed_in):
    story = make_story()
    soup = BeautifulSoup(signed_in(editor).get(f"/desk/pages/{story.pk}/edit/").content, "html.parser")
    choices = [option.get_text(strip=True) for option in soup.select("select[name=opinion_groups] option")]
    assert choices == ["As in its section", "On", "Off"]
