"""The orders, parts and pages of a thread as links, for templates."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from kawaraban.discussion.orders import COMMON_GROUND, ORDERS, PARTS, WHOLE, View
from kawaraban.discussion.reads import CONCERNS, ThreadPage

register = template.Library()


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to another view of the same thread."""

    label: str
    query: str
    is_shown: bool = False
    rel: str = ""


@register.filter
def orders(page: ThreadPage) -> list[Choice]:
    """A link for each order; that of common ground only where groups are looked for."""
    view = page.view
    return [
        Choice(str(order.label), view.query(order=order.name, page=1), order.name == view.order)
        for order in ORDERS.values()
        if order.name != COMMON_GROUND or page.thread.finds_groups
    ]


@register.filter
def parts(view: View) -> list[Choice]:
    """A link for each part; the one that is shown leads back to the whole."""
    return [
        Choice(str(label), view.query(part="" if name == view.part else name, page=1), name == view.part)
        for name, label in PARTS.items()
    ]


@register.filter
def page_links(page: ThreadPage) -> list[Choice]:
    """The pages before and after, the first and the last, and all on one page where that is possible."""
    view, at = page.view, page.view.page
    links = []
    if at > 1:
        links += [Choice(_("First"), view.query(page=1)), Choice(_("Previous"), view.query(page=at - 1), rel="prev")]
    if 0 < at < page.pages:
        links += [
            Choice(_("Next"), view.query(page=at + 1), rel="next"),
            Choice(_("Last"), view.query(page=page.pages)),
        ]
    if at and page.found <= WHOLE:
        links.append(Choice(_("All on one page"), view.query(page=0)))
    if not at:
        links.append(Choice(_("In pages"), view.query(page=1)))
    return links


@register.filter
def concern(part: str) -> str:
    """The heading of a part of the page about the viewer."""
    return str(CONCERNS[part])


@register.filter
def part_query(part: str) -> str:
    """What the address of a part of that page adds to a page's number."""
    return f"part={part}&"
