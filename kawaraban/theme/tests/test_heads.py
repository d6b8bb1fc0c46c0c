"""The place in a page's head where other rooms add what is theirs."""

from __future__ import annotations

from django.template import Context, Template
from django.utils.html import format_html

from kawaraban.theme import heads


def test_each_room_that_asked_for_it_adds_to_the_head(monkeypatch):
    monkeypatch.setattr(heads, "_heads", [])
    heads.register(lambda page: format_html('<meta name="a" content="{}">', page["said"]))
    heads.register(lambda page: "<b>not declared safe</b>")
    html = Template("{% load heads %}{% heads %}").render(Context({"said": '"><i>'}))
    assert html == '<meta name="a" content="&quot;&gt;&lt;i&gt;">&lt;b&gt;not declared safe&lt;/b&gt;'
