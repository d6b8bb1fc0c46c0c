"""What the room adds to Wagtail's desk: the moderation's pages, and their place in the menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kawaraban.moderation import policy, reads
from kawaraban.moderation.views import answers, cases, desk, raids, screening
from kawaraban.theme.menu import CountedMenuItem


class ModerationMenuItem(CountedMenuItem):
    """An entry of the menu that those see who moderate, with how many cases wait."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for those who moderate."""
        return policy.may_settle(request.user)

    def count(self, request: HttpRequest) -> int:
        """Open cases. Cost: 5 queries."""
        return reads.open_count()


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The pages below /desk/."""
    return [
        path("moderation/", desk.front, name="moderation"),
        path("moderation/queue/<slug:name>/", desk.queue, name="moderation_queue"),
        path("moderation/counts/", desk.counts, name="moderation_counts"),
        path("moderation/bulk/", desk.bulk, name="moderation_bulk"),
        path("moderation/batch/<int:batch_id>/undo/", desk.undo_batch, name="moderation_undo_batch"),
        path("moderation/undo/", cases.undo, name="moderation_undo"),
        path("moderation/case/comment:<int:comment_id>/", cases.case, name="moderation_case"),
        path("moderation/case/comment:<int:comment_id>/claim/", cases.take_over, name="moderation_take_over"),
        path("moderation/case/ring:<int:ring_id>/", answers.ring, name="moderation_ring"),
        path("moderation/appeal/<int:appeal_id>/", answers.appeal, name="moderation_appeal"),
        path("moderation/notice/<int:notice_id>/", answers.notice, name="moderation_notice"),
        path("moderation/members/", answers.members, name="moderation_members"),
        path("moderation/member/<int:member_id>/networks/", cases.networks, name="moderation_networks"),
        path("moderation/thread/<int:thread_id>/", raids.thread, name="moderation_thread"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """The queues in the menu, near its top: whoever moderates comes for them."""
    return ModerationMenuItem(_("Moderation"), reverse("moderation"), name="moderation", icon_name="view", order=150)


# --- Before publication -----------------------------------------------------------------------------------------------


class ScreeningMenuItem(MenuItem):
    """An entry of the menu that those see who moderate; editors change what is there."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for those who moderate."""
        return policy.may_settle(request.user)


@hooks.register("register_admin_urls")
def screening_addresses() -> list[URLPattern]:
    """The pages below /desk/ about what is looked at before publication."""
    return [
        path("moderation/screening/", screening.words, name="moderation_screening"),
        path("moderation/checks/", screening.checks, name="moderation_checks"),
        path("moderation/score/", screening.score, name="moderation_score"),
    ]


@hooks.register("register_settings_menu_item")
def screening_menu_item() -> MenuItem:
    """The pages in the menu, under Settings, below the house rules."""
    address = reverse("moderation_screening")
    return ScreeningMenuItem(_("Before publication"), address, name="screening", icon_name="glasses", order=160)
