"""Everything that changes the newsroom, besides Wagtail's own editing: one function for each verb."""

from kawaraban.newsroom.actions.corrections import CORRECTION_LENGTH, Found, close_error, correct_error, report_error
from kawaraban.newsroom.actions.photos import library_photo, make_sizes, tag_photo, take_in, withdraw_expired
from kawaraban.newsroom.actions.polls import record_poll_votes, vote_in_poll
from kawaraban.newsroom.actions.schedule import look_at, publish_what_is_due
from kawaraban.newsroom.actions.site import add_section, prepare_site
from kawaraban.newsroom.actions.stories import (
    PhotoDraft,
    StoryDraft,
    add_story,
    close_what_is_old,
    new_story,
    paragraph,
    publication_saved,
    publish_story,
    section_published,
    story_published,
    story_unpublished,
)
from kawaraban.newsroom.actions.versions import hide_version, show_version

__all__ = [
    "CORRECTION_LENGTH",
    "Found",
    "PhotoDraft",
    "StoryDraft",
    "add_section",
    "add_story",
    "close_error",
    "close_what_is_old",
    "correct_error",
    "hide_version",
    "library_photo",
    "look_at",
    "make_sizes",
    "new_story",
    "paragraph",
    "prepare_site",
    "publication_saved",
    "publish_story",
    "publish_what_is_due",
    "record_poll_votes",
    "report_error",
    "section_published",
    "show_version",
    "story_published",
    "story_unpublished",
    "tag_photo",
    "take_in",
    "vote_in_poll",
    "withdraw_expired",
]
