"""HTTP in, documents for programs out."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kawaraban.caching import about, cacheable
from kawaraban.formats import newsml, ninjs
from kawaraban.formats.feeds import Channel, write_atom, write_json_feed, write_rss
from kawaraban.formats.items import Item
from kawaraban.newsroom.fronts import LISTS
from kawaraban.newsroom.models import Publication, SectionPage
from kawaraban.syndication import cards, feeds, reads, sitemaps
from kawaraban.syndication.answers import document
from kawaraban.syndication.reads import Site, Stories

TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "ninjs": "application/json; charset=utf-8",
}
STORIES = {"atom": write_atom, "rss": write_rss, "json": write_json_feed}
COMMENTS = {"atom": feeds.atom, "rss": feeds.rss, "json": feeds.json_feed}
XML = "application/xml; charset=utf-8"

# Nothing to find here for those who collect pages: the desk, what is a member's own, search, and ways to act.
CLOSED_TO_ROBOTS = (
    "/desk/",
    "/account/",
    "/search/",
    "/unsubscribe/",
    "/notice/",
    "/poll/",
    "/api/",
    "/t/",
    "/decision/*/appeal/",
    "/member/*/follow/",
    "/member/*/unfollow/",
    "/member/*/mute/",
    "/member/*/unmute/",
)


@require_safe
@cacheable()
def overview(request: HttpRequest) -> HttpResponse:
    """What can be subscribed to, for people. Cost: 3 queries and the masthead."""
    about(LISTS)
    site = reads.site_of(request)
    found = SectionPage.objects.child_of(site.front).live().order_by("path")
    return render(request, "syndication/feeds.html", {"sections_here": found})


# --- Lists of stories -------------------------------------------------------------------------------------------------


@require_safe
@cacheable()
def site_feed(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The newest stories of the site. Cost: 20 queries at most, at any number of stories."""
    site = reads.site_of(request)
    return _stories(request, kind, site, reads.of_site(site))


@require_safe
@cacheable()
def section_feed(request: HttpRequest, kind: str, slug: str) -> HttpResponseBase:
    """The newest stories of a section. Cost: 21 queries at most."""
    site = reads.site_of(request)
    return _stories(request, kind, site, reads.of_section(site, slug, request))


@require_safe
@cacheable()
def author_feed(request: HttpRequest, kind: str, name: str) -> HttpResponseBase:
    """The newest stories under whose headline a name stands. Cost: 21 queries at most."""
    site = reads.site_of(request)
    return _stories(request, kind, site, reads.of_author(site, name))


@require_safe
@cacheable()
def tag_feed(request: HttpRequest, kind: str, name: str) -> HttpResponseBase:
    """The newest stories that are filed under a tag. Cost: 21 queries at most."""
    site = reads.site_of(request)
    return _stories(request, kind, site, reads.of_tag(site, name))


def _stories(request: HttpRequest, kind: str, site: Site, stories: Stories) -> HttpResponseBase:
    if kind == "ninjs" and not _has_key(request):
        return _key_missing()
    about(LISTS)
    items = reads.items(stories.found, site, request, reads.LISTED)
    if kind == "ninjs":
        items += reads.taken_back_items(stories.taken_back[: reads.LISTED], site)
        return document(request, ninjs.write_many(items), TYPES[kind], public=not settings.WIRE_KEY)
    began = site.front.first_published_at
    channel = _channel(request, site, stories.title, stories.home, stories.description, began)
    return document(request, STORIES[kind](items, channel), TYPES[kind])


def _channel(
    request: HttpRequest, site: Site, title: str, home: str, description: str, began: datetime | None
) -> Channel:
    address = site.at(request.get_full_path().partition("?")[0])
    return Channel(title, home, address, description, language=settings.LANGUAGE_CODE, updated=began)


# --- A discussion -----------------------------------------------------------------------------------------------------


@require_safe
@cacheable()
def thread_feed(request: HttpRequest, kind: str, thread_id: int) -> HttpResponseBase:
    """The newest comments of a thread that everybody reads. Cost: 7 queries at any length."""
    if kind not in COMMENTS:
        raise Http404
    site = reads.site_of(request)
    thread = reads.thread_with(thread_id)
    about(thread.cache_tag)
    title = "{} · {}".format(_("Discussion: {title}").format(title=thread.title), site.name)
    words = _("What readers say about “{title}”.").format(title=thread.title)
    channel = _channel(request, site, title, site.at(thread.url), words, thread.created_at)
    return document(request, COMMENTS[kind](reads.comments(thread, site), channel), TYPES[kind])


# --- One story as wire ------------------------------------------------------------------------------------------------


@require_safe
@cacheable()
def story_ninjs(request: HttpRequest, story_id: int) -> HttpResponseBase:
    """A story as a ninjs 3 object; one that was taken back as one that says so. Cost: 16 queries at most."""
    return _wire(request, story_id, ninjs.write, TYPES["ninjs"])


@require_safe
@cacheable()
def story_newsml(request: HttpRequest, story_id: int) -> HttpResponseBase:
    """A story as NewsML-G2: a news item, or with pictures a message of news items. Cost: 17 queries at most."""
    return _wire(request, story_id, newsml.write, XML)


def _wire(request: HttpRequest, story_id: int, write: Callable[[Item], bytes], content_type: str) -> HttpResponseBase:
    if not _has_key(request):
        return _key_missing()
    site = reads.site_of(request)
    about(f"story:{story_id}")
    found = reads.items(reads.published(site).filter(pk=story_id), site, request)
    # Not 410: whoever asks an address again and again for its items reads no more than the status of that.
    found = found or reads.taken_back_items(reads.taken_back(site).filter(pk=story_id), site)
    if not found:
        raise Http404
    return document(request, write(found[0]), content_type, public=not settings.WIRE_KEY)


def _has_key(request: HttpRequest) -> bool:
    """True where the wire is for everyone, or this request has its key."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return not settings.WIRE_KEY or secrets.compare_digest(given.encode(), settings.WIRE_KEY.encode())


def _key_missing() -> HttpResponse:
    sentence = _(
        "The newsroom gives its stories as wire to those who have its key. Send it as `Authorization: Bearer …`."
    )
    headers = {"WWW-Authenticate": 'Bearer realm="wire"', "Cache-Control": "no-store"}
    return HttpResponse(f"{sentence}\n", status=401, content_type="text/plain; charset=utf-8", headers=headers)


# --- Pictures, sitemaps, robots ---------------------------------------------------------------------------------------


@require_safe
@cacheable()
def card(request: HttpRequest, story_id: int) -> HttpResponseBase:
    """The picture by which a link to a published story is shown elsewhere. Cost: 6 queries."""
    site = reads.site_of(request)
    story = reads.published(site).filter(pk=story_id).first()
    if story is None:
        raise Http404
    about(story.cache_tag)
    accent = Publication.for_request(request).accent
    return document(request, cards.card(site.name, story.title, accent), "image/png")


@require_safe
@cacheable()
def sitemap_index(request: HttpRequest) -> HttpResponseBase:
    """The list of the sitemaps. Cost: 6 queries at any number of stories."""
    about(LISTS)
    site = reads.site_of(request)
    files = [(site.at(reverse(f"syndication:{name}")), None) for name in ("sitemap_pages", "sitemap_news")]
    found = [
        (site.at(reverse("syndication:sitemap_month", args=[f"{m.first:%Y}", f"{m.first:%m}", m.part])), m.changed_at)
        for m in reads.months(site)
    ]
    return document(request, sitemaps.index([*files, *found]), XML)


@require_safe
@cacheable()
def sitemap_pages(request: HttpRequest) -> HttpResponseBase:
    """The front page and the sections. Cost: 4 queries."""
    about(LISTS)
    site = reads.site_of(request)
    return document(request, sitemaps.urlset(reads.sections(site, request)), XML)


@require_safe
@cacheable()
def sitemap_month(request: HttpRequest, year: str, month: str, part: str) -> HttpResponseBase:
    """The stories of a month. Cost: 6 queries at any number of stories."""
    about(LISTS)
    site = reads.site_of(request)
    places = reads.month(site, int(year), int(month), int(part), request)
    if not places:
        raise Http404
    return document(request, sitemaps.urlset(places), XML)


@require_safe
@cacheable()
def sitemap_news(request: HttpRequest) -> HttpResponseBase:
    """What was published in the last 48 hours. Cost: 6 queries at any number of stories."""
    about(LISTS)
    site = reads.site_of(request)
    written = sitemaps.news(reads.recent(site, request), site.name, settings.LANGUAGE_CODE.partition("-")[0])
    return document(request, written, XML)


@require_safe
@cacheable()
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What programs that collect pages should leave alone, and where the sitemap is. Cost: 2 queries."""
    site = reads.site_of(request)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS)]
    lines += ["", f"Sitemap: {site.at(reverse('syndication:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
