"""What a letter asks for beside its documents: every part by its kind and its time, true by itself, adding up to the demand."""

from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.printed import text_of
from tests.factories.reminding import CLAIMS, LETTERS, RUNS, Reminding

D = Decimal
LEVEL = {"daysAfter": 14, "daysToPay": 7, "fee": "5.00", "interest": True}
COSTS = ("fee", "flat", "earlierFees", "earlierFlat", "returnCosts")
INTEREST = ("interest", "earlierInterest")


def the_last(creditor: Reminding) -> tuple[Any, Any, str]:
    """(letter, its one item, what is printed) of the last letter, whose items add up; the run says the same of its item."""
    creditor.file_all()
    letter = creditor.letters()[-1]
    (item,) = letter["items"]
    (seen,) = creditor.call("GET", f"{RUNS}/{letter['runIdent']}/items")["_embedded"]
    names = [*COSTS, *INTEREST, "interestFrom", "interestUntil", "interestDeducted", "earlierInterestFrom", "earlierInterestUntil"]
    assert [seen.get(name) for name in names] == [item.get(name) for name in names]
    assert sum(D(str(item[name])) for name in COSTS) == D(str(letter["costs"]))
    assert sum(D(str(item[name])) for name in INTEREST) == D(str(letter["interest"]))
    answer = creditor.client.get(f"{LETTERS}/{letter['letterIdent']}/file", headers=creditor.headers)
    return letter, item, text_of(answer.content).replace("\u00a0", " ")


def test_two_letters_after_a_debit_that_came_back(creditor: Reminding) -> None:
    """119.00, due by contract on 2026-01-19, drawn on that day, back on 2026-01-26 with 6.50 of the banks."""
    creditor.duns([LEVEL] * 3, dueDateAgreed=True, flatCharge=True, claimReturnCosts=True)
    number = creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-19")
    creditor.paid("119.00", number, endToEndIdent="E2E-1", mandateReference="M-1")
    creditor.turn("2026-01-26")
    back = {"reasonCode": "AC04", "originalAmount": 119, "charges": "6.50"}
    creditor.paid("125.50", "returned", creditDebitIndicator="DEBIT", returnInformation=back, endToEndIdent="E2E-1")
    creditor.turn("2026-02-11")
    creditor.run()
    first, item, said = the_last(creditor)
    assert (first["level"], str(first["costs"]), str(first["demand"])) == (1, "46.5", "166.04")
    assert [str(item[name]) for name in COSTS] == ["0.0", "40.0", "0.0", "0.0", "6.5"]
    assert (item["interestFrom"], item["interestUntil"], str(item["interest"])) == ("2026-01-26", "2026-02-10", "0.54")
    assert "earlierInterestFrom" not in item or item["earlierInterestFrom"] is None
    assert f"die Lastschrift vom 19.01.2026 für {number} kam am 26.01.2026 zurück." in said
    assert "übersehen" not in said
    assert "davon Pauschale (§ 288 Abs. 5 BGB) 40,00 €" in said and "davon Bankkosten zurückgegebener Lastschriften 6,50 €" in said
    creditor.sound()

    creditor.turn("2026-02-25")
    creditor.run()
    second, item, said = the_last(creditor)
    # 119.00 x 10.27 % for 30 days are 1.00, of which 0.54 were claimed
    assert (second["level"], str(second["interest"]), str(second["demand"])) == (2, "1.0", "166.5")
    assert [str(item[name]) for name in COSTS] == ["0.0", "0.0", "0.0", "40.0", "6.5"]
    assert (item["interestFrom"], item["interestUntil"], str(item["interest"])) == ("2026-02-11", "2026-02-24", "0.46")
    assert (item["earlierInterestFrom"], item["earlierInterestUntil"], str(item["earlierInterest"])) == (
        "2026-01-26",
        "2026-02-10",
        "0.54",
    )
    assert f"Verzugszinsen auf {number}, 26.01.2026 bis 10.02.2026, aus früheren Schreiben noch offen: 0,54 €." in said
    assert f"Verzugszinsen auf {number}, 11.02.2026 bis 24.02.2026: 0,46 €." in said
    assert "davon noch offen: frühere Pauschale (§ 288 Abs. 5 BGB) 40,00 €" in said
    assert "davon Bankkosten zurückgegebener Lastschriften 6,50 €" in said
    creditor.sound()


def test_what_was_paid_or_given_up_of_a_claim_is_not_asked_for_again(creditor: Reminding) -> None:
    creditor.duns([LEVEL] * 4, dueDateAgreed=True)
    number = creditor.document(net="10000.00", paymentTerm={"periodInDays": 14})
    for day in ("2026-02-03", "2026-02-17"):
        creditor.turn(day)
        creditor.run()
    fee, interest, second_fee, second_interest = creditor.claims()
    assert [one["kind"] for one in (fee, interest, second_fee, second_interest)] == ["FEE", "INTEREST", "FEE", "INTEREST"]
    creditor.call("POST", f"{CLAIMS}/{interest['claimIdent']}/actions/waive", {})
    creditor.call(
        "POST", f"{CLAIMS}/{fee['claimIdent']}/actions/pay", {"paymentIdent": creditor.paid("3.00", "fee")["paymentIdent"]}
    )
    creditor.turn("2026-03-03")
    creditor.run()
    letter, item, said = the_last(creditor)
    assert [str(item[name]) for name in COSTS] == ["5.0", "0.0", "7.0", "0.0", "0.0"]
    # what is open is of the second letter alone; what was waived is not claimed anew
    assert (item["earlierInterestFrom"], item["earlierInterestUntil"]) == ("2026-02-03", "2026-02-16")
    assert item["earlierInterest"] == second_interest["amount"]
    assert (item["interestFrom"], item["interestUntil"], item["interestDeducted"]) == ("2026-02-17", "2026-03-02", 0)
    assert "davon Mahngebühr 5,00 €" in said and "davon noch offen: frühere Mahngebühren 7,00 €" in said
    assert f"Verzugszinsen auf {number}, 03.02.2026 bis 16.02.2026, aus früheren Schreiben noch offen:" in said
    assert letter["demand"] == 11900 + letter["costs"] + letter["interest"]
    creditor.sound()


def test_interest_of_days_that_have_changed_since_is_said_as_the_rest(creditor: Reminding) -> None:
    """6000.00 had come on 2026-01-26, and are booked after the letter of 2026-02-03 that claimed interest on all of 11900.00."""
    creditor.duns([LEVEL] * 2, dueDateAgreed=True)
    number = creditor.document(net="10000.00", paymentTerm={"periodInDays": 14})
    creditor.turn("2026-02-03")
    creditor.run()
    first = creditor.letters()[-1]["items"][0]
    assert (first["interestFrom"], str(first["interest"])) == ("2026-01-20", "46.88")  # 14 days
    creditor.pay("6000.00", number, bookingDate="2026-01-26")
    creditor.turn("2026-02-17")
    creditor.run()
    letter, item, said = the_last(creditor)
    # 6 days on 11900.00 and 22 on 5900.00: 56.61
    assert (item["interestFrom"], str(item["interest"]), str(item["interestDeducted"])) == ("2026-01-20", "9.73", "46.88")
    wanted = f"Verzugszinsen auf {number}, 20.01.2026 bis 16.02.2026: 56,61 €, abzüglich früher geforderter 46,88 €: 9,73 €."
    assert wanted in said
    assert str(letter["interest"]) == "56.61"
    creditor.sound()


@pytest.mark.parametrize("verb", ["pay", "waive"])
def test_a_letter_does_not_ask_for_a_claim_that_was_settled_since_its_preview(creditor: Reminding, verb: str) -> None:
    creditor.duns([LEVEL] * 2, dueDateAgreed=True)
    number = creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-02-03")
    creditor.run()
    creditor.turn("2026-02-17")
    run = creditor.previewed()
    fee, _ = creditor.claims()
    body = {"paymentIdent": creditor.paid("5.00", "fee")["paymentIdent"]} if verb == "pay" else {}
    creditor.call("POST", f"{CLAIMS}/{fee['claimIdent']}/actions/{verb}", body)
    creditor.call("POST", f"{RUNS}/{run['runIdent']}/actions/approve")
    creditor.look()
    assert creditor.items(run) == {number: "CHANGED"}
    assert creditor.items(creditor.run()) == {number: "DUNNED"}
    _, item, _ = the_last(creditor)
    assert (item["fee"], item["earlierFees"]) == (5, 0)
    creditor.sound()
