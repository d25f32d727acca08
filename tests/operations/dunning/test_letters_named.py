"""Who pays by the number that a letter prints pays what the letter asks for: its documents less its credits, and its claims."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import BANK
from tests.factories.reminding import LETTERS, RUNS, Reminding
from tests.factories.statements import OWN, BankLine, BankPaper, Reader
from tests.factories.tenants import Tenant

from contor.dunning.letters import files
from contor.dunning.letters.page import _reference

D = Decimal
FEE = [{"daysAfter": 14, "fee": "5.00"}]
TWICE = [{"daysAfter": 14, "fee": "5.00"}, {"daysAfter": 14, "fee": "10.00", "interest": True}]
TERM = {"paymentTerm": {"periodInDays": 14}}
ACCOUNT = "/v2/merchant-payment-accounts/bank"


class Reminded(NamedTuple):
    """Invoices of 119.00 and 59.50, a credit of 23.80, a fee of 5.00: a letter over 159.70."""

    letter: str
    first: str
    second: str
    memo: str

    @property
    def documents(self) -> tuple[str, str, str]:
        return self.first, self.second, self.memo


def reminded(creditor: Reminding, credit: str = "20.00", levels: Any = FEE, **switches: Any) -> Reminded:
    creditor.duns(levels, dueDateAgreed=True, **switches)
    first, second = creditor.document(**TERM), creditor.document(net="50.00", **TERM)
    memo = creditor.document("credit-memos", credit, relatedDocumentIdent=first, **TERM)
    creditor.turn("2026-01-20")
    creditor.run()
    (letter,) = creditor.letters()
    return Reminded(letter["letterIdent"], first, second, memo)


def strict(creditor: Reminding) -> None:
    """Neither more nor less than is owed is assigned by itself."""
    creditor.call("DELETE", f"{ACCOUNT}/assignment-configuration", status=204)


def balances(creditor: Reminding, *numbers: str) -> list[Decimal]:
    """Positive is owed to us."""
    found = [creditor.case(number) for number in numbers]
    return [D(str(it["balance"])) * (-1 if it["balanceDebitCreditIndicator"] == "CREDIT" else 1) for it in found]


def read(creditor: Reminding, payment: Any) -> Any:
    return creditor.call("GET", f"{ACCOUNT}/payments/{payment['paymentIdent']}")


def standing(creditor: Reminding, payment: Any) -> tuple[str, str | None]:
    now = read(creditor, payment)
    return now["status"], now.get("reason")


def decision(creditor: Reminding, payment: Any) -> Any:
    """The last one."""
    return creditor.call("GET", f"/v2/payments/{payment['paymentIdent']}/decisions")["decisions"][-1]


def suggested(creditor: Reminding, payment: Any) -> dict[str, tuple[Any, str]]:
    found = creditor.call("GET", f"/v2/payments/{payment['paymentIdent']}/suggestions")["suggestions"]
    return {one["targetIdent"]: (one.get("amount"), one["reason"]) for one in found if one["status"] == "OPEN"}


def claims(creditor: Reminding) -> list[tuple[str, str]]:
    return [(one["kind"], one["status"]) for one in creditor.claims()]


@pytest.mark.parametrize(
    "text",
    [
        "Mahnung {0}",
        "{0}",
        "ZAHLUNG ML {1} VOM 20.01.",
        "ml-{2}\n{3} danke",
        "Mahnung/{0}/2026",
        "({0}) 159,70 EUR",
        "{0} {4} {5} {6}",
    ],
)
@pytest.mark.parametrize("booked", [True, False])
def test_the_demand_to_the_cent_settles_all_of_the_letter(creditor: Reminding, text: str, booked: bool) -> None:
    strict(creditor)
    of = reminded(creditor, bookDunningClaims=booked)
    assert creditor.letters()[0]["demand"] == 159.7
    digits = of.letter.removeprefix("ml-")
    payment = creditor.paid("159.70", text.format(of.letter, digits, digits[:1], digits[1:], *of.documents))
    assert standing(creditor, payment) == ("ASSIGNED", None)
    assert balances(creditor, *of.documents) == [0, 0, 0]
    assert claims(creditor) == [("FEE", "PAID")]
    said, claim = decision(creditor, payment), creditor.claims()[0]["claimIdent"]
    assert (said["rule"], said["numbers"]) == ("PAYMENT_REFERENCE", [of.letter])
    assert said["note"] == f"documents of {of.letter}; cleared with {of.memo}; with {claim}"
    assert len(said["paymentAssignmentIdents"]) == 2
    assert suggested(creditor, payment) == {}
    sums = creditor.sums()
    assert (sums[1200], sums.get(1792), sums.get(10000), sums[2709]) == (D("159.70"), None, None, D(-5))
    creditor.sound()


def test_as_end_to_end_ident_it_is_our_own_reference(creditor: Reminding) -> None:
    of = reminded(creditor)
    payment = creditor.paid("159.70", "danke", endToEndIdent=of.letter.upper())
    assert (standing(creditor, payment)[0], decision(creditor, payment)["rule"]) == ("ASSIGNED", "OWN_REFERENCE")
    assert balances(creditor, *of.documents) == [0, 0, 0]
    creditor.sound()


def test_what_does_not_fit_into_the_printed_reference_is_paid_with_it(creditor: Reminding, monkeypatch: pytest.MonkeyPatch) -> None:
    strict(creditor)
    creditor.duns(FEE, dueDateAgreed=True)
    numbers = [creditor.document(net=f"{net}.00", **TERM) for net in range(10, 22)]
    creditor.turn("2026-01-20")
    creditor.run()
    printed = list[str]()
    monkeypatch.setattr(files, "render_letter", lambda page, document: printed.append(_reference(page)) or b"%PDF")
    creditor.file_all()
    (letter,), (text,) = creditor.letters(), printed
    assert text.startswith(f"{letter['letterIdent']} {numbers[0]} ") and numbers[-1] not in text and len(text) <= 140
    payment = creditor.paid(str(letter["demand"]), text)
    assert standing(creditor, payment) == ("ASSIGNED", None)
    assert balances(creditor, *numbers) == [0] * 12
    assert claims(creditor) == [("FEE", "PAID")]


@pytest.mark.parametrize(
    ("amount", "left", "claim"),
    [
        ("183.50", ["0", "0", "-23.80"], "PAID"),  # he takes no credit off
        ("154.70", ["0", "0", "0"], "OPEN"),  # he pays no fee
        ("178.50", ["0", "0", "-23.80"], "OPEN"),  # neither
        ("59.50", ["119", "0", "-23.80"], "OPEN"),  # one of them alone
    ],
)
def test_what_else_can_be_meant_by_the_amount(creditor: Reminding, amount: str, left: list[str], claim: str) -> None:
    strict(creditor)
    of = reminded(creditor)
    payment = creditor.paid(amount, f"Mahnung {of.letter}")
    assert standing(creditor, payment) == ("ASSIGNED", None)
    assert balances(creditor, *of.documents) == [D(it) for it in left]
    assert claims(creditor) == [("FEE", claim)]
    assert decision(creditor, payment)["numbers"] == [of.letter]
    creditor.sound()


def test_documents_and_a_credit_that_are_named_without_the_letter_are_paid_with_their_claims(creditor: Reminding) -> None:
    strict(creditor)
    of = reminded(creditor)
    payment = creditor.paid("159.70", " ".join(of.documents))
    assert standing(creditor, payment) == ("ASSIGNED", None)
    assert balances(creditor, *of.documents) == [0, 0, 0]
    assert claims(creditor) == [("FEE", "PAID")]
    assert decision(creditor, payment)["rule"] == "DOCUMENT_NUMBER"
    creditor.sound()


def test_a_demand_that_is_also_what_one_invoice_owes_is_the_whole_letter(creditor: Reminding) -> None:
    """119.00 + 59.50 - 59.50."""
    of = reminded(creditor, "50.00", [{"daysAfter": 14}])
    payment = creditor.paid("119.00", of.letter)
    assert balances(creditor, *of.documents) == [0, 0, 0]
    assert decision(creditor, payment)["note"] == f"documents of {of.letter}; cleared with {of.memo}"
    creditor.sound()


@pytest.mark.parametrize(
    ("amount", "reason"), [("154.69", "UNDERPAID"), ("159.69", "OVERPAID"), ("159.71", "OVERPAID"), ("200.00", "OVERPAID")]
)
def test_another_amount_waits_with_all_documents_of_the_letter(creditor: Reminding, amount: str, reason: str) -> None:
    strict(creditor)
    of = reminded(creditor)
    payment = creditor.paid(amount, f"Mahnung {of.letter}")
    assert standing(creditor, payment) == ("OPEN", reason)
    assert suggested(creditor, payment).keys() == {*of.documents}
    assert balances(creditor, *of.documents) == [119, D("59.5"), D("-23.8")]
    creditor.sound()


def test_a_part_goes_to_what_is_due_first_where_the_account_allows_it(creditor: Reminding) -> None:
    creditor.duns(FEE, dueDateAgreed=True)
    later, first = creditor.document(**TERM), creditor.document(net="50.00", paymentTerm={"periodInDays": 10})
    creditor.turn("2026-01-20")
    creditor.run()
    ident = creditor.letters()[0]["letterIdent"]
    # of what he names with it the amount would be a part, too: the letter's documents are all meant
    creditor.paid("100.00", f"Mahnung {ident} {later}")
    assert balances(creditor, later, first) == [D("78.50"), 0]
    creditor.sound()


def test_what_is_named_with_the_letter_is_paid_alone_where_it_is_that_to_the_cent(creditor: Reminding) -> None:
    creditor.duns(FEE, dueDateAgreed=True)
    one, other, third = (creditor.document(net=net, **TERM) for net in ("100.00", "50.00", "10.00"))
    creditor.turn("2026-01-20")
    creditor.run()
    creditor.paid("71.40", f"Mahnung {creditor.letters()[0]['letterIdent']}: {other}, {third}")
    assert balances(creditor, one, other, third) == [119, 0, 0]
    assert claims(creditor) == [("FEE", "OPEN")]
    creditor.sound()


@pytest.mark.parametrize("over", [True, False])
def test_after_a_part_was_paid_what_is_left_of_the_letter_counts(creditor: Reminding, over: bool) -> None:
    of = reminded(creditor)
    creditor.paid("49.00", of.first)
    creditor.document("credit-memos", "10.00", relatedDocumentIdent=of.second)  # of no letter
    strict(creditor)
    payment = creditor.paid("159.70" if over else "110.70", of.letter)
    if not over:
        assert standing(creditor, payment) == ("ASSIGNED", None)
        assert balances(creditor, *of.documents) == [0, 0, 0]
        assert claims(creditor) == [("FEE", "PAID")]
    else:
        assert standing(creditor, payment) == ("OPEN", "OVERPAID")
        assert suggested(creditor, payment) == {
            of.first: (70, "OVERPAID"),
            of.second: (59.5, "OVERPAID"),
            of.memo: (None, "CREDIT_NAMED"),
        }
    creditor.sound()


def test_m24_a_claim_that_stayed_is_paid_by_the_letter_alone(creditor: Reminding) -> None:
    of = reminded(creditor)
    creditor.paid("154.70", " ".join(of.documents))
    assert balances(creditor, *of.documents) == [0, 0, 0]
    payment = creditor.paid("5.00", f"Mahnung {of.letter}")
    assert standing(creditor, payment) == ("ASSIGNED", None)
    assert claims(creditor) == [("FEE", "PAID")]
    assert decision(creditor, payment)["numbers"] == [of.letter]
    # and nothing more
    again = creditor.paid("5.00", f"Mahnung {of.letter}")
    assert standing(creditor, again) == ("OPEN", "TARGET_CLOSED")
    creditor.sound()


def test_credits_that_cover_its_documents_leave_the_claims_to_pay(creditor: Reminding) -> None:
    of = reminded(creditor)
    creditor.paid("154.70", f"{of.second} 59,50 {of.first} 95,20")
    assert balances(creditor, *of.documents) == [D("23.80"), 0, D("-23.80")]
    creditor.paid("5.00", of.letter)
    assert (claims(creditor), balances(creditor, *of.documents)) == ([("FEE", "PAID")], [D("23.80"), 0, D("-23.80")])
    creditor.sound()


@pytest.mark.parametrize(
    ("at", "amount", "paid"), [(0, "124.00", 1), (0, "134.50", 3), (1, "134.50", 3)], ids=["first", "first, all", "second"]
)
def test_a_letter_asks_for_what_was_claimed_by_then(creditor: Reminding, at: int, amount: str, paid: int) -> None:
    """A letter with a fee of 5.00, one with 10.00 more and interest of 0.50."""
    strict(creditor)
    creditor.duns(TWICE, dueDateAgreed=True)
    number = creditor.document(**TERM)
    for day in ("2026-01-20", "2026-02-04"):
        creditor.turn(day)
        creditor.run()
    payment = creditor.paid(amount, creditor.letters()[at]["letterIdent"])
    assert standing(creditor, payment) == ("ASSIGNED", None)
    assert balances(creditor, number) == [0]
    assert [status for _, status in claims(creditor)] == ["PAID"] * paid + ["OPEN"] * (3 - paid)
    creditor.sound()


def test_two_letters_are_paid_together(creditor: Reminding) -> None:
    creditor.duns(FEE, dueDateAgreed=True, combine=False)
    numbers = [creditor.document(net=net, **TERM) for net in ("100.00", "50.00")]
    creditor.turn("2026-01-20")
    creditor.run()
    creditor.paid("188.50", " und ".join(one["letterIdent"] for one in creditor.letters()))
    assert balances(creditor, *numbers) == [0, 0]
    assert claims(creditor) == [("FEE", "PAID"), ("FEE", "PAID")]
    creditor.sound()


def test_of_a_letter_that_was_withdrawn_the_documents_are_meant_and_what_stands_of_its_claims(creditor: Reminding) -> None:
    strict(creditor)
    of = reminded(creditor)
    creditor.call("POST", f"{LETTERS}/{of.letter}/actions/withdraw")
    waits = creditor.paid("159.70", of.letter)
    assert standing(creditor, waits) == ("OPEN", "OVERPAID")
    creditor.paid("154.70", of.letter)
    assert balances(creditor, *of.documents) == [0, 0, 0]
    assert claims(creditor) == [("FEE", "WAIVED")]
    creditor.sound()


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_letter_that_never_went_out_claims_nothing(creditor: Reminding, cancelled: bool) -> None:
    strict(creditor)
    creditor.duns(FEE, dueDateAgreed=True)
    numbers = [creditor.document(net=net, **TERM) for net in ("100.00", "50.00")]
    creditor.turn("2026-01-20")
    run = creditor.previewed()["runIdent"]
    if cancelled:
        creditor.call("POST", f"{RUNS}/{run}/actions/cancel")
    (letter,) = creditor.call("GET", LETTERS)["_embedded"]
    assert letter["demand"] == 183.5
    assert standing(creditor, creditor.paid("183.50", letter["letterIdent"])) == ("OPEN", "OVERPAID")
    creditor.paid("178.50", letter["letterIdent"])
    assert balances(creditor, *numbers) == [0, 0]
    creditor.sound()


@pytest.mark.parametrize(
    "text", ["x{0}", "{0}7", "{0}a", "ml-0{1}", "ml{1}{1}", "ml-{1}{1}{1}{1}{1}", "ml-", "{1}", "mc-{1}", "ml-9{1}"]
)
def test_what_only_looks_like_its_number_is_none(creditor: Reminding, text: str) -> None:
    of = reminded(creditor)
    payment = creditor.paid("159.70", text.format(of.letter, of.letter.removeprefix("ml-")))
    assert standing(creditor, payment) in {("OPEN", "NO_MATCH"), ("OPEN", "TARGET_NOT_FOUND")}
    assert (decision(creditor, payment)["numbers"], suggested(creditor, payment)) == ([], {})
    assert balances(creditor, *of.documents) == [119, D("59.5"), D("-23.8")]


def test_nor_is_the_letter_of_another_tenant(
    creditor: Reminding, new_tenant: Callable[[], Tenant], client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    of, other = reminded(creditor), new_tenant()
    stranger = Reminding(other, client, bearer(other))
    stranger.turn("2026-01-20")
    stranger.open_bank()
    payment = stranger.paid("159.70", of.letter)
    assert (payment["status"], payment["reason"]) == ("OPEN", "TARGET_NOT_FOUND")
    assert balances(creditor, *of.documents) == [119, D("59.5"), D("-23.8")]


def test_what_is_not_cleared_by_itself_is_for_a_person(creditor: Reminding) -> None:
    of = reminded(creditor)
    creditor.call("POST", f"/v2/opos-cases/{of.first}/decisions", {"type": "DOUBTFUL_RECEIVABLE", "note": "d"}, 201)
    payment = creditor.paid("159.70", of.letter)
    assert standing(creditor, payment) == ("OPEN", "CREDIT_NAMED")
    assert claims(creditor) == [("FEE", "OPEN")]
    creditor.sound()


def test_who_has_paid_another_amount_by_it_is_not_dunned_again(creditor: Reminding) -> None:
    strict(creditor)
    of = reminded(creditor, levels=TWICE)
    creditor.paid("200.00", f"Mahnung {of.letter}")
    creditor.turn("2026-02-04")
    assert set(creditor.items(creditor.run()).values()) == {"UNASSIGNED_PAYMENT", "CREDIT"}


def test_what_it_did_goes_back_with_it(creditor: Reminding) -> None:
    of = reminded(creditor)
    creditor.paid("159.70", of.letter, endToEndIdent="E-1")
    back = {"creditDebitIndicator": "DEBIT", "endToEndIdent": "E-1", "returnInformation": {"reasonCode": "AC04"}}
    creditor.paid("159.70", "", **back)
    # who has set off before his payment came back has set off all the same
    assert sum(balances(creditor, *of.documents)) == D("154.70")
    assert claims(creditor) == [("FEE", "OPEN")]
    creditor.sound()


def test_a_reversal_takes_back_what_was_cleared(creditor: Reminding) -> None:
    of = reminded(creditor)
    creditor.paid("159.70", of.letter)
    for made in creditor.call("GET", "/v2/payment-assignments")["_embedded"]:
        creditor.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
    assert balances(creditor, *of.documents) == [119, D("59.5"), D("-23.8")]
    creditor.sound()


def statement(creditor: Reminding, *lines: tuple[str, str]) -> list[tuple[Decimal, str, str | None]]:
    """Bookings of one day that are matched together: (amount, status, reason) of each."""
    creditor.call("POST", "/v2/merchant-payment-accounts", {**BANK, "ident": "second", **OWN}, 201)
    booked = [BankLine(D(amount), creditor.day, text) for amount, text in lines]
    reader = Reader(creditor)
    reader.send(BankPaper(D(0), creditor.day, booked).swift(), "second", "statement.sta")
    return [(row.signed, row.status, row.reason) for row in reader.payments("second")]


def test_of_two_payments_of_one_day_for_one_letter_the_second_waits(creditor: Reminding) -> None:
    of = reminded(creditor)
    found = statement(creditor, ("159.70", f"Mahnung {of.letter}"), ("159.70", f"Mahnung {of.letter} nochmals"))
    assert found == [(D("159.70"), "ASSIGNED", None), (D("159.70"), "OPEN", "TARGET_CLOSED")]
    assert balances(creditor, *of.documents) == [0, 0, 0]
    creditor.sound()


def test_a_letter_of_which_another_payment_of_the_day_took_a_part_waits_for_a_person(creditor: Reminding) -> None:
    of = reminded(creditor)
    found = statement(creditor, ("159.70", f"Mahnung {of.letter}"), ("119.00", of.first), ("124.00", "nothing that is known"))
    assert [it[1:] for it in found[:2]] == [("OPEN", "OVERPAID"), ("ASSIGNED", None)]
    (waits,) = [row for row in Reader(creditor).payments("second") if row.signed == D("159.70")]
    assert suggested(creditor, {"paymentIdent": waits.ident})[of.second] == (59.5, "OVERPAID")
    creditor.sound()
