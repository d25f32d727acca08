"""Structured invoices FA(3): valid by the ministry's schema, and what they say is what the document says."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.checkers.fa3 import fa3_errors, said
from tests.factories.documents import a_customer, a_document, a_gross_item, a_seller, an_item
from tests.factories.papers import PAPERS
from tests.factories.requests import a_request, a_row, facts, issued, related, with_property

from contor.documents.ksef import Fa3Sender, fa3_of, why_no_fa3
from contor.documents.types import Address, Document, DocumentType, ExchangeRate, LedgerCurrency, LedgerGroup, Location, Property
from contor.kernel.shapes import replace

D = Decimal
NIP = "5260250274"
IN_WARSAW = Address(street="Marszałkowska", street_no="1", zip="00-001", city="Warszawa", country="PL")
FA = "/fa:Faktura/fa:Fa"


def a_polish_seller(**more: Any) -> Any:
    return a_seller(
        name="Warszawskie Zakłady Sp. z o.o.", address=IN_WARSAW, vat_id=f"PL{NIP}", register_number="KRS 0000123456", **more
    )


AS_IN_POLAND = {D(19): D(23), D(16): D(22)}


def polish(document: Document) -> Document:
    """The same paper of a seller in Warsaw, with Poland's rates; what it amounts to is not judged by the schema."""
    items = tuple(
        replace(item, taxes=tuple(replace(tax, rate=AS_IN_POLAND.get(tax.rate, tax.rate)) for tax in item.taxes))
        for item in document.items
    )
    taxes = tuple(replace(group, rate=AS_IN_POLAND.get(group.rate, group.rate)) for group in document.taxes)
    allowances = tuple(replace(it, rate=AS_IN_POLAND.get(it.rate, it.rate)) for it in document.allowances_charges)
    # of self-billing papers the partner is the seller
    partner = {"customer": replace(document.customer, vat_id=f"PL{NIP}"), "seller": replace(document.seller, vat_id=f"PL{NIP}")}
    parties = partner if document.is_self_billing else {"seller": a_polish_seller()}
    return replace(document, items=items, taxes=taxes, allowances_charges=allowances, **parties)


def a_polish_document(*items: Any, **more: Any) -> Document:
    given = {"seller": a_polish_seller(), "currency": "PLN", **more}
    return a_document(items=items or (an_item(rate="23"),), **given)


def pieces(count: int) -> Any:
    return a_row(
        "i-1", "10.00", quantity=str(count), original=f"{count * 10}.00", rate="23", performance_location=Location(country="PL")
    )


def a_correction(laid_out: bool, kind: DocumentType = DocumentType.CREDIT_MEMO) -> Document:
    of = {DocumentType.CREDIT_MEMO: DocumentType.INVOICE}.get(kind, DocumentType.DEPOSIT_INVOICE)
    site = a_polish_seller()
    original = issued(a_request(pieces(4), currency="EUR"), of, facts(site=site), "FV-1")
    known = facts(related(original), site=site, shows_corrections=laid_out)
    request = a_request(pieces(1), related_document_ident="FV-1", properties=with_property("reason", "Zwrot towaru"))
    return issued(request, kind, known, "FK-1")


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_is_valid(shared: Path, name: str) -> None:
    document = polish(PAPERS[name].document)
    assert why_no_fa3(document) == []
    assert fa3_errors(shared, fa3_of(document)) == []


RATED = [("23", "S", "1"), ("8", "S", "2"), ("5", "S", "3")]


@pytest.mark.parametrize(("rate", "category", "field"), RATED)
def test_base_and_tax_stand_in_the_fields_of_their_rate(shared: Path, rate: str, category: str, field: str) -> None:
    document = a_polish_document(an_item(rate=rate))
    content = fa3_of(document)
    assert fa3_errors(shared, content) == []
    assert said(content, f"{FA}/fa:P_13_{field}") == [f"{document.totals.net:.2f}"]
    assert said(content, f"{FA}/fa:P_14_{field}") == [f"{document.totals.tax:.2f}"]
    assert said(content, f"{FA}/fa:P_15") == [f"{document.totals.gross:.2f}"]
    assert said(content, f"{FA}/fa:FaWiersz/fa:P_12") == [rate]


UNTAXED = [
    ("Z", "PL", "0 KR", "6_1"),
    ("K", "DE", "0 WDT", "6_2"),
    ("G", "US", "0 EX", "6_3"),
    ("E", "PL", "zw", "7"),
    ("O", "US", "np I", "8"),
    ("AE", "DE", "np II", "9"),
    ("AE", "PL", "oo", "10"),
    ("AE", "US", "np I", "8"),
]


@pytest.mark.parametrize(("category", "country", "code", "field"), UNTAXED)
def test_what_is_not_taxed_says_by_which_rule(shared: Path, category: str, country: str, code: str, field: str) -> None:
    customer = a_customer(address=Address(street="Weg", zip="1", city="X", country=country))
    content = fa3_of(a_polish_document(an_item(rate="0", category_code=category), customer=customer))
    assert fa3_errors(shared, content) == []
    assert said(content, f"{FA}/fa:FaWiersz/fa:P_12") == [code]
    assert len(said(content, f"{FA}/fa:P_13_{field}")) == 1
    assert said(content, f"{FA}/fa:Adnotacje/fa:P_18") == ["1" if category == "AE" else "2"]
    assert bool(said(content, f"{FA}/fa:Adnotacje/fa:Zwolnienie/fa:P_19")) is (category == "E")


def test_a_correction_says_each_row_before_and_after_and_sums_the_difference(shared: Path) -> None:
    content = fa3_of(a_correction(laid_out=True))
    assert fa3_errors(shared, content) == []
    assert said(content, f"{FA}/fa:RodzajFaktury") == ["KOR"]
    assert said(content, f"{FA}/fa:PrzyczynaKorekty") == ["Zwrot towaru"]
    assert said(content, f"{FA}/fa:DaneFaKorygowanej/fa:NrFaKorygowanej") == ["FV-1"]
    assert said(content, f"{FA}/fa:FaWiersz/fa:P_8B") == ["4", "3"]
    assert said(content, f"{FA}/fa:FaWiersz/fa:P_11") == ["40.00", "30.00"]
    assert said(content, f"{FA}/fa:FaWiersz[1]/fa:StanPrzed") == ["1"]
    assert said(content, f"{FA}/fa:FaWiersz[2]/fa:StanPrzed") == []
    assert said(content, f"{FA}/fa:P_13_1") == ["-10.00"]
    assert said(content, f"{FA}/fa:P_15") == ["-12.30"]


def test_a_correction_without_layout_says_the_difference(shared: Path) -> None:
    content = fa3_of(a_correction(laid_out=False))
    assert fa3_errors(shared, content) == []
    assert said(content, f"{FA}/fa:FaWiersz/fa:P_8B") == ["-1"]
    assert said(content, f"{FA}/fa:FaWiersz/fa:P_11") == ["-10.00"]
    assert said(content, f"{FA}/fa:PrzyczynaKorekty") == ["Zwrot towaru"]


@pytest.mark.parametrize("laid_out", [True, False])
def test_a_deposit_and_its_correction_say_what_is_ordered(shared: Path, laid_out: bool) -> None:
    correction = fa3_of(a_correction(laid_out, DocumentType.DEPOSIT_INVOICE_CORRECTION))
    deposit = fa3_of(issued(a_request(pieces(4)), DocumentType.DEPOSIT_INVOICE, facts(site=a_polish_seller()), "FZ-1"))
    for content, kind, total in ((deposit, "ZAL", "49.20"), (correction, "KOR_ZAL", "-12.30")):
        assert fa3_errors(shared, content) == []
        assert said(content, f"{FA}/fa:RodzajFaktury") == [kind]
        assert said(content, f"{FA}/fa:Zamowienie/fa:WartoscZamowienia") == [total]
        assert said(content, f"{FA}/fa:FaWiersz/fa:P_11") == []


def test_gross_rows_stay_gross(shared: Path) -> None:
    content = fa3_of(a_polish_document(a_gross_item("12.30", rate="23")))
    assert fa3_errors(shared, content) == []
    assert said(content, f"{FA}/fa:FaWiersz/fa:P_11A") == ["12.30"]
    assert said(content, f"{FA}/fa:FaWiersz/fa:P_11Vat") == ["2.30"]


def test_tax_in_another_currency_is_said_in_zloty(shared: Path) -> None:
    document = a_polish_document(an_item(rate="23"), currency="EUR")
    rate = ExchangeRate(rate=D("0.25"), date=dt.date(2026, 11, 2), source="NBP")
    group = LedgerGroup(tax=document.totals.tax * 4, gross=document.totals.gross * 4)
    ledger = LedgerCurrency(currency="PLN", exchange_rate=rate, tax=group.tax, gross=group.gross, groups=(group,))
    content = fa3_of(replace(document, ledger=ledger))
    assert fa3_errors(shared, content) == []
    assert said(content, f"{FA}/fa:P_14_1W") == [f"{group.tax:.2f}"]


HOSTILE = "<b>]]>&amp; \u202eאבג\u202c \ufffe\x0b\x00" + "ą" * 900


def test_hostile_texts_break_nothing(shared: Path) -> None:
    item = an_item(rate="23", name=HOSTILE, description=HOSTILE, article_number=HOSTILE)
    customer = a_customer(name=HOSTILE, address=Address(street=HOSTILE, city="\n\n", country="PL"), vat_id=None)
    document = a_polish_document(item, customer=customer, note=HOSTILE * 9, contract_reference=HOSTILE)
    content = fa3_of(document)
    assert fa3_errors(shared, content) == []
    (name,) = said(content, f"{FA}/fa:FaWiersz/fa:P_7")
    assert name.startswith("<b>]]>&amp; ")
    assert len(name) <= 512
    assert content == fa3_of(document)


def test_the_sender_is_who_is_configured() -> None:
    content = fa3_of(a_polish_document(seller=a_seller()), Fa3Sender(NIP, "C-1"))
    assert said(content, "/fa:Faktura/fa:Podmiot1/fa:DaneIdentyfikacyjne/fa:NIP") == [NIP]
    assert said(content, "/fa:Faktura/fa:Naglowek/fa:SystemInfo") == ["Contor C-1"]


def test_split_payment_is_said_by_a_property(shared: Path) -> None:
    content = fa3_of(a_polish_document(properties=(Property(key="splitPayment", value="true"),)))
    assert fa3_errors(shared, content) == []
    assert said(content, f"{FA}/fa:Adnotacje/fa:P_18A") == ["1"]


def test_every_reason_against_it_is_said_at_once() -> None:
    document = a_document(
        items=(an_item(rate="19"),),
        currency="KWD",
        created_at=dt.datetime(2025, 8, 31, tzinfo=dt.UTC),
        document_type=DocumentType.CREDIT_MEMO,
    )
    assert [problem.code for problem in why_no_fa3(document)] == [
        "ksef_seller_without_nip",
        "ksef_rate_unknown",
        "ksef_currency_too_fine",
        "ksef_issued_before_fa3",
        "ksef_correction_of_nothing",
    ]
