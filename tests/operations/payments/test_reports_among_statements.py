"""Banks' reports on our files (pain.002): they come by every way by which statements do, also among them."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.factories.bank_servers import a_bank_server, names, put
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, OUR_IBAN, Creditor
from tests.factories.statements import IBAN, BankLine, BankPaper, Reader
from tests.factories.status_reports import a_report
from tests.factories.tenants import Tenant

from contor.commands.statements import import_files, told
from contor.payments.ways import fetch_due, sift

D = Decimal
SOURCES = "/v2/payment-providers/1/settlement-sources"


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.mandate()
    return made


def packed(*contents: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"{number}.xml", content)
    return made.getvalue()


def test_reports_on_our_files_come_by_the_same_ways(creditor: Creditor, tmp_path: Path) -> None:
    """A folder with statements and reports (pain.002): each is taken by what it is; a report about nothing of ours is refused by name."""
    invoice = creditor.document(**AT_ONCE)
    creditor.collect()
    (file,) = creditor.write().files
    day, tenant = dt.date.fromisoformat(day_here()), creditor.tenant
    statement = BankPaper(D(0), day, [BankLine(D(10), day, reference="A1")]).camt().replace(IBAN.encode(), OUR_IBAN.encode())
    with a_bank_server(tmp_path / "bank") as server:
        creditor.call("POST", SOURCES, server.source(), 201)
        for name, content in {
            "1.xml": a_report("B-1", "unknown", status="RJCT"),
            "2.zip": packed(statement, a_report("B-0", file, status="ACTC")),
            "3.xml": a_report("B-2", file, status="RJCT"),
        }.items():
            put(server.root, name, content, age=10**9)
        for _ in range(2):
            creditor.call("POST", f"{SOURCES}/own/actions/fetch")
            fetch_due(tenant.runtime, tenant.id)
    assert creditor.call("GET", f"{SOURCES}/own").get("problem") is None
    rows = tenant.rows("SELECT file_name, account_ident, state, reasons, counts FROM statement_file ORDER BY file_name, id")
    assert [(row.file_name, row.account_ident, row.state) for row in rows] == [
        ("1.xml", None, "REFUSED"),
        ("2.zip", "bank", "READ"),
        ("2.zip", "bank", "READ"),
        ("3.xml", "bank", "READ"),
    ]
    assert "no such file was written" in str(rows[0].reasons)
    (refused,) = creditor.call("GET", "/v2/statements?search=state==REFUSED")["_embedded"]
    assert (refused["fileName"], refused.get("merchantPaymentAccountIdent")) == ("1.xml", None)
    assert creditor.call("GET", "/v2/statements")["page"]["totalElements"] == 4
    assert [(row.counts.get("reports"), row.counts.get("payments")) for row in rows[1:]] == [(None, 1), (1, None), (1, None)]
    assert rows[3].counts["rejected"] == 1
    assert creditor.call("GET", f"/v2/payment-files/{file}")["status"] == "REJECTED"
    assert creditor.case(invoice)["prebookedItems"] == []
    shown = creditor.call("GET", "/v2/merchant-payment-accounts/bank/statements?search=fileName==3.xml")["_embedded"][0]
    assert (shown["statements"][0]["format"], shown["statements"][0]["number"]) == ("pain.002", "B-2")
    creditor.sound()


@pytest.mark.parametrize("way", ["UPLOAD", "COMMAND", "DIRECTORY", "SOURCE_DIRECTORY"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_report_is_heard_whatever_way_it_comes(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, is_packed: bool
) -> None:
    """Also where a source says that the bank's statements are MT940."""
    invoice, tenant = creditor.document(**AT_ONCE), creditor.tenant
    creditor.collect()
    (file,) = creditor.write().files
    report = a_report("B-1", file, status="RJCT")
    content, source = packed(report) if is_packed else report, {"ident": "own", "format": "MT940"}
    if way == "UPLOAD":
        creditor.call("POST", SOURCES, {**source, "type": "UPLOAD"}, 201)
        Reader(creditor).send(content)
    elif way == "COMMAND":
        (tmp_path / "report").write_bytes(content)
        (outcome,) = import_files(tenant.runtime, [tmp_path / "report"], tenant.realm, lambda: None)
        assert told(outcome).endswith("read for bank, 0 new bookings, 1 report on our files, 1 transaction refused, 0 payments")
    else:
        monkeypatch.setattr(tenant.runtime, "config", replace(tenant.runtime.config, statements=tmp_path))
        folder = tmp_path / tenant.realm / ("own" if way == "SOURCE_DIRECTORY" else "")
        folder.mkdir(parents=True)
        put(folder, "report", content, age=10**9)
        if way == "SOURCE_DIRECTORY":
            creditor.call("POST", SOURCES, {**source, "type": "DIRECTORY", "directory": "own"}, 201)
            creditor.call("POST", f"{SOURCES}/own/actions/fetch")
            fetch_due(tenant.runtime, tenant.id)
        else:
            sift(tenant.runtime, tenant.id)
        assert names(folder) == {folder.name: [], "done": ["report"]}
    (seen,) = creditor.call("GET", "/v2/statements")["_embedded"]
    assert (seen["state"], seen["counts"]["reports"], seen["counts"]["rejected"]) == ("READ", 1, 1)
    assert creditor.case(invoice)["prebookedItems"] == []
    creditor.sound()
