"""What becomes of the versions of a story after their publication."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.caching.actions import remove
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Thread
from kawaraban.errors import Refused
from kawaraban.newsroom import policy
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.versions import REASON_LENGTH, Update


def keep_update(story: StoryPage, thread: Thread, made_at: datetime | None, *, is_wording: bool) -> Update:
    """The update that a publication was, with the note that its editor wrote, which is then used up. Cost: 3 queries.

    The caller holds the story's row.

    Args:
        is_wording: the words differ from the version before.
    """
    thread.refresh_from_db(fields=["version"])
    # Nothing has changed yet in what is published for the first time.
    note = story.update_note.strip() if thread.version > 1 or not is_wording else ""
    return Update.objects.create(story=story, version=thread.version, is_wording=is_wording, made_at=made_at, note=note)


@transaction.atomic
def hide_version(editor: User, story_id: int, version: int, reason: str) -> Update:
    """The version, whose words nobody can read any more but for those that another version shows. Cost: 12 queries.

    Comments that quote such words show that they are gone.

    Args:
        reason: for readers, up to 300 characters.

    Raises:
        Update.DoesNotExist: the story has no such version.
        Refused: they may not publish the story, there is no reason, or the version is the one that is published.
    """
    found, story = _locked(editor, story_id, version)
    reason = " ".join(markup.tidy(reason).split())
    if not reason or len(reason) > REASON_LENGTH:
        raise Refused(
            "version-no-reason",
            _("Say why, in up to {reason_length} characters; readers see it. Nothing was changed.").format(
                reason_length=REASON_LENGTH
            ),
        )
    if story.version == version:
        raise Refused(
            "version-is-shown",
            _(
                "These are the words of the story as it is published. Nothing was hidden. "
                "Publish other words first, or unpublish the story."
            ),
        )
    found.hidden_at, found.hidden_because, found.hidden_by = found.hidden_at or timezone.now(), reason, editor
    found.save(update_fields=["hidden_at", "hidden_because", "hidden_by"])
    _withhold(story)
    log(story, "kawaraban.hide_version", user=editor, data={"version": version, "reason": reason})
    return found


@transaction.atomic
def show_version(editor: User, story_id: int, version: int) -> Update:
    """The version, whose words can be read again. Cost: 12 queries.

    Raises:
        Update.DoesNotExist: the story has no such version.
        Refused: they may not publish the story.
    """
    found, story = _locked(editor, story_id, version)
    found.hidden_at, found.hidden_because, found.hidden_by = None, "", None
    found.save(update_fields=["hidden_at", "hidden_because", "hidden_by"])
    _withhold(story)
    log(story, "kawaraban.show_version", user=editor, data={"version": version})
    return found


def _locked(editor: User, story_id: int, version: int) -> tuple[Update, StoryPage]:
    story = StoryPage.objects.select_for_update(of=("self",)).select_related("thread").filter(pk=story_id).first()
    if story is None:
        raise Update.DoesNotExist
    if not policy.may_publish(editor, story):
        raise Refused("not-publisher", _("Only those who publish this story do that. Nothing was changed."))
    return Update.objects.get(story=story, version=version, is_wording=True), story


def _withhold(story: StoryPage) -> None:
    remove(story.cache_tag)
    hidden = Update.objects.filter(story=story, is_wording=True, hidden_at__isnull=False)
    discussion.withhold_versions(story.thread_id, set(hidden.values_list("version", flat=True)))
