"""What is kept of a comment as HTML is what would be made anew, and never more than readers may see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from kawaraban.accounts.models import User
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.models import Rule
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions, fragments, reads
from kawaraban.discussion.fragments import Around, Bar, Shown
from kawaraban.discussion.models import Closing, Comment, Thread
from kawaraban.discussion.testing import fold_comment, hold_comment, make_comment, make_thread, remove_comment
from kawaraban.discussion.typesetting import CUT

SAID = "The ferry leaves from 7 Mast Lane."


@pytest.fixture
def thread(author):
    """A thread with a comment of the author's, and three of somebody else's."""
    thread = make_thread()
    make_comment(thread, author, SAID)
    other = make_member("kiri", title="Reporter")
    for text in ("It has never been late.", "Not in thirty-one years.", "Nor will it be."):
        make_comment(thread, other, text)
    return Thread.objects.get(pk=thread.pk)


def read(browser, thread):
    """The thread as everybody gets it."""
    return browser.get(f"/t/{thread.pk}/?page=all").content.decode()


def renderings():
    """How many comments were made into HTML so far."""
    return fragments._neutral.cache_info().misses


# --- What is kept is what would be made -------------------------------------------------------------------------------

# Everything that changes what a comment shows, by whoever does it.
DEEDS = {
    "vote": lambda t, who: actions.record_votes(t.comments.get(number=1), {who["reader"]: 1}),
    "vote against": lambda t, who: actions.record_votes(t.comments.get(number=1), {who["reader"]: -1}),
    "edit": lambda t, who: actions.edit_comment(who["author"], t.pk, 1, "Other words."),
    "delete": lambda t, who: actions.delete_comment(who["author"], t.pk, 1),
    "answer": lambda t, who: actions.post_comment(who["reader"], t.pk, "Yes.", key="k", reply_to=1),
    "quote": lambda t, who: make_comment(t, who["reader"], f"> {SAID}\n\nDoes it?"),
    "remove": lambda t, who: remove_comment(who["moderator"], t.pk, 1),
    "hold": lambda t, who: hold_comment(who["moderator"], t.pk, 1),
    "fold": lambda t, who: fold_comment(who["moderator"], t.pk, 1),
    "take out": lambda t, who: actions.edit_out(who["moderator"], t.pk, 1, SAID.replace("7 Mast Lane", CUT), RUDE),
    "worth": lambda t, who: actions.mark_worth(who["reader"], t.pk, 1, True),
    "ask": lambda t, who: actions.request_source(who["reader"], t.pk, 1),
    "source": lambda t, who: actions.give_source(who["author"], t.pk, 1, "https://ferry.example/"),
    "pick": lambda t, who: actions.pick_comment(who["editor"], t.pk, 1, "It knows."),
    "close": lambda t, who: actions.close_thread(who["editor"], t.pk, reason=Closing.Reason.NEWSROOM),
    "questions": lambda t, who: actions.set_rules(
        who["editor"], t.pk, slow_seconds=0, member_days=0, is_questions=True
    ),
    "rename": lambda t, who: User.objects.filter(pk=who["author"].pk).update(handle="mandarin", slug="mandarin"),
    "promote": lambda t, who: User.objects.filter(pk=who["author"].pk).update(title="Editor"),
    "import": lambda t, who: Comment.objects.filter(number=1).update(created_at=None, time_text="09:41"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_after_every_deed_the_page_is_as_if_nothing_had_been_kept(
    deed, thread, author, reader, editor, moderator, stranger
):
    before = read(stranger, thread)
    made = renderings()
    DEEDS[deed](thread, {"author": author, "reader": reader, "editor": editor, "moderator": moderator})
    kept = read(stranger, thread)
    assert kept != before, "this deed shows nothing, so it proves nothing"
    assert renderings() > made
    fragments.forget()
    assert kept == read(stranger, thread)


def test_the_words_of_a_rule_are_those_of_today(thread, moderator, stranger):
    remove_comment(moderator, thread.pk, 1)
    read(stranger, thread)
    Rule.objects.update(name="Be kind")
    assert "Be kind" in read(stranger, thread)


def test_times_are_those_of_the_day_on_which_they_are_read(thread, stranger):
    today = read(stranger, thread)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        tomorrow = read(stranger, thread)
    assert today != tomorrow
    assert today == read(stranger, thread)


def test_each_language_and_time_zone_has_its_own(thread):
    page = reads.thread_page(thread)
    first = page.comments[0]
    english = fragments.comment_html(page, first)
    with translation.override("ja"):
        assert fragments.comment_html(page, first) != english
    with timezone.override("America/New_York"):
        assert fragments.comment_html(page, first) != english
    assert fragments.comment_html(page, first) == english


def test_only_what_has_changed_is_made_anew(thread, reader, stranger):
    read(stranger, thread)
    made = renderings()
    read(stranger, thread)
    assert renderings() == made
    actions.record_votes(thread.comments.get(number=2), {reader: 1})
    read(stranger, thread)
    assert renderings() == made + 1


def test_there_is_a_bound(thread, stranger):
    assert fragments._neutral.cache_info().maxsize == fragments.KEPT >= 3 * 1_000


# --- The key is all that the fragment knows ---------------------------------------------------------------------------

AROUND = Around("/t/5/", True, date(2026, 5, 12), "en", "UTC")
COMMENT = Shown(
    AROUND, 7, "visible", name="mikan", slug="mikan", written_at=datetime(2026, 5, 12, 9, 41, tzinfo=UTC), html="<p>So."
)
OTHERS = {
    "state": "removed",
    "quoted_by": (9,),
    "answered_by": (9,),
    "name": "kiri",
    "slug": "kiri",
    "title": "Reporter",
    "is_answer": True,
    "written_at": datetime(2026, 5, 12, 9, 42, tzinfo=UTC),
    "is_edited": True,
    "is_cut": True,
    "is_folded": True,
    "html": "<p>No.",
    "agree": 1,
    "disagree": 1,
    "worth": 1,
    "source_requests": 1,
    "pick_reason": "It knows.",
    "answers": ((3, "kiri"),),
    "sources": ("https://ferry.example/",),
    "groups": (Bar("A", 5, 5), Bar("B", 4, 6)),
    "number": 8,
    "around": AROUND._replace(is_open=False),
}


@pytest.mark.parametrize("field", Shown._fields)
def test_each_field_of_the_key_is_shown(field):
    comment, other = COMMENT, OTHERS.get(field)
    if field == "ground":
        comment, other = COMMENT._replace(is_folded=True, ground="rule 4"), "rule 5"
    elif field == "time_text":
        comment, other = COMMENT._replace(written_at=None), "09:41"
    assert fragments._neutral(comment) != fragments._neutral(comment._replace(**{field: other}))


def test_the_template_reads_nothing_but_the_key(monkeypatch):
    asked: set[str] = set()
    missed: set[str] = set()

    class Told(fragments.Context):
        def __getitem__(self, name):
            asked.add(name)
            if name not in self:
                missed.add(name)
            return super().__getitem__(name)

    monkeypatch.setattr(fragments, "Context", Told)
    for field, value in (*OTHERS.items(), ("state", "deleted"), ("written_at", None)):
        fragments._render(COMMENT._replace(**{field: value}), fragments._NOBODYS)
    assert not missed, "would be empty on every page"
    # What the key knows and the template does not ask for would only make comments anew for nothing.
    assert set(Shown._fields) - asked == {"around"}


# --- Who sees it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("put_away", [remove_comment, hold_comment])
def test_of_words_that_were_put_away_the_key_knows_nothing(put_away, thread, moderator, stranger):
    assert "Mast Lane" in read(stranger, thread)
    put_away(moderator, thread.pk, 1)
    page = reads.thread_page(Thread.objects.get(pk=thread.pk))
    shown = fragments._shown(fragments._around(page), page, page.comments[0])
    assert "Mast Lane" not in repr(shown)
    assert "mikan" not in repr(shown)
    assert "Mast Lane" not in read(stranger, thread)


def test_what_is_a_members_own_is_never_kept(thread, author, reader, moderator, stranger, signed_in):
    neutral = read(stranger, thread)
    size = fragments._neutral.cache_info().currsize
    for member in (author, reader, moderator):
        own = read(signed_in(member), thread)
        assert "csrfmiddlewaretoken" in own.split('id="thread-comments"')[1].split('<template id="links">')[0]
    assert fragments._neutral.cache_info().currsize == size
    assert read(stranger, thread) == neutral


def test_page_answer_and_live_update_hold_the_same_bytes(thread, author, stranger, signed_in):
    whole = read(stranger, thread)
    since = stranger.get(f"/t/{thread.pk}/since/0/").content.decode()
    for comment in reads.thread_page(thread).comments:
        page = reads.single(comment)
        html = fragments.comment_html(page, comment)
        assert html in whole
        assert html in since
