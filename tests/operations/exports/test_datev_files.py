"""The files for DATEV: header, periods, parts, numbers, hostile texts, debtors and creditors, pictures."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.checkers.datev import bare, lines_of, misfits, read, tokens
from tests.checkers.datev_books import differences, everything
from tests.factories.closers import Closer
from tests.factories.companies import Company, a_row_of
from tests.factories.exports import an_export, asked_export, configure_datev, made_export
from tests.factories.tenants import Tenant

from contor.bookkeeping.chart import AccountBody, create_account
from contor.bookkeeping.chart.booking_accounts import CreateAccount
from contor.bookkeeping.types import AccountType
from contor.documents.after import ArchiveDocuments, archive
from contor.kernel.errors import Kind, Refused
from contor.reports.datev import batch
from contor.reports.exports import OneExport, repeat_export

OWN = {"billingGroupIdent": "numbered"}
"""A group whose documents bring their own numbers."""


@pytest.fixture
def company(furnished: Tenant, client: Any, bearer: Callable[[Tenant], dict[str, str]]) -> Company:
    made = Company(furnished, client, bearer(furnished))
    configure_datev(furnished)
    group = {
        "billingGroupIdent": "numbered",
        "name": "Numbered",
        "billing": "EXTERNAL_BILLING",
        "documentNumberConfiguration": [{"documentType": "INVOICE", "externalNumber": "REQUIRED"}],
        "businessSegments": [{"segmentIdent": "own", "name": "Own"}],
        "localeConfiguration": [
            {"country": "DE", "regions": [{"languages": ["de"]}], "defaultLanguage": "de", "fallbackLanguage": "de"}
        ],
    }
    made.call("POST", "/v2/billing-groups", group, 201)
    return made


def dated(company: Company, day: str, **more: Any) -> str:
    company.tenant.turn_clock(dt.datetime.fromisoformat(f"{day}T10:00:00+00:00"))
    return company.document(**more)


def test_each_month_is_a_file_with_its_header(company: Company, shared: Path) -> None:
    dated(company, "2026-01-15")
    dated(company, "2026-02-27")
    configure_datev(company.tenant, fiscal_year_start_month=7, account_length=6, initials="AB")
    view, files = an_export(
        company.tenant, "DATEV", first_day="2026-01-10", last_day="2026-02-28", contents=["BATCH", "MASTER_DATA"]
    )
    assert list(files) == [
        "EXTF_Buchungsstapel_2026-01_1.csv",
        "EXTF_Buchungsstapel_2026-02_1.csv",
        "EXTF_DebitorenKreditoren_1.csv",
    ]
    january = files["EXTF_Buchungsstapel_2026-01_1.csv"]
    assert misfits(shared, january) == []
    made = f"{view.created_at.astimezone(dt.timezone(dt.timedelta(hours=1))):%Y%m%d%H%M%S}000"
    assert read(january).header == [
        *("EXTF", "700", "21", "Buchungsstapel", "13", made, "", "CT", "Contor", "", "1001", "456", "20250701", "6"),
        *("20260110", "20260131", "Buchungen 01/2026 1", "AB", "1", "0", "0", "EUR", "", "", "", "", "03", "", "", "", ""),
    ]
    (row,) = read(january).rows
    assert (row[0], row[1], row[6], row[7], row[9], row[113]) == ("119,00", "S", "1000000", "840000", "1501", "0")


def test_a_file_is_of_one_fiscal_year_at_the_turn_of_the_year(company: Company) -> None:
    dated(company, "2026-12-30")
    dated(company, "2027-01-02")
    _, files = an_export(company.tenant, "DATEV", first_day="2026-12-01", last_day="2027-01-31", contents=["BATCH"])
    assert [(read(it).header[12], len(read(it).rows)) for it in files.values()] == [("20260101", 1), ("20270101", 1)]


def test_more_rows_than_datev_reads_are_parts(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_ROWS", 3)
    for _ in range(3):
        dated(company, "2026-03-01", items=[_row(19), _row(7)])
    _, files = everything(company.tenant)
    assert [(name[-9:], len(read(it).rows)) for name, it in files.items()] == [
        ("-03_1.csv", 2),
        ("-03_2.csv", 2),
        ("-03_3.csv", 2),
    ]
    assert differences(company.tenant, files) == []


def _row(rate: int) -> dict[str, Any]:
    return {**a_row_of("100.00", rate), "ident": f"i-{rate}"}


def test_closed_periods_are_locked_and_can_be_exported_alone(company: Company) -> None:
    dated(company, "2026-01-15")
    dated(company, "2026-02-15")
    closer = Closer(company.tenant, company.client, company.headers)
    closer.close("2026-01", *closer.findings("2026-01"))
    _, files = an_export(company.tenant, "DATEV", first_day="2026-01-01", last_day="2026-03-31", contents=["BATCH"])
    assert [(read(it).header[20], [row[113] for row in read(it).rows]) for it in files.values()] == [("1", ["1"]), ("0", ["0"])]
    view, files = an_export(
        company.tenant, "DATEV", first_day="2026-01-01", last_day="2026-03-31", contents=["BATCH"], periods="CLOSED"
    )
    assert [read(it).header[15] for name, it in files.items() if name.startswith("EXTF")] == ["20260131"]
    assert [(one.reason, one.examples) for one in view.left_out] == [("PERIOD_OPEN", ("2026-02: 1 entries",))]


def test_texts_that_would_break_a_file_do_not(company: Company, shared: Path) -> None:
    customer = company.call("GET", "/v2/customers/muster-handel")
    company.call("PUT", "/v2/customers/muster-handel", {**customer, "company": '=Ł"; Müller & Щ 北京'})
    centre = [{"key": "costCentre", "value": 'K;"1' + "9" * 40}]
    dated(company, "2026-03-01", items=[{**_row(19), "properties": centre}], **OWN, ident="Rg_1~2")
    view, files = an_export(company.tenant, "DATEV", period="2026-03")
    batch_file = files["EXTF_Buchungsstapel_2026-03_1.csv"]
    assert misfits(shared, batch_file) == []
    (row,) = read(batch_file).rows
    assert (row[10], row[13], row[36]) == ("Rg-1-2", "Rechnung Rg_1~2", 'K;"1' + "9" * 32)
    assert [(one.reason, one.count) for one in view.left_out] == [("COST_CENTRE_CUT", 1)]
    master = [tokens(line) for line in lines_of(files["EXTF_DebitorenKreditoren_1.csv"])]
    assert {len(line) for line in master[1:]} == {254}
    assert bare(master[2][1]) == ' =L"; Müller & Shch U5317U4EAC'


def test_debtors_and_creditors_are_shaped_as_the_published_sample(company: Company, shared: Path) -> None:
    _, files = an_export(company.tenant, "DATEV", period="2026-03", contents=["MASTER_DATA"])
    (content,) = files.values()
    first, labels, *rows = [tokens(line) for line in lines_of(content)]
    sample = (shared / "artefacts" / "datev-samples" / "EXTF_Stammdaten.csv").read_bytes()
    sample_first, sample_labels, *sample_rows = [tokens(line) for line in lines_of(sample)]
    assert labels == sample_labels
    quotes = [it.startswith('"') for it in sample_rows[0]]
    assert [[it.startswith('"') for it in row] for row in rows] == [quotes] * len(rows)
    assert [first[at] for at in (0, 1, 2, 3, 4)] == [sample_first[at] for at in (0, 1, 2, 3, 4)]
    # what is reserved is a number by the description, and a text in the sample
    assert [it.startswith('"') for it in first[:22]] == [it.startswith('"') for it in sample_first[:22]]
    said = dict(zip(map(bare, labels), map(bare, rows[0]), strict=True))
    assert {
        name: said[name] for name in ("Konto", "Name (Adressatentyp Unternehmen)", "Adressatentyp", "Ort", "Land", "Kundennummer")
    } == {
        "Konto": "10000",
        "Name (Adressatentyp Unternehmen)": "Muster Handel GmbH",
        "Adressatentyp": "2",
        "Ort": said["Ort"],
        "Land": "DE",
        "Kundennummer": "muster-handel",
    }
    assert said["Ort"]


def test_suppliers_are_creditors_with_rows_for_their_invoices(company: Company) -> None:
    company.call("PATCH", "/v2/tenant-settings", {"expensePosting": "POSTED"})
    rows = [{"description": "Paper", "net": "60.00", "vatRate": 19}, {"description": "Book", "net": "40.00", "vatRate": 7}]
    paper = {
        "supplier": "Papier Süd GmbH",
        "supplierVatId": "DE136695976",
        "date": "2026-03-02",
        "number": "R 4711",
        "net": "100.00",
    }
    company.call("POST", "/v2/expenses", {**paper, "rows": rows, "paidOn": "2026-03-05"}, 201)
    (supplier,) = company.call("GET", "/v2/suppliers")["_embedded"]
    account = str(supplier["account"])
    _, files = an_export(company.tenant, "DATEV", period="2026-03", contents=["MASTER_DATA", "BATCH"])
    labels, *found = [tokens(line) for line in lines_of(files["EXTF_DebitorenKreditoren_1.csv"])][1:]
    said = dict(zip(map(bare, labels), map(bare, found[-1]), strict=True))
    names = ("Konto", "Name (Adressatentyp Unternehmen)", "Adressatentyp", "EU-Land", "EU-USt-IdNr.")
    assert [said[name] for name in names] == [account, "Papier Süd GmbH", "2", "DE", "136695976"]
    (batch,) = [content for name, content in files.items() if "Buchungsstapel" in name]
    booked = [tokens(line) for line in lines_of(batch)][2:]
    # amount, side of the supplier's account, that account, the other one, number of the paper
    assert [(row[0], bare(row[1]), row[6], row[7], bare(row[10])) for row in booked] == [
        ("60,00", "H", account, "4900", "R-4711"),
        ("11,40", "H", account, "1576", "R-4711"),
        ("40,00", "H", account, "4900", "R-4711"),
        ("2,80", "H", account, "1571", "R-4711"),
        ("114,20", "S", account, "1200", "R-4711"),
    ]


def test_the_batch_is_shaped_as_the_published_sample(company: Company, shared: Path) -> None:
    dated(company, "2026-03-01")
    _, files = everything(company.tenant, format_version=9)
    (content,) = files.values()
    first, _, row = [tokens(line) for line in lines_of(content)]
    sample_first, sample_labels, sample, *_ = [
        tokens(line) for line in lines_of((shared / "artefacts" / "datev-samples" / "EXTF_Buchungsstapel.csv").read_bytes())
    ]
    assert (len(row), len(first)) == (len(sample_labels), len(sample_first))
    assert [it.startswith('"') for it in row] == [it.startswith('"') for it in sample]
    numbers = re.compile(r"[0-9,]+")
    assert [bool(numbers.fullmatch(it)) for it in first[10:16]] == [bool(numbers.fullmatch(it)) for it in sample_first[10:16]]


def test_pictures_are_linked_by_their_guid(company: Company) -> None:
    number = dated(company, "2026-03-01")
    view, files = an_export(company.tenant, "DATEV", period="2026-03", contents=["BATCH", "IMAGES"])
    assert [(one.reason, one.examples) for one in view.left_out] == [("NO_IMAGE", (number,))]
    ids = tuple(row.id for row in company.tenant.rows("SELECT id FROM document"))
    company.tenant.execute(archive, ArchiveDocuments(document_ids=ids))
    view, files = an_export(company.tenant, "DATEV", period="2026-03", contents=["BATCH", "IMAGES"])
    assert view.left_out == ()
    with zipfile.ZipFile(io.BytesIO(files["Belegbilder_1.zip"])) as found:
        assert found.testzip() is None
        description = etree.fromstring(found.read("document.xml"))
        space = {"d": "http://xml.datev.de/bedi/tps/document/v06.0"}
        (document,) = description.findall(".//d:document", space)
        name = document.find("d:extension", space).get("name")  # type: ignore[union-attr]
        assert found.read(str(name)).startswith(b"%PDF")
        assert found.namelist() == [name, "document.xml"]
    (row,) = read(files["EXTF_Buchungsstapel_2026-03_1.csv"]).rows
    assert row[19] == f'BEDI "{document.get("guid")}"'


def test_numbers_that_would_be_one_in_datev_are_refused(company: Company) -> None:
    for ident in ("R_1", "R.1", "R~2", "R-3"):
        dated(company, "2026-03-01", **OWN, ident=ident)
    view = made_export(company.tenant, asked_export(company.tenant, "DATEV", period="2026-03").export_ident)
    assert (view.status, [reason.code for reason in view.reasons]) == ("FAILED", ["datev_numbers_meet"])
    assert view.reasons[0].message == "The document numbers R.1 and R_1 would both be R-1 in DATEV (Belegfeld 1)."


def test_without_configuration_nothing_is_exported_and_it_says_why(furnished: Tenant) -> None:
    with pytest.raises(Refused) as refused:
        asked_export(furnished, "DATEV", period="2026-03")
    assert (refused.value.kind, refused.value.problems[0].code) == (Kind.ILLEGAL_STATE, "datev_configuration_missing")


def test_accounts_that_datev_cannot_have_are_named(company: Company) -> None:
    for number, key in ((440_001, None), (8_888, "own key")):
        body = AccountBody(
            account_number=number,
            currency="EUR",
            account_type=AccountType.INCOME,
            name="Own",
            automatic=key is not None,
            tax_key=key,
        )
        company.tenant.execute(create_account, CreateAccount(body))
    with pytest.raises(Refused) as refused:
        asked_export(company.tenant, "DATEV", period="2026-03")
    assert [problem.code for problem in refused.value.problems] == ["datev_account_too_long", "datev_tax_key_unknown"]


def test_it_is_repeated_byte_for_byte_whatever_is_configured_since(company: Company) -> None:
    dated(company, "2026-03-01")
    asked = asked_export(company.tenant, "DATEV", period="2026-03", contents=["BATCH"])
    configure_datev(company.tenant, account_length=7)
    dated(company, "2026-03-02")
    view = made_export(company.tenant, asked.export_ident)
    assert (view.rows, view.options["formatVersion"]) == (1, 13)
    company.tenant.execute(repeat_export, OneExport(export_ident=asked.export_ident))
    again = made_export(company.tenant, asked.export_ident)
    assert (again.sha256, again.reasons) == (view.sha256, ())


def test_services_to_the_eu_have_the_vat_id_of_the_document(company: Company) -> None:
    """Also once the customer has another one."""
    customer = {
        "customerIdent": "c-at",
        "customerType": "B2B",
        "company": "Wien GmbH",
        "vatId": "ATU12345675",
        "addresses": [
            {
                "addressIdent": "a",
                "addressType": "INVOICE",
                "street": "Ring",
                "streetNo": "1",
                "zip": "1010",
                "city": "Wien",
                "country": "AT",
            }
        ],
    }
    company.call("POST", "/v2/customers", customer, 201)
    item = {**_row(19), "taxDetail": {"taxes": [{"rate": 0, "categoryCode": "AE"}]}, "performanceLocation": {"country": "AT"}}
    dated(company, "2026-03-01", items=[item], customerDetail={"customerIdent": "c-at", "invoiceAddressIdent": "a"})
    known = company.call("GET", "/v2/customers/c-at")
    company.call("PUT", "/v2/customers/c-at", {**known, "vatId": "ATU33864707"})
    _, files = everything(company.tenant)
    (row,) = [row for content in files.values() for row in read(content).rows]
    assert (row[0], row[1], row[7], row[39], row[40]) == ("100,00", "S", "8336", "ATU12345675", "")
