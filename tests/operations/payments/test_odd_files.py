"""Files of banks whose names are no text or stand in the way, and what is said of files that cannot be read."""

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

from tests.factories.bank_servers import a_bank_server, names, put
from tests.factories.companies import Company
from tests.factories.statements import BankLine, BankPaper, Reader

from contor.payments.ways import fetch_due, sift

D = Decimal
DAY = dt.date(2026, 10, 30)
PAPER = BankPaper(D(0), DAY, [BankLine(D(10), DAY, reference="A1")])
NO_TEXT = os.fsdecode(b"b\xff\xfed")
SOURCES = "/v2/payment-providers/7/settlement-sources"


def test_why_a_table_is_not_read_shows_no_account(company: Company, reader: Reader) -> None:
    form = {"columns": {"bookingDate": "Datum", "amount": "Betrag"}}
    company.call("POST", "/v2/merchant-payment-accounts/bank/statement-mappings", {"ident": "own", "form": form}, 201)
    iban = "DE02120300000000202051"
    shown = reader.send(f"Datum;Betrag\n{iban};7,00\n30.10.2026;{iban}\n".encode(), name="1.csv")
    assert [reason["message"] for reason in shown["reasons"]] == [
        "line 2: 'DE02…2051' is no date as DD.MM.YYYY",
        "line 3: 'DE02…2051' is no amount",
    ]


def test_a_name_that_is_no_text_stops_nobody(company: Company, reader: Reader, watched: Path) -> None:
    (watched.parent / NO_TEXT).mkdir()
    put(watched, "1.xml", PAPER.camt())
    put(watched, f"{NO_TEXT}.xml", PAPER.camt())
    sift(company.tenant.runtime, company.tenant.id)
    assert names(watched) == {watched.name: [f"{NO_TEXT}.xml"], "done": ["1.xml"]}
    assert reader.amounts() == [D(10)]


def test_a_file_that_is_called_as_a_folder_of_ours_is_a_file(company: Company, reader: Reader, watched: Path) -> None:
    put(watched, "a.xml", PAPER.camt())
    put(watched, "done", PAPER.camt())
    sift(company.tenant.runtime, company.tenant.id)
    assert names(watched) == {watched.name: [], "done.1": ["a.xml", "done"]}
    assert reader.amounts() == [D(10)]
    company.sound()


def test_a_name_that_is_no_text_is_left_at_the_server_and_told(company: Company, reader: Reader, tmp_path: Path) -> None:
    company.call("POST", "/v2/payment-providers", {"id": 7, "name": "COMMERZBANK"}, 201)
    with a_bank_server(tmp_path / "bank") as bank:
        company.call("POST", SOURCES, bank.source(), 201)
        put(bank.root, "1.xml", PAPER.camt(), age=10**8)
        put(bank.root, f"{NO_TEXT}.xml", PAPER.camt(), age=10**8)
        company.call("POST", f"{SOURCES}/own/actions/fetch")
        fetch_due(company.tenant.runtime, company.tenant.id)
    assert reader.amounts() == [D(10)]
    problem = company.call("GET", f"{SOURCES}/own")["problem"]
    assert problem == "The file 'b\\udcff\\udcfed.xml' is not taken: its name is no text in UTF-8."
