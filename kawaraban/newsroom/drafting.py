"""Stories that come from a wire: drafted, brought up to date where nobody has changed them, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import nh3
from django.db import transaction
from django.utils import timezone

from kawaraban.accounts.models import User
from kawaraban.newsroom import actions
from kawaraban.newsroom.corrections import Correction
from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.newsroom.querysets import IN_PLACE
from kawaraban.newsroom.withdrawals import Withdrawal

# What a wire says of a story; what is not among them belongs to the newsroom alone.
FIELDS = ("title", "standfirst", "body", "bylines", "agency", "dateline", "copyright")


@transaction.atomic
def draft_story(
    section: SectionPage,
    draft: actions.StoryDraft,
    *,
    go_live_at: datetime | None = None,
    publish: bool,
    by: User | None,
) -> StoryPage:
    """A new story: a draft, or published at once, or at `go_live_at` when that is given. Cost: about 50 queries.

    A draft with `go_live_at` that is not to be published waits with that time in its settings for an editor's press.
    """
    story = actions.new_story(draft)
    story.go_live_at = go_live_at
    actions.add_story(section, story)
    _keep(story, publish=publish, by=by)
    story.refresh_from_db()
    return story


@transaction.atomic
def update_story(
    story: StoryPage, fields: Mapping[str, Any], *, publish: bool, by: User | None, correction: str = ""
) -> StoryPage:
    """The story with these fields, as `fields_of` tells them, changed in a new revision. Cost: about 40 queries.

    Beside those `go_live_at` can be among the fields.

    Args:
        correction: a note on what was wrong, which is added to the story; empty for none.
    """
    page: StoryPage = story.get_latest_revision_as_object()
    for name, value in fields.items():
        if name == "bylines":
            page.bylines = actions.bylines(value)
        elif name == "body":
            page.body = [tuple(block) for block in value]
        else:
            setattr(page, name, value)
    if correction:
        number = page.corrections.count()
        page.corrections.add(Correction(made_at=timezone.now(), text=correction, sort_order=number))
    _keep(page, publish=publish, by=by)
    return page


def _keep(page: StoryPage, *, publish: bool, by: User | None) -> None:
    revision = page.save_revision(user=by, log_action=True)
    if publish:
        revision.publish(user=by)


def fields_of(story: StoryPage) -> dict[str, Any]:
    """What the story says in each of `FIELDS`, written in one way, so that equal is the same. Cost: 1 query."""
    found: dict[str, Any] = {
        name: str(getattr(story, name)).strip() for name in FIELDS if name not in ("body", "bylines")
    }
    found["body"] = [[block.block_type, _same(block.block, block.value)] for block in story.body]
    found["bylines"] = [[byline.name, byline.kind] for byline in story.bylines.order_by(*IN_PLACE)]
    return found


def _same(block: Any, value: Any) -> Any:
    return _without_keys(block.get_prep_value(value))


def _without_keys(value: Any) -> Any:
    """A block's value without what the editor's browser adds to it by itself."""
    if isinstance(value, str):
        # Draftail numbers paragraphs, and writes the same text with other entities.
        return nh3.clean(value, attributes={"a": {"href", "linktype", "id"}}, link_rel=None) if "<" in value else value
    if isinstance(value, dict):
        # A list's item is stored with a type and an id of its own.
        if value.get("type") == "item" and "id" in value:
            return _without_keys(value["value"])
        return {name: _without_keys(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_keys(each) for each in value]
    return value


def untouched(story: StoryPage) -> bool:
    """True while nobody has saved the story by hand, and nothing of it waits to be published. Cost: 2 queries."""
    return not story.revisions.exclude(user=None).exists()


@transaction.atomic
def withdraw_story(story: StoryPage, sentence: str, *, locks: bool) -> None:
    """Take a story off the site at once, or keep it from appearing, with a notice in its place. Cost: about 20 queries.

    Args:
        sentence: why, for readers; it stands where the story stood.
        locks: whether Wagtail's lock keeps everybody from publishing it until an editor lifts it.
    """
    page = StoryPage.objects.select_for_update(of=("self",)).get(pk=story.pk)
    was_public = page.live or page.first_published_at is not None
    page.unpublish(user=None)
    # Wagtail leaves alone what waits for its time when the page is not live.
    page.revisions.update(approved_go_live_at=None)
    changes: dict[str, Any] = {"go_live_at": None}
    if locks:
        changes |= {"locked": True, "locked_at": timezone.now(), "locked_by": None}
    StoryPage.objects.filter(pk=page.pk).update(**changes)
    # Nobody is told of what nobody could read.
    if was_public:
        Withdrawal.objects.update_or_create(
            story=page, defaults={"sentence": sentence[:300], "made_at": timezone.now(), "is_final": locks}
        )


def restored(story: StoryPage) -> None:
    """Forget the notice of a story that is published again. Cost: 1 query."""
    Withdrawal.objects.filter(story_id=story.pk).delete()
