"""Every kind of document becomes a UBL and a CII file that keeps the official rules and says what the document says."""

import datetime as dt
import importlib.util
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
from drafthorse.models.document import Document as IndependentCii
from facturx import parse_ubl_cii_xml
from lxml import etree
from tests.factories.einvoices.builders import simple
from tests.factories.einvoices.papers import PAPERS

from contor.documents.after.official_rules import findings, is_sendable
from contor.documents.einvoice import cii_and_ubl_of, cii_of, read_einvoice, ubl_of, why_no_xml
from contor.documents.einvoice.model.invoice import EInvoice, Profile
from contor.documents.einvoice.of_document.of_document import einvoice_of
from contor.documents.einvoice.write.cii import cii
from contor.documents.einvoice.write.ubl import ubl
from contor.documents.types import Document, DocumentType, PaymentTerm, Period
from contor.kernel.shapes import replace

SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[5] / "shared"))
WRITERS: dict[str, Callable[[Document], bytes]] = {
    "UBL": ubl_of,
    "CII": cii_of,
    "CII XRechnung": lambda paper: cii(einvoice_of(paper)),
}
each_paper = pytest.mark.parametrize("name", PAPERS)
each_syntax = pytest.mark.parametrize("syntax", WRITERS)


@each_paper
@each_syntax
def test_keeps_schema_and_rules_of_en_16931(name: str, syntax: str) -> None:
    assert why_no_xml(PAPERS[name]) == []
    found = findings(WRITERS[syntax](PAPERS[name]))
    # The schema of CII wants an empty delivery element where nothing is said (R008); a FINAL invoice has an annex and two BG-3 (SR-475).
    known = {"PEPPOL-EN16931-R008", "CII-SR-475"} if syntax != "UBL" else set()
    assert [entry for entry in found if entry.rule not in known] == []
    assert is_sendable(found)


@pytest.fixture(scope="module")
def official() -> ModuleType:
    path = SHARED / "tools" / "einvoice_validate.py"
    if not path.exists():
        pytest.skip(f"the validator is not at {path}: set CONTOR_SHARED")
    spec = importlib.util.spec_from_file_location("einvoice_validate", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@each_syntax
def test_keeps_the_rules_of_xrechnung_where_it_claims_to(syntax: str, official: ModuleType, tmp_path: Path) -> None:
    claims = set()
    for name, paper in PAPERS.items():
        file = tmp_path / f"{name}.xml"
        file.write_bytes(WRITERS[syntax](paper))
        _, claim, found = official.validate(str(file))
        claims.add(claim)
        assert [entry for entry in found if entry["level"] in ("fatal", "error")] == [], name
    assert claims == ({Profile.EN16931} if syntax == "CII" else {Profile.EN16931, Profile.XRECHNUNG})


@each_paper
@each_syntax
def test_our_reader_finds_what_was_written(name: str, syntax: str) -> None:
    profile = Profile.EN16931 if syntax == "CII" else None
    assert read_einvoice(WRITERS[syntax](PAPERS[name])) == einvoice_of(PAPERS[name], profile)


@each_paper
def test_the_same_document_is_the_same_bytes(name: str) -> None:
    assert ubl_of(PAPERS[name]) == ubl_of(PAPERS[name])
    assert cii_of(PAPERS[name]) == cii_of(PAPERS[name])
    assert cii_and_ubl_of(PAPERS[name]) == (cii_of(PAPERS[name]), ubl_of(PAPERS[name]))


def as_independent(invoice: EInvoice) -> dict[str, object]:
    """The terms of an invoice as the `factur-x` package names them."""
    totals = invoice.totals
    return {
        "BT-1": invoice.number,
        "BT-2": invoice.issue_date,
        "BT-3": invoice.type_code,
        "BT-5": invoice.currency,
        "BT-9": invoice.due_date,
        "BT-10": invoice.buyer_reference,
        "BT-12": invoice.contract,
        "BT-13": invoice.purchase_order,
        "BT-24": invoice.specification,
        "seller": invoice.seller.name,
        "buyer": invoice.buyer.name,
        "sums": [totals.lines, totals.net, totals.tax, totals.gross, totals.prepaid, totals.rounding, totals.payable],
        "groups": [(group.category, group.rate, group.base, group.amount) for group in invoice.breakdown],
        "rows": [(row.ident, row.name, row.quantity, row.unit, row.price, row.net, row.category) for row in invoice.lines],
    }


@each_paper
@each_syntax
def test_an_independent_reader_finds_what_was_written(name: str, syntax: str) -> None:
    invoice = einvoice_of(PAPERS[name], Profile.EN16931 if syntax == "CII" else None)
    said = parse_ubl_cii_xml(WRITERS[syntax](PAPERS[name]))
    sums = ("BT-106", "BT-109", "BT-110", "BT-112", "BT-113", "BT-114", "BT-115")
    terms = ("BT-1", "BT-2", "BT-3", "BT-5", "BT-9", "BT-10", "BT-12", "BT-13", "BT-24")
    row = ("BT-129", "BT-146", "BT-131")
    assert as_independent(invoice) == {term: said.get(term) for term in terms} | {
        "seller": said["BG-4"]["name"],
        "buyer": said["BG-7"]["name"],
        "sums": [Decimal(said.get(term) or 0) for term in sums],
        "groups": [
            (group["BT-118"], Decimal(group["BT-119"]), Decimal(group["BT-116"]), Decimal(group["BT-117"]))
            for group in said["BG-23"]
        ],
        "rows": [
            (
                line["BT-126"],
                line["BT-153"],
                Decimal(line[row[0]]),
                line["BT-130"],
                Decimal(line[row[1]]),
                Decimal(line[row[2]]),
                line["BT-151"],
            )
            for line in said["BG-25"]
        ],
    }


@each_paper
def test_drafthorse_finds_the_sums_of_the_cii(name: str) -> None:
    paper = PAPERS[name]
    read = IndependentCii.parse(cii_of(paper), strict=False)
    sums = read.trade.settlement.monetary_summation
    sign = -1 if paper.document_type is DocumentType.DEPOSIT_INVOICE_CORRECTION else 1
    assert str(read.header.id) == paper.ident
    assert (sums.tax_basis_total._amount, sums.grand_total._amount, sums.due_amount._value) == (
        sign * paper.totals.net,
        sign * paper.totals.gross,
        sign * paper.totals.payable,
    )


@pytest.mark.parametrize(
    ("name", "root", "ubl_code", "cii_code", "payable", "quantity"),
    [
        ("380", "Invoice", "380", "380", "119.00", 1),
        ("381", "CreditNote", "381", "381", "119.00", 1),
        ("384", "Invoice", "384", "384", "-119.00", -1),
        ("386", "Invoice", "386", "386", "119.00", 1),
        ("326", "Invoice", "326", "386", "119.00", 1),
        ("389", "Invoice", "389", "389", "119.00", 1),
        ("261", "CreditNote", "261", "261", "119.00", 1),
    ],
)
def test_type_root_and_sign(name: str, root: str, ubl_code: str, cii_code: str, payable: str, quantity: int) -> None:
    file = ubl_of(PAPERS[name])
    written, in_pdf = read_einvoice(file), read_einvoice(cii_of(PAPERS[name]))
    assert etree.QName(etree.fromstring(file).tag).localname == root
    assert (written.type_code, in_pdf.type_code) == (ubl_code, cii_code)
    assert (written.totals.payable, written.lines[0].quantity, written.lines[0].price) == (Decimal(payable), quantity, Decimal(100))
    assert in_pdf.specification == "urn:cen.eu:en16931:2017"


def test_a_reversal_turns_the_allowance_into_a_charge() -> None:
    invoice = einvoice_of(PAPERS["384 allowance XRechnung"])
    assert [(part.is_charge, part.amount, part.rate) for part in invoice.allowances] == [
        (True, Decimal("3.01"), 19),
        (True, Decimal("1.51"), 7),
    ]
    totals = invoice.totals
    assert (totals.lines, totals.allowances, totals.charges, totals.net) == (
        Decimal("-45.24"),
        Decimal(0),
        Decimal("4.52"),
        Decimal("-40.72"),
    )
    assert [(row.quantity, row.net) for row in invoice.lines] == [(-3, Decimal("-30.09")), (-3, Decimal("-15.15"))]


@pytest.mark.parametrize("frozen", ["partner as customer", "partner as seller"])
def test_self_billing_makes_the_partner_the_seller_and_pays_to_its_account(frozen: str) -> None:
    paper = PAPERS["389"]
    if frozen == "partner as seller":
        paper = replace(paper, seller=paper.customer, customer=paper.seller, customer_ident=paper.customer.ident)
    invoice = einvoice_of(paper)
    assert (invoice.seller.name, invoice.buyer.name) == ("Partner Vertrieb GmbH", "Contor Demo GmbH")
    assert invoice.payment is not None
    assert [transfer.account for transfer in invoice.payment.transfers] == ["DE75512108001245126199"]
    assert why_no_xml(paper) == []


@pytest.mark.parametrize(
    ("name", "code", "accounts"),
    [("380", "58", 1), ("380 direct debit", "59", 0), ("380 card", "1", 0), ("381", "1", 0), ("384", "1", 0), ("261", "1", 0)],
)
def test_payment_means(name: str, code: str, accounts: int) -> None:
    payment = einvoice_of(PAPERS[name]).payment
    assert payment is not None
    assert (payment.means_code, len(payment.transfers)) == (code, accounts)


def test_skonto_is_written_for_machines() -> None:
    assert einvoice_of(PAPERS["380 everything"]).payment_terms == "#SKONTO#TAGE=10#PROZENT=2.00#\n#SKONTO#TAGE=5#PROZENT=3.50#\n"


def test_a_final_invoice_carries_net_and_tax_of_each_deposit() -> None:
    invoice = einvoice_of(PAPERS["380 FINAL"])
    (annex,) = invoice.attachments
    assert annex.file is not None
    assert annex.file.content.decode() == (
        "number;date;received;category;rate;net;tax;gross;currency\r\n"
        "AR-1;2026-08-01;2026-08-10;S;19;3000.00;570.00;3570.00;EUR\r\n"
        "AR-2;2026-09-01;2026-09-09;S;19;1000.00;190.00;1190.00;EUR\r\n"
    )
    assert (invoice.totals.gross, invoice.totals.prepaid, invoice.totals.payable) == (Decimal(11900), Decimal(4760), Decimal(7140))
    assert [preceding.number for preceding in invoice.preceding] == ["AR-1", "AR-2"]


def test_a_remainder_invoice_deducts_by_rows_and_has_no_annex() -> None:
    invoice = einvoice_of(PAPERS["380 REMAINDER"])
    assert [row.net for row in invoice.lines] == [Decimal(10000), Decimal(-3000), Decimal(-1000)]
    assert (invoice.totals.prepaid, invoice.totals.payable, invoice.attachments) == (Decimal(0), Decimal(7140), ())


def test_tax_in_the_currency_of_the_books() -> None:
    invoice = einvoice_of(PAPERS["380 USD"])
    assert (invoice.currency, invoice.tax_currency) == ("USD", "EUR")
    assert (invoice.totals.tax, invoice.totals.tax_in_tax_currency) == (Decimal("190.00"), Decimal("175.12"))


def test_outside_the_scope_of_vat_no_vat_id_is_shown() -> None:
    invoice = einvoice_of(PAPERS["O"])
    assert (invoice.seller.vat_id, invoice.buyer.vat_id, invoice.lines[0].rate) == (None, None, None)


def test_goods_to_another_country_name_it() -> None:
    delivery = einvoice_of(PAPERS["K"]).delivery
    assert delivery is not None and delivery.address is not None
    assert (delivery.address.country, delivery.date) == ("AT", dt.date(2026, 11, 20))


def test_rows_of_different_times_say_their_own_and_the_invoice_the_whole() -> None:
    invoice = einvoice_of(PAPERS["380 everything"])
    assert invoice.period is not None and invoice.delivery is not None
    assert (invoice.period.start, invoice.period.end, invoice.delivery.date) == (dt.date(2026, 9, 1), dt.date(2026, 11, 3), None)
    assert [row.period and row.period.end for row in invoice.lines] == [
        dt.date(2026, 10, 31),
        dt.date(2026, 11, 3),
        dt.date(2026, 9, 30),
    ]


def test_rows_of_one_period_say_it_once() -> None:
    period = Period(start=dt.date(2026, 10, 1), end=dt.date(2026, 10, 31))
    invoice = einvoice_of(simple(items=(replace(simple().items[0], service_period=period),)))
    assert invoice.period is not None
    assert (invoice.period.end, invoice.lines[0].period) == (dt.date(2026, 10, 31), None)


def test_what_the_law_wants_said_and_has_no_field() -> None:
    def notes(name: str) -> list[str]:
        return [note.text for note in einvoice_of(PAPERS[name]).notes]

    assert notes("380") == ["Leistungsdatum ist das Rechnungsdatum."]
    assert notes("380 English") == ["SAMPLE / not an invoice", "The date of supply is the invoice date."]
    assert notes("386") == ["Anzahlungsrechnung: Die Leistung wird noch erbracht."]
    assert notes("380 everything") == ["Danke für Ihren Auftrag!", "MUSTER / keine Rechnung", "Gutscheinkarte: -5.00 EUR"]


def test_without_skonto_there_are_no_terms() -> None:
    assert einvoice_of(simple(payment_term=PaymentTerm())).payment_terms is None


def test_ubl_of_an_invoice_says_en_16931_or_xrechnung_by_its_buyer_reference() -> None:
    assert read_einvoice(ubl(einvoice_of(PAPERS["380"]))).specification == Profile.EN16931
    assert read_einvoice(ubl(einvoice_of(PAPERS["380 XRechnung"]))).specification == Profile.XRECHNUNG


@pytest.mark.parametrize(
    ("sent", "written"), [("1500", "1500.00"), ("1500.0", "1500.00"), ("1725.5", "1725.50"), ("2100.2500", "2100.25")]
)
def test_amounts_have_the_decimals_of_their_currency_however_they_were_sent(sent: str, written: str) -> None:
    net = Decimal(sent)
    invoice = einvoice_of(simple())
    row = replace(invoice.lines[0], net=net, price=Decimal("1500.125"))
    sums = replace(invoice.totals, lines=net, net=net, gross=net, payable=net)
    changed = replace(invoice, lines=(row,), totals=sums)
    for file, amounts in ((ubl(changed), "LineExtensionAmount PayableAmount"), (cii(changed), "LineTotalAmount GrandTotalAmount")):
        tree = etree.fromstring(file)
        assert {entry.text for name in amounts.split() for entry in tree.iter(f"{{*}}{name}")} == {written}
        prices = [entry.text for name in ("PriceAmount", "ChargeAmount") for entry in tree.iter(f"{{*}}{name}")]
        assert prices == ["1500.125"], "a unit price keeps its decimals (BT-146)"


def test_amounts_of_a_currency_without_decimals_have_none() -> None:
    invoice = replace(einvoice_of(simple()), currency="JPY", lines=())
    sums = replace(invoice.totals, payable=Decimal("1500.0"))
    for file, name in (
        (ubl(replace(invoice, totals=sums)), "PayableAmount"),
        (cii(replace(invoice, totals=sums)), "DuePayableAmount"),
    ):
        assert [entry.text for entry in etree.fromstring(file).iter(f"{{*}}{name}")] == ["1500"]
