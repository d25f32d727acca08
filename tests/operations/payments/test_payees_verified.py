"""Verification of payees: a transfer whose payee's name does not fit waits for a person; it is not paid, and blocks its case until then."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from lxml import etree
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.status_reports import a_report
from tests.factories.tenants import Tenant

from contor.payments.sent import transactions_sent

KNOWN_AS = "Muster Handel Aktiengesellschaft"


class Paid(NamedTuple):
    """A transfer in a file."""

    memo: str
    intent: str
    key: str


class Bundle(NamedTuple):
    creditor: Creditor
    file: str
    group: str
    transfers: list[Paid]

    def says(self, ident: str, *statuses: str | None, **more: Any) -> Any:
        """The bank says it of each transfer; None: it does not name it."""
        said = [(it.key, status, None) for it, status in zip(self.transfers, statuses, strict=True) if status]
        names = {it.key: KNOWN_AS for it, status in zip(self.transfers, statuses, strict=True) if status == "RVMC"}
        report = {"group": self.group, "transactions": said, "names": names, **more}
        return self.creditor.report(a_report(ident, self.file, **report))

    def shown(self, number: int) -> Any:
        return self.creditor.intent(self.transfers[number].intent)

    def statuses(self) -> list[str]:
        return [self.shown(number)["status"] for number in range(len(self.transfers))]

    def waits(self, number: int) -> bool:
        return bool(self.creditor.case(self.transfers[number].memo)["prebookedItems"])


@pytest.fixture
def bundle(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Bundle:
    """Three transfers in one file."""
    creditor = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    creditor.mandate()
    made = []
    for _ in range(3):
        invoice = creditor.document(**AT_ONCE)
        creditor.pay("119.00", invoice)
        memo = creditor.document("credit-memos", "50.00", relatedDocumentIdent=invoice)
        made.append((memo, creditor.intend(memo, dueDate=day_here())["paymentIntentIdent"]))
    (file,) = creditor.write().files
    root = etree.fromstring(creditor.file(file))
    group = root.findtext(".//{*}PmtInf/{*}PmtInfId")
    assert group is not None
    transfers = [Paid(memo, ident, creditor.intent(ident)["attempts"][0]["endToEndIdent"]) for memo, ident in made]
    return Bundle(creditor, file, group, transfers)


def test_what_does_not_fit_is_held_until_somebody_says(bundle: Bundle) -> None:
    before = bundle.creditor.sums()
    answer = bundle.says("V-1", "RCVC", "RVMC", "RVNM", group_status="RVCM")
    assert (answer["held"], answer["rejected"], answer["unknownStatuses"]) == (2, 0, [])
    assert bundle.statuses() == ["PROCESSING", "HELD", "HELD"]
    (fits,), (close,), (other,) = (bundle.shown(number)["attempts"] for number in range(3))
    assert (fits["payeeCheck"], fits["held"]) == ("MATCH", False)
    assert (close["payeeCheck"], close["payeeName"], close["held"]) == ("CLOSE_MATCH", KNOWN_AS, True)
    assert (other["payeeCheck"], other.get("payeeName"), other["held"]) == ("NO_MATCH", None, True)
    assert "similar name" in bundle.shown(1)["reason"]
    assert all(bundle.waits(number) for number in range(3))
    assert bundle.creditor.sums() == before
    assert "held 2 transfers" in bundle.creditor.call("GET", f"/v2/payment-files/{bundle.file}")["reason"]
    assert KNOWN_AS not in str(bundle.creditor.tenant.rows("SELECT change::text FROM audit_entry"))

    released = bundle.creditor.act(bundle.transfers[1].intent, "release")
    assert (released["status"], "name" in released["reason"], released["attempts"][0]["held"]) == ("PROCESSING", False, False)
    cancelled = bundle.creditor.act(bundle.transfers[2].intent, "cancel")
    assert (cancelled["status"], cancelled["prebooked"], cancelled["attempts"][0]["state"]) == ("CANCELLED", False, "CANCELLED")
    assert [bundle.waits(number) for number in range(3)] == [True, True, False]
    bundle.creditor.intend(bundle.transfers[2].memo, dueDate=day_here())
    for verb in ("release", "cancel"):
        for number in range(3):
            bundle.creditor.act(bundle.transfers[number].intent, verb, 400)
    bundle.creditor.sound()


def test_all_of_a_file_are_released_at_once(bundle: Bundle) -> None:
    """What is held of the file, and nothing else; then it says no more that somebody is waited for."""
    path = f"/v2/payment-files/{bundle.file}"
    bundle.creditor.call("POST", f"{path}/actions/release", status=400)
    bundle.says("V-1", "RCVC", "RVMC", "RVNM", group_status="RVCM")
    held = bundle.creditor.call("GET", path)
    assert (held["held"], "held 2 transfers" in held["reason"]) == (2, True)
    (found,) = bundle.creditor.call("GET", "/v2/payment-files?search=held=gt=0")["_embedded"]
    assert found["paymentFileIdent"] == bundle.file
    day = dt.date.fromisoformat(day_here()) + dt.timedelta(days=30)
    bundle.creditor.turn(day)
    assert bundle.shown(1)["late"] is False  # the bank waits for us
    released = bundle.creditor.call("POST", f"{path}/actions/release")
    assert (released["held"], "held" in (released.get("reason") or "")) == (0, False)
    assert bundle.statuses() == ["PROCESSING"] * 3
    assert [it["attempts"][0]["payeeCheck"] for it in map(bundle.shown, range(3))] == ["MATCH", "CLOSE_MATCH", "NO_MATCH"]
    assert (bundle.shown(1)["expectedBy"] > day.isoformat(), bundle.shown(1)["late"], bundle.shown(0)["late"]) == (
        True,
        False,
        True,
    )
    bundle.creditor.call("POST", f"{path}/actions/release", status=400)
    bundle.creditor.sound()


def test_what_is_owed_no_more_is_not_released(bundle: Bundle) -> None:
    bundle.says("V-1", "RVNM", "RVNM", None, group_status="RVCM")
    first = bundle.transfers[0]
    amount = bundle.shown(0)["amount"]
    decision = {"type": "OTHER_REVENUE", "amount": amount}
    bundle.creditor.call("POST", f"/v2/opos-cases/{bundle.shown(0)['documentIdent']}/decisions", decision, 201)
    refused = bundle.creditor.call("POST", f"/v2/payment-intents/{first.intent}/actions/release", status=400)
    assert "Cancel the intent" in str(refused)
    refused = bundle.creditor.call("POST", f"/v2/payment-files/{bundle.file}/actions/release", status=400)
    assert first.intent in str(refused)
    assert bundle.statuses() == ["HELD", "HELD", "PROCESSING"]
    bundle.creditor.act(first.intent, "cancel")
    bundle.creditor.call("POST", f"/v2/payment-files/{bundle.file}/actions/release")
    bundle.creditor.sound()


def test_read_again_it_holds_nothing_more(bundle: Bundle) -> None:
    """Neither the same report nor another one holds what a person has released."""
    bundle.says("V-1", "RVNM", None, None, group_status="RVCM")
    assert bundle.statuses() == ["HELD", "PROCESSING", "PROCESSING"]
    bundle.creditor.act(bundle.transfers[0].intent, "release")
    again = bundle.says("V-1", "RVNM", None, None, group_status="RVCM")
    assert (again["held"], again["readBefore"]) == (1, True)
    assert bundle.says("V-2", "RVNM", None, None, group_status="RVCM")["held"] == 0
    assert bundle.statuses() == ["PROCESSING"] * 3
    bundle.creditor.sound()


@pytest.mark.parametrize(
    ("said", "status", "held"),
    [
        (("RVNA", None, None), {}, [0]),
        (("WHAT", None, None), {}, [0]),
        ((None, None, None), {"group_status": "RCVC"}, []),
        ((None, None, None), {"group_status": "RVNM"}, [0, 1, 2]),
        ((None, None, None), {"group_status": "RVCM"}, [0, 1, 2]),
        ((None, None, None), {"group": None, "status": "RCVC"}, []),
        ((None, None, None), {"group": None, "status": "RVNA"}, [0, 1, 2]),
        ((None, None, None), {"group": None, "status": "ACTC"}, []),
    ],
)
def test_what_is_said_of_one_of_a_group_or_of_all(
    bundle: Bundle, said: tuple[str | None, ...], status: dict[str, Any], held: list[int]
) -> None:
    bundle.says("V-1", *said, **status)
    assert [number for number, it in enumerate(bundle.statuses()) if it == "HELD"] == held
    bundle.creditor.sound()


def test_what_is_held_is_not_paid(bundle: Bundle) -> None:
    """The bank's sum for the file is of the others; a rejection ends it; only a booking of its own pays it."""
    bundle.says("V-1", "RVNM", "RVNM", None, group_status="RVCM")
    with bundle.creditor.tenant.runtime.transaction(bundle.creditor.tenant.caller(), reads=True) as uow:
        sent = transactions_sent(uow, [bundle.file])
    assert [(it.end_to_end_ident, it.amount) for it in sent] == [(bundle.transfers[2].key, Decimal("59.50"))]
    rejected = bundle.says("V-2", "RJCT", None, None, group_status="PART")
    assert rejected["rejected"] == 1
    assert bundle.statuses() == ["FAILED", "HELD", "PROCESSING"]
    assert [bundle.waits(number) for number in range(3)] == [False, True, True]
    bundle.creditor.pay("59.50", "its own", creditDebitIndicator="DEBIT", endToEndIdent=bundle.transfers[1].key)
    assert bundle.statuses() == ["FAILED", "SUCCESSFUL", "PROCESSING"]
    assert bundle.shown(1)["attempts"][0]["held"] is False
    bundle.creditor.sound()


def test_debits_have_no_payee_that_is_verified(bundle: Bundle) -> None:
    creditor = bundle.creditor
    creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    (file,) = creditor.write().files
    assert creditor.report(a_report("V-1", file, status="RVNM"))["held"] == 0
    creditor.sound()


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE payment_attempt SET held = false WHERE held",
        "UPDATE payment_attempt SET held = true WHERE NOT held",
        "UPDATE payment_intent SET status = 'PROCESSING' WHERE status = 'HELD'",
    ],
)
def test_a_planted_fault_is_found(bundle: Bundle, fault: str) -> None:
    bundle.says("V-1", "RVNM", None, None)
    with bundle.creditor.tenant.runtime.transaction(bundle.creditor.tenant.caller()) as uow:
        assert uow.run(fault) > 0
    assert "payments.an_intent_stands_as_its_attempts" in {found.check for found in bundle.creditor.tenant.broken()}
