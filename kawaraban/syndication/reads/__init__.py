"""What programs elsewhere are told, in a known number of queries."""

from kawaraban.syndication.reads.dated import Month, Place, month, months, recent, sections
from kawaraban.syndication.reads.stories import (
    LISTED,
    Site,
    Stories,
    items,
    of_author,
    of_section,
    of_site,
    of_tag,
    published,
    renditions,
    site_of,
    taken_back,
    taken_back_items,
)
from kawaraban.syndication.reads.threads import Said, comments, thread_with

__all__ = [
    "LISTED",
    "Month",
    "Place",
    "Said",
    "Site",
    "Stories",
    "comments",
    "items",
    "month",
    "months",
    "of_author",
    "of_section",
    "of_site",
    "of_tag",
    "published",
    "recent",
    "renditions",
    "sections",
    "site_of",
    "taken_back",
    "taken_back_items",
    "thread_with",
]
