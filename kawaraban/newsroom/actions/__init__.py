"""Everything that changes the newsroom, besides Wagtail's own editing: one function for each verb."""

from kawaraban.newsroom.actions.polls import record_poll_votes, vote_in_poll
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

__all__ = [
    "PhotoDraft",
    "StoryDraft",
    "add_section",
    "add_story",
    "close_what_is_old",
    "new_story",
    "paragraph",
    "prepare_site",
    "publication_saved",
    "publish_story",
    "record_poll_votes",
    "section_published",
    "story_published",
    "story_unpublished",
    "vote_in_poll",
]
