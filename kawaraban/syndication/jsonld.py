"""What a page shows, as schema.org names it, for search engines. Nothing is said here that the page does not show.

Source: schema.org; of its properties those that Google's guides for Article, DiscussionForumPosting, ProfilePage and
Breadcrumb require or recommend.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, partial
from html import unescape
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from kawaraban.accounts.models import User
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.reads import place_of
from kawaraban.newsroom.corrections import Correction
from kawaraban.newsroom.live_reports import LiveEntry, ReportView
from kawaraban.newsroom.models import SectionPage, StoryByline, StoryPage
from kawaraban.syndication.reads import Site

Node = dict[str, Any]

_TYPES = {StoryPage.Kind.OPINION.value: "OpinionNewsArticle", StoryPage.Kind.LIVE.value: "LiveBlogPosting"}

# What could end the script element or open another one, as escapes of JSON.
_ESCAPES = {sign: f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
_TAG = re.compile(r'<[^">]*(?:"[^"]*"[^">]*)*>')


def script(nodes: Sequence[Node]) -> str:
    """The nodes as a data block for a page, which no browser executes; empty without nodes."""
    if not nodes:
        return ""
    written = json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False)
    for sign, escape in _ESCAPES.items():  # str.translate takes 30 times as long, once a letter is not ASCII
        written = written.replace(sign, escape)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308 - escaped above


def news_article(
    story: StoryPage,
    url: str,
    site: Site,
    *,
    section: SectionPage,
    bylines: Iterable[StoryByline],
    agency: str,
    images: Sequence[str],
    corrections: Iterable[Correction],
    tags: Sequence[str],
    thread: Thread | None,
    report: ReportView | None = None,
) -> Node:
    """The story as a `NewsArticle`, an opinion as an `OpinionNewsArticle`, a live report as a `LiveBlogPosting`."""
    authors = [_author(byline.name, byline.kind) for byline in bylines]
    if agency:
        authors.append(_author(agency, StoryByline.Kind.AGENCY))
    node = {
        "@type": _TYPES.get(story.kind, "NewsArticle"),
        "@id": f"{url}#story",
        "url": url,
        "mainEntityOfPage": url,
        "headline": story.title,
        "description": story.standfirst,
        "datePublished": _stamp(story.published_at),
        "dateModified": _stamp(story.updated_at or story.published_at),
        "author": authors or [publisher(site)],
        "publisher": publisher(site),
        "image": list(images),
        "articleSection": section.title,
        "keywords": list(tags),
        "dateline": story.dateline,
        "copyrightNotice": "; ".join(story.copyright_lines),
        "correction": [
            {"@type": "CorrectionComment", "text": each.text, "datePublished": _stamp(each.made_at)}
            for each in corrections
        ],
        "isAccessibleForFree": True,
    }
    if thread is not None:
        node |= {
            "discussionUrl": f"{url}#discussion",
            "commentCount": thread.comment_count,
            "interactionStatistic": _counter("CommentAction", thread.comment_count),
        }
    if report is not None:
        node |= {
            "coverageStartTime": _stamp(story.published_at),
            "coverageEndTime": _stamp(report.ended_at),
            "liveBlogUpdate": [_update(entry, url, site) for entry in report.shown],
        }
    return _said(node)


def _update(entry: LiveEntry, url: str, site: Site) -> Node:
    place = f"{url}#entry-{entry.number}"
    return _said(
        {
            "@type": "BlogPosting",
            "@id": place,
            "url": place,
            "headline": entry.summary,
            "articleBody": entry.words,
            "datePublished": _stamp(entry.at),
            "dateModified": _stamp(entry.edited_at),
            "author": publisher(site),
        }
    )


def discussion(thread: Thread, story: StoryPage, url: str, site: Site, comments: Iterable[Comment]) -> list[Node]:
    """The discussion as a `DiscussionForumPosting` of the newsroom, which shares the story, with the comments shown.

    None where it is not known when the story was published: a posting must say so. The same holds for a comment.
    """
    if story.published_at is None:
        return []
    person = cache(partial(_person, site=site))
    posting = {
        "@type": "DiscussionForumPosting",
        "@id": f"{url}#discussion",
        "url": f"{url}#discussion",
        "headline": story.title,
        "text": thread.question or story.standfirst or story.title,
        "author": publisher(site),
        "datePublished": _stamp(story.published_at),
        "isPartOf": {"@id": f"{url}#story"},
        "sharedContent": {"@type": "WebPage", "url": url},
        "commentCount": thread.comment_count,
        "interactionStatistic": _counter("CommentAction", thread.comment_count),
        "comment": [
            _comment(each, place_of(each.number, url), person(each.author, each.signed))
            for each in comments
            if each.is_visible and not each.is_folded and each.created_at
        ],
    }
    return [_said(posting)]


def _comment(comment: Comment, url: str, author: Node) -> Node:
    return _said(
        {
            "@type": "Comment",
            "url": url,
            "text": _plain(comment.html),
            "author": author,
            "datePublished": _stamp(comment.created_at),
            "dateModified": _stamp(comment.edited_at),
            "interactionStatistic": [
                _counter("LikeAction", comment.agree),
                _counter("DislikeAction", comment.disagree),
            ],
        }
    )


def _person(member: User | None, signed: str, site: Site) -> Node:
    if member is None:
        return {"@type": "Person", "name": signed}
    url = site.at(member.get_absolute_url())
    return _said({"@type": "Person", "name": member.handle, "url": url, "jobTitle": member.title})


def profile(member: User, comments: int, site: Site) -> Node:
    """The page of a member as a `ProfilePage`. Of when they came the page tells the month."""
    person = {
        "@type": "Person",
        "@id": site.at(member.get_absolute_url()),
        "name": member.handle,
        "identifier": member.slug,
        "url": site.at(member.get_absolute_url()),
        "jobTitle": member.title,
        "agentInteractionStatistic": _counter("WriteAction", comments),
    }
    return {"@type": "ProfilePage", "dateCreated": f"{member.date_joined:%Y-%m}", "mainEntity": _said(person)}


def breadcrumb(steps: Sequence[tuple[str, str]]) -> Node:
    """The way to a page, each step with its name and address, as a `BreadcrumbList`."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps, 1)
        ],
    }


def website(site: Site) -> Node:
    """The front page as a `WebSite`, from which search engines take its name."""
    return {"@type": "WebSite", "name": site.name, "url": site.at("/"), "publisher": publisher(site)}


def publisher(site: Site) -> Node:
    """Who publishes here."""
    return {"@type": "NewsMediaOrganization", "name": site.name, "url": site.at("/")}


def _author(name: str, kind: str) -> Node:
    return {"@type": "Person" if kind == StoryByline.Kind.PERSON else "Organization", "name": name}


def _counter(action: str, count: int) -> Node:
    return {
        "@type": "InteractionCounter",
        "interactionType": f"https://schema.org/{action}",
        "userInteractionCount": count,
    }


def _said(node: Node) -> Node:
    """Only what says something."""
    return {name: value for name, value in node.items() if value not in ("", None, [])}


def _plain(html: str) -> str:
    """What a reader sees of a comment, paragraph by paragraph."""
    lines = (" ".join(unescape(_TAG.sub("", part)).split()) for part in html.split("</p>"))
    return "\n".join(line for line in lines if line)


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
