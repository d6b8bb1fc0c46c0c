"""A comment and its quotations as HTML: what is added around the words is safe, and nothing of them is lost."""

from __future__ import annotations

import re

import pytest

from kawaraban import markup
from kawaraban.accounts.testing import make_member
from kawaraban.accounts.tests.inert import ATTACKS, dangers, read
from kawaraban.discussion import actions
from kawaraban.discussion.models import Comment, Quote, Thread
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.discussion.typesetting import GAP, Quoted, digest, own_words, plain, seen, typeset
from tests.inert_html import inspect

TEXT = "mikan\n> The ferry was late.\n\nNo. But “the toll is high” is true."
BLOCK = Quoted(0, TEXT.index("\n\n"), "The ferry was late.", "#1 mikan, 09:41", "/t/5/1/")
INLINE = Quoted(TEXT.index("“"), TEXT.index("”") + 1, "the toll is high", "#2 kiri", "/t/5/2/", is_block=False)


def gone(quoted):
    """The same quotation after its source was removed."""
    fields = {name: getattr(quoted, name) for name in Quoted.__slots__}
    return Quoted(**{**fields, "gone": "Words removed by a moderator."})


def losing(quoted, *lost):
    fields = {name: getattr(quoted, name) for name in Quoted.__slots__}
    return Quoted(**{**fields, "lost": lost})


# --- Where the quotations stand ---------------------------------------------------------------------------------------


def test_a_block_becomes_a_figure_and_its_heading_the_link_below_it():
    assert typeset(TEXT, [INLINE, BLOCK]) == (
        '<figure class="quotation"><blockquote><p>The ferry was late.</p></blockquote>'
        '<figcaption><a href="/t/5/1/"><bdi>#1 mikan, 09:41</bdi></a></figcaption></figure>'
        "<p>No. But “the toll is high” is true.</p>"
    )


def test_notes_stand_below_the_quotation():
    noted = Quoted(0, BLOCK.end, "The ferry was late.", "#1", "/t/5/1/", ("differs from the original", "edited since"))
    html = typeset(TEXT, [noted])
    assert re.findall(r'<span class="quotation__note">([^<]+)</span>', html) == list(noted.notes)


def test_a_text_without_quotations_is_what_the_markup_makes_of_it():
    for text in ("", "One.\n\n> Two.\n\n- three", "\n\n"):
        assert typeset(text, []) == markup.render(text)


def test_of_two_that_overlap_the_first_and_longer_is_shown():
    longer = Quoted(0, BLOCK.end, "The ferry was late.", "#1", "/t/5/1/")
    shorter = Quoted(8, 20, "The ferry", "#2", "/t/5/2/")
    assert typeset(TEXT, [shorter, longer]) == typeset(TEXT, [longer])


# --- Words that may not be shown --------------------------------------------------------------------------------------


def test_a_block_that_is_gone_says_why_and_an_inline_one_leaves_a_gap():
    html = typeset(TEXT, [gone(BLOCK), gone(INLINE)])
    assert '<blockquote><p class="quotation__gone">Words removed by a moderator.</p></blockquote>' in html
    assert html.endswith(f"<p>No. But {GAP} is true.</p>")


def test_a_gap_before_a_block_moves_it_and_hides_nothing_else():
    text = f"I say “the toll is high” now.\n\n{TEXT}"
    first = Quoted(6, 24, "the toll is high", "#2", "/t/5/2/", gone="Gone.", is_block=False)
    at = text.index("mikan")
    moved = Quoted(at, at + BLOCK.end, "The ferry was late.", "#1", "/t/5/1/")
    html = typeset(text, [first, moved])
    assert html.startswith(f"<p>I say {GAP} now.</p><figure")
    assert html.endswith("</figure><p>No. But “the toll is high” is true.</p>")


def test_machines_get_no_words_that_are_gone():
    assert plain(TEXT, [gone(BLOCK), gone(INLINE)]) == f"> {GAP}\n\n\nNo. But {GAP} is true."
    assert plain(TEXT, [BLOCK, INLINE]) == TEXT
    assert (seen(gone(BLOCK)), seen(BLOCK), seen(losing(BLOCK, "ferry"))) == (None, BLOCK.words, f"The {GAP} was late.")


def test_words_lost_within_a_quotation_leave_a_gap_in_every_form():
    for shown in (losing(BLOCK, "ferry  was"), losing(BLOCK, "ferry\nwas")):
        assert "ferry" not in typeset(TEXT, [shown]) + plain(TEXT, [shown])
        assert f"The {GAP} late." in typeset(TEXT, [shown])
    inline = losing(INLINE, "toll is")
    assert f"“the {GAP} high”" in typeset(TEXT, [inline])
    assert f"“the {GAP} high”" in plain(TEXT, [inline])


def test_where_lost_words_cannot_be_told_apart_all_of_the_quotation_goes():
    html = typeset(TEXT, [losing(BLOCK, "something that stands there otherwise")])
    assert "ferry" not in html
    assert GAP in html


def test_the_writers_own_words_are_what_is_left_without_quotations():
    assert own_words(TEXT, [BLOCK, gone(INLINE)]) == f"No. But {GAP} is true."
    assert own_words(TEXT, [BLOCK, INLINE]) == "No. But “the toll is high” is true."
    only = "> The ferry was late."
    assert own_words(only, [Quoted(0, 21, only[2:], "#1", "/")]) == only
    assert own_words(only, [gone(Quoted(0, 21, only[2:], "#1", "/"))]) == f"> {GAP}"


def test_the_digest_of_words_holds_for_other_spaces_and_letters():
    assert digest("The ferry\n was LATE") == digest("the  ferry was late")
    assert digest("The ferry was late") != digest("The ferry was late.")


# --- Hostile text -----------------------------------------------------------------------------------------------------


def is_ours(html):
    """That HTML holds what we write around words and, besides, what readers' text may hold."""
    assert dangers(html) == []
    # The reason why words are gone is escaped in one more way than the cleaner does it.
    plain_quotes = re.sub(
        r'<p class="quotation__gone">([^<>]*)</p>',
        lambda found: f"<p>{found[1].replace('&#x27;', chr(39)).replace('&quot;', chr(34))}</p>",
        html,
    )
    outside = re.sub(
        r'<figure class="quotation">(<blockquote>.*?</blockquote>)<figcaption><a href="[^"<>]*"><bdi>[^<>]*</bdi></a>'
        r'(?: <span class="quotation__note">[^<>]*</span>)*</figcaption></figure>',
        r"\1",
        plain_quotes,
        flags=re.DOTALL,
    )
    inspect(outside)
    return True


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_any_part_of_a_quotation_is_shown_as_words(attack):
    """S-001, S-005."""
    text = f"{attack}\n{attack}\n\n{attack}"
    for quoted in (
        Quoted(0, len(attack), attack, attack, attack, (attack,), ""),
        Quoted(0, len(attack), attack, attack, attack, (attack,), attack),
        Quoted(1, len(attack) - 1, attack[1:-1], attack, "/", (), "", is_block=False, lost=(attack[2:4],)),
        Quoted(len(attack) // 2, len(text), attack[3:], attack, "/", (), "", lost=(attack[4:6],)),
    ):
        assert is_ours(typeset(text, [quoted]))


def test_cutting_a_text_anywhere_opens_nothing():
    """Where a quotation begins or ends within markup, its halves are made safe each for itself."""
    text = "**bold [link](https://a.example/x?<b>) `code` <img src=x onerror=window.__xss=1> &lt;b&gt;** “x”"
    for start in range(0, len(text), 3):
        for end in range(start + 1, len(text), 5):
            for is_block in (True, False):
                quoted = Quoted(
                    start, end, text[start:end], "#1", "/", gone="" if is_block else "Gone.", is_block=is_block
                )
                assert is_ours(typeset(text, [quoted]))


def test_hostile_handles_and_hours_of_an_import_are_words_in_every_label(author, stranger):
    thread = make_thread()
    for number, attack in enumerate(ATTACKS, 1):
        said = " ".join(f"{word}{number}" for word in ("harbour", "temple", "copper", "barrel", "mayor"))
        actions.record_comment(thread, actions.Record(said, signed=attack[:100], time_text=attack[:60]))
        actions.record_comment(thread, actions.Record(f"> {said}\n\n{attack}", signed=f"Reader {number}"))
    actions.link_thread(Thread.objects.get(pk=thread.pk))
    assert Quote.objects.count() == len(ATTACKS)
    for comment in Comment.objects.all():
        assert is_ours(comment.html)
    page = stranger.get(f"/t/{thread.pk}/").content.decode()
    assert dangers(page) == []
    labels = [text for tag, text in re.findall(r"<(figcaption)>(.*?)</figcaption>", page, re.DOTALL)]
    assert all(attack.strip()[:100] in read(label).text for attack, label in zip(ATTACKS, labels, strict=True))


def test_hostile_words_are_previewed_posted_and_quoted_on_as_words(author, reader, signed_in):
    thread, browser = make_thread(), signed_in(reader)
    for attack in ATTACKS:
        source = make_comment(thread, make_member(), f"{attack} says the harbour master of the eastern shore.")
        text = f"> {source.source}\n\nNo: {attack}"
        shown = browser.post(f"/t/{thread.pk}/preview/", {"body": text}, headers={"X-Fragment": "1"})
        assert dangers(shown.content) == []
        assert is_ours(make_comment(thread, make_member(), text).html)
        thread.refresh_from_db()
        page = browser.get(f"/t/{thread.pk}/write/?quote={thread.last_number}")
        assert dangers(page.content) == []
