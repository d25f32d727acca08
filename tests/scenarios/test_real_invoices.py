"""Real e-invoices are read, issued again as Contor's own, validated by the official rules, paid, and booked."""

import itertools
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from tests.factories.tenants import Tenant

from contor.commands.importing import STAGES, ImportOutcome, import_files
from contor.documents.after import get_document
from contor.documents.after.read import ReadDocument
from contor.payments.accounts import ACCOUNTS
from contor.payments.payments import CreatePayment, create_payment
from contor.payments.types import PaymentBody
from contor.runtime.execute import validated
from contor.runtime.resource import Written

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


def original_totals(path: Path) -> tuple[Decimal, Decimal, Decimal]:
    """(net, tax, gross) as the file says them, read without our reader; without their sign."""
    root = etree.parse(str(path)).getroot()
    currency = root.findtext(f"{CBC}DocumentCurrencyCode") or root.findtext(f".//{RAM}InvoiceCurrencyCode")
    if root.tag.endswith("CrossIndustryInvoice"):
        sums = root.find(f".//{RAM}SpecifiedTradeSettlementHeaderMonetarySummation")
        net, gross = sums.findtext(f"{RAM}TaxBasisTotalAmount"), sums.findtext(f"{RAM}GrandTotalAmount")
        taxes = [e.text for e in sums.findall(f"{RAM}TaxTotalAmount") if e.get("currencyID", currency) == currency]
    else:
        net, gross = root.findtext(f".//{CBC}TaxExclusiveAmount"), root.findtext(f".//{CBC}TaxInclusiveAmount")
        totals = [e for e in root if e.tag.endswith("}TaxTotal")]
        taxes = [e.findtext(f"{CBC}TaxAmount") for e in totals if e.find(f"{CBC}TaxAmount").get("currencyID") == currency]
    return abs(Decimal(net)), abs(Decimal(taxes[0] if taxes else "0")), abs(Decimal(gross))


@pytest.fixture(scope="module")
def samples(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The official examples, each under a number of its own: most of them have the same, and an invoice is imported once."""
    folder, made = tmp_path_factory.mktemp("samples"), []
    for number, path in enumerate(sorted((shared / "artefacts" / "xrechnung-testsuite" / "business-cases").rglob("*.xml"))):
        tree = etree.parse(str(path))
        ident = tree.find(f"{CBC}ID")
        ident = tree.find(f"{{*}}ExchangedDocument/{RAM}ID") if ident is None else ident
        ident.text = f"{ident.text}-{number}"
        made.append(folder / f"{number:02}-{path.name}")
        tree.write(str(made[-1]), encoding="utf-8", xml_declaration=True)
    return made


@pytest.fixture
def world(tenant: Tenant, samples: list[Path]) -> Iterator[tuple[Tenant, ImportOutcome]]:
    through: list[tuple[str, int]] = []
    outcome = import_files(tenant.runtime, samples, tenant.realm, lambda *moved: through.append(moved))
    assert sum(count for _, count in through) == len(STAGES) * len(samples)
    assert [stage for stage, _ in itertools.groupby(stage for stage, _ in through)] == list(STAGES)
    assert len(samples) == len(outcome.accepted) + len(outcome.refused)
    yield tenant, outcome


def test_real_invoices_become_our_own(
    world: tuple[Tenant, ImportOutcome], samples: list[Path], shared: Path, tmp_path: Path
) -> None:
    tenant, outcome = world
    # each seller is a company of its own, and companies may have the same numbers: an id names one of the documents
    views = [
        tenant.execute(get_document, ReadDocument(document_ident=str(row.id))) for row in tenant.rows("SELECT id FROM document")
    ]
    amounts = Counter((view.ident, view.totals.net, view.totals.tax, view.totals.gross) for view in views)
    assert amounts == Counter((number, *original_totals(path)) for path, number in outcome.accepted)
    assert len(views) >= 0.9 * len(samples)
    assert all(problems and all(problem.message for problem in problems) for _, problems in outcome.refused)
    assert tenant.broken() == []
    validate(write_files(tenant, tmp_path), shared)
    numbers = Counter(number for _, number in outcome.accepted)
    pay(tenant, next(number for number in numbers if number.startswith("RE-") and numbers[number] == 1))
    assert tenant.broken() == []
    again = import_files(tenant.runtime, [path for path, _ in outcome.accepted[:5]], tenant.realm, lambda *_: None)
    assert (len(again.accepted), len(again.known), len(again.refused)) == (0, 5, 0)


def write_files(tenant: Tenant, folder: Path) -> list[Path]:
    """The archived files of every document, but those of others that came with it."""
    written = []
    for row in tenant.rows("SELECT document_id, name, sha256 FROM document_file WHERE type IN ('PDF', 'UBL', 'CII') ORDER BY name"):
        path = folder / f"{row.document_id}-{row.name}"
        path.write_bytes(tenant.runtime.blobs.get(tenant.id, row.sha256))
        written.append(path)
    return written


def validate(files: list[Path], shared: Path) -> None:
    """By the official rules: XSD, EN 16931 and XRechnung for every XML, PDF/A-3b for every picture."""
    xml, pdf = [str(p) for p in files if p.suffix == ".xml"], [str(p) for p in files if p.suffix == ".pdf"]
    environment = {**os.environ, "EINV_ARTEFACTS": str(shared / "artefacts")}
    command = [sys.executable, str(shared / "tools" / "einvoice_validate.py"), "-q", *xml]
    checked = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-1000:]
    assert f"{len(xml)}/{len(xml)} valid" in checked.stdout
    if shutil.which("javac") is None:
        pytest.skip("PDF/A is not validated: there is no JDK")
    checked = subprocess.run(
        ["sh", str(shared / "tools" / "pdfa_check.sh"), "3b", *pdf], check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-1000:]
    assert checked.stdout.count("PASS") == len(pdf)


def pay(tenant: Tenant, number: str) -> None:
    """A bank transaction that names the document closes its open item."""
    view = tenant.execute(get_document, ReadDocument(document_ident=number))
    account = {
        "ident": "bank",
        "name": "Bank",
        "active": True,
        "country": "DE",
        "currency": "EUR",
        "payment_service_provider_id": 1,
    }
    tenant.execute(ACCOUNTS.create, Written((), validated(ACCOUNTS.creation, account)))
    body = {
        "external_ident": "b-1",
        "base_amount": {"amount": view.outstanding, "currency": "EUR"},
        "booking_date": "2026-11-20",
        "credit_debit_indicator": "CREDIT",
        "description": f"Rechnung {number}, danke",
    }
    paid = tenant.execute(create_payment, CreatePayment("bank", validated(PaymentBody, body)))
    assert paid.status == "ASSIGNED"
    assert tenant.execute(get_document, ReadDocument(document_ident=number)).outstanding == 0
    assert [row.status for row in tenant.rows("SELECT status FROM opos_case WHERE ident = %s", (number,))] == ["CLOSED"]


@pytest.mark.parametrize(
    "content",
    [
        b"no xml at all",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"",
    ],
    ids=["text", "other-xml", "entity", "empty"],
)
def test_a_file_that_is_no_invoice_is_refused_by_name(tenant: Tenant, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.xml"
    path.write_bytes(content)
    outcome = import_files(tenant.runtime, [path], tenant.realm, lambda *_: None)
    assert outcome.accepted == []
    ((refused, problems),) = outcome.refused
    assert refused == path and problems
    assert "passwd" not in str(problems) and "root:" not in str(problems)
