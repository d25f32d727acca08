"""What a letter shows: in both languages, to the cent, with the GiroCode over its demand."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from tests.checkers.golden_files import GOLDEN
from tests.checkers.printed import text_of
from tests.factories.dunned import levels

from contor.documents.types import Document, read
from contor.dunning.letters import LetterPage, PageRow, render_letter
from contor.dunning.letters.page import picture
from contor.kernel.shapes import replace as changed

D = Decimal
ROW = PageRow("RE-1", dt.date(2026, 1, 5), dt.date(2026, 1, 19), D("100.00"), D("70.00"), 2)
PAGE = LetterPage(
    ident="ml-1",
    letter_date=dt.date(2026, 3, 2),
    pay_until=dt.date(2026, 3, 9),
    level=2,
    currency="EUR",
    rows=(ROW, replace(ROW, ident="GU-2", outstanding=D("-20.00"), opening=D("-20.00"), level=0)),
    outstanding=D("50.00"),
    costs=D("45.00"),
    flat=D("40.00"),
    interest=D("1.23"),
    demand=D("96.23"),
    points=D(9),
    text=None,
    english_text=None,
    last=("RE-1",),
    made_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
)


@pytest.fixture(scope="module")
def document() -> Document:
    frozen = msgspec.json.decode((GOLDEN / "documents" / "invoice.json").read_bytes())["frozen"]
    return changed(read(msgspec.json.encode(frozen)), currency="EUR")


def shown(document: Document, language: str, **more: Any) -> dict[str, Any]:
    return picture(replace(PAGE, **more), changed(document, language=language))


@pytest.mark.parametrize(
    ("language", "title", "rows", "sums"),
    [
        (
            "de",
            "Mahnung",
            [["RE-1", "05.01.2026", "19.01.2026", "2", "100,00", "30,00", "70,00"]],
            [("Offene Beträge", "50,00 €"), ("Verzugskosten", "45,00 €"), ("Verzugszinsen", "1,23 €"), ("Zu zahlen", "96,23 €")],
        ),
        (
            "fr",
            "Reminder",
            [["RE-1", "5 Jan 2026", "19 Jan 2026", "2", "100.00", "30.00", "70.00"]],
            [
                ("Open amounts", "€50.00"),
                ("Costs of default", "€45.00"),
                ("Interest on arrears", "€1.23"),
                ("To be paid", "€96.23"),
            ],
        ),
    ],
)
def test_both_languages(document: Document, language: str, title: str, rows: Any, sums: Any) -> None:
    found = shown(document, language)
    plain = [[text.replace("\u00a0", " ") for text in row] for row in found["rows"]]
    assert (found["title"], plain[:1]) == (title, rows)
    said = {(label, value.replace("\u00a0", " ")) for label, value, _ in found["sums"]}
    assert said >= set(sums)
    assert "DE02 1203 0000 0000 2020 51" in [value.replace("\u00a0", " ") for _, value in found["account"]]
    assert found["code"].startswith("<svg")


def test_the_code_is_over_the_demand_and_names_what_is_owed(document: Document) -> None:
    from contor.documents.render import girocode

    account = document.seller.bank_accounts[0]
    content = girocode.transfer(account, document.seller.name, D("96.23"), "RE-1")
    assert "EUR96.23" in content
    assert shown(document, "de")["code"] == girocode.picture(content)
    assert shown(document, "de", currency="EUR", demand=D(0))["code"] == ""


@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_level_becomes_a_page(document: Document, level: int, language: str) -> None:
    text = text_of(render_letter(replace(PAGE, level=level), changed(document, language=language)))
    assert "RE-1" in text and "ml-1" in text
    assert ("Einziehung" if language == "de" else "collection agency") in text


@pytest.mark.parametrize(
    ("last", "wanted"),
    [
        ((), []),
        (("RE-2",), ["Nach diesem Tag geben wir die Forderung aus RE-2 zur Einziehung ab."]),
        (("RE-1", "RE-2"), ["Nach diesem Tag geben wir die Forderung zur Einziehung ab."]),
    ],
)
def test_only_what_has_no_further_level_is_said_to_be_handed_over(
    document: Document, last: tuple[str, ...], wanted: list[str]
) -> None:
    """Credits are not owed: that there is one makes no difference."""
    rows = (*PAGE.rows, replace(ROW, ident="RE-2", level=3))
    assert shown(document, "de", rows=rows, last=last)["introduction"][2:] == wanted


def test_the_tenants_own_text_stands_in_the_place_of_ours_and_is_never_markup(document: Document) -> None:
    own = 'Bitte #pagebreak() "zahlen" \\ $x$'
    found = shown(document, "de", text=own)
    assert found["introduction"][1] == own
    assert "#pagebreak()" in text_of(render_letter(replace(PAGE, text=own), document))


@pytest.mark.parametrize(
    ("language", "level", "wanted"),
    [
        ("de", {"text": "Zahlen Sie.", "english_text": "Pay."}, "Zahlen Sie."),
        ("en", {"text": "Zahlen Sie.", "english_text": "Pay."}, "Pay."),
        ("fr", {"text": "Zahlen Sie.", "english_text": "Pay."}, "Pay."),
        ("en", {"text": "Zahlen Sie."}, "The following amounts are still open in spite of our reminder. Please pay by 9 Mar 2026."),
        (
            "de",
            {"english_text": "Pay."},
            "trotz unserer Erinnerung sind die folgenden Beträge noch offen. Bitte zahlen Sie bis zum 09.03.2026.",
        ),
    ],
)
def test_a_language_without_a_text_of_its_own_has_ours(
    document: Document, language: str, level: dict[str, str], wanted: str
) -> None:
    """Never the one of the other language; what was stored when there was `text` alone is German."""
    stored = levels({}, level).levels[1]
    said = shown(document, language, text=stored.text, english_text=stored.english_text)["introduction"][1]
    assert said.replace("\u00a0", " ") == wanted


def test_the_same_letter_gives_the_same_bytes(document: Document) -> None:
    assert render_letter(PAGE, document) == render_letter(PAGE, document)
