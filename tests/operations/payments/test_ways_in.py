"""Statements that come by themselves: from a watched directory, from a bank's server, by command."""

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from tests.factories.bank_servers import BankServer, a_bank_server
from tests.factories.companies import Company
from tests.factories.statements import BankLine, BankPaper, Reader

from contor.commands.statements import import_files, original_of, told
from contor.kernel.work import Elsewhere
from contor.payments.statements.ways import fetch_all, sift
from contor.payments.statements.ways.entering import enter

D = Decimal
DAY = dt.date(2026, 11, 2)
FIRST = BankPaper(D(0), dt.date(2026, 10, 30), [BankLine(D(10), dt.date(2026, 10, 30), reference="A1")])
SECOND = BankPaper(D(10), DAY, [BankLine(D(5), DAY, reference="A2")])
WRONG = BankPaper(D(15), DAY, [BankLine(D(1), DAY, reference="A3")])


# a watched directory


@pytest.fixture
def watched(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(company.tenant.runtime, "config", replace(company.tenant.runtime.config, statements=tmp_path))
    folder = tmp_path / company.tenant.realm
    folder.mkdir()
    (tmp_path / "no-realm").mkdir()
    return folder


def put(folder: Path, name: str, content: bytes, *, age: int = 60) -> None:
    (folder / name).write_bytes(content)
    then = dt.datetime.now(dt.UTC).timestamp() - age
    os.utime(folder / name, (then, then))


def names(folder: Path) -> dict[str, list[str]]:
    return {
        place.name: sorted(path.name for path in place.iterdir() if path.is_file())
        for place in (folder, *sorted(path for path in folder.iterdir() if path.is_dir()))
    }


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
        patch.setattr("contor.payments.statements.ways.directory._move", killed)
        with pytest.raises(KeyboardInterrupt):
            sift(company.tenant.runtime, company.tenant.id)
    assert names(watched)[watched.name] == ["1.xml"]
    sift(company.tenant.runtime, company.tenant.id)
    assert names(watched)["done"] == ["1.xml"]
    assert reader.amounts() == [D(10)]
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

    monkeypatch.setattr("contor.payments.statements.ways.directory.enter", entered)
    assert sift(company.tenant.runtime, company.tenant.id) is None
    assert second == [Elsewhere.BUSY]
    assert (names(watched)["done"], reader.amounts()) == (["1.xml"], [D(10)])
    company.sound()


# a bank's server


@pytest.fixture
def bank_server(tmp_path: Path) -> Iterator[BankServer]:
    with a_bank_server(tmp_path / "bank") as made:
        yield made


@pytest.mark.parametrize("remove", [False, True])
def test_files_are_fetched_once(company: Company, reader: Reader, bank_server: BankServer, remove: bool) -> None:
    made = company.call("POST", "/v2/statement-sources", bank_server.body(remove=remove), 201)
    assert "password" not in made
    assert "secret" not in str(company.tenant.rows("SELECT * FROM statement_source"))
    put(bank_server.root, "1.xml", FIRST.camt(), age=10**9)
    put(bank_server.root, "2.sta", SECOND.swift(), age=10**9)
    for _ in range(2):
        fetch_all(company.tenant.runtime, company.tenant.id)
    assert reader.amounts() == [D(10), D(5)]
    assert len(company.tenant.rows("SELECT ident FROM statement_file")) == 2
    assert bank_server.names() == ([] if remove else ["1.xml", "2.sta"])
    company.sound()


def test_another_server_gets_nothing(company: Company, reader: Reader, bank_server: BankServer, caplog: Any) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    company.call("POST", "/v2/statement-sources", bank_server.body(hostKey=other), 201)
    put(bank_server.root, "1.xml", FIRST.camt(), age=10**9)
    fetch_all(company.tenant.runtime, company.tenant.id)
    assert reader.payments() == []
    assert "another key than the one that is pinned" in caplog.text


@pytest.mark.parametrize(
    ("field", "value"),
    [("hostKey", "ssh-ed25519 AAAAAAAAAAAAAAAAAAAAAAAA"), ("hostKey", "none"), ("host", "a b"), ("port", 0), ("password", "")],
)
def test_a_source_that_cannot_be_asked_is_refused(company: Company, bank_server: BankServer, field: str, value: object) -> None:
    answer = company.call("POST", "/v2/statement-sources", bank_server.body(**{field: value}), 400)
    assert field in str(answer)


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
    assert told(outcomes[0]).endswith("read for bank, 1 new bookings, 1 payments")
    assert [one.reasons[0].code for one in outcomes[3:]] == ["statement_format_unknown", "file_unreadable"]
    assert reader.amounts() == [D(10), D(5), D(2)]
    view = outcomes[0].view
    assert view is not None
    assert original_of(company.tenant.runtime, view.statement_ident, company.tenant.realm) == FIRST.camt()
    company.sound()
