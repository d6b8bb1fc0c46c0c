"""The comments of a page."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from kawaraban.discussion.fragments import comments_html, own_comments_html
from kawaraban.discussion.reads import ThreadPage

register = template.Library()


@register.simple_tag(takes_context=True)
def comments(context: Context, page: ThreadPage) -> SafeString:
    """Each comment of a page; on a personal page (`mine`) with what is the viewer's. Cost: none."""
    mine = context.get("mine")
    made = own_comments_html(page, mine, str(context["csrf_token"])) if mine else comments_html(page)
    return mark_safe("".join(made))  # noqa: S308 - each a rendered template
