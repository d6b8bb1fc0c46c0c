"""Addresses for programs elsewhere. `/feeds/atom/section/city/` is what `/feeds/rss/section/city/` is, in Atom."""

from __future__ import annotations

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from kawaraban.syndication import views


class FormatConverter(StringConverter):
    """The name of a format of lists."""

    regex = "atom|rss|json|ninjs"


class NameConverter(StringConverter):
    """A name as somebody has written it: any signs, a slash and a line end among them."""

    regex = r"[\s\S]+"


register_converter(FormatConverter, "feed_format")
register_converter(NameConverter, "name")

app_name = "syndication"
urlpatterns = [
    path("feeds/", views.overview, name="feeds"),
    path("feeds/<feed_format:kind>/", views.site_feed, name="site"),
    path("feeds/<feed_format:kind>/section/<str:slug>/", views.section_feed, name="section"),
    path("feeds/<feed_format:kind>/author/<name:name>/", views.author_feed, name="author"),
    path("feeds/<feed_format:kind>/tag/<name:name>/", views.tag_feed, name="tag"),
    path("feeds/<feed_format:kind>/thread/<id:thread_id>/", views.thread_feed, name="thread"),
    path("feeds/ninjs/story/<id:story_id>/", views.story_ninjs, name="ninjs"),
    path("feeds/newsml/story/<id:story_id>/", views.story_newsml, name="newsml"),
    path("cards/<id:story_id>.png", views.card, name="card"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemaps/pages.xml", views.sitemap_pages, name="sitemap_pages"),
    path("sitemaps/news.xml", views.sitemap_news, name="sitemap_news"),
    re_path(
        r"^sitemaps/(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])-(?P<part>[1-9]\d{0,3})\.xml\Z",
        views.sitemap_month,
        name="sitemap_month",
    ),
]
