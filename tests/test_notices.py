"""No words of a reader leave the thread with a notification: not to a row, not to a job, not to a mail."""

from __future__ import annotations

from django.core import mail

from kawaraban.accounts import actions, tasks
from kawaraban.accounts.models import Notification, Topic, Way
from kawaraban.discussion.testing import make_comment, make_thread, remove_comment
from kawaraban.jobs.models import Job
from kawaraban.jobs.testing import run_jobs

CANARY = "canary-7f3a"


def test_the_words_of_a_comment_are_in_no_row_job_page_or_mail(reader, author, moderator, signed_in):
    """S-034, S-012: so that what is removed later has never been copied."""
    actions.prefer(reader, dict.fromkeys(Topic, Way.NOW))
    thread = make_thread()
    for number, kind in enumerate(("answered", "quoted", "followed_story", "followed_member"), start=1):
        comment = make_comment(thread, author, f"The ferry was never late, {CANARY} {number}.")
        actions.notify(
            [reader],
            kind=kind,
            subject=f"comment:{comment.pk}",
            address=f"{thread.get_absolute_url()}{comment.number}/",
            title=f"Something new in “{thread.title}”",
            actor=author,
        )
    remove_comment(moderator, thread.pk, 1)
    actions.withdraw(f"comment:{thread.comments.get(number=1).pk}")
    tasks.queue_mail.enqueue()
    run_jobs()
    page = signed_in(reader).get("/account/notifications/").content.decode()
    assert page.count("Something new in") == 3
    sent = [message for message in mail.outbox if message.to == [reader.email]]
    assert len(sent) == 3
    assert "was removed: rule 1" in str([message.body for message in mail.outbox if message.to == [author.email]])
    kept = [*Notification.objects.values_list(), *Job.objects.values_list()]
    assert CANARY not in str(kept) + page + "".join(message.message().as_string() for message in mail.outbox)
    assert "/1/" not in "".join(message.body for message in sent).replace(f"/t/{thread.pk}/", "/t/")
