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
from contor.dunning.letters import DebitBack, LetterPage, PageRow, render_letter
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


def test_the_code_is_over_the_demand_and_names_the_letter_and_its_documents(document: Document) -> None:
    from contor.documents.render import girocode

    account = document.seller.bank_accounts[0]
    content = girocode.transfer(account, document.seller.name, D("96.23"), "ml-1 RE-1 GU-2")
    assert "EUR96.23" in content
    assert shown(document, "de")["code"] == girocode.picture(content)
    assert ["Verwendungszweck", "ml-1 RE-1 GU-2"] in shown(document, "de")["account"]
    assert shown(document, "de", currency="EUR", demand=D(0))["code"] == ""


def test_the_letter_stands_first_then_as_many_of_its_documents_as_a_transfer_has_room_for(document: Document) -> None:
    numbers = [f"RE-2026-{number:06d}" for number in range(1, 46)]
    said = dict(shown(document, "de", rows=tuple(replace(ROW, ident=number) for number in numbers))["account"])["Verwendungszweck"]
    assert said == " ".join(["ml-1", *numbers[:9]])
    assert len(said) <= 140


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


PARTS = replace(
    ROW,
    fee=D("5.00"),
    flat=D("35.00"),
    return_costs=D("6.50"),
    earlier_fees=D("2.50"),
    earlier_flat=D("5.00"),
    interest=D("1.40"),
    interest_from=dt.date(2026, 9, 26),
    interest_until=dt.date(2026, 10, 12),
    earlier_interest=D("1.91"),
    earlier_interest_from=dt.date(2026, 9, 10),
    earlier_interest_until=dt.date(2026, 9, 25),
)


@pytest.mark.parametrize(
    ("language", "costs", "interest"),
    [
        (
            "de",
            [
                ("Verzugskosten", "54,00 €"),
                ("davon Mahngebühr", "5,00 €"),
                ("davon Pauschale (§ 288 Abs. 5 BGB)", "35,00 €"),
                ("davon Bankkosten zurückgegebener Lastschriften", "6,50 €"),
                ("davon noch offen: frühere Mahngebühren", "2,50 €"),
                ("davon noch offen: frühere Pauschale (§ 288 Abs. 5 BGB)", "5,00 €"),
            ],
            [
                "Verzugszinsen auf RE-1, 10.09.2026 bis 25.09.2026, aus früheren Schreiben noch offen: 1,91 €.",
                "Verzugszinsen auf RE-1, 26.09.2026 bis 12.10.2026: 1,40 €.",
            ],
        ),
        (
            "en",
            [
                ("Costs of default", "€54.00"),
                ("of which fee for this letter", "€5.00"),
                ("of which flat charge (section 288 (5) BGB)", "€35.00"),
                ("of which bank costs of returned debits", "€6.50"),
                ("of which still open: earlier fees", "€2.50"),
                ("of which still open: earlier flat charge (section 288 (5) BGB)", "€5.00"),
            ],
            [
                "Interest on RE-1, 10 Sep 2026 to 25 Sep 2026, still open of earlier letters: €1.91.",
                "Interest on RE-1, 26 Sep 2026 to 12 Oct 2026: €1.40.",
            ],
        ),
    ],
)
def test_every_part_of_costs_and_interest_is_named(document: Document, language: str, costs: Any, interest: Any) -> None:
    found = shown(document, language, rows=(PARTS,), costs=D("54.00"), interest=D("3.31"))
    said = [(label, value.replace("\u00a0", " ")) for label, value, _ in found["sums"]]
    assert said[1:7] == costs
    assert [note.replace("\u00a0", " ") for note in found["notes"]][:2] == interest


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("de", "Verzugszinsen auf RE-1, 26.09.2026 bis 12.10.2026: 3,31 €, abzüglich früher geforderter 1,91 €: 1,40 €."),
        ("en", "Interest on RE-1, 26 Sep 2026 to 12 Oct 2026: €3.31, less €1.91 that was claimed before: €1.40."),
    ],
)
def test_interest_that_is_the_rest_of_its_time_says_so(document: Document, language: str, wanted: str) -> None:
    row = replace(
        PARTS, interest_deducted=D("1.91"), earlier_interest=D(0), earlier_interest_from=None, earlier_interest_until=None
    )
    assert shown(document, language, rows=(row,))["notes"][0].replace("\u00a0", " ") == wanted


@pytest.mark.parametrize(
    ("language", "level", "ours", "wanted"),
    [
        (
            "de",
            1,
            None,
            "die Lastschrift vom 19.01.2026 für RE-1, RE-3 kam am 26.01.2026 zurück; die Lastschrift vom 20.01.2026 für RE-2 kam am"
            " 22.01.2026 zurück. Wir bitten Sie, die folgenden Beträge bis zum 09.03.2026 auszugleichen.",
        ),
        (
            "en",
            1,
            None,
            "We are writing to you because the direct debit of 19 Jan 2026 for RE-1, RE-3 came back on 26 Jan 2026; the direct debit of"
            " 20 Jan 2026 for RE-2 came back on 22 Jan 2026. Please settle the following amounts by 9 Mar 2026.",
        ),
        ("en", 2, None, "The following amounts are still open in spite of our reminder. Please pay by 9 Mar 2026."),
        ("de", 1, "Bitte zahlen Sie.", "Bitte zahlen Sie."),
    ],
)
def test_the_first_letter_says_that_the_debit_came_back(
    document: Document, language: str, level: int, ours: str | None, wanted: str
) -> None:
    back = DebitBack("RE-1", dt.date(2026, 1, 19), dt.date(2026, 1, 26))
    others = (
        replace(back, ident="RE-2", drawn_on=dt.date(2026, 1, 20), returned_on=dt.date(2026, 1, 22)),
        replace(back, ident="RE-3"),
    )
    said = shown(document, language, level=level, text=ours, returned=(back, *others))["introduction"][1]
    assert said.replace("\u00a0", " ") == wanted


def test_the_same_letter_gives_the_same_bytes(document: Document) -> None:
    assert render_letter(PAGE, document) == render_letter(PAGE, document)
