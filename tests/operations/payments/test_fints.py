"""A German bank is asked by FinTS: PIN and TAN, what it tells, and what it refuses."""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company
from tests.factories.fints_bank import OTHER, PIN, TAN, USER, FinTSBank, a_fints_bank
from tests.factories.statements import BankLine, BankPaper, Reader

from contor.payments.open_banking import sync_due

pytest.importorskip("fints")
D = Decimal
DAY, NOON = dt.date(2026, 11, 2), dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)
LINKS = "/v2/open-banking-accounts"


@pytest.fixture
def bank(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[FinTSBank]:
    runtime = company.tenant.runtime
    settings = replace(runtime.config, fints_product="F7C4049477F6136957A46EC28", outbound_networks="127.0.0.1/32")
    monkeypatch.setattr(runtime, "config", settings)
    with a_fints_bank() as made:
        yield made


def connect(company: Company, bank: FinTSBank, status: int = 201, **more: Any) -> Any:
    body = {
        "ident": "own",
        "merchantPaymentAccountIdent": "bank",
        "provider": "FINTS",
        "url": bank.url,
        "userName": USER,
        "pin": PIN,
        **more,
    }
    return company.call("POST", LINKS, body, status)


def ask(company: Company, at: dt.datetime = NOON) -> Any:
    company.tenant.turn_clock(at)
    sync_due(company.tenant.runtime, company.tenant.id)
    return company.call("GET", f"{LINKS}/own")


def paper(opening: str, day: dt.date, *amounts: str) -> BankPaper:
    lines = [BankLine(D(amount), day, text=f"RE-{n}", reference=f"{day:%d}-{n}") for n, amount in enumerate(amounts)]
    return BankPaper(D(opening), day, lines)


def test_what_was_booked_comes_by_fints_once(company: Company, bank: FinTSBank, reader: Reader) -> None:
    made = connect(company, bank)
    assert (made["status"], made["bankName"], made["iban"]) == ("LINKED", "Testbank Elbe", "DE3610010*********0001")
    assert "pin" not in made
    bank.paper = paper("100", DAY, "119", "-5")
    said = ask(company)
    assert (said["status"], said["lastAccessedAt"], said.get("problem")) == ("LINKED", "2026-11-03T12:00:00Z", None)
    assert reader.amounts() == [D(119), D(-5)]
    ask(company, NOON + dt.timedelta(hours=12))
    assert reader.amounts() == [D(119), D(-5)], "the same again is nothing new"
    bank.paper = paper("214", dt.date(2026, 11, 3), "20")
    ask(company, NOON + dt.timedelta(hours=24))
    assert reader.amounts() == [D(119), D(-5), D(20)]
    first, second = bank.asked[0], bank.asked[-1]
    assert first == (dt.date(2026, 8, 7), dt.date(2026, 11, 3)), "as far back as no TAN is asked for"
    assert second == (dt.date(2026, 10, 25), dt.date(2026, 11, 4))
    assert bank.told.count("HKEND") == bank.dialogs, "each conversation is ended"
    company.sound()


def test_a_tan_is_said_in_the_conversation_that_asks_for_it(company: Company, bank: FinTSBank, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    bank.wants_tan = True
    made = connect(company, bank, tanMethod="942")
    assert (made["status"], made["challenge"]["text"]) == ("PENDING", "Bitte TAN eingeben: Login")
    stored = str(company.tenant.rows("SELECT secrets, challenge FROM open_banking_account"))
    assert PIN not in stored
    said = company.call("POST", f"{LINKS}/own/actions/confirm", {"tan": TAN})
    assert (said["status"], said.get("challenge"), said["bankName"]) == ("LINKED", None, "Testbank Elbe")
    assert PIN not in caplog.text
    assert set(bank.pins) <= {PIN, ""}
    said = ask(company)  # the bank wants a TAN for each conversation: nobody is there to say it
    assert (said["status"], said["problem"]) == ("EXPIRED", "The bank wants a confirmation: connect the account again.")
    company.sound()


def test_a_wrong_tan(company: Company, bank: FinTSBank) -> None:
    bank.wants_tan = True
    connect(company, bank)
    said = company.call("POST", f"{LINKS}/own/actions/confirm", {"tan": "1"})
    assert said["status"] == "FAILED"
    assert "TAN ungültig" in said["problem"]
    company.sound()


def test_what_the_bank_refuses(company: Company, bank: FinTSBank) -> None:
    (wrong,) = connect(company, bank, 400, pin="falsch")["errors"]
    assert "PIN ungültig" in wrong["error"]
    assert "falsch" not in wrong["error"]
    (wrong,) = connect(company, bank, 400, tanMethod="999")["errors"]
    assert "942 (mobile TAN), 946 (App)" in wrong["error"]
    bank.accounts = (OTHER,)
    (wrong,) = connect(company, bank, 400)["errors"]
    assert "no account with the IBAN" in wrong["error"]
    bank.garbled = True
    connect(company, bank, 503)
    bank.garbled, bank.status = False, 500
    connect(company, bank, 503)
    assert company.tenant.rows("SELECT ident FROM open_banking_account") == []


def test_a_pin_that_became_wrong_is_not_tried_again(company: Company, bank: FinTSBank, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(company, bank)
    monkeypatch.setattr("tests.factories.fints_bank.PIN", "another")
    said = ask(company)
    assert (said["status"], "PIN ungültig" in said["problem"]) == ("FAILED", True)
    tried = len(bank.pins)
    ask(company, NOON + dt.timedelta(days=1))
    assert len(bank.pins) == tried
    company.sound()


def test_without_a_registration_fints_is_off(company: Company, bank: FinTSBank, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = company.tenant.runtime
    monkeypatch.setattr(runtime, "config", replace(runtime.config, fints_product=None))
    (wrong,) = connect(company, bank, 400)["errors"]
    assert "CONTOR_FINTS_PRODUCT" in wrong["error"]
