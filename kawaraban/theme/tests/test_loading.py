"""Words that are put into a template once are those that Django would put in each time."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch
from django.utils import translation

from kawaraban.theme.loading import addressed, spoken

PUT_IN = (
    '<a title="{% translate "Search" %}">{% translate "Sign in" %}</a>',
    "{% blocktranslate trimmed with number=page.number count=page.count|add:1 %}"
    "Page {{ number }} of {{ count }}{% endblocktranslate %}",
    "{% blocktranslate trimmed %}\n  Nothing was changed.\n  Please try again in half a minute.\n"
    "{% endblocktranslate %}",
    "{% blocktranslate trimmed %}{{ site_name }}. {{ tagline }}{% endblocktranslate %}",
    '{% translate "Nothing of ours" context "a place" %}',
)
LEFT = (
    '{% translate "Search" as search %}{{ search }}',
    "{% translate page.word %}",
    "{% blocktranslate trimmed count days=page.count %}{{ days }} day{% plural %}"
    "{{ days }} days{% endblocktranslate %}",
    "{% blocktranslate asvar said %}Search{% endblocktranslate %}{{ said }}",
    "{% blocktranslate trimmed %}100 % of {{ site_name }}{% endblocktranslate %}",
    '{% translate "100%" %}',
)
VALUES = {"page": {"number": 2, "count": 1_204, "word": "Search"}, "site_name": "Tom & Co", "tagline": "<b>"}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("source", [*PUT_IN, *LEFT])
def test_a_template_says_the_same_as_without(source, language):
    with translation.override(language):
        by_django = Template("{% load i18n %}" + source).render(Context(VALUES))
        put_in = spoken(source)
        assert Template("{% load i18n %}" + put_in).render(Context(VALUES)) == by_django
    assert ("translate" in put_in) is (source in LEFT)


def test_a_template_is_kept_for_each_language(site, stranger):
    for language, word in (("en", "Skip to the text"), ("ja", "本文へ進む"), ("en", "Skip to the text")):
        with override_settings(LANGUAGE_CODE=language):
            assert word in stranger.get("/nowhere/").text


FIXED = ("{% static 'theme/base.css' %}", '{% static "theme/mark.svg" %}', "{% url 'discussion:standing' %}")
DEPENDING = (
    "{% url 'decisions:decision' page.number %}",
    "{% url 'discussion:standing' as there %}{{ there }}",
    "{% static page.word %}",
    "{% static 'theme/mark.svg' as mark %}{{ mark }}",
)


@pytest.mark.parametrize("source", [*FIXED, *DEPENDING])
def test_an_address_that_depends_on_nothing_is_put_in(source):
    load = "{% load static %}"
    by_django = Template(load + source).render(Context(VALUES))
    put_in = addressed(source)
    assert Template(load + put_in).render(Context(VALUES)) == by_django
    assert ("{%" in put_in) is (source in DEPENDING)


def test_an_address_that_does_not_exist_is_left_to_django():
    source = "{% url 'nothing:here' %}"
    assert addressed(source) == source
    with pytest.raises(NoReverseMatch):
        Template(source).render(Context())
