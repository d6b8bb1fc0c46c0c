"""What the room adds to Wagtail's desk: the inbox, alarms on its front, feeds and what their subjects mean."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.model import ModelViewSet

from kawaraban.theme.menu import CountedMenuItem
from kawaraban.wire import policy, reads, views
from kawaraban.wire.models import Feed, TopicMap


class WireMenuItem(CountedMenuItem):
    """An entry of the menu that editors and administrators see, with how many items are unread."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for those who work with the wire."""
        return policy.may_use_wire(request.user)

    def count(self, request: HttpRequest) -> int:
        """Unread items. Cost: 1 query."""
        return reads.unread()


class Alarms(Component):
    """What cannot wait, on the front of the desk."""

    name = "wire_alarms"
    template_name = "wire/_alarms.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The alarms. Cost: 1 query."""
        return {"alarms": reads.alarms(), "request": parent_context["request"]}


class FeedViewSet(ModelViewSet):
    """Feeds, with how they go."""

    model = Feed
    name = "wire_feeds"
    url_prefix = "wire/feeds"
    menu_label = _("Wire feeds")
    menu_order = 310
    icon = "mail"
    add_to_settings_menu = True
    copy_view_enabled = False
    list_display = ("name", "way", "health", "succeeded_at", "failures", "due_at", "push_keys")
    search_fields = ("name", "agency")


class TopicViewSet(ModelViewSet):
    """Which subject leads to which section."""

    model = TopicMap
    name = "wire_topics"
    url_prefix = "wire/topics"
    menu_label = _("Media topics")
    menu_order = 320
    icon = "tag"
    add_to_settings_menu = True
    copy_view_enabled = False
    list_display = ("code", "name", "section", "tag")
    search_fields = ("code", "name", "tag")


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The pages below /desk/."""
    return [
        path("wire/", views.inbox, name="wire"),
        path("wire/count/", views.count, name="wire_count"),
        path("wire/item/<int:item_id>/", views.item, name="wire_item"),
        path("wire/item/<int:item_id>/story/", views.make_story, name="wire_make_story"),
        path("wire/item/<int:item_id>/merge/", views.merge, name="wire_merge"),
        path("wire/item/<int:item_id>/unread/", views.unread, name="wire_unread"),
        path("wire/item/<int:item_id>/acknowledge/", views.acknowledge, name="wire_acknowledge"),
        path("wire/version/<int:version_id>/raw/", views.raw, name="wire_raw"),
        path("wire/voices/", views.voices, name="wire_voices"),
        path("wire/voice/<int:voice_id>/", views.decide_voice, name="wire_voice"),
        path("wire/feed/<int:feed_id>/keys/", views.keys, name="wire_keys"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """The inbox in the menu, near its top."""
    return WireMenuItem(_("Wire"), reverse("wire"), name="wire", icon_name="mail", order=140)


@hooks.register("register_admin_viewset")
def viewsets() -> list[ModelViewSet]:
    """Feeds and media topics, under Settings."""
    return [FeedViewSet(), TopicViewSet()]


@hooks.register("construct_homepage_panels")
def show_alarms(request: HttpRequest, panels: list[Any]) -> None:
    """Put alarms before everything else on the front of the desk."""
    if policy.may_use_wire(request.user):
        panels.insert(0, Alarms())
