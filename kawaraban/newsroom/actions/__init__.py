"""Everything that changes the newsroom, besides Wagtail's own editing: one function for each verb."""

from kawaraban.newsroom.actions.corrections import CORRECTION_LENGTH, Found, close_error, correct_error, report_error
from kawaraban.newsroom.actions.live_reports import (
    EntryDraft,
    correct_entry,
    end_report,
    open_report,
    record_entry,
    set_end,
    take_back_entry,
    write_entry,
)
from kawaraban.newsroom.actions.photos import library_photo, make_sizes, tag_photo, take_in, withdraw_expired
from kawaraban.newsroom.actions.polls import record_poll_votes, vote_in_poll
from kawaraban.newsroom.actions.reading import (
    count_read,
    record_reads,
    sum_up_reads,
    write_reads,
    write_reads_regularly,
)
from kawaraban.newsroom.actions.schedule import look_at, publish_what_is_due
from kawaraban.newsroom.actions.site import add_section, prepare_site
from kawaraban.newsroom.actions.stories import (
    PhotoDraft,
    StoryDraft,
    add_story,
    bylines,
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
    "EntryDraft",
    "Found",
    "PhotoDraft",
    "StoryDraft",
    "add_section",
    "add_story",
    "bylines",
    "close_error",
    "close_what_is_old",
    "correct_entry",
    "correct_error",
    "count_read",
    "end_report",
    "hide_version",
    "library_photo",
    "look_at",
    "make_sizes",
    "new_story",
    "open_report",
    "paragraph",
    "prepare_site",
    "publication_saved",
    "publish_story",
    "publish_what_is_due",
    "record_entry",
    "record_poll_votes",
    "record_reads",
    "report_error",
    "section_published",
    "set_end",
    "show_version",
    "story_published",
    "story_unpublished",
    "sum_up_reads",
    "tag_photo",
    "take_back_entry",
    "take_in",
    "vote_in_poll",
    "withdraw_expired",
    "write_entry",
    "write_reads",
    "write_reads_regularly",
]
