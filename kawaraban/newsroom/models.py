"""Pages of the newsroom. In Wagtail a page class is table and controller at once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, chain, pairwise
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel, TitleFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.search import index

from kawaraban.caching import about
from kawaraban.caching.models import Mentioned
from kawaraban.discussion.models import Screens, Thread
from kawaraban.discussion.orders import view_of
from kawaraban.discussion.policy import may_read
from kawaraban.discussion.reads import agreed_on, quoting_story, thread_page
from kawaraban.languages import TAG
from kawaraban.newsroom import (
    approval,  # noqa: F401 - a table is known to Django once it is imported
    blocks,
    corrections,
    kinds,
    live_reports,
    polls,
    popularity,  # noqa: F401 - the same
    versions,
)
from kawaraban.newsroom.fronts import GROUPS_HELP, MOST_DAYS_OPEN, SCREENS_HELP, OnOff
from kawaraban.newsroom.fronts import FrontLimit as FrontLimit  # Django and others look for the tables here
from kawaraban.newsroom.fronts import FrontPage as FrontPage
from kawaraban.newsroom.fronts import FrontSlot as FrontSlot
from kawaraban.newsroom.fronts import SectionPage as SectionPage
from kawaraban.newsroom.fronts import SectionSlot as SectionSlot
from kawaraban.newsroom.photos import Credit
from kawaraban.newsroom.photos import Photo as Photo  # Django and others look for the tables here
from kawaraban.newsroom.photos import PhotoRendition as PhotoRendition
from kawaraban.newsroom.querysets import IN_PLACE, LINE, StoryQuerySet, Teaser, pictures, sizes_made, teasers
from kawaraban.newsroom.routing import Routed
from kawaraban.newsroom.withdrawals import Withdrawable

RELATED_LINES = 4


class StoryTag(TaggedItemBase):
    """A tag on a story."""

    content_object = ParentalKey("newsroom.StoryPage", on_delete=models.CASCADE, related_name="tagged_items")


class StoryPage(Mentioned, Withdrawable, Routed, Page):
    """A story. Wagtail's `title` is the headline.

    `question`, `poll_options` and `poll_closes_at` are what the newsroom writes of a poll; what members vote on is
    `poll` (`polls.Poll`), which belongs to the story, as `live_report` (`live_reports.LiveReport`) does. `kind` says
    what is shown of either.

    `thread`, `published_at`, `updated_at` and `origin` belong to the story as such and not to a revision of it.
    """

    objects = PageManager.from_queryset(StoryQuerySet)()

    class Comments(models.TextChoices):
        """What the newsroom wishes for the discussion."""

        OPEN = Thread.State.OPEN.value, pgettext_lazy("discussion", "Open")
        CLOSED = Thread.State.CLOSED.value, _("Closed: can be read, not answered")
        OFF = Thread.State.OFF.value, _("Off: no discussion")

    Kind = kinds.Kind

    # What is published is public, and so is its discussion: Wagtail's passwords for pages know nothing of threads.
    private_page_options: ClassVar[list[str]] = []
    # Of the story as such: kept when an older or newer revision is put in place.
    LASTING: ClassVar = ("thread_id", "published_at", "updated_at", "origin")
    exclude_fields_in_copy: ClassVar = ["thread", "published_at", "updated_at", "origin"]

    parent_page_types: ClassVar = ["newsroom.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    routed_with: ClassVar = ("thread",)
    template = "newsroom/story.html"
    base_form_class = kinds.StoryForm

    kind = models.CharField(_("kind"), max_length=8, choices=kinds.Kind.choices, default=kinds.Kind.NEWS)
    question = models.CharField(
        _("what the newsroom asks"),
        max_length=polls.QUESTION_LENGTH,
        blank=True,
        help_text=_("For a question or a poll."),
    )
    poll_options = models.TextField(
        _("answers of the poll"),
        blank=True,
        help_text=_("2 to 10, one on each line. They stay once somebody has voted."),
    )
    poll_closes_at = models.DateTimeField(
        _("the poll closes"),
        null=True,
        blank=True,
        help_text=_("Then everybody sees the result. Empty: it stays open."),
    )
    standfirst = models.TextField(_("standfirst"), blank=True, max_length=400)
    agency = models.CharField(_("agency of origin"), max_length=120, blank=True)
    dateline = models.CharField(_("dateline"), max_length=80, blank=True, help_text=_("The place, as in URAMINATO."))
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        validators=[RegexValidator(f"^{TAG}$", "Two or three letters, such as ja or de-AT.")],
        help_text=_("Of its words, such as ja or de-AT. Empty: that of the site."),
    )
    body = StreamField(blocks.BodyBlock(), verbose_name=_("body"), blank=True)
    copyright = models.TextField(
        _("copyright lines"), blank=True, help_text=_("One holder per line, such as © Harbour News Agency.")
    )
    update_note = models.CharField(
        _("what has changed"),
        max_length=versions.NOTE_LENGTH,
        blank=True,
        help_text=_("For readers, when you publish a change, such as: figures corrected. It stands beside the time."),
    )
    comments = models.CharField(_("discussion"), max_length=6, choices=Comments.choices, default=Comments.OPEN)
    screens = models.CharField(
        _("moderation of comments"),
        max_length=6,
        blank=True,
        choices=[("", _("As in its section")), *Screens.choices],
        help_text=format_lazy("{} {}", _("From when the story is published."), SCREENS_HELP),
    )
    opinion_groups = models.CharField(
        _("opinion groups"),
        max_length=3,
        blank=True,
        choices=[("", _("As in its section")), *OnOff.choices],
        help_text=format_lazy("{} {}", _("From when the story is published."), GROUPS_HELP),
    )
    thread = models.OneToOneField(Thread, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    updated_at = models.DateTimeField(null=True, blank=True, editable=False)
    origin = models.CharField(max_length=100, blank=True, editable=False, db_index=True)
    tags = ClusterTaggableManager(through=StoryTag, blank=True, verbose_name=_("tags"))

    content_panels: ClassVar = [
        TitleFieldPanel("title", heading=_("Headline"), help_text="", placeholder=_("Headline")),
        FieldPanel("kind"),
        FieldPanel("standfirst"),
        MultiFieldPanel(
            [InlinePanel("bylines", label=_("Byline")), FieldPanel("agency"), FieldPanel("dateline")],
            heading=pgettext_lazy("authors", "By"),
        ),
        InlinePanel("photos", label=_("Photograph"), heading=_("Photographs: the first is the lead")),
        FieldPanel("body"),
        FieldPanel("copyright"),
        FieldPanel("update_note"),
        InlinePanel("corrections", label=_("Correction")),
        InlinePanel("related", label=_("Related story")),
        FieldPanel("tags"),
        FieldPanel("language"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("question", "poll_options", "poll_closes_at")],
            heading=_("Ask the readers"),
        ),
    ]
    settings_panels: ClassVar = [
        FieldPanel("comments"),
        FieldPanel("screens"),
        FieldPanel("opinion_groups"),
        *Page.settings_panels,
    ]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
        index.RelatedFields("tags", [index.SearchField("name")]),
        index.FilterField("published_at"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds what stands around the story and, unless switched off, its thread.

        Cost: 14 queries at any length, 2 more with a poll or as a live report, 1 more for a story that was updated, 2
        more with photographs in the text, 2 more with related stories chosen by hand; 1 more for the thread unless
        the page was found by its address.
        """
        about(self.cache_tag)
        photos = list(self.photos.order_by(*IN_PLACE))
        prefetch_related_objects(photos, pictures())
        photos = [shown for shown in photos if not shown.is_withdrawn]
        prefetch_related_objects(blocks.photos_in(self.body), sizes_made())
        bylines = list(self.bylines.order_by(*IN_PLACE))
        context: dict[str, Any] = {
            **super().get_context(request, *args, **kwargs),
            "section": self.get_parent().specific,
            "dateline_at": next((at for at, block in enumerate(self.body) if block.block_type == "paragraph"), None),
            "lead_photo": photos[0] if photos else None,
            "further_photos": photos[1:],
            "bylines": bylines,
            "agency": "" if self.agency in {byline.name for byline in bylines} else self.agency,
            "related": self._related(request),
            "tag_names": [tag.name for tag in self.tags.all()],
        }
        if self.updated_at:
            context["update"] = self.updates.last()
        if self.kind == self.Kind.POLL:
            context["poll"] = self._poll(request)
        if self.kind == self.Kind.LIVE:
            context["report"] = live_reports.view(self.pk)
        is_readable = self.thread is not None and may_read(self.thread)
        context["corrections"] = corrections.with_credits(self.corrections.all(), self.thread if is_readable else None)
        quoting: dict[int, list[int]] = {}
        if self.thread is not None and is_readable:
            about(self.thread.cache_tag)
            context["thread"] = self.thread
            context["discussion"] = thread_page(self.thread, view_of(request.GET))
            context["agreed"] = agreed_on(self.thread)
            # A preview shows unpublished words, which nobody has quoted.
            if not getattr(request, "is_preview", False):
                quoting = quoting_story(self.thread, self.thread.version)
        context["blocks"], context["head_quoted_by"] = self._quoted(quoting), quoting.get(0, [])
        return context

    def _poll(self, request: HttpRequest) -> polls.PollView | None:
        """The poll as everybody gets it, and in a preview as it is written."""
        if getattr(request, "is_preview", False):
            return polls.preview(self.question, polls.answers_in(self.poll_options), self.poll_closes_at)
        poll = polls.Poll.objects.filter(story_id=self.pk).first()
        return polls.view(poll) if poll else None

    def _related(self, request: HttpRequest) -> list[Teaser]:
        """Stories put beside this one by hand, filled up with the newest of its section."""
        chosen = [line.target_id for line in self.related.order_by(*IN_PLACE)]
        sections = SectionPage.objects.live().filter(depth=self.depth - 1) if chosen else [self.get_parent().specific]
        newest = StoryPage.objects.newest().only(*LINE).exclude(pk=self.pk)
        by_hand = {story.pk: story for story in newest.filter(pk__in=chosen)} if chosen else {}
        pool = [by_hand[pk] for pk in chosen if pk in by_hand]
        siblings = newest.filter(path__startswith=self.path[: -self.steplen], depth=self.depth)
        pool += [story for story in siblings.head(RELATED_LINES + len(pool)) if story.pk not in by_hand]
        return teasers(pool[:RELATED_LINES], list(sections), request)

    def with_content_json(self, content: dict[str, Any]) -> StoryPage:
        """The story with a revision's content, keeping what belongs to the story as such."""
        page: StoryPage = super().with_content_json(content)
        for name in self.LASTING:
            setattr(page, name, getattr(self, name))
        poll = polls.voted(self.pk)
        if poll is not None:
            # Written before there was a poll, it says nothing about whether and how long it is shown.
            knows = bool(page.poll_options)
            page.kind = page.kind if knows else self.kind
            page.poll_closes_at = page.poll_closes_at if knows and not poll.is_closed else poll.closes_at
            page.question, answers = poll.wording
            page.poll_options = "\n".join(answers)
        return page

    @property
    def cache_tag(self) -> str:
        """Its name among what remembered pages are about."""
        return f"story:{self.pk}"

    @property
    def kind_label(self) -> str:
        """What stands beside the headline of a story that is more than news."""
        return str(kinds.LABELS.get(kinds.Kind(self.kind), ""))

    @property
    def version(self) -> int:
        """The number of the words that are published; 0 before the first."""
        return self.thread.version if self.thread else 0

    @property
    def copyright_lines(self) -> list[str]:
        """One line per holder."""
        return [line.strip() for line in self.copyright.splitlines() if line.strip()]

    @property
    def passages(self) -> list[str]:
        """What a reader could quote: the head of the story first, then its paragraphs in order."""
        head = "\n\n".join(part for part in (self.title, self.standfirst.strip()) if part)
        return [head, *chain.from_iterable(blocks.passages(self.body))]

    def _quoted(self, quoting: dict[int, list[int]]) -> list[tuple[Any, list[int]]]:
        """The blocks of the body, each with the comments that quote it; `quoting` as `reads.quoting_story` tells."""
        # Positions count from 1, paragraph by paragraph; a block may hold several or none.
        ends = accumulate((len(texts) for texts in blocks.passages(self.body)), initial=1)
        numbers = [
            sorted({number for position in range(start, end) for number in quoting.get(position, ())})
            for start, end in pairwise(ends)
        ]
        return list(zip(self.body, numbers, strict=True))


class StoryByline(Orderable):
    """Who wrote a story: a person, an agency, or the staff."""

    class Kind(models.TextChoices):
        """What kind of author is named."""

        PERSON = "person", _("Person")
        AGENCY = "agency", _("Agency")
        STAFF = "staff", _("Staff")

    story = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="bylines")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.PERSON)
    panels: ClassVar = [FieldPanel("name"), FieldPanel("kind")]


class StoryPhoto(Orderable, Credit):
    """A photograph as one story shows it; what is left empty comes from the library.

    A page that was saved as text tells of its photograph and does not hold it: then `photo` is empty.
    """

    story = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="photos")
    photo = models.ForeignKey(Photo, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("photo"))
    title = models.CharField(_("title"), max_length=255, blank=True)
    alt_text = models.CharField(_("alt text"), max_length=400, blank=True, help_text=_("For those who cannot see it."))
    is_decorative = models.BooleanField(_("decorative"), default=False, help_text=blocks.DECORATIVE_HELP)
    panels: ClassVar = [
        FieldPanel("photo"),
        FieldPanel("caption"),
        FieldPanel("photographer"),
        FieldPanel("agency"),
        FieldPanel("is_file_photo"),
        FieldPanel("alt_text"),
        FieldPanel("is_decorative"),
    ]

    def __str__(self) -> str:
        return self.title or self.caption[:60]

    def clean(self) -> None:
        """Without a picture there must at least be a caption."""
        super().clean()
        if self.photo is None and not self.caption.strip():
            raise ValidationError({"photo": _("Choose a photograph, or describe the missing one in the caption.")})

    @property
    def is_withdrawn(self) -> bool:
        """True once the picture may not be shown any more. Without a picture the words stay."""
        return self.photo is not None and self.photo.is_expired


class RelatedStory(Orderable):
    """A story that an editor has put beside this one."""

    story = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="related")
    target = models.ForeignKey(StoryPage, models.CASCADE, related_name="+", verbose_name=_("story"))
    panels: ClassVar = [PageChooserPanel("target")]


@register_setting(icon="site")
class Publication(BaseSiteSetting):
    """How one site looks and what stands at its foot. The name is that of Wagtail's site."""

    tagline = models.CharField(_("tagline"), max_length=120, blank=True)
    accent = models.CharField(_("accent"), max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")])
    accent_dark = models.CharField(
        _("accent dark"), max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    typeface = models.BooleanField(_("Use the Newsreader typeface"), default=True)
    network_title = models.CharField(_("network title"), max_length=80, blank=True, default="From our network")
    close_after_days = models.PositiveSmallIntegerField(
        _("close discussions after days"),
        default=0,
        validators=[MaxValueValidator(MOST_DAYS_OPEN)],
        help_text=_("Counted from publication. 0: never. A section may have a figure of its own."),
    )
    screens = models.CharField(
        _("moderation of comments"),
        max_length=6,
        choices=Screens,
        default=Screens.AFTER,
        help_text=format_lazy("{} {}", _("A section or a story may say otherwise."), SCREENS_HELP),
    )
    opinion_groups = models.BooleanField(
        _("opinion groups"),
        default=True,
        help_text=format_lazy("{} {}", GROUPS_HELP, _("A section or a story may say otherwise.")),
    )
    network = StreamField([("link", blocks.NetworkLinkBlock())], verbose_name=_("network"), blank=True, max_num=12)

    panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel("tagline"), FieldPanel("accent"), FieldPanel("accent_dark"), FieldPanel("typeface")],
            heading=pgettext_lazy("of the site", "Look"),
        ),
        FieldPanel("close_after_days", heading=_("Close discussions after days")),
        FieldPanel("screens", heading=_("Moderation of comments")),
        FieldPanel("opinion_groups", heading=_("Opinion groups")),
        MultiFieldPanel([FieldPanel("network_title"), FieldPanel("network")], heading=_("From our network")),
    ]

    class Meta:
        verbose_name = _("Publication")

    @cached_property
    def network_links(self) -> Iterable[Any]:
        """The links of the network block, in order."""
        return [child.value for child in self.network]
