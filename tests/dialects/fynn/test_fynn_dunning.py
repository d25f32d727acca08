"""Overdue rules remind and dun: what a letter asks for is what is open, and the fee."""

from typing import Any

from tests.factories.fynn import Fynn

SITE = "hamburg"
REMINDER: dict[str, Any] = {"daysOverdue": 1, "dueInDays": 7, "type": "reminder"}
DUNNING: dict[str, Any] = {"daysOverdue": 3, "dueInDays": 7, "type": "dunning", "amountInCents": 500, "documentTemplate": SITE}


def owed(fynn: Fynn, cents: int = 10000) -> Any:
    """An invoice of 2026-03-02 over so much in gross, due a week later."""
    fynn.turn("2026-03-02")
    position = {"name": "Miete", "unitPrice": cents, "taxGroup": "standard"}
    made = fynn.call("POST", "/invoices", {"customer": "muster-handel", "positions": [position]}, 201)
    done = fynn.call("POST", f"/invoices/{made['id']}/finalize", {"dueDate": "2026-03-09"}, 201)
    fynn.file()
    return done


def letters(fynn: Fynn, invoice: Any) -> Any:
    return fynn.call("GET", f"/dunning/documents?invoice={invoice['id']}&order[createdAt]=asc")["data"]


def test_a_hundred_less_thirty_and_a_fee_of_five_are_seventy_five(fynn: Fynn) -> None:
    """84.03 net are 100.00 gross; 30.00 are paid; the second letter duns with a fee of 5.00 and asks for 75.00."""
    for rule in (REMINDER, DUNNING):
        fynn.call("POST", "/dunning/overdue-rules", rule, 201)
    invoice = owed(fynn, 8403)
    assert invoice["grossAmount"]["amount"] == 10000
    paid = fynn.call("POST", f"/invoices/{invoice['id']}/payments", {"amount": 3000, "date": "2026-03-02"}, 201)
    assert paid["unpaidAmount"]["amount"] == 7000
    fynn.turn("2026-03-10")
    fynn.dun()
    reminded = fynn.call("GET", f"/invoices/{invoice['id']}")
    assert (reminded["status"], reminded["dunningStatus"], reminded["dunningLevel"]) == ("STATUS_REMINDED", "reminder", 1)
    (first,) = letters(fynn, invoice)
    assert (first["type"], first["dunningFee"], first["amount"]["amount"], first["paidAt"]) == ("reminder", None, 7000, None)
    # three days behind the term of the reminder, which is over on the 17th
    fynn.turn("2026-03-19")
    fynn.dun()
    assert len(letters(fynn, invoice)) == 1
    fynn.turn("2026-03-20")
    fynn.dun()
    second = letters(fynn, invoice)[1]
    assert (second["type"], second["dunningFee"], second["amount"]["amount"]) == ("dunning", 500, 7500)
    assert second["invoice"]["dunningStatus"] == "dunning"
    fynn.call("POST", f"/invoices/{invoice['id']}/payments", {}, 201)
    first, second = letters(fynn, invoice)
    assert first["paidAt"] is not None  # what it asked for is settled
    assert second["paidAt"] is None  # its fee is owed still


def test_rules_that_are_disabled_are_passed_over(fynn: Fynn) -> None:
    made = [
        fynn.call("POST", "/dunning/overdue-rules", rule, 201) for rule in (REMINDER, DUNNING, {**DUNNING, "amountInCents": 900})
    ]
    fynn.call("PUT", f"/dunning/overdue-rules/{made[1]['id']}", {**DUNNING, "isEnabled": False})
    rules = fynn.call("GET", "/dunning/overdue-rules")["data"]
    assert [(rule["id"], rule["level"], rule["daysOverdue"], rule["isEnabled"]) for rule in rules] == [
        (made[0]["id"], 1, 1, True),
        (made[1]["id"], 2, 3, False),
        (made[2]["id"], 3, 3, True),
    ]
    invoice = owed(fynn)
    for day in ("2026-03-10", "2026-03-20"):
        fynn.turn(day)
        fynn.dun()
    assert [(one["level"], one["dunningFee"]) for one in letters(fynn, invoice)] == [(1, None), (3, 900)]


def test_rules_keep_their_ids_whatever_comes_before_them(fynn: Fynn) -> None:
    first = fynn.call("POST", "/dunning/overdue-rules", REMINDER, 201)
    before = fynn.call("POST", "/dunning/overdue-rules", {**REMINDER, "level": 1, "daysOverdue": 2}, 201)
    assert [rule["id"] for rule in fynn.call("GET", "/dunning/overdue-rules")["data"]] == [before["id"], first["id"]]
    assert fynn.send("DELETE", f"/dunning/overdue-rules/{before['id']}").status_code == 204
    assert fynn.call("GET", f"/dunning/overdue-rules/{first['id']}")["level"] == 1
    assert fynn.send("GET", f"/dunning/overdue-rules/{before['id']}").status_code == 404


def test_a_rule_is_mailed_by_its_own_template(fynn: Fynn) -> None:
    template = {
        "ident": "scharf",
        "name": "Scharf",
        "kind": "DUNNING_LETTER",
        "language": "de",
        "subject": "Jetzt",
        "text": "Bitte",
    }
    said = fynn.tenant.call("POST", "/mail/templates", template)
    assert said.status == 201, said.body
    made = fynn.call("POST", "/dunning/overdue-rules", {**REMINDER, "emailTemplate": "scharf"}, 201)
    shown = made["emailTemplate"]
    assert (shown["id"], shown["name"], shown["subject"], shown["isSystem"]) == ("scharf", "Scharf", "Jetzt", False)
    refused = fynn.tenant.call("DELETE", "/mail/templates/scharf")
    assert (refused.status, "Level 1 of dunning" in str(refused.body)) == (409, True)


def test_who_is_not_to_be_dunned_is_left_alone(fynn: Fynn) -> None:
    fynn.call("POST", "/dunning/overdue-rules", REMINDER, 201)
    invoice = owed(fynn)
    fynn.call("PATCH", f"/invoices/{invoice['id']}", {"dunningDisabled": True})
    fynn.turn("2026-03-20")
    fynn.dun()
    assert letters(fynn, invoice) == []
