"""An item becomes a story: by an editor's press, or by a rule; and a newer version of it goes into the story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.errors import Refused
from kawaraban.formats.items import Item, Picture, Signal
from kawaraban.newsroom import drafting
from kawaraban.newsroom.actions import CORRECTION_LENGTH, PhotoDraft, library_photo
from kawaraban.newsroom.metadata import Metadata
from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.newsroom.withdrawals import Withdrawal
from kawaraban.wire import pictures, planning
from kawaraban.wire.models import Feed, Release, TopicMap, WireItem, WireVersion

# In one run on the clock; the next run goes on.
SETTLED_AT_ONCE = 200
CLAIMED_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Made:
    """A story made of an item, and what an editor should know of how: pictures that could not be had, and the like."""

    story: StoryPage
    warnings: list[str]


def make_story(editor: User | None, item_id: int, section_id: int | None = None, *, publish: bool = False) -> Made:
    """The story of an item, made now as a draft with everything filled in, or the one that is there.

    The pictures are fetched first, while nothing is locked. An item under embargo makes a story that goes live at its
    time. Cost: about 70 queries, 10 for each picture, and as long as the agency's server takes, at most 30 seconds.

    Args:
        section_id: the section it goes to; without it, where its subjects lead.
        publish: whether it appears at once, or at the end of its embargo.

    Raises:
        WireItem.DoesNotExist: there is no such item.
        Refused: it was killed, is not for readers, or has no section.
    """
    item = WireItem.objects.select_related("usable__delivery").get(pk=item_id)
    if item.story is not None:
        return Made(item.story, [])
    version = _usable(item)
    section = SectionPage.objects.filter(pk=section_id or item.section_id).first()
    if section is None:
        raise Refused(
            "no-section",
            _("The subjects of this item lead to no section, so no story was made. Choose a section and press again."),
        )
    told = planning.item_of(version)
    feeds = list(item.feeds.order_by("pk"))
    found, warnings = pictures.bring(told, version.delivery, feeds)
    with transaction.atomic():
        item = WireItem.objects.select_for_update(of=("self",)).select_related("usable", "story").get(pk=item_id)
        if item.story is not None:
            return Made(item.story, [])
        # What came while the pictures were fetched holds.
        version = _usable(item)
        told = planning.item_of(version)
        photos = _photographs(told, found, item.provider, warnings)
        topics = {topic.code: topic for topic in TopicMap.objects.all()}
        story = drafting.draft_story(
            section,
            planning.draft_of(told, item.provider, topics, photos),
            go_live_at=_later(told),
            publish=publish,
            by=editor,
        )
        item.story, item.base, item.state = story, version, WireItem.State.USED
        item.is_automatic = editor is None
        item.save(update_fields=["story", "base", "state", "is_automatic"])
    return Made(story, warnings)


def _usable(item: WireItem) -> WireVersion:
    if item.state == WireItem.State.KILLED:
        raise Refused(
            "item-killed", _("The agency has killed this item. No story was made of it; it must not be used.")
        )
    if item.usable is None:
        raise Refused(
            "item-not-for-readers",
            _("This item is not for readers: it is an advisory, is withheld, or has no text. No story was made of it."),
        )
    return item.usable


def _later(item: Item) -> datetime | None:
    """The end of an item's embargo, while it lasts."""
    return item.embargoed if item.embargoed is not None and item.embargoed > timezone.now() else None


def _photographs(item: Item, found: pictures.Brought, provider: str, warnings: list[str]) -> tuple[PhotoDraft, ...]:
    photos = []
    for picture, data in found:
        agency = picture.credit or provider
        title = picture.headline or planning.headline_of(item)
        try:
            photo = library_photo(data, fallback=_told(picture, title, agency), is_file_photo=picture.is_file_photo)
        except Refused as refusal:
            warnings.append(_("The picture “{title}” was left out. {cause}").format(title=title, cause=refusal.message))
            continue
        photos.append(
            PhotoDraft(
                photo=photo,
                title=title[:255],
                caption=picture.caption,
                photographer=picture.photographer[:120],
                agency=agency[:120],
                is_file_photo=picture.is_file_photo,
                alt_text=picture.alt_text[:400],
            )
        )
    return tuple(photos)


def _told(picture: Picture, title: str, agency: str) -> Metadata:
    """What the agency says of a picture, where its file does not."""
    return Metadata(
        title=title,
        caption=picture.caption,
        photographer=picture.photographer,
        credit=agency,
        copyright=picture.copyrightnotice,
        usage_terms=picture.usageterms,
        alt_text=picture.alt_text,
        taken_at=picture.contentcreated,
        expires=timezone.localdate(picture.expires) if picture.expires else None,
    )


# --- Updates ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def merge_update(editor: User | None, item_id: int, *, publish: bool, correction: str = "") -> list[str]:
    """Let the story follow the newest version; the names of the fields that an editor had changed, and that stay.

    A new revision of the story, published when `publish` is asked for and the story is public. Where nothing follows,
    there is no new revision. Cost: about 60 queries.

    Args:
        correction: for readers; it stands on the story as a correction of today. Empty for none.

    Raises:
        WireItem.DoesNotExist: there is no such item.
        Refused: it has no story, no newer version, a version under embargo for a story that is public, the story has
            changes that a colleague has not published, or the correction is too long.
    """
    correction = markup.tidy(correction).strip()
    if len(correction) > CORRECTION_LENGTH:
        raise Refused(
            "correction-too-long",
            _("A correction holds up to {length:,} characters. Nothing was merged. Say it shorter.").format(
                length=CORRECTION_LENGTH
            ),
        )
    item = WireItem.objects.select_for_update(of=("self",)).select_related("usable", "base", "story").get(pk=item_id)
    story, version = item.story, item.usable
    if story is None or version is None or item.base is None or not item.has_update:
        raise Refused("no-update", _("There is no newer version to merge. The story stays as it is."))
    told = planning.item_of(version)
    later = _later(told)
    if story.live and later is not None:
        raise Refused(
            "update-embargoed",
            _("The newer version is under embargo, and the story is public. The story stays as it is."),
        )
    if publish and story.live and story.has_unpublished_changes:
        raise Refused(
            "story-being-edited",
            _(
                "A colleague has changed the story and not published it yet, so the update was not published. "
                "Merge it into the draft, and publish both together."
            ),
        )
    merge = _merge(item, story)
    changes = dict(merge.follows)
    if not story.live and story.go_live_at in (None, item.base.embargoed) and story.go_live_at != later:
        changes["go_live_at"] = later
    if changes or correction:
        # An editor who publishes what is not public does so in the editor.
        public = publish and (story.live or editor is None)
        drafting.update_story(story, changes, publish=public, by=editor, correction=correction)
    item.base = version
    item.alarm, item.alarmed_at = "", None
    item.save(update_fields=["base", "alarm", "alarmed_at"])
    return merge.stays


def _merge(item: WireItem, story: StoryPage) -> planning.Merge:
    assert item.base is not None  # noqa: S101 - narrows the type; the callers have looked
    assert item.usable is not None  # noqa: S101 - the same
    return planning.merge(
        planning.fields_of_version(item.base, item.provider),
        planning.fields_of_version(item.usable, item.provider),
        drafting.fields_of(story.get_latest_revision_as_object()),
    )


# --- By rule ----------------------------------------------------------------------------------------------------------


def claim_waiting() -> list[int]:
    """The keys of the items to which rules are to be applied now; whoever asks next does not get them again.

    What was claimed and not done, because a process ended, is due again after five minutes. Cost: 1 query, 3 when any
    waits.
    """
    now = timezone.now()
    due = WireItem.objects.filter(settle_at__lte=now).order_by("settle_at", "pk")
    if not due.exists():
        return []
    with transaction.atomic():
        claimed = list(due.select_for_update().values_list("pk", flat=True)[:SETTLED_AT_ONCE])
        WireItem.objects.filter(pk__in=claimed).update(settle_at=now + CLAIMED_FOR)
    return claimed


def settle(item_id: int) -> None:
    """Do what the rules of its feeds say about an item: nothing, a draft, a story; or the update of its story.

    Doing it twice changes nothing. Cost: 6 queries where nothing is to be done, else those of `make_story` or
    `merge_update`.

    Raises:
        WireItem.DoesNotExist: there is no such item.
    """
    item = WireItem.objects.select_related("usable", "base", "story").get(pk=item_id)
    asked_at = item.settle_at
    feeds = list(item.feeds.prefetch_related("rules").order_by("pk"))
    again = None
    if item.state != WireItem.State.KILLED and item.usable is not None:
        release = _release(item, feeds)
        try:
            if item.story is None and item.base_id is None and release != Release.INBOX:
                make_story(None, item.pk, publish=release == Release.PUBLISH)
            elif item.story is not None:
                again = _follow(item, item.story, feeds, release)
        except Refused as refusal:
            _raise_alarm(item, f"“{item.headline}”: {refusal.message}")
    # What came meanwhile asks for another look.
    WireItem.objects.filter(pk=item.pk, settle_at=asked_at).update(settle_at=again)


def _release(item: WireItem, feeds: list[Feed]) -> Release:
    versions = [version for version in item.versions.all() if version.may_be_story]
    topics = {topic.code: topic for topic in TopicMap.objects.all()}
    return planning.release_of([planning.item_of(version) for version in versions], feeds, topics)


def _follow(item: WireItem, story: StoryPage, feeds: list[Feed], release: Release) -> datetime | None:
    """Bring the story up to date as far as rules may; when to look again, or None."""
    own = item.is_automatic and release == Release.PUBLISH and drafting.untouched(story)
    # Not what an editor has taken off the site: what has never been there, or what the agency had withheld.
    may_appear = own and (story.first_published_at is None or Withdrawal.objects.filter(story=story).exists())
    if item.has_update and any(feed.merges_updates and feed.is_enabled for feed in feeds):
        later = _later(planning.item_of(item.usable)) if item.usable else None
        if story.live and later is not None:
            return later
        merge = _merge(item, story)
        if merge.stays:
            names = planning.names_of(merge.stays)
            _raise_alarm(item, f"“{story.title}” has an update that an editor has to merge; both changed: {names}.")
            return None
        merge_update(None, item.pk, publish=story.live or may_appear, correction=_correction(item, story, merge))
        story.refresh_from_db()
    if may_appear and not story.live and not story.approved_schedule:
        drafting.update_story(story, {}, publish=True, by=None)
    return None


def _correction(item: WireItem, story: StoryPage, merge: planning.Merge) -> str:
    """What readers are told of a correction that no editor has looked at: who has corrected what.

    Not what the agency writes to editors: nobody has read whether it is meant for readers.
    """
    versions = item.versions.filter(signal=Signal.CORRECTION)
    if not story.first_published_at or not merge.follows or item.base is None or item.usable is None:
        return ""
    if planning.correction_between(versions, item.base, item.usable) is None:
        return ""
    return f"{item.provider} has corrected this story: {planning.names_of(merge.follows)}."


def _raise_alarm(item: WireItem, sentence: str) -> None:
    changes = {"alarm": sentence[:300], "alarmed_at": timezone.now()}
    WireItem.objects.filter(pk=item.pk).exclude(state=WireItem.State.KILLED).update(**changes)
