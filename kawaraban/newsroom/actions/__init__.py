"""Everything that changes the newsroom, besides Wagtail's own editing: one function for each verb."""

from kawaraban.newsroom.actions.photos import library_photo, make_sizes, tag_photo, take_in, withdraw_expired
from kawaraban.newsroom.actions.polls import record_poll_votes, vote_in_poll
from kawaraban.newsroom.actions.site import add_section, prepare_site
from kawaraban.newsroom.actions.stories import (
    PhotoDraft,
    StoryDraft,
    close_what_is_old,
    paragraph,
    publication_saved,
    publish_story,
    section_published,
    story_published,
    story_unpublished,
)

__all__ = [
    "PhotoDraft",
    "StoryDraft",
    "add_section",
    "close_what_is_old",
    "library_photo",
    "make_sizes",
    "paragraph",
    "prepare_site",
    "publication_saved",
    "publish_story",
    "record_poll_votes",
    "section_published",
    "story_published",
    "story_unpublished",
    "tag_photo",
    "take_in",
    "vote_in_poll",
    "withdraw_expired",
]
