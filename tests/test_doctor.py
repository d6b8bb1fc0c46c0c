"""The doctor finds each illness by itself, and each finding says how to mend it."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Site

from kawaraban import doctor, home
from kawaraban.accounts.models import ADMINISTRATOR
from kawaraban.accounts.testing import make_member
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.newsroom.actions import vote_in_poll
from kawaraban.newsroom.testing import make_poll


@pytest.fixture
def healthy(site, settings, tmp_path):
    """An installation with nothing to mend."""
    settings.HOME, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / doctor.STAMP).write_text(doctor.static_version(), encoding="utf-8")
    home.write_env(tmp_path, {"KAWARABAN_SECRET_KEY": home.new_secret()})
    make_member("Akiko Dunne", role=ADMINISTRATOR)
    make_comment(make_thread(comments=1), make_member())
    return settings


def complaints() -> list[str]:
    """What is to mend, with its cure."""
    return [f"{finding.what} {finding.mend}" for finding in doctor.examine() if not finding.is_well]


def test_a_healthy_site_has_nothing_to_mend(healthy):
    assert complaints() == []
    assert len(list(doctor.examine())) >= 10


def test_a_missing_folder(healthy, tmp_path):
    healthy.HOME = tmp_path / "none"
    (found,) = complaints()
    assert str(healthy.HOME) in found
    assert found.endswith("run `kawaraban init`.")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_secret_that_others_can_read(healthy, mode):
    file = healthy.HOME / "site.env"
    file.chmod(mode)
    (found,) = complaints()
    assert found.endswith(f"Others can read it: run `chmod 600 {file}`.")
    assert file.read_text().split("=")[1].strip() not in found


def test_a_disk_that_is_nearly_full(healthy, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 50 * 1024**2))
    assert complaints() == ["50 MB of disk are free. Less than 200 MB are left: make room before the next edition."]


def test_a_step_of_the_tables_that_is_waiting(healthy):
    MigrationRecorder.Migration.objects.filter(app="newsroom").order_by("-name").first().delete()
    (found,) = complaints()
    assert "1 step" in found
    assert found.endswith("waiting: back up, then run `kawaraban init`.")
    (found,) = [finding for finding in doctor.before_serving() if not finding.is_well]
    assert found.mend.endswith("run `kawaraban init`.")


@pytest.fixture
def alter():
    """A function that changes tables as nobody should, for the rest of a test."""
    connection.check_constraints()  # PostgreSQL alters no table that has something left to check

    def alter(*statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return alter


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE discussion_thread DROP COLUMN wish",
        "ALTER TABLE discussion_thread RENAME COLUMN wish TO wanted",
        "ALTER TABLE discussion_thread ADD COLUMN mood integer",
    ],
)
def test_a_table_of_another_version_whose_step_was_rewritten(healthy, alter, statement):
    alter(statement)
    found, skipped = complaints()
    assert "although their steps were taken: discussion_thread. Nothing in them is lost." in found
    assert "`kawaraban export story`" in found
    assert skipped == "What the tables hold was not looked at. Mend the tables first, then look again."
    (found,) = [finding for finding in doctor.before_serving() if not finding.is_well]
    assert "discussion_thread" in found.what


def test_many_tables_of_another_version_are_named_in_one_sentence(healthy, alter):
    names = ["quote", "sourcerequest", "source", "worth", "pick", "seat"]
    alter(*(f"ALTER TABLE discussion_{name} ADD COLUMN mood integer" for name in names))
    assert (
        ": discussion_pick, discussion_quote, discussion_seat, discussion_source and 2 more. Nothing" in complaints()[0]
    )


def test_a_table_that_is_missing_although_its_step_was_taken(healthy, alter):
    alter("DROP TABLE discussion_worth")
    assert "although their steps were taken: discussion_worth." in complaints()[0]


def test_tables_whose_step_is_still_waiting_are_not_called_another_versions(healthy, alter):
    alter("DROP TABLE jobs_periodic", "DROP TABLE jobs_job")
    MigrationRecorder.Migration.objects.filter(app="jobs").delete()
    waiting, skipped = complaints()
    assert "waiting: back up, then run `kawaraban init`." in waiting
    assert skipped.startswith("What the tables hold was not looked at.")


def test_a_score_that_is_not_the_sum_of_its_votes(healthy):
    Comment.objects.filter(number=2).update(down=3)
    (found,) = complaints()
    assert "`kawaraban manage check_counters`" in found
    with pytest.raises(CommandError, match=r"kept \+0/-3, cast \+0/-0\n1 counters? (is|are) wrong"):
        call_command("check_counters")


def test_marks_that_are_not_the_sum_of_their_rows(healthy):
    Comment.objects.filter(number=2).update(worth=3, source_requests=1)
    (found,) = complaints()
    assert "`kawaraban manage check_counters`" in found
    wrong = r"kept 3 who find it worth reading, found 0\n.*kept 1 source requests, found 0\n2 counters are wrong"
    with pytest.raises(CommandError, match=wrong):
        call_command("check_counters")


def test_a_count_that_is_not_that_of_the_comments(healthy):
    Thread.objects.update(comment_count=7)
    assert len(complaints()) == 1
    with pytest.raises(CommandError, match="kept 7 comments, 2 shown"):
        call_command("check_counters")


def test_an_answer_of_a_poll_that_is_not_the_sum_of_its_votes(healthy, reader):
    poll = make_poll()
    vote_in_poll(reader, poll.pk, poll.options.get(position=2).pk)
    assert complaints() == []
    poll.options.update(votes=3)
    (found,) = complaints()
    assert found.endswith("3 are wrong; `kawaraban manage check_counters` names them.")
    with pytest.raises(
        CommandError, match=rf"poll {poll.pk}, answer 2: kept 3 votes, 1 cast\n.*\n3 counters are wrong"
    ):
        call_command("check_counters")


def test_counters_that_are_right_are_said_to_be(healthy, capsys):
    call_command("check_counters")
    assert capsys.readouterr().out.startswith("Every score is the sum of its votes")


@pytest.mark.parametrize("field", ["is_active", "groups"])
def test_nobody_who_can_administer(healthy, django_user_model, field):
    administrator = django_user_model.objects.get(handle="Akiko Dunne")
    if field == "groups":
        administrator.groups.clear()
    else:
        administrator.is_active = False
        administrator.save()
    assert complaints() == ["Nobody can administer the site. Run `kawaraban manage createsuperuser`."]


def test_a_front_page_that_no_site_shows(healthy):
    Site.objects.all().delete()
    assert complaints() == ["There is no front page. Run `kawaraban init`."]


def test_a_front_page_that_was_taken_back(healthy, site):
    site.unpublish()
    assert complaints() == ["There is no front page. Run `kawaraban init`."]


@pytest.mark.parametrize("stamp", [None, "", "another version"])
def test_style_sheets_of_another_version(healthy, stamp):
    file = healthy.STATIC_ROOT / doctor.STAMP
    file.unlink()
    if stamp is not None:
        file.write_text(stamp, encoding="utf-8")
    (found,) = complaints()
    assert found.endswith("Run `kawaraban init`.")


def test_sign_in_limits_that_are_kept_nowhere(healthy):
    healthy.CACHES = {"default": {**healthy.CACHES["default"], "LOCATION": "no_such_table"}}
    assert any("Sign-in limits" in found and "`kawaraban init`" in found for found in complaints())


def test_mail_of_a_public_site_that_goes_nowhere(healthy):
    healthy.LOCAL, healthy.EMAIL_BACKEND = False, "django.core.mail.backends.console.EmailBackend"
    assert any("Mail is printed and not sent." in found and "KAWARABAN_EMAIL_URL" in found for found in complaints())


def test_what_django_itself_warns_of_on_a_public_site(healthy):
    healthy.LOCAL, healthy.SECURE_HSTS_SECONDS, healthy.SESSION_COOKIE_SECURE = False, 0, False
    found = [text for text in complaints() if text.startswith("Django: ")]
    assert any("SECURE_HSTS_SECONDS" in text for text in found)
    assert any("SESSION_COOKIE_SECURE" in text for text in found)
    assert not any("SECURE_HSTS_PRELOAD" in text for text in found), "settings.py says why that is not wanted"


def test_a_public_site_that_is_well_is_told_through_whom_its_mail_goes(healthy):
    healthy.LOCAL, healthy.EMAIL_BACKEND = False, "django.core.mail.backends.smtp.EmailBackend"
    healthy.EMAIL_HOST, healthy.EMAIL_PORT = "mail.example", 587
    assert "Mail is sent through mail.example, port 587." in [finding.what for finding in doctor.examine()]


def test_the_database_is_named_by_its_kind(healthy):
    assert f"The database answers ({connection.vendor})." in [finding.what for finding in doctor.examine()]
