"""A source from which nothing comes says why, and since when."""

import dataclasses
import datetime as dt
import socket
import threading
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from tests.factories.bank_servers import a_bank_server
from tests.factories.companies import Company

from contor.kernel.work import Elsewhere
from contor.payments.gateways import SourceRead, mark_read, sources_due
from contor.payments.ways import fetch_due
from contor.payments.ways.sftp import LeftThere

SOURCES = "/v2/payment-providers/7/settlement-sources"


def said(company: Company, hour: int) -> tuple[Any, Any]:
    """Read at this hour of a day: (problem, failingSince)."""
    company.tenant.turn_clock(dt.datetime(2026, 11, 3, hour, tzinfo=dt.UTC))
    company.call("POST", f"{SOURCES}/own/actions/fetch")
    fetch_due(company.tenant.runtime, company.tenant.id)
    source = company.call("GET", f"{SOURCES}/own")
    assert source["lastReadAt"] == f"2026-11-03T{hour:02}:00:00Z"
    return source.get("problem"), source.get("failingSince")


def test_a_source_says_why_nothing_comes(company: Company, tmp_path: Path) -> None:
    """What lies there and is not taken, or that it cannot be asked; it is silent while nothing is wrong."""
    company.call("POST", "/v2/payment-providers", {"id": 7, "name": "COMMERZBANK"}, 201)
    with a_bank_server(tmp_path / "bank") as server:
        company.call("POST", SOURCES, server.source(), 201)
        assert said(company, 6) == (None, None)
        with (server.root / "big.xml").open("wb") as file:
            file.truncate(65 * 2**20)
        assert said(company, 7) == ("The file 'big.xml' is not taken: it is larger than 64 MB.", "2026-11-03T07:00:00Z")
        other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
        company.call("PUT", f"{SOURCES}/own", server.source(hostKey=other))
        problem, since = said(company, 8)
        assert ("could not be reached and signed in to as the one whose key is pinned" in problem, since) == (
            True,
            "2026-11-03T07:00:00Z",
        )
        (found,) = company.call("GET", f"{SOURCES}?search=failingSince=lt=2026-11-03T08:00:00Z")["_embedded"]
        assert found["problem"] == problem
        (server.root / "big.xml").write_bytes(b"")  # what is empty is not whole yet
        company.call("PUT", f"{SOURCES}/own", server.source())
        assert said(company, 9) == (None, None)
    company.sound()


def hang_up(server: socket.socket) -> None:
    """On who calls first."""
    server.accept()[0].close()


def test_what_answers_at_an_address_is_not_told(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """A closed port, one where something else answers, another key, another password, an address that is not allowed: one sentence."""
    company.call("POST", "/v2/payment-providers", {"id": 7, "name": "COMMERZBANK"}, 201)
    runtime, heard = company.tenant.runtime, []
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    with a_bank_server(tmp_path / "bank") as server, socket.create_server(("127.0.0.1", 0)) as web, socket.socket() as closed:
        threading.Thread(target=hang_up, args=(web,), daemon=True).start()
        closed.bind(("127.0.0.1", 0))
        company.call("POST", SOURCES, server.source(port=closed.getsockname()[1]), 201)
        heard.append(said(company, 6)[0])
        wrong = [{"name": "password", "value": "wrong"}]
        for hour, more in enumerate(({"port": web.getsockname()[1]}, {"hostKey": other}, {"credentials": wrong}, {}), 7):
            if not more:
                monkeypatch.setattr(
                    runtime, "config", dataclasses.replace(runtime.config, local_servers=False, outbound_networks="")
                )
            company.call("PUT", f"{SOURCES}/own", server.source(**more))
            heard.append(said(company, hour)[0])
    assert len(set(heard)) == 1, heard
    assert "127.0.0.1 is no address for a server of a tenant" in caplog.text


def test_one_worker_at_a_time_reads_the_sources(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two that are called at once, one would find a file removed by the other."""
    company.call("POST", "/v2/payment-providers", {"id": 7, "name": "COMMERZBANK"}, 201)
    second = []
    with a_bank_server(tmp_path / "bank") as server:
        company.call("POST", SOURCES, server.source(remove=True), 201)
        company.call("POST", f"{SOURCES}/own/actions/fetch")

        def fetch(*_: Any) -> LeftThere:
            second.append(fetch_due(company.tenant.runtime, company.tenant.id))
            return LeftThere([], [])

        monkeypatch.setattr("contor.payments.ways.fetching.fetch", fetch)
        assert fetch_due(company.tenant.runtime, company.tenant.id) is not Elsewhere.BUSY
    assert second == [Elsewhere.BUSY]
    company.sound()


@pytest.mark.parametrize("schedule", ["MANUAL", "QUARTER_HOURLY"])
def test_who_asks_while_it_is_read_is_served_by_another_reading(company: Company, tmp_path: Path, schedule: str) -> None:
    """Also where a clock that stands gives both the same instant, and where its schedule had it read."""
    company.tenant.turn_clock(dt.datetime(2026, 11, 3, 6, tzinfo=dt.UTC))
    runtime, tenant = company.tenant.runtime, company.tenant
    company.call("POST", "/v2/payment-providers", {"id": 7, "name": "COMMERZBANK"}, 201)
    with a_bank_server(tmp_path / "bank") as server:
        company.call("POST", SOURCES, server.source(schedule=schedule), 201)
        if schedule == "MANUAL":
            company.call("POST", f"{SOURCES}/own/actions/fetch")
        with runtime.transaction(tenant.caller(), reads=True) as uow:
            (reading,) = sources_due(uow).sources
        company.call("POST", f"{SOURCES}/own/actions/fetch")  # while it is read
        done = SourceRead(payment_provider_id=7, ident="own", asked_at=reading.row.asked_at, problem="it could not be reached")
        tenant.execute(mark_read, done)
        assert company.call("GET", f"{SOURCES}/own")["askedAt"].startswith("2026-11-03T06:00:00")
        fetch_due(runtime, tenant.id)
        source = company.call("GET", f"{SOURCES}/own")
        assert (source.get("problem"), source.get("askedAt")) == (None, None)
