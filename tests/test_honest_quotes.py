"""A quotation stays true: to what was quoted, to what has become of the source, and to what readers may see."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import time_machine

from kawaraban.accounts.models import MODERATOR
from kawaraban.accounts.testing import make_member
from kawaraban.accounts.tests.side_by_side import all_at_once, database_of_its_own
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions, announce, reads, vocabulary
from kawaraban.discussion.models import Comment, Quote, Thread
from kawaraban.discussion.orders import ORDERS, PARTS
from kawaraban.discussion.testing import (
    fold_comment,
    hold_comment,
    make_comment,
    make_thread,
    remove_comment,
)
from kawaraban.discussion.typesetting import CUT
from kawaraban.importers.exchange import story_document
from kawaraban.newsroom.testing import make_story

FERRY = "The ferry was never late in thirty-one years."
# A word that stands in one comment and in what quotes it, and nowhere else on the site (S-034).
WORD = "zanzibar"
SAID = f"Under the harbour temple the {WORD} of the old mayor sleeps in four copper barrels."
ANSWER = "Copper turns green, as every harbour master of the eastern shore could tell."
ASIDE = f"Who says “{SAID[:-1]}” has never been below the altar."

# How others quote it: each form by a member of its own, in this order from #3 on.
FORMS = {
    "Block": f"> {SAID}\n\n{ANSWER}",
    "Heading": f"mikan\n{SAID}\n\nUnder a heading.",
    "Pasted": f"{SAID}\n\nPasted as it is, and answered here.",
    "Marks": f"“{SAID}”\n\nIn quotation marks.",
    "Indent": f"    {SAID}\n\nIndented.",
    "Inline": ASIDE,
    "Glued": f"> {FERRY} {SAID}\n\nTwo lines in one.",
    "Elided": f"> Under the harbour temple the {WORD}... sleeps in four copper barrels.\n\nWith dots.",
    "Misquote": f"> {SAID.replace('four', 'forty')}\n\nChanged.",
    "Nested": f"Block\n> > {SAID}\n>\n> {ANSWER}\n\nA quotation of a quotation.",
    "Deeper": f"Nested\n> > > {SAID}\n> >\n> > {ANSWER}\n>\n> A quotation of a quotation.\n\nOnce more.",
    "Aside": f"Inline\n> {ASIDE}\n\nWords within words.",
    "Twice": f"> {SAID}\n\nFirst.\n\n> {SAID}\n\nSecond.",
}


@pytest.fixture
def now():
    """A moment at which nothing is too late to be edited."""
    with time_machine.travel(datetime(2026, 11, 21, 7, 1, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def quoted(site, author, now):
    """The comment that holds the word, quoted in every form under a story."""
    thread = Thread.objects.get(pk=make_story().thread_id)
    make_comment(thread, author, FERRY)
    source = make_comment(thread, author, f"{SAID}\n\nEverybody knew.")
    for name, text in FORMS.items():
        make_comment(thread, make_member(name), text)
    return source


def surfaces(source, browsers):
    """Every page, fragment, event and document that holds words of the thread, as those see it who are shown most."""
    thread = Thread.objects.get(pk=source.thread_id)
    comments = list(thread.comments.select_related("author", "thread").order_by("number"))
    base = f"/t/{thread.pk}/"
    each = [f"{base}{comment.number}/" for comment in comments]
    concerns = [f"/account/discussions/?part={part}" for part in reads.CONCERNS]
    pages = {
        "stranger": [
            *(
                "/",
                thread.url,
                base,
                f"{base}?page=all",
                f"{base}since/0/",
                f"{base}story/1/",
                "/search/?q=copper+barrels",
            ),
            *(f"{base}?order={order}" for order in ORDERS),
            *(f"{base}?part={part}" for part in PARTS),
            *each,
            *(f"{address}conversation/" for address in each),
            *(comment.author.get_absolute_url() for comment in comments),
        ],
        "reader": [
            *(base, f"{base}mine/", *concerns),
            *(f"{base}write/?quote={comment.number}" for comment in comments),
            *(f"{base}write/?to={comment.number}" for comment in comments),
            *(f"{address}source/" for address in each[:4]),
            *(f"{address}edit/" for address in each[:4]),
        ],
        "author": [base, f"{base}mine/", f"{each[1]}delete/", "/account/notifications/", *concerns],
        "quoting": [base, f"{base}mine/", f"{each[2]}delete/", "/account/notifications/", *concerns],
        "moderator": [base, f"{base}mine/", f"{base}closing/", *(f"{each[1]}{deed}/" for deed in ("restore", "pick"))],
    }
    for who, addresses in pages.items():
        for address in addresses:
            answer = browsers[who].get(address)
            assert answer.status_code in (200, 302, 404), (who, address)
            yield f"{address} for {who}", answer.content.decode()
    for comment in comments:
        yield f"event of #{comment.number}", announce.changed_event(comment, ([], [])).data
    yield "events", "".join(event.data for event in announce.missed(thread.pk, 0, ""))
    yield "export", json.dumps(story_document(thread.url), ensure_ascii=False)


def places(source, browsers):
    """Where the word can be read."""
    return [where for where, text in surfaces(source, browsers) if WORD in text.casefold()]


def state_of(source):
    """What readers see of the thread, and what is kept of its quotations."""
    thread = Thread.objects.get(pk=source.thread_id)
    document = story_document(thread.url)["thread"]
    rows = Quote.objects.filter(comment__thread=thread).order_by("pk").values()
    return document, list(rows), list(thread.comments.order_by("number").values_list("html", "source", "state"))


@pytest.fixture
def browsers(stranger, signed_in, author, reader, moderator, quoted):
    """Everybody who could look: a stranger, a member, the author, a moderator, and one who quotes."""
    quoting = Comment.objects.get(thread=quoted.thread_id, number=3).author
    members = {"reader": reader, "author": author, "moderator": moderator, "quoting": quoting}
    return {"stranger": stranger} | {name: signed_in(member) for name, member in members.items()}


def cut(moderator, source):
    """Take the word out, as personal data."""
    actions.edit_out(moderator, source.thread_id, source.number, source.source.replace(WORD, CUT), RUDE)


# --- Out of sight -----------------------------------------------------------------------------------------------------


def test_every_form_is_a_quotation_of_the_source(quoted):
    """If one of them were not, it could not be redacted, and the tests below would prove nothing about it."""
    naming = Quote.objects.filter(source=quoted).values_list("comment__author__handle", flat=True)
    assert set(naming) == set(FORMS)


def test_the_word_stands_where_it_is_looked_for(quoted, browsers):
    found = places(quoted, browsers)
    assert len(found) > 60
    assert {"export", "event of #2", f"/t/{quoted.thread_id}/ for stranger"} <= set(found)


def test_removed_words_are_gone_everywhere_at_once_and_come_back_as_they_were(quoted, browsers, moderator):
    """S-034, S-108."""
    before = state_of(quoted)
    remove_comment(moderator, quoted.thread_id, quoted.number)
    assert places(quoted, browsers) == []
    assert "Words removed by a moderator." in Comment.objects.get(number=3).html
    assert all(ANSWER in Comment.objects.get(number=number).html for number in (3, 12, 13))
    actions.restore_comment(moderator, quoted.thread_id, quoted.number)
    assert state_of(quoted) == before


def test_held_words_are_gone_everywhere_and_come_back_as_they_were(quoted, browsers, moderator):
    before = state_of(quoted)
    hold_comment(moderator, quoted.thread_id, quoted.number)
    assert places(quoted, browsers) == []
    assert "Words waiting for a moderator." in Comment.objects.get(number=3).html
    actions.restore_comment(moderator, quoted.thread_id, quoted.number)
    assert state_of(quoted) == before


def test_words_taken_out_are_gone_everywhere_and_come_back_as_they_were(quoted, browsers, moderator):
    """S-034: also where others have quoted them."""
    before = state_of(quoted)
    cut(moderator, quoted)
    assert places(quoted, browsers) == []
    assert "Words in which there were personal data." in Comment.objects.get(number=3).html
    assert CUT in Comment.objects.get(number=2).html
    actions.restore_comment(moderator, quoted.thread_id, quoted.number)
    assert state_of(quoted) == before


def test_words_taken_out_stay_out_whatever_else_is_decided_or_said_again(quoted, browsers, moderator):
    where = quoted.thread_id, quoted.number
    cut(moderator, quoted)
    for comment in Comment.objects.filter(thread=quoted.thread_id, number__gt=2).select_related("author"):
        actions.edit_comment(comment.author, comment.thread_id, comment.number, f"{comment.source} Edited.")
    assert places(quoted, browsers) == []
    for deed in (remove_comment, hold_comment, fold_comment):
        deed(moderator, *where)
        assert places(quoted, browsers) == []
        actions.restore_comment(moderator, *where)
        assert places(quoted, browsers) == []
    actions.restore_comment(moderator, *where)
    assert Comment.objects.get(pk=quoted.pk).source == quoted.source
    assert places(quoted, browsers) != []


def test_deleted_words_are_gone_everywhere_and_do_not_come_back_by_an_edit(quoted, browsers, author):
    actions.delete_comment(author, quoted.thread_id, quoted.number)
    assert places(quoted, browsers) == []
    assert "Words deleted by their author." in Comment.objects.get(number=3).html
    for comment in Comment.objects.filter(thread=quoted.thread_id, number__gt=2).select_related("author"):
        actions.edit_comment(comment.author, comment.thread_id, comment.number, f"{comment.source} Edited.")
    assert places(quoted, browsers) == []


def test_removed_words_do_not_come_back_by_an_edit(quoted, browsers, moderator):
    remove_comment(moderator, quoted.thread_id, quoted.number)
    for comment in Comment.objects.filter(thread=quoted.thread_id, number__gt=2).select_related("author"):
        actions.edit_comment(comment.author, comment.thread_id, comment.number, f"{comment.source} Edited.")
    assert places(quoted, browsers) == []


@pytest.mark.parametrize("deed", ["remove", "delete", "hold"])
def test_words_posted_after_they_went_out_of_sight_are_not_shown(quoted, author, moderator, deed):
    """Somebody was still writing their answer; it is posted, and their own words are shown."""
    if deed == "remove":
        remove_comment(moderator, quoted.thread_id, quoted.number)
    elif deed == "delete":
        actions.delete_comment(author, quoted.thread_id, quoted.number)
    else:
        hold_comment(moderator, quoted.thread_id, quoted.number)
    for text in FORMS.values():
        shown = reads.preview(Thread.objects.get(pk=quoted.thread_id), f"{text}\n\nLate.", ())
        late = make_comment(quoted.thread, make_member(), f"{text}\n\nLate.")
        assert WORD not in late.html, text
        assert "Late." in late.html
        assert shown.html == late.html


def test_folded_words_are_everywhere_and_their_answers_stay(quoted, browsers, stranger, moderator):
    """Folding hides nothing from who asks: it only lets them decide."""
    before = set(places(quoted, browsers))
    fold_comment(moderator, quoted.thread_id, quoted.number)
    assert set(places(quoted, browsers)) == before
    page = stranger.get(f"/t/{quoted.thread_id}/").content.decode()
    assert "Folded: rule 1, Speak to the argument" in page


def test_words_that_nobody_had_quoted_are_redacted_when_they_are_posted_late(author, reader, moderator, now):
    thread = make_thread()
    source = make_comment(thread, author, SAID)
    remove_comment(moderator, thread.pk, source.number)
    assert WORD not in make_comment(thread, reader, f"> {SAID}\n\nLate.").html


def test_a_new_process_redacts_as_well(quoted, author, reader):
    actions.delete_comment(author, quoted.thread_id, quoted.number)
    vocabulary.forget()
    assert WORD not in make_comment(quoted.thread, reader, f"> {SAID}\n\nLate.").html


def test_a_quotation_of_a_comment_that_only_quotes_holds_no_lost_words(author, reader, moderator, signed_in, now):
    thread = make_thread()
    make_comment(thread, author, SAID)
    make_comment(thread, make_member(), f"> {SAID}")
    remove_comment(moderator, thread.pk, 1)
    body = signed_in(reader).get(f"/t/{thread.pk}/write/?quote=2").content.decode()
    assert WORD not in body
    assert "[…]" in body


def test_nobody_hears_of_words_that_are_out_of_sight(quoted, moderator, signed_in):
    remove_comment(moderator, quoted.thread_id, quoted.number)
    for handle in FORMS:
        member = Comment.objects.filter(author__handle=handle)[0].author
        assert WORD not in signed_in(member).get("/account/notifications/").content.decode()


def test_open_pages_hear_of_each_quotation_that_changes(quoted, moderator):
    activity = Thread.objects.get(pk=quoted.thread_id).activity
    remove_comment(moderator, quoted.thread_id, quoted.number)
    events = [event for event in announce.missed(quoted.thread_id, activity, "") if event.name == "comment"]
    assert {json.loads(event.data)[0][0] for event in events} == set(range(2, len(FORMS) + 3))


# --- Edited -----------------------------------------------------------------------------------------------------------


def test_an_edited_source_says_so_in_every_quotation_and_keeps_the_words_as_quoted(quoted, author):
    before = state_of(quoted)[0]["comments"][2:]
    actions.edit_comment(author, quoted.thread_id, quoted.number, "I have nothing to say about copper.")
    for comment in Comment.objects.filter(thread=quoted.thread_id, number__in=(3, 4, 5, 6, 7, 9, 10, 11, 15)):
        assert "edited since" in comment.html, comment.source
        assert WORD in comment.html
    actions.edit_comment(author, quoted.thread_id, quoted.number, quoted.source)
    assert state_of(quoted)[0]["comments"][2:] == before


def test_an_edit_elsewhere_in_the_source_leaves_its_quotations_as_they_are(quoted, author):
    activity = Comment.objects.get(number=3).changed
    actions.edit_comment(author, quoted.thread_id, quoted.number, f"{SAID}\n\nEverybody knew. Nobody said so.")
    assert list(Quote.objects.filter(is_stale=True).values_list("words", "is_exact", "is_block")) == []
    assert Comment.objects.get(number=3).changed == activity


def test_one_of_two_quoted_lines_that_changes_is_an_edit(author, reader, now):
    thread = make_thread()
    make_comment(thread, author, f"{FERRY}\n{SAID}")
    answer = make_comment(thread, reader, f"> {FERRY}\n> {SAID}\n\nBoth.")
    actions.edit_comment(author, thread.pk, 1, f"{FERRY}\nNothing more.")
    answer.refresh_from_db()
    assert "edited since" in answer.html


def test_typography_is_no_edit(author, reader, now):
    thread = make_thread()
    make_comment(thread, author, FERRY)
    make_comment(thread, reader, f"> {FERRY}\n\nExcept in fog.")
    actions.edit_comment(author, thread.pk, 1, FERRY.replace("-", "–").upper())
    assert not Quote.objects.get().is_stale


def test_words_out_of_sight_are_not_called_edited(quoted, author, moderator):
    actions.edit_comment(author, quoted.thread_id, quoted.number, "Nothing.")
    remove_comment(moderator, quoted.thread_id, quoted.number)
    assert "edited since" not in Comment.objects.get(number=3).html


# --- The story --------------------------------------------------------------------------------------------------------


def test_a_quotation_of_the_story_says_when_the_story_has_changed_and_links_the_version(reader, stranger):
    thread, head = make_thread(), "The bridge is promised"
    actions.keep_passages(thread.pk, [head, FERRY, SAID])
    thread.refresh_from_db()
    answer = make_comment(thread, reader, f"> {SAID}\n\nReally?")
    other = make_comment(thread, make_member(), f"> {FERRY}\n\nTrue.")
    before = answer.html
    assert "from the story" in before
    actions.keep_passages(thread.pk, [head, FERRY, "The barrels are empty."])
    answer.refresh_from_db()
    assert "from an earlier version of the story" in answer.html
    assert f'href="/t/{thread.pk}/story/1/#p2"' in answer.html
    assert WORD in stranger.get(f"/t/{thread.pk}/story/1/").content.decode()
    assert "An earlier version of the story" in stranger.get(f"/t/{thread.pk}/story/1/").content.decode()
    assert WORD not in stranger.get(f"/t/{thread.pk}/story/2/").content.decode()
    assert Comment.objects.get(pk=other.pk).html == other.html
    actions.keep_passages(thread.pk, [head, FERRY, SAID])
    answer.refresh_from_db()
    assert answer.html == before


def test_a_story_is_quoted_from_its_own_page(site, reader, signed_in, stranger):
    story = make_story()
    browser = signed_in(reader)
    body = browser.get(f"/t/{story.thread_id}/write/?passage=1").content.decode()
    assert "&gt; Work is to begin in April." in body
    text = "> Work is to begin in April.\n\nWhich April?"
    assert browser.post(f"/t/{story.thread_id}/comments/", {"body": text}).status_code == 302
    page = stranger.get(story.url).content.decode()
    assert f'<a href="/t/{story.thread_id}/story/1/#p1"><bdi>from the story</bdi></a>' in page


# --- Many, and at once ------------------------------------------------------------------------------------------------


def test_a_source_with_many_quotations_tells_open_pages_to_load_again(
    author, moderator, now, django_capture_on_commit_callbacks
):
    thread = make_thread()
    make_comment(thread, author, SAID)
    for _ in range(announce.REPLAYED + 1):
        make_comment(thread, make_member(), f"> {SAID}\n\nYes.")
    with django_capture_on_commit_callbacks() as callbacks:
        remove_comment(moderator, thread.pk, 1)
    assert len(callbacks) < 10
    assert not Comment.objects.filter(number__gt=1, html__contains=WORD).exists()
    assert next(event.name for event in announce.missed(thread.pk, thread.last_number, "")) == "stale"


@pytest.fixture
def shared(django_db_setup, django_db_blocker, tmp_path):
    """A database in which threads of execution meet."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


def test_two_answers_at_once_each_keep_their_quotation(shared):
    thread, members = make_thread(), [make_member() for _ in range(8)]
    make_comment(thread, make_member(), SAID)
    posted = all_at_once(
        [lambda member=member: make_comment(thread, member, f"> {SAID}\n\n{member.handle}.") for member in members]
    )
    assert sorted(comment.number for comment in posted) == list(range(2, 10))
    assert Quote.objects.filter(source__number=1).count() == len(members)
    assert all("<figure" in comment.html for comment in Comment.objects.filter(number__gt=1))


def test_answers_that_arrive_while_the_source_is_removed_never_show_it(shared, moderator_of_paper):
    thread, members = make_thread(), [make_member() for _ in range(8)]
    make_comment(thread, make_member(), SAID)
    deeds = [lambda member=member: make_comment(thread, member, f"> {SAID}\n\nYes.") for member in members]
    all_at_once([*deeds[:4], lambda: remove_comment(moderator_of_paper, thread.pk, 1), *deeds[4:]])
    assert Comment.objects.count() == len(members) + 1
    assert not Comment.objects.filter(number__gt=1, html__contains=WORD).exists()


@pytest.fixture
def moderator_of_paper(shared):
    """One who may remove comments, in the database that is shared."""
    return make_member("Ben Okabe", role=MODERATOR)
