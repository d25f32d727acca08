"""How audit files write numbers, keys, texts and taxes; and what is converted stays whole."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.documents import a_document, an_item

from contor.documents.types import (
    DocumentAllowanceCharge,
    DocumentType,
    ExchangeRate,
    LedgerCurrency,
    LedgerGroup,
    RelatedDocument,
    Tax,
)
from contor.kernel.files import one_line
from contor.kernel.shapes import replace
from contor.reports.gdpdu.described import Seen, line, written
from contor.reports.gdpdu.documents import REFERENCES, Reference
from contor.reports.saf_t.lines import ledger_lines, ledger_totals
from contor.reports.saf_t.norway import category_of_key, standard_code
from contor.reports.saf_t.numbering import Numbered, Signer, atcud, numbered
from contor.reports.saf_t.portugal import described, ground_of, tax_of
from contor.reports.saf_t.survey import is_debit
from contor.reports.saf_t.tree import cents, decimal, short_key
from contor.settings.abroad import SafTConfiguration

D = Decimal


def a_configuration(**said: Any) -> SafTConfiguration:
    fields = {
        "ident": "x",
        "country": "PT",
        "operating_site_ident": None,
        "taxpayer_number": "501442600",
        "software_certificate": "0",
        "product_id": "C/C",
        "product_taxpayer_number": None,
        "series": (),
        "taxonomy_reference": None,
        "account_groups": (),
        "tax_codes": (),
        "key_version": 1,
        "valid_from": dt.date(2026, 1, 1),
        "valid_to": None,
    }
    return SafTConfiguration(**{**fields, **said})


NUMBERS = [
    ("FT A26/17", None, ("RE", 2026, 17), Numbered("FT A26", 17, "FT A26/17")),
    ("RE-2026-000017", None, ("RE", 2026, 17), Numbered("FT RE2026", 17, "FT RE2026/17")),
    ("RE-2026-000017", "A26", ("RE", 2026, 17), Numbered("FT A26", 17, "FT A26/17")),
    ("EX-2026-0009-b", None, (None, None, None), Numbered("FT X", 9, "FT X/9")),
    ("R 1", None, ("Ä/ö", None, 1), Numbered("FT X", 1, "FT X/1")),
    ("ABC", None, (None, None, None), None),
]


@pytest.mark.parametrize(("ident", "series", "drawn", "expected"), NUMBERS)
def test_a_number_is_kept_or_made_of_its_series(ident: str, series: str | None, drawn: Any, expected: Numbered | None) -> None:
    assert numbered(a_document(ident=ident), series, *drawn) == expected


def test_a_credit_has_its_own_type_and_a_series_without_code_no_atcud() -> None:
    found = numbered(a_document(ident="GS-1", document_type=DocumentType.CREDIT_MEMO), None, "GS", 2026, 1)
    assert found == Numbered("NC GS2026", 1, "NC GS2026/1")
    assert (atcud(None, found), atcud("AAJFJ3PV", found)) == ("0", "AAJFJ3PV-1")
    unsigned = Signer(None, 3)
    assert (unsigned.signs, unsigned.control, unsigned.signature(a_document(), found)) == (False, "0", "0")


def test_what_is_converted_stays_whole() -> None:
    items = (an_item("33.33"), an_item("33.33", position=2, ident="i-2"), an_item("33.34", position=3, ident="i-3"))
    document = a_document(items=items, currency="USD")
    allowance = DocumentAllowanceCharge(
        ident="a", type="ALLOWANCE", name="Rabatt", net=D("10.00"), tax=D("1.90"), gross=D("11.90"), category_code="S", rate=D(19)
    )
    group = LedgerGroup(tax=D("15.77"), gross=D("98.77"))
    rate = ExchangeRate(rate=D("1.085"), date=dt.date(2026, 11, 2), source="ECB")
    ledger = LedgerCurrency(currency="EUR", exchange_rate=rate, tax=group.tax, gross=group.gross, groups=(group,))
    converted = replace(document, allowances_charges=(allowance,), ledger=ledger)
    lines = ledger_lines(converted)
    assert [line.net > 0 for line in lines] == [True, True, True, False]
    assert sum((line.net for line in lines), D(0)) == ledger_totals(converted).net == D("83.00")
    assert sum((line.tax for line in lines), D(0)) == D("15.77")
    assert [is_debit(converted, line) for line in lines] == [False, False, False, True]


def test_taxes_are_called_as_configured_else_as_the_format_says() -> None:
    said = {"category_code": "S", "rate": D(19), "code": "NOR", "exemption_code": None, "exemption_reason": None}
    exempt = {"category_code": "E", "rate": None, "code": "ISE", "exemption_code": "M01", "exemption_reason": "Artigo 16.º"}
    configured = a_configuration(tax_codes=(said, exempt))
    assert [tax_of(configured, "S", D(rate)).code for rate in (19, 23, 13, 6, 7)] == ["NOR", "NOR", "INT", "RED", "OUT"]
    assert tax_of(configured, "E", D(0))[1:] == ("ISE", "M01", "Artigo 16.º")
    assert tax_of(configured, "O", D(0))[:3] == ("NS", "NS", "M99")
    assert tax_of(configured, "G", D(0))[2] == "M05"
    exempt = [Tax(rate=D(0), category_code="E", exemption_reason_code=code) for code in (None, "VATEX-EU-F", "VATEX-EU-132")]
    grounds = [ground_of("E", True, tax) for tax in exempt] + [ground_of("AE", False, Tax(rate=D(0), code="TRIANGULAR"))]
    assert [tax_of(a_configuration(), "E", D(0), ground)[2] for ground in grounds] == ["M10", "M13", "M07", "M41"]
    assert ground_of("AE", False, Tax(rate=D(0), category_code="AE")) is None
    assert [standard_code(configured, "S", D(rate), "NO") for rate in ("19", "25", "15", "11.11", "12")] == [
        "NOR",
        "3",
        "31",
        "32",
        "33",
    ]
    assert standard_code(a_configuration(), "S", D(25), "SE") == "7"
    bought = [("V", "25"), ("V", "15"), ("V", "11.11"), ("V", "12"), ("RC", "25"), ("RC", "12"), ("RC", "0")]
    assert [standard_code(a_configuration(), kind, D(rate), "NO") for kind, rate in bought] == [
        "1",
        "11",
        "12",
        "13",
        "86",
        "88",
        "86",
    ]
    assert [standard_code(a_configuration(), "AE", D(0), country) for country in ("NO", "DE", "GB")] == ["51", "52", "52"]
    assert standard_code(a_configuration(), "S", D(6), "NO") == "33"  # the low rate of 2020 and 2021
    assert [category_of_key(key) for key in ("S19", "V19", "AE-EU", "E19", "K", "O-3RD", "OSS-G", "Z", None)] == [
        "S",
        "V",
        "AE",
        "E",
        "K",
        "O",
        "S",
        "Z",
        "O",
    ]


def test_of_ranges_that_meet_the_narrower_one_counts() -> None:
    groups = [
        {"account_from": low, "account_to": high, "code": code, "category": None}
        for low, high, code in ((1, 9999, "1"), (8400, 8400, "2"))
    ]
    found = [a_configuration(account_groups=groups).group_of(number) for number in (8400, 8401, 10000)]
    assert [group and group["code"] for group in found] == ["2", "1", None]


def test_keys_that_are_cut_stay_apart() -> None:
    long = ["c" * 99 + end for end in "ab"]
    short = [short_key(one, 30) for one in long]
    assert [len(one) for one in short] == [30, 30]
    assert len(set(short)) == 2
    assert short_key("c-1", 30) == "c-1"


def test_numbers_and_texts_fit() -> None:
    assert [cents(D(value)) for value in ("1", "-0.004", "1E+2", "2.005")] == ["1.00", "0.00", "100.00", "2.01"]
    assert [decimal(D(value), 4) for value in ("1.50000", "100", "0.00005")] == ["1.5", "100", "0.0001"]
    assert one_line("a\x00b\r\n\u0085c\ufffe  d\ud800", 5) == "a b c"
    assert (one_line(None, 3), one_line(" \n ", 3)) == ("", "")
    assert [described(name) for name in ("", "x", "\n", "Käse")] == ["--", "x-", "--", "Käse"]


def test_a_field_that_would_be_read_wrong_is_not_written() -> None:
    assert [written(D(value), 2) for value in ("1234.50", "-0.05", "1E+3", "0.00")] == ["1234,5", "-0,05", "1000", "0"]
    with pytest.raises(ValueError, match="more than 2 decimals"):
        written(D("0.001"), 2)


def test_quotation_marks_are_doubled_and_lengths_are_seen() -> None:
    seen = Seen()
    related = Reference(7, 1, replace(a_related(), ident='A "1";\n2'))
    assert line(REFERENCES, related, seen) == '"7";1;"A ""1""; 2";"INVOICE";01.08.2026\r\n'
    assert (seen.rows, seen.longest["Bezogene_Belegnummer"]) == (1, 8)


def a_related() -> RelatedDocument:
    return RelatedDocument(ident="RE-1", document_type=DocumentType.INVOICE, document_date=dt.date(2026, 8, 1))
