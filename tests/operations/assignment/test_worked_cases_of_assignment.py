"""Which payment belongs to which open item: the worked cases M1 to M10, M12, M34 and M35, to the cent and to the account."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company, day_here
from tests.factories.customers import another_customer

D = Decimal
BANK, INTERIM, FEES, DEBTOR = 1200, 1792, 4970, 10000
CONFIGURATION = "/v2/merchant-payment-accounts/bank/assignment-configuration"
PAYER = {"name": "Irgendwer", "iban": "DE89370400440532013000"}


def configured(company: Company, **switches: Any) -> None:
    company.call("POST", CONFIGURATION, switches, 201)


def a_document(company: Company, gross: str, due: int = 14, **more: Any) -> str:
    """A document of that gross sum, due in so many days."""
    price = {"gross": gross}
    row = {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Work",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": price, "originalTotal": price, "total": price},
        "taxDetail": {"calculationBasis": "GROSS", "taxes": [{"rate": 19, "categoryCode": "S"}]},
        "performanceLocation": {"country": "DE"},
    }
    return company.document(items=[row], **{"paymentTerm": {"periodInDays": due}, **more})


def balances(company: Company, *numbers: str) -> list[Decimal]:
    return [D(str(company.case(number)["balance"])) for number in numbers]


def suggested(company: Company, payment: Any) -> list[Any]:
    found = company.call("GET", f"/v2/payments/{payment['paymentIdent']}/suggestions")["suggestions"]
    return [one for one in found if one["status"] == "OPEN"]


def accept(company: Company, payment: Any, *ones: Any, status: int = 200) -> Any:
    body = {"suggestionIdents": [one["suggestionIdent"] for one in ones]}
    return company.call("POST", f"/v2/payments/{payment['paymentIdent']}/suggestions/actions/accept", body, status)


def decisions(company: Company, payment: Any) -> list[Any]:
    return list(company.call("GET", f"/v2/payments/{payment['paymentIdent']}/decisions")["decisions"])


def reverse(company: Company, at: int = 0) -> None:
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,asc")["_embedded"]
    company.call("POST", f"/v2/payment-assignments/{made[at]['paymentAssignmentIdent']}/actions/reverse")


def entries(company: Company, since: int) -> list[tuple[int, str, Decimal]]:
    rows = company.tenant.rows(
        f"SELECT l.account, l.side, l.amount FROM journal_line l WHERE l.entry_id > {since} ORDER BY l.entry_id, l.position"
    )
    return [(row.account, row.side, row.amount) for row in rows]


def last_entry(company: Company) -> int:
    return int(company.tenant.rows("SELECT coalesce(max(id), 0) AS id FROM journal_entry")[0].id)


@pytest.mark.parametrize(
    ("amount", "left"), [("350.00", ["0", "0", "300.00"]), ("390.00", ["0", "0", "260.00"]), ("650.00", ["0", "0", "0"])]
)
def test_m1_m2_several_are_paid_as_the_law_orders_them(company: Company, amount: str, left: list[str]) -> None:
    configured(company, underpaymentAssignmentToDocuments=True)
    numbers = [a_document(company, gross, due) for gross, due in (("200.00", 5), ("150.00", 10), ("300.00", 20))]
    paid = company.pay(amount, f"Zahlung {numbers[2]} {numbers[0]} {numbers[1]}")
    assert paid["status"] == "ASSIGNED"
    assert balances(company, *numbers) == [D(it) for it in left]
    (decision,) = decisions(company, paid)
    assert (decision["rule"], set(decision["numbers"])) == ("DOCUMENT_NUMBER", set(numbers))
    assert company.sums()[BANK] == D(amount)
    company.sound()


def test_m1_without_the_switch_they_are_suggested_and_taken_together(company: Company) -> None:
    numbers = [a_document(company, gross, due) for gross, due in (("200.00", 5), ("150.00", 10), ("300.00", 20))]
    paid = company.pay("350.00", " ".join(numbers))
    assert (paid["status"], paid["reason"]) == ("OPEN", "UNDERPAID")
    first, second, third = suggested(company, paid)
    assert [(one["targetIdent"], one["amount"]) for one in (first, second, third)] == [
        (numbers[0], 200),
        (numbers[1], 150),
        (numbers[2], 300),
    ]
    accept(company, paid, first, second, third, status=400)
    company.sound()
    assert balances(company, *numbers) == [200, 150, 300]
    accept(company, paid, first, second)
    assert balances(company, *numbers) == [0, 0, 300]
    assert suggested(company, paid) == []
    company.sound()


def test_section_366_what_the_payer_says_comes_first(company: Company) -> None:
    numbers = [a_document(company, gross, due) for gross, due in (("200.00", 5), ("150.00", 10))]
    company.pay("170.00", f"{numbers[0]} 50,00 {numbers[1]} 120,00")
    assert balances(company, *numbers) == [150, 30]
    company.sound()


def test_section_366_equal_ones_are_for_a_person(company: Company) -> None:
    configured(company, underpaymentAssignmentToDocuments=True)
    numbers = [a_document(company, gross) for gross in ("200.00", "150.00")]
    paid = company.pay("170.00", " ".join(numbers))
    assert (paid["status"], paid["reason"]) == ("OPEN", "EQUALLY_DUE")
    assert len(suggested(company, paid)) == 2
    company.sound()


@pytest.mark.parametrize("switch", [True, False])
def test_m3_what_is_too_much_stays_as_credit_or_is_suggested(company: Company, switch: bool) -> None:
    configured(company, overpaymentAssignmentToDocuments=switch)
    number = a_document(company, "850.00")
    paid = company.pay("1000.00", number)
    case = company.case(number)
    if switch:
        assert (case["balance"], case["balanceDebitCreditIndicator"]) == (150, "CREDIT")
        assert company.sums()[DEBTOR] == D("-150.00")
    else:
        assert (case["balance"], paid["status"], paid["reason"]) == (850, "OPEN", "OVERPAID")
        (one,) = suggested(company, paid)
        assert (one["amount"], one["reason"]) == (850, "OVERPAID")
        assert "150.00" in one["note"]
        assert company.sums()[INTERIM] == D("-1000.00")
    company.sound()


def test_m4_a_third_payment_finds_nothing_left(company: Company) -> None:
    configured(company, underpaymentAssignmentToDocuments=True, overpaymentAssignmentToDocuments=True)
    number = a_document(company, "100.00")
    assert company.pay("50.00", number)["status"] == "ASSIGNED"
    assert balances(company, number) == [50]
    assert company.pay("50.00", number)["status"] == "ASSIGNED"
    assert balances(company, number) == [0]
    third = company.pay("50.00", number)
    assert (third["status"], third["reason"]) == ("OPEN", "TARGET_CLOSED")
    (one,) = suggested(company, third)
    assert (one["targetIdent"], one.get("amount"), one["note"]) == (number, None, "it is closed")
    accept(company, third, one, status=400)
    company.sound()


def test_m5_two_alike_are_suggested_and_nothing_is_assigned(company: Company) -> None:
    configured(company, automaticByScore=True)
    numbers = [company.document(), company.document(**another_customer(company))]
    paid = company.pay("119.00", "Vielen Dank")
    assert (paid["status"], paid["reason"]) == ("OPEN", "CANDIDATES")
    assert sorted(one["targetIdent"] for one in suggested(company, paid)) == sorted(numbers)
    assert balances(company, *numbers) == [119, 119]
    company.sound()
    first, second = suggested(company, paid)
    refuse = {"suggestionIdents": [first["suggestionIdent"]]}
    company.call("POST", f"/v2/payments/{paid['paymentIdent']}/suggestions/actions/refuse", refuse)
    company.call("POST", f"/v2/payments/{paid['paymentIdent']}/suggestions/actions/refresh")
    assert [one["targetIdent"] for one in suggested(company, paid)] == [second["targetIdent"]]
    company.sound()


@pytest.mark.parametrize("automatic", [True, False])
def test_m6_a_known_account_decides_where_the_account_wants_it(company: Company, automatic: bool) -> None:
    company.pay("119.00", company.document(), counterpart=PAYER)  # from which it learns
    configured(company, automaticByScore=automatic)
    numbers = [company.document(), company.document(**another_customer(company))]
    paid = company.pay("119.00", "Vielen Dank", counterpart=PAYER)
    (decision,) = decisions(company, paid)
    assert decision["rule"] == "SCORE"
    if automatic:
        assert balances(company, *numbers) == [0, 119]
        scores = {one["name"]: D(one["value"]) for one in decision["scores"]}
        assert scores["amount"] + scores["payer"] >= D("0.9")
        newest = company.call("GET", "/v2/payment-assignments?sort=createdAt,desc")["_embedded"][0]
        assert (newest["automatic"], newest["decision"]["rule"]) == (True, "SCORE")
    else:
        assert balances(company, *numbers) == [119, 119]
        assert [one["targetIdent"] for one in suggested(company, paid)] == numbers
    kept = company.tenant.rows("SELECT key, customer_ident FROM learned_payer")
    assert [row.customer_ident for row in kept] == ["muster-handel"]
    assert "DE89" not in kept[0].key
    company.sound()


def test_m6_what_was_learned_is_forgotten_when_the_assignment_is_reversed(company: Company) -> None:
    configured(company, automaticByScore=True)
    company.pay("119.00", company.document(), counterpart=PAYER)
    reverse(company)
    assert company.tenant.rows("SELECT key FROM learned_payer") == []
    numbers = [company.document(), company.document(**another_customer(company))]
    company.pay("119.00", "Vielen Dank", counterpart=PAYER)
    assert balances(company, *numbers) == [119, 119]
    company.sound()


def test_m7_a_broken_number_is_found_and_a_misread_one_is_suggested(company: Company) -> None:
    first, second, third = (company.document() for _ in range(3))
    _, year, tail = first.split("-")
    assert company.pay("119.00", f"RE {year} {tail[:2]} {tail[2:]}")["status"] == "ASSIGNED"
    assert balances(company, first) == [0]
    assert company.pay("119.00", f"RE-{second.split('-')[1]}-\n{second.split('-')[2]}")["status"] == "ASSIGNED"
    assert balances(company, second) == [0]
    misread = company.pay("119.00", third.replace("2026", "2O26"))
    assert (misread["status"], misread["reason"]) == ("OPEN", "NUMBER_UNSURE")
    (one,) = suggested(company, misread)
    assert (one["targetIdent"], one["amount"]) == (third, 119)
    accept(company, misread, one)
    assert balances(company, third) == [0]
    assert decisions(company, misread)[-1]["rule"] == "ACCEPTED"
    company.sound()


@pytest.mark.parametrize("late", [0, 1])
def test_m8_skonto_on_the_last_day_and_a_day_late(company: Company, late: int) -> None:
    issued = dt.date(2026, 3, 2)  # ten days later is a Thursday
    term = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
    number = a_document(company, "238.00", paymentTerm=term, documentDate=issued.isoformat())
    day = (issued + dt.timedelta(days=10 + late)).isoformat()
    paid = company.pay("233.24", number, valueDate=day, bookingDate=day)
    if late:
        assert (paid["status"], paid["reason"]) == ("OPEN", "UNDERPAID")
        (one,) = suggested(company, paid)
        assert (one["reason"], D(str(one["amount"]))) == ("SHORT_BY_DISCOUNT", D("233.24"))
        accept(company, paid, one)
        assert balances(company, number) == [D("4.76")]
        assert company.sums() == {BANK: D("233.24"), 8400: D(-200), 1776: D(-38), DEBTOR: D("4.76")}
    else:
        assert balances(company, number) == [0]
        assert company.sums() == {BANK: D("233.24"), 8400: D(-200), 1776: D("-37.24"), 8736: D("4.00")}
    company.sound()


def test_skonto_of_several_payments_in_time(company: Company) -> None:
    configured(company, underpaymentAssignmentToDocuments=True)
    term = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
    number = a_document(company, "238.00", paymentTerm=term)
    company.pay("100.00", number)
    assert balances(company, number) == [138]
    company.pay("133.24", number)
    assert balances(company, number) == [0]
    company.sound()


def test_charges_of_foreign_banks_are_suggested_and_close_the_case(company: Company) -> None:
    configured(company, bankChargesBound=10)
    number = a_document(company, "200.00")
    paid = company.pay("192.50", number, counterpart={"name": "Foreign", "iban": "FR1420041010050500013M02606"})
    (one,) = suggested(company, paid)
    assert (one["reason"], one["amount"], one["bankFee"]) == ("BANK_FEE", 192.5, 7.5)
    accept(company, paid, one)
    assert balances(company, number) == [0]
    assert company.sums()[FEES] == D("7.50")
    company.sound()
    reverse(company)
    assert balances(company, number) == [200]
    assert FEES not in company.sums()
    company.sound()


COLLECTED = {"endToEndIdent": "E2E-1", "mandateReference": "M-1"}


def returned(company: Company, amount: str, code: str, **more: Any) -> Any:
    information = {"reasonCode": code, **more.pop("information", {})}
    return company.pay(amount, "", creditDebitIndicator="DEBIT", returnInformation=information, **more)


@pytest.mark.parametrize("by", [{"endToEndIdent": "E2E-1"}, {"mandateReference": "M-1"}, {"providerReference": "P-1"}])
def test_m9_a_returned_debit_opens_its_case_and_the_banks_fee_is_ours(company: Company, by: dict[str, str]) -> None:
    number = company.document()
    company.pay("119.00", number, providerReference="P-1", **COLLECTED)
    since = last_entry(company)
    back = returned(company, "122.00", "AC04", information={"originalAmount": 119, "charges": 3}, **by)
    assert back["status"] == "ASSIGNED"
    assert balances(company, number) == [119]
    assert sorted(entries(company, since)) == sorted(
        [(DEBTOR, "D", D(119)), (BANK, "C", D(119)), (FEES, "D", D(3)), (BANK, "C", D(3))]
    )
    assert company.sums() == {8400: D(-100), 1776: D(-19), DEBTOR: D(119), BANK: D(-3), FEES: D(3)}
    made = company.call("GET", "/v2/payment-assignments")["_embedded"]
    made.sort(key=lambda one: (one["targetType"] == "BANK_FEE", one["creditDebitIndicator"]))
    assert [(one["targetType"], one["amount"], one["creditDebitIndicator"]) for one in made] == [
        ("DOCUMENT", 119, "CREDIT"),
        ("DOCUMENT", 119, "DEBIT"),
        ("BANK_FEE", 3, "DEBIT"),
    ]
    assert made[1]["returnsPaymentAssignmentIdent"] == made[0]["paymentAssignmentIdent"]
    company.sound()
    # what was returned is not taken back twice
    company.call("POST", f"/v2/payment-assignments/{made[0]['paymentAssignmentIdent']}/actions/reverse", status=400)
    again = returned(company, "119.00", "AC04", **by)
    assert (again["status"], again["reason"]) == ("OPEN", "RETURNED_BEFORE")
    assert "returned before" in decisions(company, again)[-1]["note"]
    for one in made[1:]:
        company.call("POST", f"/v2/payment-assignments/{one['paymentAssignmentIdent']}/actions/reverse")
    assert balances(company, number) == [0]
    assert company.sums()[INTERIM] == D(241)
    company.sound()


def test_m9_skonto_that_rested_on_the_returned_payment_falls(company: Company) -> None:
    term = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
    number = company.document(paymentTerm=term)
    company.pay("116.62", number, **COLLECTED)
    assert balances(company, number) == [0]
    returned(company, "116.62", "AM04", endToEndIdent="E2E-1")
    assert balances(company, number) == [119]
    assert company.sums() == {8400: D(-100), 1776: D(-19), DEBTOR: D(119)}
    company.sound()


def test_m10_a_return_that_reports_success_is_none(company: Company) -> None:
    number = company.document()
    company.pay("119.00", number, **COLLECTED)
    back = returned(company, "119.00", "0000", endToEndIdent="E2E-1")
    assert (back["status"], back["reason"]) == ("IGNORED", "RETURN_OF_SUCCESS")
    assert balances(company, number) == [0]
    company.sound()


def test_m12_one_of_five_that_were_collected_together_comes_back(company: Company) -> None:
    numbers = [company.document() for _ in range(5)]
    for at, number in enumerate(numbers):
        company.pay("119.00", number, endToEndIdent=f"E2E-{at}", mandateReference=f"M-{at}")
    assert balances(company, *numbers) == [0] * 5
    returned(company, "119.00", "AM04", endToEndIdent="E2E-3")
    assert balances(company, *numbers) == [0, 0, 0, 119, 0]
    company.sound()


def test_m12_one_of_a_collective_credit_comes_back(company: Company) -> None:
    numbers = [a_document(company, gross) for gross in ("119.00", "238.00")]
    items = [{"reference": number, "amount": amount} for number, amount in zip(numbers, ("119.00", "238.00"), strict=True)]
    company.pay("357.00", "", batchItems=items, endToEndIdent="E2E-1")
    assert balances(company, *numbers) == [0, 0]
    returned(company, "238.00", "AM04", endToEndIdent="E2E-1")
    assert balances(company, *numbers) == [0, 238]
    company.sound()


def test_a_return_before_the_credit_waits_for_it(company: Company) -> None:
    number = company.document()
    back = returned(company, "122.00", "AC04", information={"originalAmount": 119, "charges": 3}, endToEndIdent="E2E-1")
    assert (back["status"], back["reason"]) == ("OPEN", "RETURN_WITHOUT_PAYMENT")
    company.sound()
    company.pay("119.00", number, **COLLECTED)
    path = f"/v2/merchant-payment-accounts/bank/payments/{back['paymentIdent']}"
    assert company.call("GET", path)["status"] == "ASSIGNED"
    assert balances(company, number) == [119]
    assert company.sums() == {8400: D(-100), 1776: D(-19), DEBTOR: D(119), BANK: D(-3), FEES: D(3)}
    company.sound()


def test_a_return_waits_for_a_credit_that_waits_itself(company: Company) -> None:
    number = company.document()
    paid = company.pay("119.00", "?", **COLLECTED)
    back = returned(company, "119.00", "AC04", endToEndIdent="E2E-1")
    assert back["reason"] == "RETURN_WITHOUT_PAYMENT"
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": paid["paymentIdent"], "targetIdent": number}, 201)
    assert balances(company, number) == [119]
    assert company.sums() == {8400: D(-100), 1776: D(-19), DEBTOR: D(119)}
    company.sound()


def test_a_returned_transfer_of_ours_opens_what_was_paid_out(company: Company) -> None:
    configured(company, overpaymentAssignmentToDocuments=True)
    number = company.document()
    company.pay("150.00", number)
    refund = company.pay("31.00", "refund", creditDebitIndicator="DEBIT", endToEndIdent="OUT-1")
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": refund["paymentIdent"], "targetIdent": number}, 201)
    assert balances(company, number) == [0]
    back = company.pay("31.00", "", endToEndIdent="OUT-1", returnInformation={"reasonCode": "AC01"})
    assert back["status"] == "ASSIGNED"
    case = company.case(number)
    assert (case["balance"], case["balanceDebitCreditIndicator"]) == (31, "CREDIT")
    company.sound()


def test_a_return_that_is_not_clear_is_listed(company: Company) -> None:
    numbers = [company.document(), company.document()]
    for number in numbers:
        company.pay("119.00", number, mandateReference="M-1")
    back = returned(company, "119.00", "MD06", mandateReference="M-1")
    assert (back["status"], back["reason"]) == ("OPEN", "RETURN_NOT_CLEAR")
    unlike = returned(company, "50.00", "MD06", information={"originalAmount": 119}, mandateReference="M-1")
    assert unlike["reason"] == "RETURN_NOT_CLEAR"
    assert balances(company, *numbers) == [0, 0]
    found = company.call("GET", "/v2/merchant-payment-accounts/bank/payments?search=returnInformation.reasonCode==MD06")
    assert len(found["_embedded"]) == 2
    company.sound()


def test_m34_a_reference_is_its_own_and_not_its_neighbours(company: Company) -> None:
    texts = [f"45 RE34Y U0000 00000 02019 000{tail}" for tail in (14, 22)]
    numbers = [
        a_document(company, "100.00", paymentInformation={"paymentType": "BANK_TRANSFER", "paymentReference": text})
        for text in texts
    ]
    paid = company.pay("100.00", texts[0])
    assert balances(company, *numbers) == [0, 100]
    assert decisions(company, paid)[0]["rule"] == "PAYMENT_REFERENCE"
    company.sound()


def test_m35_whole_numbers_only(company: Company) -> None:
    path = "/v2/billing/configuration/document-numbers"
    numbers = []
    for at, gross in ((14, "3156.00"), (1814, "859.00")):
        counter = {"ident": f"c-{at}", "prefix": "", "mask": "0", "lowerLimit": at, "upperLimit": at + 1}
        company.call("POST", f"{path}/counters", counter, 200)
        company.call("POST", f"{path}/strategies/default", {"counterIdent": f"c-{at}"}, 201)
        company.call("POST", f"{path}/strategy", {"strategy": "DEFAULT"})
        numbers.append(a_document(company, gross))
    assert numbers == ["14", "1814"]
    assert company.pay("859.00", "Zahlung 18145")["status"] == "OPEN"
    assert balances(company, *numbers) == [3156, 859]
    assert company.pay("859.00", "Zahlung 1814")["status"] == "ASSIGNED"
    assert balances(company, *numbers) == [3156, 0]
    short = company.pay("3156.00", "Zahlung 14")
    assert (short["status"], short["reason"]) == ("OPEN", "NUMBER_UNSURE")
    assert [one["targetIdent"] for one in suggested(company, short)] == ["14"]
    company.sound()


def test_a_number_of_another_customer_than_the_payers_account_is_noted(company: Company) -> None:
    company.pay("119.00", company.document(), counterpart=PAYER)
    other = company.document(**another_customer(company))
    paid = company.pay("119.00", other, counterpart=PAYER)
    assert balances(company, other) == [0]
    assert "zweite" in decisions(company, paid)[0]["note"]
    company.sound()


def test_another_currency_is_suggested_only(company: Company) -> None:
    number = company.document(currency="USD", exchangeRate={"rate": "1.10", "date": day_here()})
    paid = company.pay("119.00", number)
    assert (paid["status"], paid["reason"]) == ("OPEN", "CURRENCY_DIFFERS")
    (one,) = suggested(company, paid)
    assert (one["targetIdent"], one.get("amount")) == (number, None)
    company.sound()


def test_what_is_missing_of_several_is_said_of_all_together(company: Company) -> None:
    """150.00 for 100.00 and 100.00: 50.00 are missing, none of them has too much."""
    numbers = [a_document(company, "100.00", due) for due in (10, 14)]
    paid = company.pay("150.00", " ".join(numbers))
    found = suggested(company, paid)
    assert [(one["targetIdent"], one["amount"]) for one in found] == [(numbers[0], 100), (numbers[1], 50)]
    assert {one["note"] for one in found} == {"50.00 EUR less than is owed"}
    company.sound()
