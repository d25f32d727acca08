"""Each setting of an account's files has its effect on what is written, said over the API."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import BANK
from tests.factories.creditors import AT_ONCE, OUR_IBAN, SEPA, Creditor
from tests.factories.statements import BankLine, BankPaper, Reader
from tests.factories.tenants import Tenant

MORNING = dt.datetime(2026, 11, 3, 9, tzinfo=dt.UTC)
NEXT_FILE = dt.datetime(2026, 11, 4, 4, 30, tzinfo=dt.UTC)
"""When files are written of themselves; a document announces the day of collection that this makes possible."""
LONG = "Muster Handel und Wandel mit Waren aller Arten und Weisen Gesellschaft mbH & Co. KG"
ADDRESS = {"street": "Am Kai", "buildingNumber": "77a", "postCode": "20457", "town": "Hamburg", "country": "DE"}


@pytest.fixture
def debited(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")


def files(creditor: Creditor, sepa: dict[str, Any], count: int = 2, **account: Any) -> list[str]:
    """What is written of so many debits of one customer by these settings, with the parts that are another each time left out."""
    creditor.tenant.turn_clock(MORNING)
    bank = {**BANK, "iban": OUR_IBAN, "bic": "SOGEDEFFXXX", "sepa": {**SEPA, **sepa}}
    creditor.call("PUT", "/v2/merchant-payment-accounts/bank", bank)
    creditor.mandate(**account)
    for _ in range(count):
        creditor.document(**AT_ONCE)
    creditor.tenant.turn_clock(NEXT_FILE)
    creditor.collect()
    creditor.write()
    listed = creditor.call("GET", "/v2/payment-files?sort=createdAt")["_embedded"]
    return [creditor.file(it["paymentFileIdent"]).decode() for it in listed]


@pytest.mark.parametrize(
    ("sepa", "said", "count"),
    [
        ({}, "<ReqdColltnDt>2026-11-05<", 1),
        ({"leadDays": 5}, "<ReqdColltnDt>2026-11-11<", 1),
        ({"cutOffHour": 5}, "<ReqdColltnDt>2026-11-06<", 1),
        ({"cutOffHour": 5, "timeZone": "Atlantic/Azores"}, "<ReqdColltnDt>2026-11-05<", 1),
        ({"debitVersion": "pain.008.001.02"}, "urn:iso:std:iso:20022:tech:xsd:pain.008.001.02", 1),
        ({}, "<BtchBookg>true<", 1),
        ({"batchBooking": False}, "<BtchBookg>false<", 1),
        ({}, "<PmtInf>", 1),
        ({"mostPerGroup": 1}, "<PmtInf>", 2),
        ({}, "<SeqTp>RCUR<", 1),
        ({"firstAndFinal": True}, "<SeqTp>FRST<", 1),
        ({}, "<BldgNb>", 0),
        ({"addresses": "STRUCTURED"}, "<BldgNb>77a<", 2),
        ({"addresses": "STRUCTURED", "addressLines": 1}, "<AdrLine>Am Kai 77a<", 2),
        ({"holderName": "Elbe Zwei GmbH"}, "<Nm>Elbe Zwei GmbH<", 2),
        ({"nameCutting": "^Muster Handel"}, "<Nm>Muster Handel<", 2),
    ],
    ids=str,
)
def test_a_setting_is_seen_in_the_file(debited: Creditor, sepa: dict[str, Any], said: str, count: int) -> None:
    name = LONG if "nameCutting" in sepa else "Muster Handel GmbH"
    (file,) = files(debited, sepa, holderAddress=ADDRESS, accountHolderName=name)
    assert file.count(said) == count


def test_a_file_holds_no_more_than_is_said(debited: Creditor) -> None:
    assert len(files(debited, {"mostPerFile": 1})) == 2


def test_what_the_customer_reads_is_the_intents(debited: Creditor) -> None:
    files(debited, {}, count=0)
    debited.intend(debited.document(), statementDescriptor="Club 2026")
    debited.write()
    (file,) = debited.call("GET", "/v2/payment-files")["_embedded"]
    assert b"<Ustrd>Club 2026<" in debited.file(file["paymentFileIdent"])


TABLE = {"columns": {"bookingDate": "Datum", "amount": "Betrag"}}
FULL = {
    **TABLE["columns"],
    "counterpartName": "Name",
    "counterpartIban": "IBAN",
    "counterpartBic": "BIC",
    "text": ["Zweck", "Mehr"],
}


@pytest.mark.parametrize(
    ("form", "table", "read"),
    [
        (TABLE, "Datum;Betrag\n02.11.2026;1.234,50\n", {"baseAmount.amount": 1234.5, "bookingDate": "2026-11-02"}),
        ({**TABLE, "decimalMark": "POINT"}, "Datum;Betrag\n02.11.2026;1,234.50\n", {"baseAmount.amount": 1234.5}),
        ({**TABLE, "dateFormat": "YYYY-MM-DD"}, "Datum;Betrag\n2026-11-02;7,00\n", {"bookingDate": "2026-11-02"}),
        ({**TABLE, "delimiter": "COMMA", "decimalMark": "POINT"}, "Datum,Betrag\n02.11.2026,7.00\n", {"baseAmount.amount": 7}),
        (
            {"columns": {"bookingDate": "Datum", "credit": "Haben", "debit": "Soll"}},
            "Datum;Haben;Soll\n02.11.2026;;7,00\n",
            {"baseAmount.amount": 7, "creditDebitIndicator": "DEBIT"},
        ),
        (
            {"columns": FULL},
            "Datum;Betrag;Name;IBAN;BIC;Zweck;Mehr\n02.11.2026;7,00;Kunde AG;DE02120300000000202051;BYLADEM1001;RE;4711\n",
            {
                "counterpart.name": "Kunde AG",
                "counterpart.iban": "DE02…2051",
                "counterpart.bic": "BYLADEM1001",
                "description": "RE 4711",
            },
        ),
        (
            {
                "columns": {
                    **TABLE["columns"],
                    "valueDate": "Wert",
                    "currency": "Währung",
                    "endToEndIdent": "E2E",
                    "mandateReference": "M",
                }
            },
            "Datum;Betrag;Wert;Währung;E2E;M\n02.11.2026;7,00;01.11.2026;EUR;E-1;M-1\n",
            {"valueDate": "2026-11-01", "endToEndIdent": "E-1", "mandateReference": "M-1"},
        ),
    ],
)
def test_a_table_is_read_as_its_mapping_says(debited: Creditor, form: dict[str, Any], table: str, read: dict[str, Any]) -> None:
    path = "/v2/merchant-payment-accounts/bank"
    debited.tenant.turn_clock(MORNING)
    debited.call("POST", f"{path}/statement-mappings", {"ident": "own", "form": form}, 201)
    sent = Reader(debited).send(table.encode(), name="own.csv")
    assert sent["state"] == "READ", sent
    (payment,) = debited.call("GET", f"{path}/payments")["_embedded"]
    for name, value in read.items():
        found = payment
        for part in name.split("."):
            found = found[part]
        assert found == value, name


def test_a_bank_may_call_an_account_by_another_ident(debited: Creditor) -> None:
    """`otherIdents`: without it, the account of the statement is none of ours."""
    paper = BankPaper(Decimal(0), dt.date(2026, 11, 2), [BankLine(Decimal(10), dt.date(2026, 11, 2), reference="A1")]).camt()
    (iban,) = set(re.findall(rb"<Acct>\s*<Id>(.*?)</Id>", paper, re.DOTALL))
    paper = paper.replace(iban, b"<Othr><Id>4711</Id></Othr>")
    debited.tenant.turn_clock(MORNING)
    assert Reader(debited).send(paper)["state"] == "REFUSED"
    bank = {**BANK, "iban": OUR_IBAN, "bic": "SOGEDEFFXXX", "sepa": SEPA, "otherIdents": ["4711"]}
    debited.call("PUT", "/v2/merchant-payment-accounts/bank", bank)
    assert Reader(debited).send(paper)["state"] == "READ"
