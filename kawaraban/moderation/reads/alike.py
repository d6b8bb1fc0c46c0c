"""What was decided about the same words before, or about nearly the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kawaraban.discussion.models import Comment
from kawaraban.screening import likeness
from kawaraban.screening.reads import MOST_LIKE, keys_like

# Of the pieces of two texts, shared: another word or two in a sentence of ten.
NEARLY = 0.5
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Alike:
    """A comment that was decided about; `share` of the pieces are the same, 0.5 to 1."""

    comment: Comment
    share: float

    @property
    def words(self) -> str:
        """How much is the same, in words."""
        if self.share == 1:
            return _("the same words")
        return _("{percent} % the same").format(percent=int(100 * self.share))


def alike_to(comment: Comment) -> list[Alike]:
    """Decided comments with nearly the same words, the most alike first, of those the newest. Cost: 1 query, no scan.

    Those whose words have changed since, or were erased, are left out.
    """
    text = comment.withheld or comment.source
    if not text.strip():
        return []
    found = Comment.objects.filter(pk__in=keys_like(text)).exclude(pk=comment.pk).defer("html")
    rows = found.select_related("decision__rule", "approval", "thread").order_by("-pk")[:MOST_LIKE]
    here = likeness.pieces(text)
    alike = [Alike(each, likeness.share(here, likeness.pieces(each.withheld or each.source))) for each in rows]
    nearly = [each for each in alike if each.share >= NEARLY and (each.comment.withheld or each.comment.source)]
    return sorted(nearly, key=lambda each: -each.share)[:MOST_SHOWN]
