"""Statements that come by themselves: from a watched directory, from a bank's server, by command."""

import datetime as dt
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from tests.factories.bank_servers import BankServer, a_bank_server, names, put
from tests.factories.companies import Company
from tests.factories.statements import BankLine, BankPaper, Reader

from contor.commands.statements import import_files, original_of, told
from contor.kernel.work import Elsewhere
from contor.payments.ways import SIFT, fetch_due, sift
from contor.payments.ways.directory import WATCH
from contor.payments.ways.entering import enter
from contor.runtime.work.tenants import look, marked

D = Decimal
DAY = dt.date(2026, 11, 2)
FIRST = BankPaper(D(0), dt.date(2026, 10, 30), [BankLine(D(10), dt.date(2026, 10, 30), reference="A1")])
SECOND = BankPaper(D(10), DAY, [BankLine(D(5), DAY, reference="A2")])
WRONG = BankPaper(D(15), DAY, [BankLine(D(1), DAY, reference="A3")])


# a watched directory


def test_files_are_moved_to_where_they_belong(company: Company, reader: Reader, watched: Path) -> None:
    put(watched, "1.xml", FIRST.camt())
    put(watched, "2.sta", SECOND.swift())
    put(watched, "3.xml", WRONG.camt(closing=D(99)))
    put(watched, "4.xml", b"<none/>")
    put(watched, "5.xml.part", FIRST.camt())
    put(watched, "6.xml", FIRST.camt(), age=0)
    (watched / "7.xml").symlink_to(watched / "1.xml")
    sift(company.tenant.runtime, company.tenant.id)
    assert names(watched) == {
        watched.name: ["5.xml.part", "6.xml"],
        "done": ["1.xml", "2.sta"],
        "aside": ["3.xml"],
        "refused": ["4.xml"],
    }
    assert reader.amounts() == [D(10), D(5)]
    put(watched, "1.xml", FIRST.camt())
    sift(company.tenant.runtime, company.tenant.id)
    assert names(watched)["done"] == ["1.1.xml", "1.xml", "2.sta"]
    assert reader.amounts() == [D(10), D(5)]
    company.sound()


def test_a_file_that_is_too_large_is_refused_unread(company: Company, reader: Reader, watched: Path) -> None:
    with (watched / "big.xml").open("wb") as file:
        file.truncate(1024**3)
    os.utime(watched / "big.xml", (0, 0))
    sift(company.tenant.runtime, company.tenant.id)
    assert names(watched)["refused"] == ["big.xml"]
    assert company.tenant.rows("SELECT ident FROM statement_file") == []


def test_a_file_stays_where_it_is_until_it_is_stored(
    company: Company, reader: Reader, watched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    put(watched, "1.xml", FIRST.camt())
    with monkeypatch.context() as patch:
        patch.setattr("contor.payments.ways.directory.put_aside", killed)
        with pytest.raises(KeyboardInterrupt):
            sift(company.tenant.runtime, company.tenant.id)
    assert names(watched)[watched.name] == ["1.xml"]
    sift(company.tenant.runtime, company.tenant.id)
    assert names(watched)["done"] == ["1.xml"]
    assert reader.amounts() == [D(10)]
    company.sound()


def test_the_schedule_calls_a_worker_for_what_waits(company: Company, reader: Reader, watched: Path) -> None:
    runtime = company.tenant.runtime
    WATCH.run(runtime)
    assert marked(runtime, SIFT) == []
    put(watched, "1.xml", FIRST.camt())
    WATCH.run(runtime)
    (found,) = marked(runtime, SIFT)
    assert found.tenant_id == company.tenant.id
    assert look(runtime, SIFT, found)
    assert (names(watched)["done"], reader.amounts()) == (["1.xml"], [D(10)])
    company.sound()


def test_one_worker_at_a_time_reads_a_folder(
    company: Company, reader: Reader, watched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two that are called at once, one would find the file moved by the other, and the tenant would be left alone as one that fails."""
    put(watched, "1.xml", FIRST.camt())
    second = []

    def entered(runtime: Any, tenant_id: int, *file: Any) -> Any:
        second.append(sift(runtime, tenant_id))
        return enter(runtime, tenant_id, *file)

    monkeypatch.setattr("contor.payments.ways.directory.enter", entered)
    assert sift(company.tenant.runtime, company.tenant.id) is None
    assert second == [Elsewhere.BUSY]
    assert (names(watched)["done"], reader.amounts()) == (["1.xml"], [D(10)])
    company.sound()


# a bank's server


SOURCES = "/v2/payment-providers/7/settlement-sources"


def ask(company: Company, source: str = "own") -> None:
    """Let it be read now, whatever its schedule."""
    company.call("POST", f"{SOURCES}/{source}/actions/fetch")
    fetch_due(company.tenant.runtime, company.tenant.id)


def heard(company: Company, source: str = "own") -> Any:
    return company.call("GET", f"{SOURCES}/{source}")


@pytest.fixture
def bank_server(company: Company, tmp_path: Path) -> Iterator[BankServer]:
    company.call("POST", "/v2/payment-providers", {"id": 7, "name": "COMMERZBANK"}, 201)
    with a_bank_server(tmp_path / "bank") as made:
        yield made


@pytest.mark.parametrize("remove", [False, True])
def test_files_are_fetched_once(company: Company, reader: Reader, bank_server: BankServer, remove: bool) -> None:
    made = company.call("POST", SOURCES, bank_server.source(remove=remove), 201)
    assert made["credentialNames"] == ["password"]
    assert "secret" not in str((made, *company.tenant.rows("SELECT * FROM settlement_source")))
    put(bank_server.root, "1.xml", FIRST.camt(), age=10**9)
    put(bank_server.root, "2.xml", SECOND.camt(), age=10**9)
    for _ in range(2):
        ask(company)
    assert reader.amounts() == [D(10), D(5)]
    assert len(company.tenant.rows("SELECT ident FROM statement_file")) == 2
    assert bank_server.names() == ([] if remove else ["1.xml", "2.xml"])
    company.sound()


def test_another_server_gets_nothing(company: Company, reader: Reader, bank_server: BankServer, caplog: Any) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    company.call("POST", SOURCES, bank_server.source(hostKey=other), 201)
    put(bank_server.root, "1.xml", FIRST.camt(), age=10**9)
    fetch_due(company.tenant.runtime, company.tenant.id)
    assert reader.payments() == []
    assert "HostKeyNotVerifiable" in caplog.text
    assert "could not be reached and signed in to as the one whose key is pinned" in heard(company)["problem"]
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("field", "value"),
    [("hostKey", "ssh-ed25519 AAAAAAAAAAAAAAAAAAAAAAAA"), ("hostKey", "none"), ("host", "a b"), ("port", 0), ("credentials", [])],
)
def test_a_source_that_cannot_be_asked_is_refused(company: Company, bank_server: BankServer, field: str, value: Any) -> None:
    answer = company.call("POST", SOURCES, bank_server.source(**{field: value}), 400)
    assert field in str(answer)


def test_a_source_is_read_by_its_schedule(company: Company, reader: Reader, bank_server: BankServer) -> None:
    begin = dt.datetime(2026, 11, 3, 6, tzinfo=dt.UTC)
    company.tenant.turn_clock(begin)
    company.call("POST", SOURCES, bank_server.source(schedule="HOURLY"), 201)
    company.call("POST", SOURCES, bank_server.source(ident="asked", schedule="MANUAL"), 201)
    for minutes, came in ((0, 1), (59, 1), (60, 2)):
        company.tenant.turn_clock(begin + dt.timedelta(minutes=minutes))
        put(bank_server.root, f"{came}.xml", (FIRST, SECOND)[came - 1].camt(), age=10**9)
        fetch_due(company.tenant.runtime, company.tenant.id)
        assert len(reader.amounts()) == came
    assert "lastReadAt" not in heard(company, "asked")
    ask(company, "asked")
    assert (heard(company, "asked")["lastReadAt"], heard(company, "asked").get("askedAt")) == ("2026-11-03T07:00:00Z", None)


def test_another_file_of_the_same_name_is_another_file(company: Company, reader: Reader, bank_server: BankServer) -> None:
    """Also of the same size, and although another source had one of that name."""
    company.call("POST", SOURCES, bank_server.source(), 201)
    put(bank_server.root, "day.xml", FIRST.camt(), age=10**9)
    ask(company)
    put(bank_server.root, "day.xml", SECOND.camt(), age=10**8)
    ask(company)
    assert reader.amounts() == [D(10), D(5)]
    company.call("DELETE", f"{SOURCES}/own", status=204)
    company.call("POST", SOURCES, bank_server.source(ident="anew"), 201)
    ask(company, "anew")
    assert reader.amounts() == [D(10), D(5)]


def test_a_file_of_another_format_is_left_and_named(company: Company, reader: Reader, bank_server: BankServer) -> None:
    company.call("POST", SOURCES, bank_server.source("MT940"), 201)
    put(bank_server.root, "1.xml", FIRST.camt(), age=10**9)
    ask(company)
    assert heard(company)["problem"] == (
        "The file '1.xml' is not taken: The file is written in CAMT; the settlement source says MT940."
    )
    assert (reader.amounts(), bank_server.names()) == ([], ["1.xml"])
    put(bank_server.root, "1.xml", FIRST.swift(), age=10**8)
    ask(company)
    assert (reader.amounts(), heard(company).get("problem")) == ([D(10)], None)
    company.sound()


def test_a_table_is_of_the_account_that_its_source_names(company: Company, reader: Reader, bank_server: BankServer) -> None:
    other = {"ident": "b-2", "name": "Other", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 7}
    company.call("POST", "/v2/merchant-payment-accounts", other, 201)
    refused = company.call("POST", SOURCES, bank_server.source(merchantPaymentAccountIdent="bank"), 400)
    assert "No merchant payment account 'bank' is kept at the payment provider 7" in str(refused)  # that is of another one
    company.call("POST", SOURCES, bank_server.source("CSV", merchantPaymentAccountIdent="b-2"), 201)
    form = {"columns": {"bookingDate": "Datum", "amount": "Betrag"}}
    for account in ("bank", "b-2"):
        path = f"/v2/merchant-payment-accounts/{account}/statement-mappings"
        company.call("POST", path, {"ident": "own", "form": form}, 201)
    put(bank_server.root, "1.csv", b"Datum;Betrag\n30.10.2026;7,00\n", age=10**9)
    ask(company)
    assert (reader.amounts(), reader.amounts("b-2")) == ([], [D(7)])


# a folder of the watched directory


def test_a_folder_is_a_source(company: Company, reader: Reader, watched: Path) -> None:
    company.call("POST", "/v2/payment-providers", {"id": 7, "name": "COMMERZBANK"}, 201)
    source = {"ident": "own", "type": "DIRECTORY", "format": "CAMT", "directory": "commerz"}
    company.call("POST", SOURCES, source, 201)
    ask(company)
    assert "no folder 'commerz'" in heard(company)["problem"]
    (watched / "commerz").mkdir()
    put(watched / "commerz", "1.xml", FIRST.camt())
    put(watched / "commerz", "2.sta", SECOND.swift())
    sift(company.tenant.runtime, company.tenant.id)
    assert reader.amounts() == []  # its own schedule counts
    ask(company)
    assert names(watched / "commerz") == {"commerz": ["2.sta"], "done": ["1.xml"]}
    assert (reader.amounts(), "MT940" in heard(company)["problem"]) == ([D(10)], True)
    (watched / "commerz" / "2.sta").unlink()
    with (watched / "commerz" / "big.xml").open("wb") as file:
        file.truncate(1024**3)
    os.utime(watched / "commerz" / "big.xml", (0, 0))
    ask(company)
    assert heard(company)["problem"] == "The file 'big.xml' is not taken: it is larger than 64 MB."
    assert names(watched / "commerz")["refused"] == ["big.xml"]
    company.sound()


def test_what_is_uploaded_is_of_the_format_that_its_source_says(company: Company, reader: Reader) -> None:
    company.call("POST", "/v2/payment-providers", {"id": 1, "name": "COMMERZBANK"}, 201)
    path = "/v2/merchant-payment-accounts/bank/statements"
    company.call("POST", "/v2/payment-providers/1/settlement-sources", {"ident": "u", "type": "UPLOAD", "format": "MT940"}, 201)
    sent = {"file": ("1.xml", FIRST.camt(), "application/xml")}
    answer = company.client.post(path, files=sent, headers=company.headers)
    assert (answer.status_code, "the settlement source says MT940" in answer.text) == (400, True), answer.text
    company.call("POST", "/v2/payment-providers/1/settlement-sources/u/actions/fetch", status=400)
    company.call("POST", "/v2/payment-providers/1/settlement-sources", {"ident": "v", "type": "UPLOAD", "format": "CAMT"}, 201)
    assert company.client.post(path, files=sent, headers=company.headers).status_code == 202


# by command


def test_files_are_read_by_command_in_any_order(company: Company, reader: Reader, tmp_path: Path) -> None:
    """The second day waits for the first."""
    third = BankPaper(D(15), dt.date(2026, 11, 3), [BankLine(D(2), dt.date(2026, 11, 3), reference="A4")])
    files = {"1.xml": FIRST.camt(), "3.sta": third.swift(), "2.xml": SECOND.camt(), "4.txt": b"no statement"}
    paths = []
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        paths.append(tmp_path / name)
    steps: list[int] = []
    outcomes = import_files(company.tenant.runtime, [*paths, tmp_path / "none"], company.tenant.realm, lambda: steps.append(1))
    assert len(steps) == 5
    assert [one.is_read for one in outcomes] == [True, True, True, False, False]
    assert told(outcomes[0]).endswith("read for bank, 1 new booking, 1 payment")
    assert [one.reasons[0].code for one in outcomes[3:]] == ["statement_format_unknown", "file_unreadable"]
    assert reader.amounts() == [D(10), D(5), D(2)]
    view = outcomes[0].view
    assert view is not None
    assert original_of(company.tenant.runtime, view.statement_ident, company.tenant.realm) == FIRST.camt()
    company.sound()
