"""Whatever is sent as words, they are shown as words; whatever is sent as bytes, nothing breaks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.accounts.tests.inert import ATTACKS, dangers, read
from kawaraban.discussion import actions
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.discussion.tests.unchanged import everything
from kawaraban.markup import MAX_MARKS
from kawaraban.screening import actions as screening

PART = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n'
FORM = "application/x-www-form-urlencoded"
# As they travel: NUL, surrogates, broken and overlong UTF-8, noncharacters, controls, bidi signs, beyond Unicode.
BROKEN = (
    "%00", "a%00b", "%ED%A0%80", "%ED%B0%80%ED%A0%80", "%FF%FE", "%C0%80", "%EF%BF%BE", "%EF%BF%BF", "%EF%B7%90", "%80",
    "%F4%90%80%80", "%E2%80%AEtxt.exe", "%E2%81%A6%E2%81%A9", "%08%1B%5B31m", "%EF%BF%BD", "%F3%A0%80%81", "%u0000",
    "%", "%zz", "+", "%0D%0A%0D%0A", "%EF%BB%BF",
)  # fmt: skip


def post(browser, thread, text):
    return browser.post(f"/t/{thread.pk}/comments/", {"body": text})


# --- Words ------------------------------------------------------------------------------------------------------------


def by_form(author, browser, thread):
    with time_machine.travel(datetime(2026, 11, 21, 7, 1, tzinfo=UTC), tick=False) as clock:
        for attack in ATTACKS:
            clock.shift(timedelta(minutes=1))
            assert post(browser, thread, attack).status_code == 302


def by_edit(author, browser, thread):
    for number, attack in enumerate(ATTACKS, 1):
        thread.refresh_from_db()
        actions.record_comment(thread, actions.Record("Harmless.", author=author, created_at=timezone.now()))
        assert browser.post(f"/t/{thread.pk}/{number}/edit/", {"body": attack}).status_code == 302
        assert dangers(browser.get(f"/t/{thread.pk}/{number}/edit/").content) == []


def by_import(author, browser, thread):
    for attack in ATTACKS:
        signed = {"signed": attack[:100], "time_text": attack[:60]}
        actions.record_comment(thread, actions.Record(attack, **signed))


@pytest.mark.parametrize("write", [by_form, by_edit, by_import])
def test_an_attack_is_shown_as_the_words_it_is(write, author, moderator, signed_in, stranger):
    """S-001, S-007: by whatever way it comes, and wherever it is read."""
    thread, browser = make_thread(), signed_in(author)
    # One attack is much like another: they would wait for a moderator.
    screening.change_settings(repetition_on=False)
    write(author, browser, thread)
    for viewer in (stranger, browser, signed_in(moderator)):
        for page in (f"/t/{thread.pk}/", f"/t/{thread.pk}/mine/", author.get_absolute_url()):
            assert dangers(viewer.get(page).content) == []
    page = stranger.get(f"/t/{thread.pk}/").content.decode()
    comments = page[page.index('id="thread-comments"') :].split('<li class="comment"')[1:]
    assert len(comments) == len(ATTACKS)
    for attack, comment in zip(ATTACKS, comments, strict=True):
        assert ("__xss" in read(comment).text) == ("__xss" in attack), attack


def test_an_attack_in_a_refused_comment_is_handed_back_as_words(author, signed_in):
    thread = make_thread()
    browser = signed_in(author)
    actions.describe_thread(thread.pk, title="x", url="/x/", state="closed")
    attack = "".join(ATTACKS)
    answer = post(browser, thread, attack)
    assert answer.status_code == 409
    assert dangers(answer.content) == []
    open_thread = make_thread()
    answer = post(browser, open_thread, attack * 4)
    assert answer.status_code == 409
    assert dangers(answer.content) == []
    assert "{{ 7*7 }}{% debug %}" in read(answer.content).text


def test_links_in_comments_lead_to_the_web_and_say_whose_they_are(author, signed_in, stranger):
    """S-002."""
    thread = make_thread()
    post(signed_in(author), thread, "[a](https://a.example/) <mailto:a@a.example> [b](/logout) [c](ftp://c.example)")
    links = [attributes for tag, attributes in read(Comment.objects.get().html).elements if tag == "a"]
    assert [link["href"] for link in links] == ["https://a.example/", "mailto:a@a.example"]
    assert {link["rel"] for link in links} == {"ugc nofollow noopener noreferrer"}


# --- Bytes ------------------------------------------------------------------------------------------------------------


def test_broken_bytes_in_a_comment_are_left_out_or_refused(db, signed_in):
    """S-097."""
    thread = make_thread()
    for broken in BROKEN:
        browser = signed_in(make_member())
        answers = [
            browser.post(f"/t/{thread.pk}/comments/", f"body=before{broken}after&key=k", FORM),
            browser.post(f"/t/{thread.pk}/{Comment.objects.count()}/edit/", f"body=now{broken}here", FORM),
        ]
        assert [answer.status_code for answer in answers] == [302, 302], broken
        alone = browser.post(f"/t/{thread.pk}/comments/", f"body={broken}&key=l", FORM)
        assert alone.status_code in (302, 409), broken
    assert Comment.objects.count() > len(BROKEN)
    for comment in Comment.objects.all():
        assert not set(comment.source + comment.html) & set("\x00\x08\x1b\ufffe\uffff\ufdd0\u202e\u2066\u2069\ufeff")
        assert comment.source.encode()
    assert Client().get(f"/t/{thread.pk}/").status_code == 200


def test_broken_bytes_in_a_key_are_no_reason_to_break(db, signed_in):
    """S-097."""
    thread = make_thread()
    for broken in BROKEN:
        browser = signed_in(make_member())
        for _ in range(2):
            answer = browser.post(f"/t/{thread.pk}/comments/", f"body=Said+once.&key={broken}", FORM)
            assert answer.status_code in (302, 400, 409), broken
    assert Comment.objects.count() <= len(BROKEN)


def test_broken_bytes_in_addresses_and_votes_are_answered(author, signed_in):
    """S-097."""
    comment = make_comment(make_thread(), author)
    browser, before = signed_in(author), everything()
    for broken in BROKEN:
        pages = [f"/t/{broken}/", f"/t/{comment.thread_id}/{broken}/", f"/member/{broken}/", f"/{broken}/"]
        pages += [f"/member/{author.slug}/?page={broken}", f"/t/{comment.thread_id}/?x={broken}&{broken}=y"]
        for page in pages:
            answer = browser.generic("GET", "/", **_target(page))
            assert answer.status_code in (200, 302, 400, 404), page
        vote = browser.post(f"/t/{comment.thread_id}/1/vote/", f"value={broken}", FORM)
        assert vote.status_code == 400, broken
    assert everything() == before


def _target(page):
    path, _, query = page.partition("?")
    raw = path.encode().replace(b"+", b" ")
    for number in range(256):
        raw = raw.replace(f"%{number:02X}".encode(), bytes([number]))
    return {"PATH_INFO": raw.decode("latin-1"), "QUERY_STRING": query}


@pytest.mark.parametrize(
    "value", ["abcdefgh\\000x", "\\000\\000\\000\\000\\000\\000\\000\\000", "\\377\\376abcdefgh", "x" * 4000]
)
@pytest.mark.parametrize("name", ["session", "csrf", "signed_in"])
def test_a_broken_cookie_belongs_to_nobody(name, value, site):
    """S-097."""
    thread = make_thread()
    browser = Client(headers={"cookie": f'{name}="{value}"'})
    for page in (f"/t/{thread.pk}/", f"/t/{thread.pk}/mine/", "/account/mine/"):
        assert browser.get(page).status_code == 200
    answer = browser.post(f"/t/{thread.pk}/comments/", {"body": "Hello."})
    assert answer.status_code in (302, 403)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", PART + b"a\x00b\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", PART + b"cut"),
        ("multipart/form-data", b"--x"),
        ("application/json", b'{"body": "JSON."}'),
        ("text/plain", b"body=Plain."),
        (FORM + "; charset=utf-16", "body=Wide.".encode("utf-16")),
        (FORM + "; charset=nonsense", b"body=Nonsense."),
        (FORM, b"&".join(b"f%d=1" % number for number in range(1100))),
        (FORM, b"body=" + b"x" * (1024 * 1024 + 1)),
        (FORM, b"\xff\xfe\x00"),
    ],
    ids=["nul", "cut", "no-boundary", "json", "plain", "utf-16", "nonsense", "fields", "megabyte", "bytes"],
)  # fmt: skip
def test_a_body_of_any_kind_is_answered(content_type, body, author, signed_in):
    thread = make_thread()
    answer = signed_in(author).generic("POST", f"/t/{thread.pk}/comments/", body, content_type)
    assert answer.status_code in (302, 400, 403, 409, 413, 415)


def test_towers_of_marks_and_bidi_signs_do_not_reach_the_neighbours(author, signed_in, stranger):
    """S-098."""
    thread = make_thread()
    post(signed_in(author), thread, "Z" + "\u0336" * 400 + " \u202egnp.exe\u2066 \u05e9\u05dc\u05d5\u05dd")
    page = stranger.get(f"/t/{thread.pk}/").content.decode()
    assert "\u0336" * (MAX_MARKS + 1) not in page
    assert "\u202e" not in page
    assert "\u05e9\u05dc\u05d5\u05dd" in page
    assert '<div class="comment__text" dir="auto">' in page
    assert f"<bdi>{author.handle}</bdi>" in page
