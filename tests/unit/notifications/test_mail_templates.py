"""Templates: hostile ones are refused where they are stored, with their line, and none reads, writes or runs more than it is given."""

import time
from typing import Any

import pytest

from contor.notifications.mail.kinds import KINDS
from contor.notifications.mail.templates import TemplateFailed, Wording, faults_of, said, written
from contor.notifications.mail.templates.texts import shipped

SAMPLE: dict[str, Any] = {
    "document": {"number": "RE-1", "rows": [{"name": "Work"}], "items": [1], "due": None},
    "customer": {"name": "A"},
}
DEEP = 20_000


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("{{ ''.__class__ }}", 1),
        ("{{ document.__class__.__mro__ }}", 1),
        ("{{ document['__class__'] }}", 1),
        ("{{ document.number.format(1) }}", 1),
        ("{{ document|attr('number') }}", 1),
        ("a\nb\n{% for i in range(10**9) %}x{% endfor %}", 3),
        ("{% for a in document.rows %}\n{% for b in document.rows %}x{% endfor %}{% endfor %}", 2),
        ("{% for a in document.rows recursive %}{{ loop(a) }}{% endfor %}", 1),
        ("{% for a in document.number %}x{% endfor %}", 1),
        ("{% for a in document.rows if a.name %}x{% endfor %}", 1),
        ("{{ 'a' * 10**9 }}", 1),
        ("{{ 10 ** 9 ** 9 }}", 1),
        ("{{ '%1000000000s' % 1 }}", 1),
        ("{{ document.number|center(1000000000) }}", 1),
        ("{{ document.number|replace('R', 'x') }}", 1),
        ("{{ document.rows|join(document.number) }}", 1),
        ("{{ cycler }}{{ lipsum(100000) }}", 1),
        ("{{ self }}", 1),
        ("{{ namespace() }}", 1),
        ("\n{% set x = 1 %}", 2),
        ("{% macro a() %}{{ a() }}{% endmacro %}", 1),
        ("{% include 'settings' %}", 1),
        ("{% import 'os' as os %}", 1),
        ("{% extends 'x' %}", 1),
        ("{% block a %}{% endblock %}", 1),
        ("{% filter upper %}x{% endfilter %}", 1),
        ("{% autoescape false %}x{% endautoescape %}", 1),
        ("{% do x %}", 1),
        ("{{ loop.index }}", 1),
        ("{% for a in document.rows %}{{ loop.cycle('a') }}{% endfor %}", 1),
        ("{{ {'a': 1} }}", 1),
        ("\n\n{{ document.numbr }}", 3),
        ("{{ documents.number }}", 1),
        ("{% if document.number %}", 1),
        ("{{ document.number", 1),
        ("{{ " + "(" * DEEP, 1),
        ("{{ " + "9" * DEEP + " }}", 1),
        ("{{ document.number" + "|upper" * DEEP + " }}", 1),
        ("{% if document.number %}" * DEEP, 1),
        ("{{" * DEEP, 1),
        ("{{ -document.number }}", 1),
    ],
)
def test_a_hostile_or_broken_template_is_refused_with_its_line_and_at_once(source: str, line: int) -> None:
    began = time.process_time()
    faults = faults_of(source, SAMPLE)
    assert time.process_time() - began < 5
    assert faults, "it is refused"
    assert faults[0].line == line
    with pytest.raises(TemplateFailed):
        written(source, SAMPLE)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ document.number }}", "RE-1"),
        ("{{ document['number'] }}|{{ document.number|lower }}|{{ document.number ~ '!' }}", "RE-1|re-1|RE-1!"),
        (
            "{% for row in document.rows %}{{ loop.index }}. {{ row.name }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "1. Work",
        ),
        ("{% for one in document.items %}{{ one }}{% else %}none{% endfor %}", "1"),
        ("{{ document.due }}|{{ document.due|default('never', true) }}", "|never"),
        ("{% if document.due %}due{% elif customer.name == 'A' %}A{% else %}no{% endif %}", "A"),
        ("{{ document.rows|length }} {{ (document.rows|first).name }} {{ document.rows[0].name }}", "1 Work Work"),
        ("{{ 'yes' if customer.name is defined and not document.due else 'no' }}", "yes"),
        ("{% raw %}{{ nothing }}{% endraw %}", "{{ nothing }}"),
        ("{# a note #}x", "x"),
    ],
)
def test_what_a_template_may_say(source: str, text: str) -> None:
    assert faults_of(source, SAMPLE) == []
    assert written(source, SAMPLE) == text


def test_in_html_values_are_escaped_and_in_text_they_are_not() -> None:
    values = {"customer": {"name": "<script>alert('x')</script> & Co"}}
    assert written("<b>{{ customer.name }}</b>", values, is_html=True) == (
        "<b>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; Co</b>"
    )
    assert written("{{ customer.name }}", values) == values["customer"]["name"]


def test_a_value_that_looks_like_a_template_is_none() -> None:
    assert written("{{ customer.name }}", {"customer": {"name": "{{ 7 * 7 }}"}}) == "{{ 7 * 7 }}"


def test_what_is_written_is_never_endless() -> None:
    values = {"rows": ["x" * 50_000] * 100}
    with pytest.raises(TemplateFailed, match="makes more than 1000000 characters"):
        written("{% for row in rows %}{{ row }}{% endfor %}", values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_kind_comes_with_a_template_that_names_what_it_is_given(kind: str, language: str) -> None:
    wording = shipped()[kind, language]
    assert faults_of(wording.subject, KINDS[kind].sample) == faults_of(wording.text, KINDS[kind].sample) == []
    made = said(wording, KINDS[kind].sample)
    assert made.subject
    assert "None" not in made.text
    assert made.html is None


def test_a_subject_is_one_line() -> None:
    wording = Wording("{{ customer.name }}", "x", None)
    assert said(wording, {"customer": {"name": "A\r\nBcc: evil@example.com"}}).subject == "A Bcc: evil@example.com"
