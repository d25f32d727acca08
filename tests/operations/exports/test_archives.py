"""Archives of files: whole, named in an index, safe to unpack, and the same bytes each time; what is missing says why."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.checkers.fa3 import fa3_errors, said
from tests.factories.audited import HOSTILE, an_audited_company
from tests.factories.exports import an_export, asked_export, made_export
from tests.factories.golden_company import GoldenCompany
from tests.factories.golden_papers import paper, row
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.documents.after import ArchiveDocuments, archive
from contor.kernel.errors import Kind, Refused
from contor.reports.archives.zipped import Archive
from contor.reports.exports import ExportView, OneExport, Output, repeat_export
from contor.runtime.execute import Runtime

MONTH = {"period": "2026-11"}
NIP = "5260250274"
POLISH_SITE: dict[str, Any] = {
    "ident": "warszawa",
    "name": "Warszawa",
    "companyName": "Zakłady Żółć Sp. z o.o.",
    "vatId": f"PL{NIP}",
    "registerNumber": "KRS 0000123456",
    "address": {"street": "Marszałkowska", "streetNo": "1", "zip": "00-001", "city": "Warszawa", "country": "PL"},
    "contact": {"name": "Biuro", "email": "biuro@zaklady.example", "phone": "+48 22 1"},
    "bankAccounts": [{"iban": "PL61109010140000071219812874", "bic": "WBKPPLPP"}],
}
V23: dict[str, Any] = {"taxes": [{"rate": 23, "categoryCode": "S"}]}


@pytest.fixture(scope="module")
def company(runtime: Runtime) -> GoldenCompany:
    """Its documents have their files, but one, whose files are not made yet."""
    company = an_audited_company(a_tenant(runtime, a_client(runtime)))
    tenant = company.tenant
    ids = tuple(row.id for row in tenant.rows("SELECT id FROM document ORDER BY id"))
    tenant.execute(archive, ArchiveDocuments(document_ids=ids[:-1]))
    return company


def opened(files: Mapping[str, bytes]) -> zipfile.ZipFile:
    (content,) = [content for name, content in files.items() if name.endswith(".zip")]
    made = zipfile.ZipFile(io.BytesIO(content))
    assert made.testzip() is None
    return made


def index(made: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.read("index.csv").decode(), newline=""), delimiter=";"))


@pytest.fixture(scope="module")
def bulk(company: GoldenCompany) -> tuple[ExportView, Mapping[str, bytes]]:
    return an_export(company.tenant, "BULK", **MONTH)


def test_every_file_of_every_document_is_in_it(company: GoldenCompany, bulk: tuple[ExportView, Mapping[str, bytes]]) -> None:
    made = opened(bulk[1])
    kept = company.tenant.rows("SELECT document_id, type, sha256 FROM document_file")
    listed = [entry for entry in index(made) if entry["file"]]
    assert sorted((int(entry["documentId"]), entry["fileType"], entry["sha256"]) for entry in listed) == sorted(
        (row.document_id, row.type, row.sha256) for row in kept
    )
    assert sorted(made.namelist()) == sorted([*(entry["file"] for entry in listed), "index.csv"])
    for entry in listed:
        content = made.read(entry["file"])
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (entry["sha256"], int(entry["size"]))
    (file,) = [file for file in bulk[0].files if file.name.endswith(".zip")]
    assert file.rows == len(kept) > 60


def test_each_document_is_in_the_index_and_what_is_missing_says_why(
    company: GoldenCompany, bulk: tuple[ExportView, Mapping[str, bytes]]
) -> None:
    entries = index(opened(bulk[1]))
    documents = {row.id for row in company.tenant.rows("SELECT id FROM document")}
    assert {int(entry["documentId"]) for entry in entries} == documents
    missing = [entry for entry in entries if entry["missing"]]
    assert len(missing) == 1
    assert missing[0]["missing"].startswith("The files of the document are not made yet")
    assert [(one.reason, one.count, one.examples) for one in bulk[0].left_out] == [
        ("FILES_NOT_MADE", 1, (missing[0]["documentIdent"],))
    ]


def test_made_again_it_is_the_same(company: GoldenCompany, bulk: tuple[ExportView, Mapping[str, bytes]]) -> None:
    company.tenant.execute(repeat_export, OneExport(export_ident=bulk[0].export_ident))
    again = made_export(company.tenant, bulk[0].export_ident)
    assert (again.status, again.reasons, again.sha256) == ("DONE", (), bulk[0].sha256)


def test_only_the_wanted_kinds(company: GoldenCompany) -> None:
    entries = index(opened(an_export(company.tenant, "BULK", **MONTH, types=["UBL"])[1]))
    assert {entry["fileType"] for entry in entries} == {"UBL", ""}
    with pytest.raises(Refused) as refused:
        asked_export(company.tenant, "BULK", **MONTH, types=[])
    assert refused.value.kind is Kind.INVALID


def test_a_file_that_is_gone_or_was_changed_is_missing_by_name(runtime: Runtime) -> None:
    company = GoldenCompany(a_tenant(runtime, a_client(runtime)))
    tenant = company.tenant
    company.issue("invoices", paper("one", row("i-1", "10.00")))
    tenant.execute(archive, ArchiveDocuments(document_ids=tuple(it.id for it in tenant.rows("SELECT id FROM document"))))
    kept = {it.type: it.sha256 for it in tenant.rows("SELECT type, sha256 FROM document_file")}
    folder = Path(runtime.config.home) / "blobs" / str(tenant.id)
    for kind, change in (("UBL", None), ("CII", b"changed")):
        path = folder / kept[kind][:2] / kept[kind]
        path.chmod(0o600)
        path.unlink()
        if change is not None:
            path.write_bytes(change)
    view, files = an_export(tenant, "BULK", **MONTH)
    assert {one.reason for one in view.left_out} == {"FILE_MISSING", "FILE_DAMAGED"}
    found = {entry["fileType"]: bool(entry["missing"]) for entry in index(opened(files))}
    assert found == {"PDF": False, "CII": True, "UBL": True}


def test_names_lead_out_of_no_folder_and_meet_nowhere(tenant: Tenant) -> None:
    out = Output(tenant.runtime.blobs, tenant.id)
    with out.file("a.zip", "application/zip") as target:
        made = Archive(target, ("file",))
        names = ["../../etc/passwd", "..", "", "a/b", "a\\b", "a:b", HOSTILE, "x" * 500, "a/b"]
        paths = [made.add("2026-01-01/1", name, b"x", packed=False) for name in names]
        made.list((HOSTILE, "=1+1", -5))
        made.close()
    assert len(set(paths)) == len(paths)
    assert all(path.startswith("2026-01-01/1/") and path.count("/") == 2 and len(path) < 160 for path in paths)
    assert not any(part in ("", ".", "..") for path in paths for part in path.split("/"))
    content = tenant.runtime.blobs.get(tenant.id, out.files[0].sha256)
    opened_again = zipfile.ZipFile(io.BytesIO(content))
    assert opened_again.namelist() == [*paths, "index.csv"]
    assert opened_again.read("index.csv").decode().splitlines()[1].endswith(";'=1+1;-5")


# --- KSeF


@pytest.fixture(scope="module")
def polish(company: GoldenCompany) -> GoldenCompany:
    """It has a company in Warsaw as well, that sells, takes a part back as Polish law wants it said, and asks for a deposit."""
    home = {"country": "PL"}
    company.call("POST", "/billing/configuration/operating-sites", POLISH_SITE, 201)
    company.call(
        "POST",
        "/billing/configuration/saf-t",
        {
            "ident": "pl",
            "country": "PL",
            "operatingSiteIdent": "warszawa",
            "taxpayerNumber": NIP,
            "softwareCertificate": "K-1",
            "validFrom": "2026-01-01",
        },
        201,
    )
    sold = company.issue(
        "invoices",
        paper(
            "faktura", row("i-1", "100.00", 4, taxDetail=V23, performanceLocation=home, name=HOSTILE), operatingSiteIdent="warszawa"
        ),
    )
    with company.laid_out(True):
        company.issue(
            "credit-memos",
            paper(
                "korekta",
                row("i-1", "100.00", taxDetail=V23, performanceLocation=home),
                relatedDocumentIdent=sold,
                operatingSiteIdent="warszawa",
                properties=[{"key": "reason", "value": "Zwrot towaru"}],
            ),
        )
    company.issue(
        "deposit-invoices",
        paper("zaliczka", row("i-1", "50.00", taxDetail=V23, performanceLocation=home), operatingSiteIdent="warszawa"),
    )
    return company


def test_structured_invoices_of_a_period_are_valid_and_all_others_say_why_not(shared: Path, polish: GoldenCompany) -> None:
    view, files = an_export(polish.tenant, "KSEF", **MONTH)
    made = opened(files)
    entries = index(made)
    (documents,) = polish.tenant.rows("SELECT count(*) FROM document")
    assert len(entries) == documents[0]
    written = [entry for entry in entries if entry["file"]]
    kinds = []
    for entry in written:
        content = made.read(entry["file"])
        assert fa3_errors(shared, content) == []
        assert said(content, "/fa:Faktura/fa:Fa/fa:P_15") == [f"{Decimal(entry['gross']):.2f}"]
        assert said(content, "/fa:Faktura/fa:Naglowek/fa:SystemInfo") == ["Contor K-1"]
        kinds += said(content, "/fa:Faktura/fa:Fa/fa:RodzajFaktury")
    assert sorted(kinds) == ["KOR", "VAT", "ZAL"]
    assert len([entry for entry in entries if entry["missing"]]) == documents[0] - 3
    assert {one.reason for one in view.left_out} >= {"KSEF_SELLER_WITHOUT_NIP", "KSEF_RATE_UNKNOWN"}


def test_one_document_is_read_as_it_is_in_the_archive(polish: GoldenCompany) -> None:
    made = opened(an_export(polish.tenant, "KSEF", **MONTH)[1])
    (entry,) = [entry for entry in index(made) if entry["documentType"] == "CREDIT_MEMO" and entry["file"]]
    http = polish.tenant.http
    assert http is not None
    headers = {"Authorization": f"Bearer {polish.tenant.token()}"}
    answer = http.get(f"/v2/documents/{entry['documentId']}/ksef", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    assert answer.content == made.read(entry["file"])
    document = polish.call("GET", f"/documents/{entry['documentId']}")
    assert (document["correction"]["kind"], document["correction"]["reason"]) == ("KOR", "Zwrot towaru")
    assert [row["before"]["quantity"] for row in document["correction"]["rows"]] == [4]
    assert [row["after"]["quantity"] for row in document["correction"]["rows"]] == [3]


def test_a_document_that_cannot_be_one_says_every_reason(polish: GoldenCompany) -> None:
    (german,) = polish.tenant.rows("SELECT id FROM document WHERE request_id = 'invoice'")
    answer = polish.tenant.call("GET", f"/documents/{german.id}/ksef")
    assert answer.status == 409
    assert [error["fieldName"] for error in answer.body["errors"]] == ["seller.vatId", "taxes"]
    assert polish.tenant.call("GET", "/documents/nothing/ksef").status == 404
    assert polish.tenant.call("GET", f"/documents/{german.id}/ksef", permissions=("settings.read",)).status == 403
