"""Terms of payment of an imported e-invoice: due date and BT-20 as they were said, in the new file and on paper."""

import datetime as dt

import pytest
from tests.factories.einvoices.builders import simple
from tests.factories.einvoices.issued_again import issue_again

from contor.documents.einvoice import EInvoice, einvoice_of, left_out
from contor.documents.render.letterhead import information
from contor.documents.render.payment import payment
from contor.documents.render.voice import voice
from contor.kernel.shapes import replace


def told_of(invoice: EInvoice) -> tuple[str, ...]:
    """Of its terms of payment."""
    return tuple(one for one in left_out(invoice, einvoice_of(issue_again(invoice))) if one.startswith(("BT-9", "BT-20")))


SKONTO = "#SKONTO#TAGE=10#PROZENT=2.00#\n"
ON_A_PART = "#SKONTO#TAGE=10#PROZENT=2.00#BASISBETRAG=50.00#\n"


@pytest.mark.parametrize(
    ("said", "due", "term", "told"),
    [
        ("Zahlbar sofort ohne Abzug", None, (0, ()), 0),
        ("30 Tage netto", 30, (30, ()), 0),
        ("Zahlbar sofort", 0, (0, ()), 0),
        ("Davor\n" + SKONTO + "Danach netto.", 30, (30, ((10, "2.00"),)), 0),
        (SKONTO, None, (0, ((10, "2.00"),)), 0),
        (SKONTO + "#SKONTO#TAGE=30#PROZENT=0.00#\n", None, (0, ((10, "2.00"),)), 0),
        (ON_A_PART, 14, (14, ()), 1),
        ("#SKONTO#TAGE=7#PROZENT=2.00#\n   #SKONTO#TAGE=14#PROZENT=1.00#BASISBETRAG=100.00#\n  ", 30, (30, ((7, "2.00"),)), 1),
        ("#SKONTO#TAGE=40#PROZENT=1.00#\n", 30, (30, ()), 1),
        ("".join(f"#SKONTO#TAGE={days}#PROZENT=1.00#\n" for days in (1, 2, 3, 4, 5, 6)), None, (0, 5), 1),
        (SKONTO + "#SKONTO#TAGE=10#PROZENT=3.00#\n", None, (0, ((10, "2.00"),)), 1),
        (None, None, (0, ()), 0),
        (None, 0, (0, ()), 0),
        (None, -20, (0, ()), 0),
        (None, 367, (366, ()), 0),
        ("Zahlbar in zwei Jahren", 730, (366, ()), 0),
        ("x" * 900, 7, (7, ()), 0),
    ],
)
@pytest.mark.parametrize("type_code", ["380", "381"])
def test_terms_of_payment_stay_as_they_were_said(
    said: str | None, due: int | None, term: tuple[int, object], told: int, type_code: str
) -> None:
    """Due date, order of the lines and Skonto; nobody invents a day, and Skonto that is not granted is told."""
    base = einvoice_of(simple())
    date = base.issue_date + dt.timedelta(days=due) if due is not None else None
    invoice = replace(base, type_code=type_code, payment_terms=said, due_date=date)
    document = issue_again(invoice)
    given = document.payment_term
    offers = tuple((it.days, f"{it.percentage:.2f}") for it in given.cash_discount)
    assert (given.period_in_days, len(offers) if isinstance(term[1], int) else offers) == term
    assert document.due_date == (date or document.document_date)
    again = einvoice_of(document)
    assert again.due_date == date
    lines = [[line.strip() for line in (text or "").strip().split("\n")] for text in (said, again.payment_terms)]
    assert lines[0] == lines[1]
    found = told_of(invoice)
    assert len(found) == told
    assert all("printed and not granted" in one for one in found)


@pytest.mark.parametrize(
    ("said", "due", "printed"),
    [
        ("Zahlbar in zwei Raten", None, ["Bitte zahlen Sie 119,00 € wie vereinbart.", "Zahlbar in zwei Raten"]),
        (None, 14, ["Bitte zahlen Sie 119,00 € bis zum 04.12.2026."]),
        (None, None, ["Bitte zahlen Sie 119,00 € sofort nach Erhalt."]),
        (
            f"Davor\n{SKONTO}#SKONTO#TAGE=5#PROZENT=1.00#BASISBETRAG=-5.53#\n",
            None,
            [
                "Bitte zahlen Sie 119,00 € wie vereinbart.",
                "Davor",
                "Bei Zahlung bis zum 30.11.2026: 2 % Skonto, zu zahlen 116,62 € (Abzug 2,38 €).",
                "1 % Skonto auf -5,53 € innerhalb von 5 Tagen.",
            ],
        ),
    ],
)
def test_the_paper_says_the_terms_in_words_and_no_day_of_its_own(said: str | None, due: int | None, printed: list[str]) -> None:
    base = einvoice_of(simple())
    date = base.issue_date + dt.timedelta(days=due) if due is not None else None
    document = issue_again(replace(base, payment_terms=said, due_date=date, payment=None))
    shown = payment(document, voice("de"))["payment_sentences"]
    assert isinstance(shown, list)
    assert [line.replace("\u00a0", " ").replace("\u2212", "-") for line in shown] == printed
    labels = dict(information(document, voice("de")))
    assert labels.get("Zahlbar bis") == (None if due is None else "04.12.2026")
