"""The place in a page's head where other rooms add what is theirs."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from kawaraban.theme.heads import heads_of

register = template.Library()


@register.simple_tag(takes_context=True)
def heads(context: Context) -> SafeString:
    """What the rooms above the theme add to the head of this page (`theme.heads`). Cost: theirs."""
    return format_html_join("", "{}", ((conditional_escape(part),) for part in heads_of(context)))
