"""Moderation in Japanese: for the readers of a Japanese site, and for a moderator of an English one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from kawaraban.accounts.models import Notification
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.models import MISUSE_LAW, Decision, Entry, Kind
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused
from kawaraban.moderation import actions, reads
from kawaraban.moderation.models import ModerationSettings
from kawaraban.moderation.testing import make_notice, make_report

in_japanese = override_settings(LANGUAGE_CODE="ja")


@pytest.fixture
def comment(author):
    """A comment that somebody may be told about."""
    return make_comment(make_thread(), author, "The ferry was late.")


@pytest.fixture
def desk(moderator, signed_in):
    """The browser of a moderator who has the desk in Japanese, on a site in English."""
    UserProfile.objects.create(user=moderator, preferred_language="ja")
    return signed_in(moderator)


# --- What readers see -------------------------------------------------------------------------------------------------


@in_japanese
def test_the_log_and_the_figures_of_a_japanese_site_are_in_japanese(site, stranger, comment, moderator):
    discussion.remove_comment(moderator, comment.thread_id, comment.number, RUDE)
    log = stranger.get("/moderation/log/").text
    assert "<h1>決定の記録</h1>" in log
    assert "<b>削除</b>" in log
    figures = stranger.get("/moderation/").text
    assert "<h1>投稿の管理について</h1>" in figures
    assert f"{timezone.localdate():%Y}年{timezone.localdate().month}月（途中まで）" in figures


@in_japanese
def test_notice_receipt_and_appeal_are_in_japanese(site, stranger, comment, author, moderator, signed_in):
    assert "申告を送信" in stranger.get("/notice/").text
    sent = stranger.post("/notice/", {"url": "/", "words": "偽りです。"})
    assert "書いた文章は下に残してあります" in sent.text
    receipt = stranger.get(make_notice(comment).get_absolute_url()).text
    assert "に受け付けました" in receipt
    removed = discussion.remove_comment(moderator, comment.thread_id, comment.number, RUDE).decision
    appeal = signed_in(author).get(f"/decision/{removed.pk}/appeal/").text
    assert "異議申し立てを送信" in appeal


@in_japanese
def test_a_report_is_made_in_japanese(site, comment, reader, signed_in):
    address = f"/t/{comment.thread_id}/{comment.number}/report/"
    assert "どのルールに反していますか" in signed_in(reader).get(address).text
    assert "通報されていません" in signed_in(reader).post(address, {}).text


@in_japanese
def test_whoever_gave_notice_is_mailed_in_japanese(site, comment):
    notice = make_notice(comment)
    with translation.override("en"):
        actions.mail_notice(notice.pk, "received")
    assert "申告を受け付けました" in mail.outbox[0].body
    assert "申告について" in mail.outbox[0].subject


@in_japanese
def test_what_a_site_says_of_a_life_in_danger_begins_in_its_own_language():
    with translation.override("en"):
        assert "緊急通報番号" in ModerationSettings().emergency


# --- The desk ---------------------------------------------------------------------------------------------------------


def test_the_desk_speaks_the_language_of_whoever_moderates(site, comment, desk):
    make_report(comment)
    page = desk.get("/desk/moderation/queue/reported/").text
    assert "通報あり" in page
    assert "通報1件、重み" in page
    assert "異議申し立て" in page
    assert "前後のやりとり" in desk.get(f"/desk/moderation/case/comment:{comment.pk}/").text


def test_what_a_moderator_with_another_language_decides_is_told_in_that_of_the_site(site, comment, author, desk):
    address = f"/desk/moderation/case/comment:{comment.pk}/"
    page = desk.get(address)
    answer = desk.post(address, {"deed": "hold", "state": page.context["case"].state}, follow=True)
    assert "保留" in next(str(message) for message in answer.context["messages"])
    decision = Decision.objects.get()
    assert decision.facts == "A moderator wants a second look at it."
    assert decision.role == "Moderator"
    told = Notification.objects.get(recipient=author)
    assert told.title == f"Your comment on “{comment.thread.title}” waits for a moderator"


def test_reporters_hear_in_the_language_of_the_site(comment, reader, moderator):
    make_report(comment, reader)
    with translation.override("ja"):
        discussion.remove_comment(moderator, comment.thread_id, comment.number, RUDE)
    assert Notification.objects.get(recipient=reader).title.endswith(": a moderator agreed")


def test_a_refusal_is_in_the_language_of_whoever_is_refused(comment, author):
    with translation.override("ja"), pytest.raises(Refused, match="モデレーターだけ"):
        actions.settle_appeal(author, 1, "upheld", "")


def test_a_warning_is_known_again_whatever_language_it_was_given_in(reader, moderator):
    with in_japanese, translation.override("ja"):
        warned = actions.warn_of_reports(moderator, reader, "根拠のない通報でした。")
        assert warned.ground == "デジタルサービス法第23条第2項：明らかに根拠のない申告"
        assert warned.covers == "ここでの通報"
    assert reads.weight_of(reader) == 0
    assert (warned.ground, warned.covers) == (MISUSE_LAW, reads.SCOPE)
    facts = Entry.objects.get(kind="decided").facts
    assert (facts["law"], facts["scope"]) == (MISUSE_LAW, reads.SCOPE)


def test_times_are_told_in_japanese_at_the_desk(site, comment, author, moderator, desk):
    until = timezone.now() + timedelta(days=3)
    decisions.restrict_member(moderator, author, Kind.MUTE, RUDE, until=until)
    page = desk.get(f"/desk/moderation/case/comment:{comment.pk}/").text
    local = timezone.localtime(until)
    assert f"一定期間の投稿停止（{local.year}年{local.month}月{local.day}日 {local:%H:%M}まで）" in page
