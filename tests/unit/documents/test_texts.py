"""Texts of documents in words of the tenant's own: which there are, what they must have, and where they are looked for."""

import re

import pytest
from tests.checkers.printed import text_of
from tests.factories.papers import PAPERS

from contor.documents.einvoice import einvoice_of, why_no_xml
from contor.documents.labels import Label
from contor.documents.render import render_pdf
from contor.documents.texts import TEXTS, chain, locale_of, placeholders, problems, texts_for
from contor.documents.types import Document
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER

OWN = {
    key: " ".join([f"q{number}q", *(f"{{{name}}}" for name in sorted(text.placeholders))])
    for number, (key, text) in enumerate(TEXTS.items())
}
"""Words that nothing else says, with every placeholder."""


def pieces(label: Label, language: str) -> set[str]:
    """What a label says by itself, between its placeholders: as much as nobody writes by chance."""
    return {piece for piece in re.split(r"\{\w+\}|\s", label.de if language == "de" else label.en) if len(piece) > 6}


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_no_text_of_a_page_is_written_elsewhere(name: str) -> None:
    """With every text replaced, the page and the e-invoice say nothing in our words but what the document's own data say."""
    document: Document = PAPERS[name].document
    language = "de" if document.language == "de" else "en"
    own = replace(document, texts=OWN)
    page = text_of(render_pdf(own, None)).replace("\u00ad", "").replace("\n", "")
    data = ENCODER.encode(document).decode()
    said = {piece for label in Label for piece in pieces(label, language)}
    assert {piece for piece in said if piece in page and piece not in data} == set()
    assert OWN["document_date"] in page
    if not why_no_xml(own):
        notes = " ".join(note.text for note in einvoice_of(own).notes)
        assert {piece for piece in said if piece in notes and piece not in data} == set()


def test_locales_are_languages_with_a_country_perhaps() -> None:
    assert [locale_of(text) for text in ("de", "deu", "de-at", "de_AT", "de-AUT", "fr-FR")] == [
        "de",
        "de",
        "de-AT",
        "de-AT",
        "de-AT",
        "fr-FR",
    ]
    assert [locale_of(text) for text in ("", "xx", "de-", "de-QQ", "deutsch", "de-AT-x", "../de")] == [None] * 7
    assert [chain(text) for text in ("de-AT", "de")] == [("de-AT", "de"), ("de",)]


@pytest.mark.parametrize(
    ("language", "country", "found"),
    [
        ("de", "AT", {"amount": "Preis", "position": "Nr"}),
        ("de", "DE", {"amount": "Wert", "position": "Nr"}),
        ("deu", None, {"amount": "Wert", "position": "Nr"}),
        ("fr", "FR", {"amount": "Montant"}),
        ("fr", "BE", {}),
        ("en", "AT", {}),
    ],
)
def test_texts_are_looked_for_in_the_locale_then_in_the_language(language: str, country: str | None, found: dict[str, str]) -> None:
    known = {"de-AT": {"amount": "Preis"}, "de": {"amount": "Wert", "position": "Nr"}, "fr-FR": {"amount": "Montant"}}
    assert texts_for(known, language, country) == found


@pytest.mark.parametrize(
    ("key", "locale", "text", "code"),
    [
        ("position", "de", "Nr", None),
        ("page", "de", "{page} / {pages}", None),
        ("page", "de", "{page}", "translation_placeholders_differ"),
        ("page", "de", "{page} {pages} {secret}", "translation_placeholders_differ"),
        ("page", "de", "{page.__class__} {pages}", "translation_placeholders_differ"),
        ("page", "de", "{page!r} {pages}", "translation_placeholders_differ"),
        ("page", "de", "{page:>99999999} {pages}", "translation_placeholders_differ"),
        ("page", "de", "{0} {pages}", "translation_placeholders_differ"),
        ("page", "de", "{page {pages}", "translation_placeholders_differ"),
        ("position", "de", "{{Nr}}", None),
        ("position", "de", "   ", "translation_blank"),
        ("never_heard_of", "de", "x", "translation_key_unknown"),
        ("title_self_billing_invoice", "de", "Abrechnung", "translation_forbidden"),
        ("title_self_billing_invoice", "de-AT", "Gutschrift (Provision)", None),
        ("title_self_billing_invoice", "fr", "Autofacture", None),
        ("title_credit_memo", "de", "Gutschrift", "translation_forbidden"),
        ("title_credit_memo", "de", "Korrekturrechnung", None),
        ("sample", "de", "Rechnung", "translation_forbidden"),
        ("sample", "fr", "Facture", "translation_forbidden"),
        ("sample", "fr", "SPECIMEN / pas une facture", None),
        ("sample", "de", "Muster", None),
    ],
)
def test_words_have_what_the_text_needs(key: str, locale: str, text: str, code: str | None) -> None:
    """Its placeholders and nothing that reaches further; what the law calls Gutschrift, and nothing else, is called so; samples say it."""
    assert [problem.code for problem in problems(key, locale, text, "text")] == ([] if code is None else [code])


def test_both_languages_of_a_text_have_the_same_placeholders() -> None:
    assert {key for key, text in TEXTS.items() if placeholders(text.de) != placeholders(text.en)} == set()
