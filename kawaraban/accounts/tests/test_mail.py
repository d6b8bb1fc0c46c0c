"""Mail about notifications: once, to those who want it, with words and links of ours alone, and easy to end."""

from __future__ import annotations

import email
import email.policy
import re
import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone

from kawaraban.accounts import actions, announce, reads, tasks
from kawaraban.accounts.models import Kind, Notification, Topic, User, Way
from kawaraban.accounts.testing import make_member, make_notification
from kawaraban.jobs.models import Job
from kawaraban.jobs.testing import run_jobs

NOW_ALL = dict.fromkeys(Topic, Way.NOW)


class FullMailbox(BaseEmailBackend):
    """A mail server that will never take anything."""

    code = 550

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (self.code, b"No such user")})


class BusyServer(FullMailbox):
    """A mail server that may take it later."""

    code = 451


def run_clock(way=Way.NOW):
    """What the clock does at its minute, or at seven in the morning, and all that follows; how many mails went out."""
    before = len(mail.outbox)
    task = tasks.queue_mail if way == Way.NOW else tasks.queue_digests
    task.enqueue()
    run_jobs()
    return len(mail.outbox) - before


def headers_of(message):
    """A mail as a mail program reads it; long headers are folded, also before their first word."""
    text = message.message().as_string().replace(":\n ", ": ").replace(": \n ", ": ")
    return email.message_from_string(text, policy=email.policy.default)


def unsubscribe_path(message):
    return headers_of(message)["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)


@pytest.fixture
def now_reader(reader):
    """A reader who wants everything at once."""
    actions.prefer(reader, NOW_ALL)
    return reader


# --- Who gets mail, and when ------------------------------------------------------------------------------------------


def test_what_is_wanted_at_once_goes_out_at_the_next_minute_in_one_mail(now_reader, author):
    make_notification(now_reader, actor=author)
    make_notification(now_reader, kind=Kind.QUOTED)
    make_notification(author)
    assert mail.outbox == []
    assert run_clock() == 1
    assert mail.outbox[0].to == [now_reader.email]
    assert mail.outbox[0].subject == "2 notifications from The Test Courier"
    assert run_clock() == run_clock(Way.NOW) == 0


def test_each_topic_is_a_mail_of_its_own_so_that_each_can_be_ended(now_reader):
    for kind in (Kind.ANSWERED, Kind.FOLLOWED_STORY, Kind.FOLLOWED_MEMBER):
        make_notification(now_reader, kind=kind)
    assert run_clock() == 3
    assert len({unsubscribe_path(message) for message in mail.outbox}) == 3


def test_the_digest_goes_out_once_a_day_to_those_who_want_it(reader, author):
    actions.prefer(author, {Topic.ANSWERS: Way.HERE})
    for _ in range(3):
        make_notification(reader)
    make_notification(author)
    assert run_clock() == 0
    assert run_clock(Way.DAILY) == 1
    assert "there are 3 things you have not read yet" in mail.outbox[0].body
    assert run_clock(Way.DAILY) == 0


def test_a_long_digest_counts_what_it_does_not_list(reader):
    for number in range(announce.MOST_TITLES + 7):
        make_notification(reader, title=f"Number {number}.")
    run_clock(Way.DAILY)
    assert mail.outbox[0].subject == "57 notifications from The Test Courier"
    assert "Number 49." in mail.outbox[0].body
    assert "Number 50." not in mail.outbox[0].body
    assert "And 7 more." in mail.outbox[0].body
    assert not Notification.objects.filter(mailed_at=None).exists()


def test_hundreds_of_mails_are_queued_without_holding_the_database_for_all_of_them(now_reader, monkeypatch):
    monkeypatch.setattr(actions, "MOST_AT_ONCE", 2)
    members = [make_member() for _ in range(5)]
    for member in members:
        make_notification(member)
    assert run_clock(Way.DAILY) == 5


@pytest.mark.parametrize("state", ["unverified", "inactive"])
def test_mail_goes_to_confirmed_addresses_of_accounts_in_use(state, db):
    member = make_member(verified=state != "unverified")
    actions.prefer(member, NOW_ALL)
    make_notification(member)
    User.objects.filter(pk=member.pk).update(is_active=state != "inactive")
    assert run_clock() == 0
    assert not Notification.objects.awaiting(Way.NOW).exists()


def test_what_was_read_or_withdrawn_meanwhile_is_in_no_mail(now_reader):
    """S-034: mail is made at the last moment, of what may still be seen."""
    read, removed, kept = (make_notification(now_reader, title=f"{word}.") for word in ("Read", "Removed", "Kept"))
    tasks.queue_mail.call()
    actions.open_notification(now_reader, read.pk)
    actions.withdraw(removed.subject)
    run_jobs()
    assert mail.outbox[0].subject == "Kept."
    assert "Read." not in mail.outbox[0].body
    assert "Removed." not in mail.outbox[0].body
    actions.withdraw(kept.subject)
    assert run_clock() == 0


def test_what_is_restored_is_mailed_unless_it_was(now_reader):
    mailed = make_notification(now_reader, title="Mailed.")
    run_clock()
    waiting = make_notification(now_reader, title="Waiting.")
    tasks.queue_mail.call()
    for row in (mailed, waiting):
        actions.withdraw(row.subject)
    assert run_clock() == 0
    for row in (mailed, waiting):
        actions.restore(row.subject)
    assert run_clock() == 1
    assert mail.outbox[-1].subject == "Waiting."


def test_week_old_news_is_not_mailed(now_reader):
    make_notification(now_reader)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert run_clock() == 0
        assert not Job.objects.filter(task__endswith="mail_member").exists()
        assert actions.mail_member(now_reader.pk, "answers") == 0


def test_who_changes_their_mind_gets_what_waits_in_the_new_way(now_reader):
    make_notification(now_reader)
    tasks.queue_mail.call()
    actions.prefer(now_reader, {Topic.ANSWERS: Way.DAILY})
    run_jobs()
    assert mail.outbox == []
    assert run_clock(Way.DAILY) == 1
    make_notification(now_reader)
    actions.prefer(now_reader, {Topic.ANSWERS: Way.HERE})
    assert run_clock(Way.DAILY) == run_clock() == 0


# --- Once -------------------------------------------------------------------------------------------------------------


def test_a_task_that_runs_twice_mails_once(now_reader):
    """F-02."""
    make_notification(now_reader)
    assert [tasks.mail_member.call(now_reader.pk, "answers") for _ in range(2)] == [1, 0]
    assert len(mail.outbox) == 1


def test_while_one_worker_mails_another_waits_and_takes_over_if_it_died(now_reader):
    """F-02: killed between the claim and the mail, it is sent a minute later; killed after, it is the same mail."""
    row = make_notification(now_reader)
    Notification.objects.update(claimed_at=timezone.now())
    with pytest.raises(actions.StillMailing):
        actions.mail_member(now_reader.pk, "answers")
    with time_machine.travel(timezone.now() + actions.MAIL_CLAIM + timedelta(seconds=1)):
        assert actions.mail_member(now_reader.pk, "answers") == 1
        Notification.objects.update(mailed_at=None, claimed_at=None)
        actions.mail_member(now_reader.pk, "answers")
    assert mail.outbox[0].extra_headers["Message-ID"] == mail.outbox[1].extra_headers["Message-ID"]
    assert str(row.pk) in mail.outbox[0].extra_headers["Message-ID"]


def test_while_the_mail_server_is_away_mail_waits_and_then_goes_out(now_reader, settings):
    """F-23: the task fails and is tried again by the queue; what the queue gave up is queued again later."""
    make_notification(now_reader)
    outbox, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(ConnectionRefusedError):
        tasks.mail_member.call(now_reader.pk, "answers")
    tasks.queue_mail.call()
    run_jobs(forgiving=True)
    job = Job.objects.get(task__endswith="mail_member")
    assert (job.state, job.attempts) == ("waiting", 1)
    settings.EMAIL_BACKEND = outbox
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        run_jobs()
    assert len(mail.outbox) == 1
    make_notification(now_reader)
    tasks.queue_mail.call()
    Job.objects.filter(state="waiting").delete()
    assert run_clock() == 0
    with time_machine.travel(timezone.now() + actions.MAIL_AGAIN + timedelta(seconds=1)):
        assert run_clock() == 1


def test_an_address_that_is_refused_is_not_tried_again_and_stands_in_no_log(now_reader, settings, caplog):
    make_notification(now_reader)
    settings.EMAIL_BACKEND = f"{__name__}.FullMailbox"
    assert tasks.mail_member.call(now_reader.pk, "answers") == 0
    assert not Notification.objects.awaiting(Way.NOW).exists()
    assert "550" in caplog.text
    assert now_reader.email not in caplog.text


def test_a_server_that_is_busy_is_tried_again(now_reader, settings):
    make_notification(now_reader)
    settings.EMAIL_BACKEND = f"{__name__}.BusyServer"
    tasks.queue_mail.call()
    run_jobs(forgiving=True)
    job = Job.objects.get(task__endswith="mail_member")
    assert job.state == "waiting"
    assert "451" in job.last_error
    assert now_reader.email not in job.last_error
    assert Notification.objects.awaiting(Way.NOW).filter(claimed_at=None).exists()


# --- What stands in it ------------------------------------------------------------------------------------------------


def test_a_mail_is_plain_text_with_links_to_our_own_pages(now_reader, author):
    """S-012, V-08: nothing in it that a reader made could be pressed, and nothing tells us that it was read."""
    make_notification(now_reader, actor=author, title="Your comment was answered in “Boats & <b>bridges</b>”")
    run_clock()
    message = mail.outbox[0]
    text = headers_of(message)
    assert (text.get_content_type(), text.is_multipart()) == ("text/plain", False)
    assert text["Subject"] == "Your comment was answered in “Boats & <b>bridges</b>”"
    assert text["From"] == settings.DEFAULT_FROM_EMAIL
    assert "By mikan, " in message.body
    links = re.findall(r"\w+://\S+", message.body)
    assert len(links) == 4
    assert all(link.startswith(f"{settings.SITE_URL}/") for link in links)
    assert all("?" not in link for link in links)


def test_a_mail_can_be_ended_with_one_click_and_says_that_a_machine_wrote_it(now_reader):
    make_notification(now_reader)
    run_clock()
    text = headers_of(mail.outbox[0])
    assert text["List-Unsubscribe"].startswith(f"<{settings.SITE_URL}/unsubscribe/")
    assert text["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert text["Auto-Submitted"] == "auto-generated"
    assert now_reader.email not in text["List-Unsubscribe"]


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\u2028", "\x85", "\x0b", "\x00"])
def test_a_line_break_makes_no_header(break_, now_reader):
    """S-110: neither in a title nor in the name of the site."""
    from wagtail.models import Site

    Site.objects.update(site_name=f"Courier{break_}Bcc: all@readers.example".replace("\x00", " "))
    for title in (f"Answered{break_}Bcc: all@readers.example", f"Twice{break_}{break_}Reply-To: a@b.example"):
        make_notification(now_reader, title=title)
        run_clock()
    make_notification(now_reader)
    make_notification(now_reader)
    run_clock()
    for message in mail.outbox:
        text = headers_of(message)
        assert text["Bcc"] is text["Reply-To"] is None
        assert message.recipients() == [now_reader.email]
    assert len(mail.outbox) == 3


def test_a_notification_has_no_room_for_what_somebody_wrote():
    """What is removed later was never copied. A new column needs a look at what `withdraw` does about it."""
    texts = {field.name for field in Notification._meta.concrete_fields if field.get_internal_type() == "CharField"}
    assert texts == {"kind", "subject", "title", "address", "mail"}
    assert not [field for field in Notification._meta.concrete_fields if field.get_internal_type() == "TextField"]


# --- No more ----------------------------------------------------------------------------------------------------------


def test_one_click_ends_the_mail_of_a_topic_without_signing_in(now_reader):
    """RFC 8058: the mail service posts without a cookie, and is not sent elsewhere."""
    make_notification(now_reader, kind=Kind.FOLLOWED_STORY)
    run_clock()
    address, browser = unsubscribe_path(mail.outbox[0]), Client(enforce_csrf_checks=True)
    answer = browser.post(address, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})
    assert (answer.status_code, answer.cookies) == (200, {})
    assert reads.preferences(now_reader) == {**NOW_ALL, Topic.STORIES: Way.HERE}
    assert browser.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    make_notification(now_reader, kind=Kind.FOLLOWED_STORY)
    assert run_clock() == 0


def test_to_look_at_the_link_ends_nothing_and_says_what_the_button_does(now_reader, stranger):
    """S-023: mail filters follow every link."""
    make_notification(now_reader)
    run_clock()
    page = stranger.get(unsubscribe_path(mail.outbox[0]))
    assert "no-store" in page["Cache-Control"]
    assert "Answers to you, quotes of you" in page.content.decode()
    assert "End this mail" in page.content.decode()
    assert reads.preferences(now_reader) == NOW_ALL


def test_the_link_in_a_digest_ends_the_digest_and_nothing_else(reader, stranger):
    actions.prefer(reader, {Topic.STORIES: Way.NOW, Topic.MEMBERS: Way.NEVER})
    make_notification(reader)
    run_clock(Way.DAILY)
    answer = stranger.post(unsubscribe_path(mail.outbox[0]))
    assert "no more mail with the daily digest" in answer.content.decode()
    assert reads.preferences(reader) == {
        Topic.DECISIONS: Way.NOW,
        Topic.ANSWERS: Way.HERE,
        Topic.STORIES: Way.NOW,
        Topic.MEMBERS: Way.NEVER,
    }


def test_a_link_that_is_not_ours_ends_nothing(now_reader, author, stranger):
    make_notification(now_reader)
    run_clock()
    whole = unsubscribe_path(mail.outbox[0])
    payload, _, signature = whole.removeprefix("/unsubscribe/").rstrip("/").rpartition(":")
    other = announce.unsubscribe_token(author.pk, "answers").rpartition(":")[0]
    for token in (payload, f"{payload}:", f"{payload}:{signature[:-1]}", f"{other}:{signature}", "x", ":", "a" * 5000):
        assert stranger.post(f"/unsubscribe/{token}/").status_code == 404
    for made in ([now_reader.pk, "everything"], [now_reader.pk], "x", {"a": 1}, [str(now_reader.pk), "answers"]):
        assert stranger.post(f"/unsubscribe/{announce._signer.sign_object(made)}/").status_code == 404
    assert stranger.post(f"/unsubscribe/{announce.unsubscribe_token(10**9, 'answers')}/").status_code == 404
    assert reads.preferences(now_reader) == NOW_ALL


# --- On the clock -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "hours"), [("UTC", 7), ("Asia/Tokyo", 22), ("Europe/Berlin", 6), ("America/New_York", 12),
    ("Australia/Sydney", 21), ("Asia/Kolkata", 1.5)],
)  # fmt: skip
def test_the_digest_is_for_the_morning_where_the_paper_is(zone, hours):
    assert tasks.at_seven(zone) == timedelta(hours=hours)
