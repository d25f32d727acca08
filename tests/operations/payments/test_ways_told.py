"""One decision at issuing of how a document is paid: page, e-invoices, open item and collecting say the same."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient
from tests.checkers.printed import text_of
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, COLLECTED, Creditor
from tests.factories.tenants import Tenant

from contor.documents.after.archiving import ArchiveDocuments, archive
from contor.documents.einvoice.model import DirectDebit
from contor.documents.einvoice.read import read_einvoice
from contor.documents.labels import written_date

IBAN = "DE89370400440532013000"
"""Not the one that the customer's master data show."""
DEBIT = DirectDebit(mandate="M-1", creditor_id="DE98ZZZ09999999999", debited_account=IBAN)
BY_DEBIT, BY_CARD, BY_TRANSFER = (
    "per SEPA-Lastschrift von Ihrem Konto",
    "über Ihr hinterlegtes Zahlungsmittel",
    "Bitte überweisen Sie",
)
TYPES = (None, "BANK_TRANSFER", "SEPA_DIRECT_DEBIT", "CREDIT_CARD")


class SaidOfPaying(NamedTuple):
    """What the files of a document say of how it is paid."""

    page: str
    codes: set[str]
    """BT-81, in both syntaxes."""
    debits: set[DirectDebit | None]
    """BG-19."""
    accounts: set[int]
    """How many of our accounts are named (BG-17)."""


@pytest.fixture
def at_bank(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")


def wanted(payment_type: str | None, **more: Any) -> dict[str, Any]:
    """A document that is to be collected, with or without a payment type."""
    return {**AT_ONCE, **({"paymentInformation": {"paymentType": payment_type}} if payment_type is not None else {}), **more}


def told(creditor: Creditor) -> SaidOfPaying:
    """The files of the document that was issued last."""
    tenant = creditor.tenant
    (row,) = tenant.rows("SELECT max(id) AS id FROM document")
    tenant.execute(archive, ArchiveDocuments(document_ids=(row.id,)))
    stored = tenant.rows(f"SELECT type, sha256 FROM document_file WHERE document_id = {row.id}")
    files = {one.type: tenant.runtime.blobs.get(tenant.id, one.sha256) for one in stored}
    payments = [read_einvoice(files[syntax]).payment for syntax in ("CII", "UBL")]
    known = [it for it in payments if it is not None]
    assert len(known) == 2
    return SaidOfPaying(
        text_of(files["PDF"]),
        {it.means_code for it in known},
        {it.direct_debit for it in known},
        {len(it.transfers) for it in known},
    )


@pytest.mark.parametrize("payment_type", TYPES)
def test_what_a_mandate_is_debited_by_says_so_whatever_its_payment_type(at_bank: Creditor, payment_type: str | None) -> None:
    """BT-81 59, BT-89, BT-90, BT-91 and the day; nobody's software pays it by transfer beside the debit."""
    at_bank.account(None, iban=IBAN, bic="BYLADEM1001", mandate={"reference": "M-1", "signedOn": "2025-05-01"})
    number = at_bank.document(**wanted(payment_type))
    document, case, files = at_bank.call("GET", f"/v2/documents/{number}"), at_bank.case(number), told(at_bank)
    day = written_date(dt.date.fromisoformat(document["collectionDate"]), "de")
    assert (document["paidBy"], document["collectionDate"]) == ("DIRECT_DEBIT", case["collectionDate"])
    assert (files.codes, files.debits, files.accounts) == ({"59"}, {DEBIT}, {0})
    assert f"zum {day} {BY_DEBIT} ein" in files.page
    assert all(said in files.page for said in ("M-1", "DE98ZZZ09999999999"))
    assert (BY_TRANSFER in files.page, IBAN in str(document)) == (False, False)
    assert at_bank.collect().intents == 1
    (intent,) = at_bank.intents()
    assert intent["dueDate"] == document["collectionDate"]
    at_bank.sound()


@pytest.mark.parametrize("payment_type", TYPES)
def test_what_nothing_is_collected_of_asks_for_a_transfer(creditor: Creditor, payment_type: str | None) -> None:
    """Who was told to wait for a debit that never comes would not be in default (section 286 (4) BGB)."""
    number = creditor.document(**wanted(payment_type))
    document, case, files = creditor.call("GET", f"/v2/documents/{number}"), creditor.case(number), told(creditor)
    assert (document["paidBy"], files.codes, files.debits, files.accounts) == ("TRANSFER", {"58"}, {None}, {1})
    assert (BY_TRANSFER in files.page, BY_DEBIT in files.page, BY_CARD in files.page) == (True, False, False)
    assert ("collectionDate" in document, "collectionDate" in case) == (False, False)
    assert case["collectionReason"] == "The customer 'muster-handel' has no payment account."
    creditor.sound()


@pytest.mark.parametrize("broken", ["revoked", "unhealthy"])
@pytest.mark.parametrize("named", [True, False])
def test_an_account_that_does_not_work_is_none(at_bank: Creditor, broken: str, named: bool) -> None:
    ident = at_bank.mandate()
    path = f"/v2/customer-payment-accounts/{ident}/actions"
    if broken == "revoked":
        at_bank.call("POST", f"{path}/revoke-mandate", {})
    else:
        at_bank.call("POST", f"{path}/change-health-status", {"healthStatus": "UNHEALTHY", "reason": "closed"})
    information = {"paymentType": "DIRECT_DEBIT", **({"customerPaymentAccountIdent": ident} if named else {})}
    number = at_bank.document(**AT_ONCE, paymentInformation=information)
    assert at_bank.call("GET", f"/v2/documents/{number}")["paidBy"] == "TRANSFER"
    assert (told(at_bank).codes, "collectionDate" in at_bank.case(number)) == ({"58"}, False)
    assert ("revoked" if broken == "revoked" else "closed") in at_bank.case(number)["collectionReason"]
    at_bank.sound()


def test_a_card_is_charged_and_no_account_of_ours_is_named(creditor: Creditor) -> None:
    creditor.account(paymentMethod="CREDIT_CARD")
    number = creditor.document(**wanted(None))
    document, files = creditor.call("GET", f"/v2/documents/{number}"), told(creditor)
    assert (document["paidBy"], document["collectionDate"]) == ("STORED_MEANS", day_here())
    assert (files.codes, files.debits, files.accounts, BY_CARD in files.page) == ({"1"}, {None}, {0}, True)
    creditor.sound()


@pytest.mark.parametrize("collected", [True, False])
def test_a_debit_by_a_mandate_that_the_document_states_itself_is_its_own(creditor: Creditor, collected: bool) -> None:
    own = [{"key": "mandateReference", "value": "theirs"}, {"key": "creditorIdentifier", "value": "DE98ZZZ09999999999"}]
    number = creditor.document(
        paymentCollection={"collect": collected}, paymentInformation={"paymentType": "SEPA_DIRECT_DEBIT"}, properties=own
    )
    files = told(creditor)
    assert "paidBy" not in creditor.call("GET", f"/v2/documents/{number}")
    assert (files.codes, {it.mandate for it in files.debits if it is not None}, BY_DEBIT in files.page) == (
        {"59"},
        {"theirs"},
        True,
    )
    creditor.sound()


def test_documents_of_one_batch_are_decided_each_for_itself(at_bank: Creditor) -> None:
    """One names an account that is broken, another none: the customer's that works is not the first one's."""
    broken, works = at_bank.mandate("M-0"), at_bank.mandate("M-1")
    at_bank.call("POST", f"/v2/customer-payment-accounts/{broken}/actions/revoke-mandate", {})
    bodies = [at_bank.body(**AT_ONCE, paymentInformation={"customerPaymentAccountIdent": it}) for it in (broken, works)]
    bodies.append(at_bank.body(**COLLECTED))
    for body in bodies:
        at_bank.call("POST", "/v2/documents/invoices", body, 202)
    at_bank.work()
    idents = [at_bank.call("GET", f"/v2/documents/requests/{it['requestId']}")["documentIdent"] for it in bodies]
    ways = [at_bank.call("GET", f"/v2/documents/{it}")["paidBy"] for it in idents]
    assert ways == ["TRANSFER", "DIRECT_DEBIT", "DIRECT_DEBIT"]
    at_bank.sound()


@pytest.mark.parametrize("healed", [True, False])
def test_a_document_that_is_issued_anew_is_decided_anew(at_bank: Creditor, healed: bool) -> None:
    """`healed`: an account came since; else the one that was debited broke, and its mandate is stated no more."""
    if not healed:
        ident = at_bank.mandate()
    old = at_bank.document(**wanted("SEPA_DIRECT_DEBIT"))
    if healed:
        at_bank.mandate()
    else:
        at_bank.call("POST", f"/v2/customer-payment-accounts/{ident}/actions/revoke-mandate", {})
    new = at_bank.call("POST", f"/v2/documents/{old}/actions/reissue", {}, 202)["documentIdent"]
    before, after = (at_bank.call("GET", f"/v2/documents/{number}") for number in (old, new))
    expected = ("TRANSFER", "DIRECT_DEBIT") if healed else ("DIRECT_DEBIT", "TRANSFER")
    assert (before["paidBy"], after["paidBy"]) == expected
    assert told(at_bank).codes == ({"59"} if healed else {"58"})
    assert ("mandateReference" in str(after), "collectionDate" in after) == (healed, healed)
    at_bank.sound()
