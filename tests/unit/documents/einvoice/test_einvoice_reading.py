"""Foreign files: hostile ones are refused, wrong ones with every finding, and what is read is written and read the same."""

import datetime as dt
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.einvoices.builders import simple
from tests.factories.einvoices.papers import PAPERS

from contor.documents.einvoice import cii_of, read_einvoice, ubl_of
from contor.documents.einvoice.model.groups import (
    CreditTransfer,
    DirectDebit,
    Identifier,
    InvoicePeriod,
    Note,
    Payee,
    PaymentCard,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    TaxRepresentative,
)
from contor.documents.einvoice.model.invoice import AllowanceOrCharge, Classification, EInvoice, InvoiceLine, ItemAttribute
from contor.documents.einvoice.of_document.of_document import einvoice_of
from contor.documents.einvoice.read.read import LARGEST_FILE
from contor.documents.einvoice.write.cii import cii
from contor.documents.einvoice.write.ubl import ubl
from contor.documents.types import AttachedFile, SupportingDocument
from contor.kernel.errors import Kind, Refused
from contor.kernel.shapes import replace

SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[5] / "shared"))
CASES = Path(os.environ.get("EINV_ARTEFACTS", SHARED / "artefacts")) / "xrechnung-testsuite" / "business-cases"
STANDARD, EXTENSION = (sorted((CASES / kind).glob("*.xml")) for kind in ("standard", "extension"))
needs_cases = pytest.mark.skipif(not STANDARD, reason=f"no test suite of XRechnung at {CASES}: set CONTOR_SHARED or EINV_ARTEFACTS")
WRITERS = pytest.mark.parametrize("write", [ubl, cii])

BOMB = b"""<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&b;</Invoice>"""
THIEF = b"""<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&x;</Invoice>"""


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as refused:
        read_einvoice(data)
    return refused.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_is_not_xml"),
        (b"%PDF-1.7", "file_is_not_xml"),
        (b"<a>", "file_is_not_xml"),
        (b"<a>\x00</a>", "file_is_not_xml"),
        (b"<a>" * 300 + b"</a>" * 300, "file_is_not_xml"),
        (BOMB, "file_has_document_type"),
        (THIEF, "file_has_document_type"),
        (b"<!DOCTYPE a><a/>", "file_has_document_type"),
        (b"<Invoice/>", "file_is_no_einvoice"),
        (b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>', "file_is_no_einvoice"),
    ],
)
def test_what_is_no_einvoice_is_refused(data: bytes, code: str) -> None:
    found = refusal(data)
    assert (found.kind, [problem.code for problem in found.problems]) == (Kind.INVALID, [code])


def test_a_file_that_is_too_large_is_not_even_parsed() -> None:
    assert refusal(b" " * (LARGEST_FILE + 1)).kind is Kind.TOO_LARGE


def test_an_empty_invoice_names_everything_that_is_missing() -> None:
    found = refusal(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>')
    assert [problem.message for problem in found.problems] == [
        "Currency (BT-5) is missing",
        "Number (BT-1) is missing",
        "Date (BT-2) is missing",
        "Type (BT-3) is missing",
        "Specification (BT-24) is missing",
        "Seller (BG-4, BG-7) is missing",
        "Buyer (BG-4, BG-7) is missing",
        "Sum of lines (BT-106) is missing",
        "Net (BT-109) is missing",
        "Gross (BT-112) is missing",
        "Payable (BT-115) is missing",
    ]
    assert {problem.code for problem in found.problems} == {"einvoice_element_missing"}


@pytest.mark.parametrize("wrong", ["1e5", "NaN", "Infinity", "1,50", "0x10", "--1", "1 000", "1" * 31])
def test_what_is_no_decimal_is_refused_with_its_place(wrong: str) -> None:
    data = ubl_of(simple()).replace(b">119.00</cbc:PayableAmount>", f">{wrong}</cbc:PayableAmount>".encode())
    (problem,) = refusal(data).problems
    assert (problem.code, problem.message) == (
        "einvoice_element_invalid",
        "Payable (BT-115) is not a decimal number, expected is one like 1234.56",
    )
    assert (problem.field, problem.rejected_value) == ("LegalMonetaryTotal/PayableAmount", wrong)


@pytest.mark.parametrize("wrong", ["2026-02-30", "20.11.2026", "2026-13-01", "0000-01-01"])
def test_what_is_no_date_is_refused(wrong: str) -> None:
    data = ubl_of(simple()).replace(b"<cbc:IssueDate>2026-11-20", f"<cbc:IssueDate>{wrong}".encode())
    assert [problem.message for problem in refusal(data).problems] == ["Date (BT-2) is not a date, expected is one like 2026-01-31"]


def test_findings_in_rows_say_which_row() -> None:
    data = cii_of(PAPERS["380 everything"]).replace(b'unitCode="KWH">1234.5678<', b'unitCode="KWH">viel<')
    (problem,) = refusal(data).problems
    assert problem.field == (
        "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem[2]/SpecifiedLineTradeDelivery/BilledQuantity"
    )


def test_numbers_are_read_to_the_last_digit() -> None:
    paper = simple(items=(replace(simple().items[0], quantity=Decimal("123456789012345.1234")),))
    assert read_einvoice(ubl_of(paper)).lines[0].quantity == Decimal("123456789012345.1234")
    assert read_einvoice(cii_of(paper)).lines[0].quantity == Decimal("123456789012345.1234")


@pytest.mark.parametrize("parents", [{1: 1}, {1: 2, 2: 1}, {2: 2}, {1: 2, 2: 3, 3: 1}])
def test_a_line_above_itself_is_not_lost(parents: dict[int, int]) -> None:
    data = cii(einvoice_of(PAPERS["380 everything"]))
    for line, parent in parents.items():
        ident = f"<ram:LineID>{line}</ram:LineID>"
        data = data.replace(ident.encode(), f"{ident}<ram:ParentLineID>{parent}</ram:ParentLineID>".encode())
    problems = refusal(data).problems
    assert {problem.message for problem in problems} == {"The line is its own parent line"}
    assert {problem.rejected_value for problem in problems} == {str(line) for line in parents}


def test_a_line_below_none_is_refused() -> None:
    data = cii_of(simple()).replace(
        b"<ram:LineID>1</ram:LineID>", b"<ram:LineID>1</ram:LineID><ram:ParentLineID>9</ram:ParentLineID>"
    )
    (problem,) = refusal(data).problems
    assert (problem.message, problem.rejected_value) == ("The line names a parent line that does not exist", "9")


def test_lines_that_name_a_parent_are_its_sub_lines() -> None:
    rows = einvoice_of(PAPERS["380 everything"])
    data = cii(rows).replace(b"<ram:LineID>2</ram:LineID>", b"<ram:LineID>2</ram:LineID><ram:ParentLineID>1</ram:ParentLineID>")
    read = read_einvoice(data)
    assert [line.ident for line in read.lines] == ["1", "3"]
    assert [line.ident for line in read.lines[0].sub_lines] == ["2"]


@needs_cases
@pytest.mark.parametrize("file", STANDARD, ids=lambda file: file.stem)
def test_standard_cases_are_kept_in_both_syntaxes(file: Path) -> None:
    invoice = read_einvoice(file.read_bytes())
    assert read_einvoice(ubl(invoice)) == invoice
    assert read_einvoice(cii(invoice)) == invoice


@needs_cases
@pytest.mark.parametrize("file", EXTENSION, ids=lambda file: file.stem)
def test_cases_of_the_extension_are_kept_but_for_the_extension(file: Path) -> None:
    invoice = read_einvoice(file.read_bytes())
    plain = replace(invoice, lines=tuple(replace(line, sub_lines=()) for line in invoice.lines), third_party_payments=())
    assert read_einvoice(ubl(invoice)) == plain
    assert read_einvoice(cii(invoice)) == plain


@needs_cases
def test_the_same_case_says_the_same_in_both_syntaxes() -> None:
    ubls = [
        file for file in STANDARD if file.stem.endswith("_ubl") and file.stem[:6] not in ("01.21a", "03.07a")
    ]  # differ in texts
    differing = {
        file.stem: name
        for file in ubls
        for name in ("totals", "breakdown", "type_code", "issue_date", "number")
        if getattr(read_einvoice(file.read_bytes()), name)
        != getattr(read_einvoice(file.with_name(file.name.replace("_ubl", "_uncefact")).read_bytes()), name)
    }
    assert len(ubls) == 31
    assert differing == {}


def everything() -> EInvoice:
    """Every term that our own documents never carry."""
    address = PostalAddress(country="FR", line_1="1", line_2="2", line_3="3", city="Paris", post_code="75001", subdivision="IDF")
    day, number = dt.date(2026, 1, 31), Identifier(value="4012345000009", scheme="0088")
    base = einvoice_of(PAPERS["380 everything"])
    line = InvoiceLine(
        ident="L-1",
        net=Decimal("-1.10"),
        name="Größe < 3",
        category="S",
        rate=Decimal("25.5"),
        quantity=Decimal("-0.0001"),
        unit="KGM",
        price=Decimal("1100.0000000001"),
        discount=Decimal("0.5"),
        gross_price=Decimal("1100.5000000001"),
        price_base=Decimal("0.1"),
        price_base_unit="KGM",
        note="Zeile 1\nZeile 2",
        object_id=number,
        order_line="7",
        accounting_reference="K1",
        period=InvoicePeriod(start=day, end=None),
        description="D",
        seller_item_id="S",
        buyer_item_id="B",
        standard_item_id=number,
        allowances=(
            AllowanceOrCharge(
                is_charge=True, amount=Decimal(1), base=Decimal(10), percentage=Decimal("10.00"), reason="R", reason_code="TAC"
            ),
        ),
        classifications=(Classification(code="0721", list_id="IB", list_version="2"), Classification(code="9", list_id="TST")),
        origin_country="CN",
        attributes=(ItemAttribute(name="Farbe", value="rot & blau"),),
    )
    return replace(
        base,
        lines=(*base.lines, line),
        tax_point_date=day,
        project="P",
        sales_order="SO",
        receiving_advice="RA",
        despatch_advice="DA",
        tender="T",
        object_id=number,
        accounting_reference="A",
        notes=(*base.notes, Note(text="#1 der Liste", subject_code="ADU")),
        preceding=(PrecedingInvoice(number="V-1"), PrecedingInvoice(number="V-2", issue_date=day), PrecedingInvoice(number="V-3")),
        payee=Payee(name="Factor", identifier=number, legal_registration=Identifier(value="HRB 9")),
        tax_representative=TaxRepresentative(name="Fiskal", vat_id="FR12345678901", address=address),
        payment=PaymentInstructions(
            means_code="59",
            means_text="Lastschrift",
            remittance="R",
            transfers=(CreditTransfer(account="1", holder="H", bic="B"), CreditTransfer(account="2")),
            card=PaymentCard(number="1234", holder="C"),
            direct_debit=DirectDebit(mandate="M", creditor_id="C", debited_account="D"),
        ),
        allowances=(AllowanceOrCharge(is_charge=False, amount=Decimal("0.00"), category="E", rate=Decimal(0), reason_code="95"),),
        attachments=(
            SupportingDocument(reference="a", description="Plan", location="https://example.org/plan.pdf"),
            SupportingDocument(reference="b", file=AttachedFile(name="ü.csv", media_type="text/csv", content=bytes(range(256)))),
        ),
    )


@WRITERS
@pytest.mark.parametrize("type_code", ["380", "381"])
def test_every_term_comes_back(write: Callable[[EInvoice], bytes], type_code: str) -> None:
    invoice = replace(everything(), type_code=type_code)
    assert read_einvoice(write(invoice)) == invoice


@WRITERS
def test_the_code_for_the_tax_point_is_each_syntaxs_own(write: Callable[[EInvoice], bytes]) -> None:
    invoice = replace(einvoice_of(simple()), tax_point_code="432")
    file = write(invoice)
    assert read_einvoice(file).tax_point_code == "432"
    assert (b">432<" in file, b">72<" in file) == ((True, False) if write is ubl else (False, True))


numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4)
texts = st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1
).map(str.strip)


@given(name=texts.filter(bool), note=texts, quantity=numbers, net=numbers, rate=numbers.map(abs), day=st.dates())
@settings(max_examples=60, deadline=None)
def test_reading_undoes_writing(name: str, note: str, quantity: Decimal, net: Decimal, rate: Decimal, day: dt.date) -> None:
    base = einvoice_of(simple())
    line = replace(base.lines[0], name=name, description=note or None, quantity=quantity, net=net, rate=rate, price=abs(net))
    invoice = replace(
        base, lines=(line,), totals=replace(base.totals, lines=net, rounding=net), issue_date=day, buyer_reference=name
    )
    assert read_einvoice(ubl(invoice)) == invoice
    assert read_einvoice(cii(invoice)) == invoice
