"""Notices from outside: told without an account, received, decided, answered; and not to be abused."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from kawaraban.accounts.testing import make_member
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.models import Entry
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused
from kawaraban.jobs.testing import run_jobs
from kawaraban.moderation import actions, reads
from kawaraban.moderation.models import ModerationSettings, Notice
from kawaraban.moderation.tasks import queue_notice_mail
from kawaraban.moderation.testing import make_notice

SENT = {
    "category": "speech",
    "ground": "Defamation",
    "words": "I never sold the ferry.",
    "name": "Kiyo Hara",
    "email": "kiyo@outside.example",
    "in_good_faith": "on",
}


@pytest.fixture
def comment(db, author):
    """The author's comment in an open thread."""
    return make_comment(make_thread(), author)


def test_a_stranger_tells_us_and_gets_a_receipt_that_nobody_can_guess(comment, stranger):
    assert stranger.get("/notice/", {"url": comment.get_absolute_url()}).status_code == 200
    answer = stranger.post("/notice/", {**SENT, "url": f"{settings.SITE_URL}{comment.get_absolute_url()}"})
    notice = Notice.objects.get()
    assert notice.comment == comment
    assert answer["Location"] == f"/notice/{notice.key}/"
    assert len(notice.key) >= 32
    page = stranger.get(answer["Location"])
    assert "I never sold the ferry." in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert stranger.get(f"/notice/{notice.key[:-1]}/").status_code == 404


def test_the_form_is_guarded_against_other_sites(comment):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/notice/", {**SENT, "url": comment.get_absolute_url()}).status_code == 403
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("left_out", "code"),
    [
        ("category", "notice-incomplete"),
        ("ground", "notice-incomplete"),
        ("words", "notice-incomplete"),
        ("in_good_faith", "notice-incomplete"),
        ("name", "notice-no-name"),
        ("email", "notice-no-name"),
    ],
)
def test_what_the_law_asks_for_must_be_there_and_the_words_are_kept(comment, stranger, left_out, code):
    sent = {**SENT, "url": comment.get_absolute_url()}
    del sent[left_out]
    answer = stranger.post("/notice/", sent)
    assert answer.status_code == 409
    assert answer.context["refusal"].code == code
    assert left_out == "words" or "I never sold the ferry." in answer.content.decode()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("category", ["life", "child"])
def test_nobody_gives_their_name_for_a_threat_to_life_or_the_abuse_of_a_child(comment, category):
    assert make_notice(comment, category=category, name="", email="").name == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/t/1/1/",
        "javascript:alert(1)",
        "t/1/1/",
        "",
        "http://[bad",
        # Browsers take these for other sites, and moderators follow the link.
        f"{settings.SITE_URL}//elsewhere.example/",
        "/\\elsewhere.example/",
        f"{settings.SITE_URL}/\\elsewhere.example/",
        "/t/1/\\1/",
    ],
)
def test_only_pages_of_this_site_can_be_told_of(comment, url):
    with pytest.raises(Refused) as refusal:
        make_notice(comment, url=url)
    assert refusal.value.code == "notice-elsewhere"


@pytest.mark.parametrize("email", ["kiyo", "kiyo@", "kiyo@x.example\nBcc: all@x.example"])
def test_an_address_that_is_none_is_sent_back(comment, email):
    with pytest.raises(Refused) as refusal:
        make_notice(comment, email=email)
    assert refusal.value.code == "notice-bad-email"


def test_more_words_than_anybody_reads_are_sent_back(comment):
    with pytest.raises(Refused) as refusal:
        make_notice(comment, words="x" * 5001)
    assert refusal.value.code == "notice-too-long"


@pytest.mark.parametrize("way", ["/t/{thread}/1/", "/t/{thread}/#comment-1", "/city/bridge/#comment-1"])
def test_every_address_of_a_comment_leads_to_it(comment, way):
    found = reads.comment_at(way.format(thread=comment.thread_id))
    assert found == comment


def test_a_program_that_fills_in_everything_is_turned_away(comment, stranger):
    answer = stranger.post("/notice/", {**SENT, "url": comment.get_absolute_url(), "homepage": "https://spam.example"})
    assert answer.context["refusal"].code == "notice-by-program"
    assert not Notice.objects.exists()


def test_one_place_sends_ten_notices_an_hour(comment, stranger):
    sent = {**SENT, "url": comment.get_absolute_url()}
    assert {stranger.post("/notice/", sent).status_code for _ in range(10)} == {302}
    answer = stranger.post("/notice/", sent)
    assert (answer.status_code, answer.context["refusal"].code) == (429, "notices-often")
    assert "I never sold the ferry." in answer.content.decode()
    assert stranger.post("/notice/", sent, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_notices_about_one_comment_are_decided_together_and_each_notifier_hears(comment, moderator, stranger):
    first, second = make_notice(comment), make_notice(comment, name="Abe", email="abe@outside.example")
    other = make_notice(make_comment(comment.thread, make_member(), "Another one."))
    ground = Ground("It says of a person what is not true.", law="Defamation")
    discussion.remove_comment(moderator, comment.thread_id, comment.number, ground)
    for notice in (first, second):
        notice.refresh_from_db()
        page = stranger.get(notice.get_absolute_url()).content.decode()
        assert "It was restricted." in page
        assert "Removed: Defamation" in page
        assert "Decided by a person" in page
    other.refresh_from_db()
    assert other.outcome == Notice.Outcome.OPEN


def test_a_dismissed_notice_names_the_ways_that_are_left(comment, moderator, stranger):
    notice = make_notice(comment)
    actions.settle_notice(moderator, notice.pk, False, "We find nothing illegal in it.")
    page = stranger.get(notice.get_absolute_url()).content.decode()
    assert "We find nothing illegal in it." in page
    assert "A court" in page
    assert "Ask for another look" in page


def test_a_notice_is_settled_once_by_a_moderator_with_an_answer(comment, reader, moderator):
    notice = make_notice()
    for who, answer, code in ((reader, "No.", "not-moderator"), (moderator, " ", "notice-no-answer")):
        with pytest.raises(Refused) as refusal:
            actions.settle_notice(who, notice.pk, False, answer)
        assert refusal.value.code == code
    actions.settle_notice(moderator, notice.pk, True, "The story is mended.")
    with pytest.raises(Refused) as refusal:
        actions.settle_notice(moderator, notice.pk, False, "No.")
    assert refusal.value.code == "notice-settled"


def test_the_receipt_and_the_decision_are_mailed_once_and_hold_no_word_of_the_notifier(comment, moderator):
    notice = make_notice(comment)
    queue_notice_mail.call()
    queue_notice_mail.call()
    run_jobs()
    actions.settle_notices(comment, upheld=False, by=moderator)
    queue_notice_mail.call()
    run_jobs()
    assert [each.to for each in mail.outbox] == [["kiyo@outside.example"]] * 2
    for each in mail.outbox:
        assert notice.get_absolute_url() in each.body
        assert "ferry" not in each.body + each.subject
        assert "Kiyo" not in each.body + each.subject
    assert "It stays as it is." in mail.outbox[1].body


def test_threats_to_life_come_first_and_the_page_says_whom_to_call(comment, moderator, reader, stranger):
    ModerationSettings.objects.create(emergency="Call 110, the police of the harbour.")
    make_notice(comment)
    threat = make_notice(comment, category="life", name="", email="")
    assert reads.open_notices()[0] == threat
    assert "Call 110" in stranger.get(threat.get_absolute_url()).content.decode()
    with pytest.raises(Refused):
        actions.pass_on_notice(reader, threat.pk)
    assert actions.pass_on_notice(moderator, threat.pk).passed_on_at
    actions.pass_on_notice(moderator, threat.pk)
    assert Entry.objects.filter(kind="passed_on", facts__notice=threat.pk).count() == 1


def test_a_site_may_take_no_notices_and_says_how_else(comment, stranger):
    ModerationSettings.objects.create(notices_on=False, contact="desk@paper.example")
    page = stranger.get("/notice/").content.decode()
    assert "desk@paper.example" in page
    assert "<textarea" not in page
    with pytest.raises(Refused) as refusal:
        make_notice(comment)
    assert refusal.value.code == "notices-off"


def test_the_contact_is_open_to_everybody(db, stranger):
    ModerationSettings.objects.create(contact="desk@paper.example\nJapanese, English")
    page = stranger.get("/contact/").content.decode()
    assert re.search(r'href="mailto:desk@paper.example"', page)


def test_the_record_holds_that_somebody_told_us_and_no_word_of_it(comment):
    make_notice(comment)
    facts = str(Entry.objects.get(kind="noticed").facts)
    assert "ferry" not in facts
    assert "kiyo" not in facts.lower()
