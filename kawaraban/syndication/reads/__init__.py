"""What programs elsewhere are told, in a known number of queries."""

from kawaraban.syndication.reads.dated import Month, Place, month, months, recent, sections
from kawaraban.syndication.reads.stories import (
    LISTED,
    Line,
    Site,
    Stories,
    lines,
    of_author,
    of_section,
    of_site,
    of_tag,
    published,
    renditions,
    site_of,
)
from kawaraban.syndication.reads.threads import Said, comments, name_of, thread_with

__all__ = [
    "LISTED",
    "Line",
    "Month",
    "Place",
    "Said",
    "Site",
    "Stories",
    "comments",
    "lines",
    "month",
    "months",
    "name_of",
    "of_author",
    "of_section",
    "of_site",
    "of_tag",
    "published",
    "recent",
    "renditions",
    "sections",
    "site_of",
    "thread_with",
]
