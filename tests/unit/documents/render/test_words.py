"""Languages, numbers, letters: how the values of a document are said."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.factories.documents import a_customer, a_document, a_seller, an_item, totals_of

from contor.assignment.discounts import last_day
from contor.documents.einvoice.of_document import einvoice_of
from contor.documents.labels import Label
from contor.documents.render.font import BREAK, breakable, legible, text_width
from contor.documents.render.letterhead import addressee, footer_lines, information, shortened, supplier, writer
from contor.documents.render.letterhead import parties as parties_of
from contor.documents.render.payment import cash_discounts
from contor.documents.render.rows import details, price_basis
from contor.documents.render.sums import notes
from contor.documents.render.voice import VOICES, voice
from contor.documents.texts import UNITS
from contor.documents.typefaces import glyph_widths, unprintable
from contor.documents.types import Address, CashDiscount, DocumentType, PaymentTerm, Period, PriceCalculationBasis, PriceTier
from contor.kernel.shapes import replace
from contor.openitems.rules import open_case

DE_VOICE, EN_VOICE = VOICES["de"], VOICES["en"]
NBSP = "\u00a0"


def test_both_languages_name_the_same_units() -> None:
    assert set(UNITS["de"]) == set(UNITS["en"])


@pytest.mark.parametrize(
    ("language", "printed"), [("de", "de"), ("deu", "de"), ("ger", "de"), ("en", "en"), ("fr", "en"), ("zzz", "en")]
)
def test_language(language: str, printed: str) -> None:
    assert voice(language).language == printed


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ("0", "0", "0"),
        ("3.0000", "3", "3"),
        ("1E+3", "1.000", "1,000"),
        ("0.5000", "0,5", "0.5"),
        ("-0.10", "−0,1", "−0.1"),
        ("123456789012345.1234", "123.456.789.012.345,1234", "123,456,789,012,345.1234"),
        ("1E-10", "0,0000000001", "0.0000000001"),
    ],
)
def test_number(value: str, german: str, english: str) -> None:
    assert (DE_VOICE.number(Decimal(value)), EN_VOICE.number(Decimal(value))) == (german, english)


@pytest.mark.parametrize(
    ("value", "currency", "german", "english"),
    [
        ("1234.5", "EUR", f"1.234,50{NBSP}€", "€1,234.50"),
        ("-1234.50", "EUR", f"−1.234,50{NBSP}€", "−€1,234.50"),
        ("1200", "JPY", f"1.200{NBSP}JPY", f"JPY{NBSP}1,200"),
        ("1.5", "KWD", f"1,500{NBSP}KWD", f"KWD{NBSP}1.500"),
        ("-5", "CHF", f"−5,00{NBSP}CHF", f"−CHF{NBSP}5.00"),
    ],
)
def test_money(value: str, currency: str, german: str, english: str) -> None:
    assert (DE_VOICE.money(Decimal(value), currency), EN_VOICE.money(Decimal(value), currency)) == (german, english)


@pytest.mark.parametrize(
    ("value", "unit", "german", "english"),
    [
        ("1", "MON", "1 Monat", "1 month"),
        ("-1", "MON", "−1 Monat", "−1 month"),
        ("2.50", "HUR", "2,5 Std.", "2.5 hours"),
        ("0", "DAY", "0 Tage", "0 days"),
        ("3", "H87", "3 Stk.", "3 pcs"),
        ("7", "ZZ9", "7 ZZ9", "7 ZZ9"),
    ],
)
def test_quantity(value: str, unit: str, german: str, english: str) -> None:
    said = [v.quantity(Decimal(value), unit).replace(NBSP, " ") for v in (DE_VOICE, EN_VOICE)]
    assert said == [german, english]


def test_dates_and_addresses() -> None:
    day = dt.date(2026, 3, 1)
    assert (DE_VOICE.date(day), EN_VOICE.date(day)) == ("01.03.2026", f"1{NBSP}Mar{NBSP}2026")
    assert DE_VOICE.period(Period(start=day, end=day)) == "01.03.2026"
    vienna = Address(street="Ring", street_no="1", addition="Stiege 2", zip="1010", city="Wien", country="AT")
    assert DE_VOICE.address(vienna, "DE") == ["Stiege 2", "Ring 1", "1010 Wien", "ÖSTERREICH"]
    assert EN_VOICE.address(vienna, "AT") == ["Stiege 2", "Ring 1", "1010 Wien"]
    assert EN_VOICE.country("QQQ") == "QQQ"


@pytest.mark.parametrize("partner_is_seller", [True, False])
def test_on_self_billing_papers_we_write_to_the_partner_who_supplies(partner_is_seller: bool) -> None:
    partner, us = a_customer(), a_seller()
    seller, customer = (partner, us) if partner_is_seller else (us, partner)
    document = a_document(document_type=DocumentType.SELF_BILLING_INVOICE, seller=seller, customer=customer)
    assert (writer(document), addressee(document), supplier(document)) == (us, partner, partner)


def test_elsewhere_we_write_and_supply() -> None:
    document = a_document()
    assert (writer(document), addressee(document), supplier(document)) == (a_seller(), a_customer(), a_seller())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain", "plain"),
        ("a\tb", "a b"),
        ("\n\na\n \n\n\nb\n", "a\n\nb"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("👩\u200d👩\u200d👧 ✈\ufe0f", "□□□ □"),
        ("e\u0301", "é"),
        ("नमस्ते", "नमस्ते"),
        ("ไทย", "□" * 3),
        ("Ü\u200bß", "Ü\u200bß"),
        ("\x00", "□"),
        ("a\u202eb\u2066c", "abc"),
    ],
)
def test_legible(written: str, shown: str) -> None:
    assert legible(written) == shown


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Müller & Søn, Łódź", ""),
        ("شركة القاهرة", ""),
        ("חברת החשמל בע״מ", ""),
        ("Αθήνα, ООО «Вектор»", ""),
        ("บริษัท", "บริษัท"),
        ("Café 🎉 ⚡", ""),
        ("ꦗꦮ 12", "ꦗꦮ"),
    ],
)
def test_scripts_without_a_typeface_are_named(text: str, missing: str) -> None:
    """Symbols are no names: a box stands for them."""
    assert unprintable(text) == "".join(dict.fromkeys(missing))


def test_every_text_of_the_program_has_its_glyphs() -> None:
    texts = [
        *(text for label in Label for text in (label.de, label.en)),
        *(unit for units in UNITS.values() for pair in units.values() for unit in pair),
    ]
    assert [text for text in texts if set(text) - set(glyph_widths())] == []


def test_long_words_may_break_and_short_ones_stay() -> None:
    assert breakable("Donaudampfschifffahrt auf Reisen", 75, 10) == "Donaudampfschifffahrt auf Reisen"
    assert breakable("W" * 40, 75, 10) == BREAK.join(["WWWW"] * 10)
    mail = "buchhaltung.eingang@hanseatische-musterwerke.example"
    assert breakable(mail, 40, 6.6) == mail.replace(".", f".{BREAK}").replace("@", f"@{BREAK}").replace("-", f"-{BREAK}")
    assert shortened("Kurz", 10) == "Kurz"
    assert shortened("a\nb  c", 10) == "a b c"
    assert text_width(shortened("n" * 100, 10)) < 10.5
    assert shortened("n" * 100, 10).endswith("n…")
    assert footer_lines([["kurz", "kurz"], ["m" * 40]]) == 3
    assert footer_lines([["m" * 4000]]) == 24


@pytest.mark.parametrize(
    ("day", "days", "state", "said"),
    [
        ("2026-04-30", 14, None, "15.05.2026"),  # Ascension Day
        ("2026-05-21", 14, "BY", "05.06.2026"),  # Corpus Christi, a holiday in Bavaria
        ("2026-05-21", 14, "BE", "04.06.2026"),
        ("2026-11-21", 14, None, "07.12.2026"),  # a Saturday
    ],
)
def test_the_last_day_of_a_discount_is_printed_as_it_is_granted(day: str, days: int, state: str | None, said: str) -> None:
    seller = a_seller()
    terms = PaymentTerm(cash_discount=(CashDiscount(days=days, percentage=Decimal(2)),))
    document = a_document(
        document_date=dt.date.fromisoformat(day),
        payment_term=terms,
        seller=replace(seller, address=replace(seller.address, state=state)),
    )
    assert [line.split(":")[0] for line in cash_discounts(document, DE_VOICE).values()] == [f"Bei Zahlung bis zum {said}"]
    case = open_case(document)
    assert case is not None
    assert f"{last_day(case, terms.cash_discount[0]):%d.%m.%Y}" == said


def test_cash_discount_is_of_what_is_to_be_paid() -> None:
    terms = PaymentTerm(
        cash_discount=(CashDiscount(days=14, percentage=Decimal(2)), CashDiscount(days=7, percentage=Decimal("3.5")))
    )
    lines = [line.replace(NBSP, " ") for line in cash_discounts(a_document(payment_term=terms), DE_VOICE).values()]
    assert lines == [
        "Bei Zahlung bis zum 27.11.2026: 3,5 % Skonto, zu zahlen 114,83 € (Abzug 4,17 €).",
        "Bei Zahlung bis zum 04.12.2026: 2 % Skonto, zu zahlen 116,62 € (Abzug 2,38 €).",
    ]
    in_part = a_document(payment_term=terms, totals=totals_of((an_item(),), prepaid="19.00"))
    assert [line.replace(NBSP, " ").split(": ")[1] for line in cash_discounts(in_part, DE_VOICE).values()] == [
        "3,5 % Skonto, zu zahlen 96,50 € (Abzug 3,50 €).",
        "2 % Skonto, zu zahlen 98,00 € (Abzug 2,00 €).",
    ]
    for prepaid in ("118.90", "119.00", "120.00"):  # of 10 cents it is none
        paid = a_document(payment_term=terms, totals=totals_of((an_item(),), prepaid=prepaid))
        assert cash_discounts(paid, DE_VOICE) == {}


@pytest.mark.parametrize(
    ("basis", "lines"),
    [
        (
            PriceCalculationBasis(type="RECURRING", base_price=Decimal(31), used_days=15, interval_days=31),
            ["anteilig 15 von 31 Tagen, voller Preis 31,00 €"],
        ),
        (PriceCalculationBasis(type="RECURRING", base_price=Decimal(31), used_days=31, interval_days=31), []),
        (
            PriceCalculationBasis(
                type="BLOCK",
                block_size=Decimal(100),
                block_quantity=Decimal(3),
                used_quantity=Decimal(250),
                block_price=Decimal("1.5"),
            ),
            ["3 × 100 kWh zu je 1,50 €, verbraucht 250 kWh"],
        ),
        (
            PriceCalculationBasis(type="BLOCK", block_size=Decimal(60), used_quantity=Decimal(20), block_price=Decimal(15)),
            ["Blöcke von 60 kWh zu je 15,00 €, verbraucht 20 kWh"],
        ),
        (
            PriceCalculationBasis(type="BLOCK", block_size=Decimal(60), block_price=Decimal(15)),
            ["Blöcke von 60 kWh zu je 15,00 €"],
        ),
        (
            PriceCalculationBasis(
                type="TIER_PROGRESSIVE",
                tiers=(
                    PriceTier(quantity=Decimal(1), unit_price=Decimal("0.30")),
                    PriceTier(quantity=Decimal(1000), unit_price=Decimal("0.255")),
                ),
            ),
            ["Staffelpreise: ab 1 kWh: 0,30 €; ab 1.000 kWh: 0,255 €"],
        ),
        (
            PriceCalculationBasis(
                type="TIER_SINGLE",
                tiers=(
                    PriceTier(quantity=Decimal(0), unit_price=Decimal("0.30")),
                    PriceTier(quantity=Decimal(10), unit_price=Decimal("0.25"), above=True),
                ),
            ),
            ["Staffelpreise: ab 0 kWh: 0,30 €; über 10 kWh: 0,25 €"],
        ),
        (PriceCalculationBasis(type="TIME_BASED_USAGE", used_quantity=Decimal("7.25")), ["nach Zeit gemessen: 7,25 kWh"]),
        (
            PriceCalculationBasis(type="PERCENTAGE", used_quantity=Decimal("1234.56"), block_price=Decimal("2.90")),
            ["2,9 % × 1.234,56"],
        ),
        (
            PriceCalculationBasis(
                type="PERCENTAGE",
                used_quantity=Decimal(100),
                block_price=Decimal("2.9"),
                base_price=Decimal("0.25"),
                block_quantity=Decimal(3),
            ),
            ["2,9 % × 100 + 3 × 0,25 €"],
        ),
        (PriceCalculationBasis(type="TIER_SINGLE"), []),
        (
            PriceCalculationBasis(
                type="TIER_SINGLE",
                used_quantity=Decimal(400),
                tiers=(PriceTier(quantity=Decimal(0), unit_price=Decimal("0.17")),),
                quantity_type="HOUR",
            ),
            ["Staffelpreise: ab 0 Std.: 0,17 €; verbraucht 400 Std."],
        ),
    ],
)
def test_price_basis(basis: PriceCalculationBasis, lines: list[str]) -> None:
    assert [line.replace(NBSP, " ") for line in price_basis(basis, "KWH", "EUR", DE_VOICE)] == lines


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("de", ["Unsere Bestellnummer", "Unsere Referenz", "Ihre Auftragsnummer", "Unsere Kontierung"]),
        ("en", ["Our order number", "Our reference", "Your order number", "Our accounting reference"]),
    ],
)
def test_the_reader_of_a_self_billing_paper_is_the_seller(language: str, labels: list[str]) -> None:
    """The buyer's references are ours there, the seller's are the reader's (BT-10, BT-13, BT-14, BT-19)."""
    said = {
        "purchase_order_reference": "BT-13",
        "buyer_reference": "BT-10",
        "sales_order_reference": "BT-14",
        "buyer_accounting_reference": "BT-19",
    }
    parties = {"seller": a_customer(), "customer": a_seller()}
    ours = a_document(document_type=DocumentType.SELF_BILLING_INVOICE, language=language, **parties, **said)
    shown = {value: label for label, value in information(ours, voice(language))}
    assert [shown[term] for term in ("BT-13", "BT-10", "BT-14", "BT-19")] == labels
    usual = {value: label for label, value in information(a_document(language="de", **said), DE_VOICE)}
    assert [usual[term] for term in ("BT-13", "BT-10", "BT-14", "BT-19")] == [
        "Ihre Bestellnummer",
        "Ihre Referenz",
        "Auftragsnummer",
        "Ihre Kontierung",
    ]
    row = an_item(purchase_order_line_reference="7")
    paper = a_document(items=(row,), document_type=DocumentType.SELF_BILLING_INVOICE, **parties)
    assert "Position unserer Bestellung: 7" in details(row, paper, DE_VOICE)
    assert "Position Ihrer Bestellung: 7" in details(row, a_document(items=(row,)), DE_VOICE)


@pytest.mark.parametrize(
    ("document_type", "shown"),
    [("INVOICE", True), ("DEPOSIT_INVOICE", True), ("SELF_BILLING_INVOICE", True), ("CREDIT_MEMO", False)],
)
def test_what_a_row_refers_to_is_shown_where_it_is_no_row_of_ours(document_type: str, shown: bool) -> None:
    """Of a credit it is the row that is taken back."""
    item = an_item(reference_ident="LV-1.2")
    document = a_document(document_type=DocumentType(document_type), items=(item,))
    assert ("Bezug: LV-1.2" in details(item, document, voice("de"))) is shown
    assert ("Reference: LV-1.2" in details(item, document, voice("en"))) is shown
    deduction = an_item(reference_ident="LV-1.2", deposit_ident="AR-1")
    assert "LV-1.2" not in " ".join(details(deduction, document, voice("de")))


def test_who_receives_stands_above_the_place_of_delivery() -> None:
    place = Address(street="Rampe", street_no="2", zip="6020", city="Innsbruck", country="AT")
    document = a_document(shipping_address=place, shipping_names=("Kunde AG", "Lager Süd", "Frau Weiß"))
    assert parties_of(document, DE_VOICE) == [
        ["Lieferanschrift", "Kunde AG", "Lager Süd", "Frau Weiß", "Rampe 2", "6020 Innsbruck", "ÖSTERREICH"]
    ]
    at_home = replace(document, shipping_address=document.customer.address)
    assert parties_of(at_home, DE_VOICE)[0][:2] == ["Lieferanschrift", "Kunde AG"]
    assert parties_of(replace(at_home, shipping_names=(document.customer.name,)), DE_VOICE) == []
    assert parties_of(replace(at_home, shipping_names=()), DE_VOICE) == []
    delivery = einvoice_of(document).delivery
    assert delivery is not None and delivery.name == "Kunde AG"


@pytest.mark.parametrize("document_type", [DocumentType.DEPOSIT_INVOICE, DocumentType.DEPOSIT_INVOICE_CORRECTION])
def test_a_deposit_says_no_day_of_supply(document_type: DocumentType) -> None:
    row = an_item(service_period=None)
    document = a_document(items=(row,), document_type=document_type)
    said = [label for label, _ in information(document, DE_VOICE)] + details(row, document, DE_VOICE) + notes(document, DE_VOICE)
    assert not [line for line in said if "Leistung" in line]
    with_period = a_document(document_type=document_type)
    assert ("Voraussichtliche Leistung", "01.10.2026 – 31.10.2026") in [
        (label, value.replace(NBSP, " ")) for label, value in information(with_period, DE_VOICE)
    ]
