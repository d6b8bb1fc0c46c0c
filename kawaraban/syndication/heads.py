"""What a page says of itself in its head: its address, its feeds, how a link to it looks, and its data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site as WagtailSite

from kawaraban.newsroom.models import FrontPage, SectionPage, StoryPage
from kawaraban.syndication import cards, jsonld
from kawaraban.syndication.reads import Site, renditions

FORMATS = {
    "atom": ("Atom", "application/atom+xml"),
    "rss": ("RSS", "application/rss+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}


@dataclass(frozen=True, slots=True)
class Alternate:
    """A feed that belongs to a page."""

    title: str
    type: str
    href: str


@dataclass(frozen=True, slots=True)
class Image:
    """The picture by which a link is shown elsewhere."""

    url: str
    type: str
    width: int
    height: int
    alt: str


@dataclass(slots=True)
class Head:
    """What stands in a head. `properties` are those of OpenGraph besides the picture's, as (name, value)."""

    canonical: str = ""
    alternates: list[Alternate] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    image: Image | None = None
    data: list[jsonld.Node] = field(default_factory=list)


def head(page: Context) -> str:
    """The head of the page that has these variables. Cost: none beyond those of the page, at any length.

    A preview shows what is not published, so it names no address at which anybody could find it.
    """
    request = page.get("request")
    found = WagtailSite.find_for_request(request) if request else None
    if request is None or found is None or getattr(request, "is_preview", False):
        return ""
    shown = page.get("page")
    # Only a story's page and the like ask for the front page, which is then known by its class.
    site = Site(str(page.get("site_name") or found.site_name or "Kawaraban"), str(found.root_url), found.root_page)
    what = Head(alternates=list(_feeds(site.name, "site", main=isinstance(shown, FrontPage))))
    if isinstance(shown, StoryPage) and "bylines" in page:  # its own page, and none that is merely about it
        _story(what, shown, site, page, request)
    elif isinstance(shown, SectionPage):
        _section(what, shown, site, page, request)
    elif isinstance(shown, FrontPage):
        _front(what, shown, site)
    elif getattr(request.resolver_match, "view_name", "") == "discussion:member" and "member" in page:
        _member(what, site, page)
    return render_to_string("syndication/head.html", {"head": what, "data": jsonld.script(what.data)})


def _story(what: Head, story: StoryPage, site: Site, page: Context, request: HttpRequest) -> None:
    url = story.get_full_url(request) or ""
    section, thread, lead = page["section"], page.get("thread"), page.get("lead_photo")
    what.canonical = url
    what.alternates += _feeds(section.title, "section", section.slug, main=False)
    for byline in filter(lambda each: each.name, page["bylines"]):
        what.alternates += _feeds(byline.name, "author", byline.name, main=False)
    for name in page["tag_names"]:
        what.alternates += _feeds(name, "tag", name, main=False)
    if thread is not None:
        what.alternates += _feeds(_("Discussion: {title}").format(title=story.title), "thread", thread.pk)
    shown = renditions(lead.photo, site) if lead and lead.photo else ()
    if lead and shown:
        alt = lead.alt_text or lead.photo.description
        what.image = Image(shown[0].href, shown[0].mimetype, shown[0].width, shown[0].height, alt)
    else:
        # Asked for anew when it would look different: social networks keep a picture for as long as its address.
        look = sha256(f"{site.name}\n{story.title}".encode()).hexdigest()[:8]
        address = site.at(reverse("syndication:card", args=[story.pk]))
        what.image = Image(f"{address}?look={look}", "image/png", *cards.SIZE, story.title)
    what.properties = [
        *_properties("article", story.title, story.search_description or story.standfirst, url, site),
        ("article:published_time", story.published_at.isoformat(timespec="seconds") if story.published_at else ""),
        ("article:modified_time", story.updated_at.isoformat(timespec="seconds") if story.updated_at else ""),
        ("article:section", section.title),
        *(("article:tag", name) for name in page["tag_names"]),
    ]
    what.data = [
        jsonld.news_article(
            story,
            url,
            site,
            section=section,
            bylines=page["bylines"],
            agency=page["agency"],
            images=[each.href for each in shown],
            corrections=[note for note, _ in page["corrections"]],
            tags=page["tag_names"],
            thread=thread,
            report=page.get("report"),
        ),
        jsonld.breadcrumb(
            [(site.name, site.at("/")), (section.title, section.get_full_url(request) or ""), (story.title, url)]
        ),
    ]
    if thread is not None:
        what.data += jsonld.discussion(thread, story, url, site, page["discussion"].comments)


def _section(what: Head, section: SectionPage, site: Site, page: Context, request: HttpRequest) -> None:
    url = section.get_full_url(request) or ""
    number = page["stories"].number
    what.canonical = url if number == 1 else f"{url}?page={number}"
    what.alternates += _feeds(section.title, "section", section.slug)
    what.properties = _properties("website", section.title, section.introduction, what.canonical, site)
    what.data = [jsonld.breadcrumb([(site.name, site.at("/")), (section.title, url)])]


def _front(what: Head, front: FrontPage, site: Site) -> None:
    what.canonical = site.at("/")
    what.properties = _properties("website", site.name, front.search_description, what.canonical, site)
    what.data = [jsonld.website(site)]


def _member(what: Head, site: Site, page: Context) -> None:
    member, comments = page["member"], page["page"]
    url = site.at(member.get_absolute_url())
    what.canonical = url if comments.number == 1 else f"{url}?page={comments.number}"
    what.properties = _properties("profile", member.handle, "", what.canonical, site)
    what.data = [jsonld.profile(member, comments.paginator.count, site)]


def _properties(kind: str, title: str, description: str, url: str, site: Site) -> list[tuple[str, str]]:
    return [
        ("og:type", kind),
        ("og:title", title),
        ("og:description", description),
        ("og:url", url),
        ("og:site_name", site.name),
    ]


def _feeds(title: str, name: str, key: Any = None, *, main: bool = True) -> Iterator[Alternate]:
    """The feeds of something: in all formats if the page is about it, else in the one that says most."""
    for kind in FORMATS if main else ("atom",):
        label, content_type = FORMATS[kind]
        arguments = [kind] if key is None else [kind, key]
        yield Alternate(f"{title} ({label})", content_type, reverse(f"syndication:{name}", args=arguments))
