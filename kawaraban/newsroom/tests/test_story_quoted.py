"""Who quotes a paragraph stands below it in the story."""

from __future__ import annotations

import re

import pytest

from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import make_comment, remove_comment
from kawaraban.newsroom import actions
from kawaraban.newsroom.testing import make_story

APRIL = "Work is to begin in April, says the prefecture."
FERRY = "The ferry stays until the last pier stands."


@pytest.fixture
def story(site):
    """A story with a block of two paragraphs, a photograph-less heading and one more paragraph."""
    body = [
        ("paragraph", f"<p>{APRIL}</p><p>Nobody was asked about it beforehand.</p>"),
        ("heading", "The ferry"),
        actions.paragraph(FERRY),
    ]
    return make_story(body=body)


def said_below(page):
    """The numbers below each part of the page that is quoted, after the last words before them."""
    found = re.findall(r'([\w’ ]+)\.?</[a-z0-9]+>\s*<p class="quoted-by meta">(.*?)</p>', page, re.DOTALL)
    return {words.split()[-1]: re.findall(r">#(\d+)<", links) for words, links in found}


def test_each_block_names_the_comments_that_quote_it(story, reader, author, stranger):
    thread = Thread.objects.get(pk=story.thread_id)
    make_comment(thread, reader, f"> {APRIL}\n\nWhich April?")
    make_comment(thread, author, f"> {FERRY}\n\nGood.\n\n> {APRIL}\n\nThis one.")
    make_comment(thread, author, f"> {story.title}\n\nAnd again.")
    page = stranger.get(story.url).content.decode()
    assert said_below(page) == {"beforehand": ["1", "2"], "stands": ["2"]}
    head = page[page.index('class="byline') : page.index("</header>", page.index('class="byline'))]
    assert re.findall(r">#(\d+)<", head) == ["3"]
    assert f'href="/t/{thread.pk}/2/" rel="nofollow" aria-label="Quoted by #2"' in page


def test_a_removed_comment_quotes_nothing(story, reader, moderator, stranger):
    thread = Thread.objects.get(pk=story.thread_id)
    make_comment(thread, reader, f"> {FERRY}\n\nGood.")
    remove_comment(moderator, thread.pk, 1)
    assert "quoted-by" not in stranger.get(story.url).content.decode()


def test_what_an_earlier_version_said_is_not_shown_below_the_present_one(story, reader, stranger):
    make_comment(Thread.objects.get(pk=story.thread_id), reader, f"> {FERRY}\n\nGood.")
    story.body = [actions.paragraph("The ferry stops in March."), actions.paragraph(APRIL)]
    story.save_revision().publish()
    assert "quoted-by" not in stranger.get(story.url).content.decode()
