"""The front page and the sections: what editors put there, by hand or by rule, and what fills the rest.

Below `models`, which holds the stories: what stands here knows a story by name only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Window
from django.db.models.functions import Left, RowNumber
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable, Page

from kawaraban.caching import about, good_for
from kawaraban.discussion.models import Screens
from kawaraban.newsroom.arranging import LINES, Wish, arrange, fill
from kawaraban.newsroom.kinds import Kind
from kawaraban.newsroom.popularity import popular
from kawaraban.newsroom.querysets import IN_PLACE, NEWEST_FIRST, teasers
from kawaraban.newsroom.routing import Routed
from kawaraban.theme.templatetags.times import dated

# What remembered pages are about that list the newest stories of all sections.
LISTS = "lists"
# Seconds by which slots begin late at most, and what is read most is older than its counts.
LATEST = 15.0
SECTION_PAGE_SIZE = 20
FRONT_ROWS = 4
FRONT_PER_SECTION = 4
MOST_SLOTS = 12
MOST_HOURS = 24 * 366
MOST_DAYS_OPEN = 3650
SCREENS_HELP = _("Those of the newsroom never wait, and listed words that are refused are refused everywhere.")
GROUPS_HELP = _(
    "Readers who vote alike are looked for, so that comments can be ranked by what all sides approve. Off: nothing is "
    "kept of it."
)
SLOTS_HELP = _(
    "The first leads. A slot holds a story that you choose, or else takes the latest that fits. What no slot fills, "
    "the newest fill; nothing stands on the page twice."
)


class OnOff(models.TextChoices):
    """What a section or a story says instead of what holds around it."""

    ON = "on", _("On")
    OFF = "off", _("Off")


def section_tag(pk: int) -> str:
    """What remembered pages are about that list the newest stories of a section."""
    return f"section:{pk}"


class Slot(Orderable):
    """A place on a page, for a story chosen by hand or for the latest that fits, always or for a time."""

    story = models.ForeignKey(
        "newsroom.StoryPage", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("story, by hand")
    )
    kind = models.CharField(
        _("only of this kind"),
        max_length=8,
        blank=True,
        choices=Kind.choices,
        help_text=_("For the latest. Empty: any."),
    )
    newer_than_hours = models.PositiveSmallIntegerField(
        _("not older than hours"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
        help_text=_("For the latest, counted from publication."),
    )
    begins_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    panels: ClassVar = [
        PageChooserPanel("story"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("newer_than_hours")], heading=_("Or the latest")),
        FieldRowPanel([FieldPanel("begins_at"), FieldPanel("ends_at")], heading=_("When")),
    ]

    class Meta(Orderable.Meta):
        abstract = True

    def clean(self) -> None:
        """A slot is filled by hand or by rule, not both; and it ends after it has begun."""
        super().clean()
        if self.story_id and self.is_narrowed:
            raise ValidationError(
                {"story": _("Either choose a story, or say which latest; take out one of the two.")}, code="two-ways"
            )
        if self.begins_at and self.ends_at and self.ends_at <= self.begins_at:
            raise ValidationError({"ends_at": _("This lies before the beginning.")}, code="ends-before")

    @property
    def is_narrowed(self) -> bool:
        """True when something is said about which latest story to take."""
        return bool(self.kind or self.newer_than_hours)

    def holds(self, at: datetime) -> bool:
        """True while the slot is to be filled."""
        return (self.begins_at is None or self.begins_at <= at) and (self.ends_at is None or at < self.ends_at)

    def wish(self, at: datetime) -> Wish:
        """What the slot asks for at a time."""
        if self.story_id:
            return Wish(story=self.story_id)
        since = at - timedelta(hours=self.newer_than_hours) if self.newer_than_hours else None
        return Wish(kind=self.kind, since=since)


class Slotted:
    """A page with slots, which can be looked at before it is published, and as it will be. To stand before `Page`."""

    slots: Any

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """As it would be now, and from each time on at which a slot begins or ends."""
        # What has just passed stays on offer: the form from which somebody chooses was made a while ago.
        since = timezone.now() - timedelta(hours=1)
        times = {at for slot in self.slots.all() for at in (slot.begins_at, slot.ends_at) if at and at > since}
        told = ((at.isoformat(), gettext("From {time} on").format(time=dated(at, "j F, H:i"))) for at in sorted(times))
        return [("", gettext("As it would be now")), *told]

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """What the page shows in the preview; cost as that of the page."""
        at = parse_datetime(mode_name) if mode_name else None
        found: dict[str, Any] = self.get_context(request, at=at)  # type: ignore[attr-defined]  # of Page
        return found

    def wishes(self, at: datetime) -> list[Wish]:
        """What its slots ask for at a time, in their order. Cost: 1 query."""
        return [slot.wish(at) for slot in self.slots.order_by(*IN_PLACE) if slot.holds(at)]


class FrontPage(Slotted, Routed, Page):
    """The front page: one lead, a few lines beside it, then the sections."""

    private_page_options: ClassVar[list[str]] = []

    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["newsroom.SectionPage"]
    max_count = 1
    template = "newsroom/front.html"

    content_panels: ClassVar = [
        *Page.content_panels,
        InlinePanel("slots", label=_("Slot"), heading=_("Slots"), help_text=SLOTS_HELP, max_num=MOST_SLOTS),
        InlinePanel(
            "limits",
            label=_("Limit"),
            heading=_("Limits at the top"),
            help_text=_("How many stories of a section may stand at the top, unless you choose more by hand."),
            max_num=MOST_SLOTS,
        ),
    ]

    def get_context(
        self, request: HttpRequest, *args: Any, at: datetime | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Adds `front`, filled by slots first and the newest after them, its sections, and what is `popular`.

        Cost: 15 queries at any number of stories, 1 more where a section was long silent, and the masthead.

        Args:
            at: the time for which the slots are looked at; None for now.
        """
        about(LISTS)
        good_for(LATEST)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        sections = list(SectionPage.objects.child_of(self).live().order_by("path"))
        now = at or timezone.now()
        wishes = self.wishes(now)
        # The newest of each section are enough for the page, however the top takes from them.
        found = _candidates(self, sections, wishes, 1 + FRONT_ROWS + LINES + FRONT_PER_SECTION + len(wishes))
        front = arrange(
            teasers(found, sections, request),
            wishes,
            {limit.section_id: limit.most for limit in self.limits.all()},
            [section.pk for section in sections],
            FRONT_ROWS,
            FRONT_PER_SECTION,
        )
        by_key = {section.pk: section for section in sections}
        context["front"] = front
        context["by_section"] = [(by_key[place], shown) for place, shown in front.sections]
        context["popular"] = popular(self, sections, request)
        return context


class SectionPage(Slotted, Routed, Page):
    """A section, such as World; its stories are the pages below it."""

    private_page_options: ClassVar[list[str]] = []

    parent_page_types: ClassVar = ["newsroom.FrontPage"]
    subpage_types: ClassVar = ["newsroom.StoryPage"]
    template = "newsroom/section.html"

    introduction = models.CharField(_("introduction"), max_length=250, blank=True)
    close_after_days = models.PositiveSmallIntegerField(
        _("close discussions after days"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_DAYS_OPEN)],
        help_text=_("Counted from publication. Empty: as in the whole publication. 0: never."),
    )
    screens = models.CharField(
        _("moderation of comments"),
        max_length=6,
        blank=True,
        choices=[("", _("As in the whole publication")), *Screens.choices],
        help_text=format_lazy(
            "{} {}",
            _("For all stories here that do not say otherwise, from when this page is published."),
            SCREENS_HELP,
        ),
    )
    opinion_groups = models.CharField(
        _("opinion groups"),
        max_length=3,
        blank=True,
        choices=[("", _("As in the whole publication")), *OnOff.choices],
        help_text=format_lazy("{} {}", _("From when this page is published."), GROUPS_HELP),
    )
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("introduction"),
        InlinePanel("slots", label=_("Slot"), heading=_("Slots"), help_text=SLOTS_HELP, max_num=1 + FRONT_ROWS),
    ]
    settings_panels: ClassVar = [
        FieldPanel("close_after_days"),
        FieldPanel("screens"),
        FieldPanel("opinion_groups"),
        *Page.settings_panels,
    ]

    @property
    def cache_tag(self) -> str:
        """Its name among what remembered pages are about."""
        return section_tag(self.pk)

    def get_context(
        self, request: HttpRequest, *args: Any, at: datetime | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Adds `top`, what the slots hold, `stories`, a page of the others, newest first, and what is `popular`.

        Cost: 11 queries at any number of stories, 7 or 8 more with slots, and the masthead.

        Args:
            at: the time for which the slots are looked at; None for now.
        """
        about(self.cache_tag)
        good_for(LATEST)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        wishes = self.wishes(at or timezone.now())
        found = _candidates(self, [self], wishes, len(wishes)) if wishes else []
        top = fill(teasers(found, [self], request), wishes)
        newest = _stories().newest().with_pictures().child_of(self).exclude(pk__in=[teaser.key for teaser in top])
        stories = Paginator(newest, SECTION_PAGE_SIZE).get_page(request.GET.get("page", "1"))
        shown = newest.head(SECTION_PAGE_SIZE) if stories.number == 1 else stories.object_list
        stories.object_list = teasers(shown, [self], request)
        context["section"], context["stories"] = self, stories
        context["top"] = top if stories.number == 1 else []
        context["popular"] = popular(self, [self], request)
        return context


class FrontSlot(Slot):
    """A place on the front page."""

    page = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="slots")
    section = models.ForeignKey(
        SectionPage,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only from this section"),
        help_text=_("For the latest. Empty: from all."),
    )
    panels: ClassVar = [
        PageChooserPanel("story"),
        FieldRowPanel(
            [FieldPanel("section", widget=forms.Select), FieldPanel("kind"), FieldPanel("newer_than_hours")],
            heading=_("Or the latest"),
        ),
        FieldRowPanel([FieldPanel("begins_at"), FieldPanel("ends_at")], heading=_("When")),
    ]

    @property
    def is_narrowed(self) -> bool:
        """True when something is said about which latest story to take."""
        return bool(self.section_id) or super().is_narrowed

    def wish(self, at: datetime) -> Wish:
        """What the slot asks for at a time."""
        found = super().wish(at)
        return found if found.story else Wish(place=self.section_id, kind=found.kind, since=found.since)


class FrontLimit(Orderable):
    """How many stories of a section may stand at the top of the front page."""

    page = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="limits")
    section = models.ForeignKey(SectionPage, models.CASCADE, related_name="+", verbose_name=_("section"))
    most = models.PositiveSmallIntegerField(_("at most"), default=1, validators=[MaxValueValidator(FRONT_ROWS)])
    panels: ClassVar = [FieldRowPanel([FieldPanel("section", widget=forms.Select), FieldPanel("most")])]


class SectionSlot(Slot):
    """A place on a section's own page."""

    page = ParentalKey(SectionPage, on_delete=models.CASCADE, related_name="slots")


def _stories() -> Any:
    return apps.get_model("newsroom", "StoryPage").objects


def _candidates(root: Page, sections: Sequence[SectionPage], wishes: Sequence[Wish], enough: int) -> Iterable[Any]:
    """The stories below a page that may stand on it, newest first: at least `enough` of each section and of each kind
    that a rule asks for, and those chosen by hand. Cost: 6 queries, 1 more where some section or kind was long silent.

    An archive is not looked through for it: what is recent is mostly enough.
    """
    below = _stories().newest().descendant_of(root)
    recent = below.recent()
    ranked = partial(_ranked, steps=sections[0].path if sections else root.path, wishes=wishes, enough=enough)
    found = ranked(below if recent is None else recent)
    if recent is not None:
        by_place = Counter(place for _, place, _ in found)
        silent = [Q(path__startswith=each.path) for each in sections if by_place[each.path] < enough]
        paths = {section.pk: section.path for section in sections}
        for wish in (wish for wish in wishes if wish.kind):
            place = paths.get(wish.place or 0)
            if sum(kind == wish.kind and place in (None, at) for _, at, kind in found) < enough:
                silent.append(Q(kind=wish.kind))
        if silent:
            found += ranked(below.filter(reduce(or_, silent)))
    wanted = {key for key, _, _ in found} | {wish.story for wish in wishes if wish.story}
    rows: Iterable[Any] = below.with_pictures().filter(pk__in=wanted)
    return rows


def _ranked(stories: Any, steps: str, wishes: Sequence[Wish], enough: int) -> list[tuple[int, str, str]]:
    """The newest `enough` of each section, and of each kind that a rule asks for: key, path of the section, kind.

    Args:
        steps: any path as long as that of a section.
    """
    found = stories.annotate(section_path=Left("path", len(steps))).annotate(
        nth=Window(RowNumber(), partition_by="section_path", order_by=NEWEST_FIRST),
        nth_of_kind=Window(RowNumber(), partition_by=["section_path", "kind"], order_by=NEWEST_FIRST),
    )
    kinds = {wish.kind for wish in wishes if wish.kind}
    wanted = found.filter(Q(nth__lte=enough) | Q(nth_of_kind__lte=enough, kind__in=kinds))
    return list(wanted.values_list("pk", "section_path", "kind"))
