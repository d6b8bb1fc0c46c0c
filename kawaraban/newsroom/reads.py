"""What every page of the site shows, versions, reported errors and polls.

The pages in Wagtail's tree read for themselves (`get_context`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, pgettext
from wagtail.models import Page, Site
from wagtail.permissions import page_permission_policy

from kawaraban.accounts.models import User
from kawaraban.discussion.models import Passage
from kawaraban.discussion.policy import Viewer
from kawaraban.newsroom import policy
from kawaraban.newsroom.corrections import ErrorReport
from kawaraban.newsroom.differences import Paragraph, differences
from kawaraban.newsroom.front_changes import Arrangement, FrontChange, slot_phrase, told
from kawaraban.newsroom.models import Publication, SectionPage, StoryPage
from kawaraban.newsroom.polls import Poll, PollOption, PollView, PollVote, view
from kawaraban.newsroom.versions import Update
from kawaraban.theme.templatetags.times import dated

FRONT_CHANGES_PAGE_SIZE = 30


def masthead(request: HttpRequest) -> dict[str, Any]:
    """For every template: the site's name, its look, and its sections.

    Cost: 3 queries, once per request, and none for a fragment that shows none of it.
    """
    site = SimpleLazyObject(lambda: Site.find_for_request(request))
    return {
        "site_name": SimpleLazyObject(lambda: str(site.site_name if site else "") or "Kawaraban"),
        "publication": SimpleLazyObject(lambda: Publication.for_request(request) if site else None),
        "sections": SimpleLazyObject(lambda: _sections(site.root_page) if site else []),
        "now": timezone.now(),
    }


def _sections(root: Page) -> list[SectionPage]:
    sections = SectionPage.objects.child_of(root).live().in_menu().order_by("path")
    return list(sections.only("title", "url_path", "path", "depth"))


def published_story(story_id: int) -> StoryPage:
    """The story with its thread, as long as everybody can read it. Cost: 2 queries.

    Raises:
        StoryPage.DoesNotExist: there is none, or it is not published.
    """
    found: StoryPage = StoryPage.objects.live().public().select_related("thread").get(pk=story_id)
    return found


@dataclass(frozen=True, slots=True)
class Versions:
    """The updates of a story, newest first, and the words of one of its versions beside those of the one before.

    `before` is the version that the words are compared with: the last one before that is not hidden. `paragraphs` is
    empty for a hidden version.
    """

    updates: list[Update]
    shown: Update
    before: Update | None
    paragraphs: list[Paragraph]


def versions(story: StoryPage, version: int | None = None) -> Versions:
    """What has changed in a story; of one version, or of the newest. Cost: 2 queries.

    Raises:
        Update.DoesNotExist: the story has no such version.
    """
    updates = list(story.updates.order_by("-pk"))
    wordings = [update for update in updates if update.is_wording]
    shown = next((update for update in wordings if version in (None, update.version)), None)
    if shown is None:
        raise Update.DoesNotExist
    if shown.is_hidden:
        return Versions(updates, shown, None, [])
    before = next((update for update in wordings if update.pk < shown.pk and not update.is_hidden), None)
    wanted = [shown.version, *([before.version] if before else [])]
    texts: dict[int, list[str]] = {number: [] for number in wanted}
    rows = Passage.objects.filter(thread=story.thread_id, version__in=wanted).order_by("version", "position")
    for number, position, text in rows.values_list("version", "position", "text"):
        # The head is the headline, and the standfirst after an empty line.
        texts[number] += text.split("\n\n", 1) if position == 0 else [text]
    compared = texts[before.version] if before else texts[shown.version]
    return Versions(updates, shown, before, differences(compared, texts[shown.version]))


def updates_of(story: StoryPage) -> list[Update]:
    """All updates of a story, newest first, with who hid their words. Cost: 1 query."""
    return list(story.updates.select_related("hidden_by").order_by("-pk"))


def passages_of(story: StoryPage) -> list[str]:
    """The words of a published story, paragraph by paragraph; the first is its head. Cost: 1 query."""
    shown = Passage.objects.filter(thread=story.thread_id, version=story.version).order_by("position")
    return list(shown.values_list("text", flat=True))


def own_error_report(member: User, story_id: int, report_id: int) -> ErrorReport:
    """A report that the member made, with its story. Cost: 1 query.

    Raises:
        ErrorReport.DoesNotExist: there is none of theirs.
    """
    return ErrorReport.objects.select_related("story").get(pk=report_id, story=story_id, member=member)


def error_reports(viewer: User, *, is_settled: bool = False) -> QuerySet[ErrorReport]:
    """The reports about stories that somebody may publish: those that wait, oldest first, or those that are settled.

    Cost: 2 queries, once per viewer, and 1.
    """
    pages = page_permission_policy.instances_user_has_permission_for(viewer, "publish")
    found = ErrorReport.objects.filter(story__in=pages.values("pk")).select_related("story", "member", "settled_by")
    if is_settled:
        return found.exclude(outcome=ErrorReport.Outcome.OPEN).order_by("-settled_at")
    return found.filter(outcome=ErrorReport.Outcome.OPEN).order_by("pk")


def with_passages(reports: Iterable[ErrorReport]) -> list[tuple[ErrorReport, str]]:
    """Reports, each with the words that it is about; none for the story as a whole. Cost: 1 query."""
    rows = list(reports)
    passages = Passage.objects.filter(
        thread__in={row.story.thread_id for row in rows},
        version__in={row.version for row in rows},
        position__in={row.position for row in rows if row.position is not None},
    )
    words: dict[Any, str] = {
        (passage.thread_id, passage.version, passage.position): passage.text for passage in passages
    }
    return [(row, words.get((row.story.thread_id, row.version, row.position), "")) for row in rows]


def shown_poll(poll_id: int) -> Poll:
    """The poll with its story, as long as the story shows it. Cost: 1 query.

    Raises:
        Poll.DoesNotExist: there is none, or its story is not published or no longer asks.
    """
    poll = Poll.objects.select_related("story").get(pk=poll_id)
    if not policy.is_shown(poll):
        raise Poll.DoesNotExist
    return poll


def poll_for(poll: Poll, viewer: Viewer) -> PollView:
    """The poll as this viewer sees it, with their own answer. Cost: 2 queries at any number of votes."""
    own = PollVote.objects.filter(poll=poll, voter_id=viewer.pk) if viewer.is_authenticated else PollVote.objects.none()
    return view(poll, own.values_list("option_id", flat=True).first())


def drifted_options() -> QuerySet[Any]:
    """Answers of polls whose counter differs from the votes that are kept: none, while all is well. Cost: 1 query.

    Each has beside `votes` what was counted, as `counted`.
    """
    return PollOption.objects.annotate(counted=Count("cast")).exclude(votes=F("counted")).order_by("pk")


def front_changes(page: Page, number: str | int) -> tuple[ListPage[Any], list[FrontChange]]:
    """A page of the versions of a front page or a section, newest first, and what each has changed in words.

    Cost: 4 queries at any number of versions.
    """
    revisions = page.revisions.select_related("user").order_by("-pk")
    shown = Paginator(revisions, FRONT_CHANGES_PAGE_SIZE).get_page(number)
    # One more, which the last on this page is compared with.
    start = shown.start_index() - 1 if shown.paginator.count else 0
    rows = list(revisions[start : start + FRONT_CHANGES_PAGE_SIZE + 1])
    slots = [slot for row in rows for slot in row.content.get("slots", ())]
    limits = [limit for row in rows for limit in row.content.get("limits", ())]
    names = _Names(
        dict(StoryPage.objects.filter(pk__in={slot["story"] for slot in slots}).values_list("pk", "title")),
        dict(
            SectionPage.objects.filter(
                pk__in={row.get("section") for row in (*slots, *limits) if row.get("section")}
            ).values_list("pk", "title")
        ),
    )
    arranged = [names.arrangement(row.content) for row in rows]
    earlier = [*arranged[1:], Arrangement()]
    found = [
        FrontChange(row.created_at, str(row.user or ""), told(before, after), _state(page, row))
        for row, after, before in zip(rows, arranged, earlier, strict=True)
    ]
    return shown, found[:FRONT_CHANGES_PAGE_SIZE]


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of what slots point at, by key."""

    stories: dict[Any, str]
    sections: dict[Any, str]

    def arrangement(self, content: dict[str, Any]) -> Arrangement:
        """What a revision says, in words."""
        slots = sorted(content.get("slots", ()), key=lambda slot: slot["sort_order"] or 0)
        words = [(gettext("Title"), content.get("title", ""))]
        if "introduction" in content:
            words.append((pgettext("of a section", "Introduction"), content["introduction"]))
        return Arrangement(
            [self._slot(slot, "introduction" in content) for slot in slots],
            [
                gettext("at most {count} from {section}").format(
                    count=row["most"], section=self._section(row["section"])
                )
                for row in content.get("limits", ())
            ],
            tuple(words),
        )

    def _slot(self, slot: dict[str, Any], of_section: bool) -> str:
        kinds = {value: str(label).partition(":")[0] for value, label in StoryPage.Kind.choices}
        story = self._story(slot["story"]) if slot["story"] else ""
        section = (
            gettext("this section") if of_section else self._section(slot["section"]) if slot.get("section") else ""
        )
        times = (_printed(slot["begins_at"]), _printed(slot["ends_at"]))
        return slot_phrase(story, section, kinds.get(slot["kind"], slot["kind"]), slot["newer_than_hours"], *times)

    def _story(self, key: int) -> str:
        return f"“{self.stories[key]}”" if key in self.stories else gettext("a story that was deleted")

    def _section(self, key: int) -> str:
        return self.sections.get(key, gettext("a section that was deleted"))


def _printed(stored: str | None) -> str:
    at = parse_datetime(stored) if stored else None
    return dated(timezone.localtime(at), "j F Y, H:i") if at else ""


def _state(page: Page, revision: Any) -> str:
    if revision.pk == page.live_revision_id:
        return gettext("readers see it")
    if revision.approved_go_live_at:
        return gettext("goes live {time}").format(time=_printed(revision.approved_go_live_at.isoformat()))
    is_draft = page.live_revision_id is None or revision.pk > page.live_revision_id
    return pgettext("version of a page", "draft") if is_draft else pgettext("version of a page", "earlier")
