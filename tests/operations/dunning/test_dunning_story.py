"""The whole story through the API, with the clock turned: invoice, due, level 1, part payment, level 2, paid, the claim stays, waived."""

import contextlib
from decimal import Decimal

import pytest
from tests.checkers.tampering import sentences
from tests.factories.reminding import CLAIMS, CONFIGURATION, LETTERS, RUNS, Reminding
from typer.testing import CliRunner

from contor import cli
from contor.commands.lines import dunning

D = Decimal
STATUS = "/v2/dunning-status-aggregations"


def test_m24_a_claim_stays_when_the_invoice_is_paid(creditor: Reminding) -> None:
    creditor.duns()
    number = creditor.document(paymentTerm={"periodInDays": 14})  # 119.00, due on 2026-01-19, a Monday
    creditor.turn("2026-01-19")
    assert creditor.items(creditor.run()) == {}
    creditor.turn("2026-01-20")
    first = creditor.run()
    assert creditor.items(first) == {number: "DUNNED"}
    assert creditor.case(number)["dunningLevel"] == 1
    assert creditor.call("GET", f"/v2/documents/{number}")["dunningLevel"] == 1
    assert creditor.items(creditor.run()) == {number: "TERM_RUNNING"}  # again on the same day: nothing more
    creditor.turn("2026-02-02")
    creditor.paid("49.00", number)
    assert creditor.items(creditor.run()) == {number: "TERM_RUNNING"}
    creditor.turn("2026-02-03")
    second = creditor.run()
    assert [(one["demand"], one["costs"]) for one in second["letters"]] == [(80, 10)]
    one, two = creditor.letters()
    assert (one["level"], one["demand"], one["payUntil"]) == (1, 119, "2026-01-27")
    assert (two["level"], two["outstanding"], two["costs"], two["demand"]) == (2, 70, 10, 80)
    assert (two["sent"], two["notSentReason"]) == (False, "no mail is configured")
    creditor.turn("2026-02-05")
    creditor.paid("70.00", number)
    assert creditor.case(number)["status"] == "CLOSED"
    (claim,) = creditor.claims()
    assert (claim["kind"], claim["openAmount"], claim["status"], claim["documentIdent"]) == ("FEE", 10, "OPEN", number)
    assert creditor.entries("DUNNING_CLAIM") == []
    creditor.turn("2026-03-03")
    assert creditor.items(creditor.run()) == {}
    path = f"{CLAIMS}/{claim['claimIdent']}/actions/waive"
    waived = creditor.call("POST", path, {"note": "goodwill"})
    assert (waived["status"], waived["openAmount"], waived["items"][0]["note"]) == ("WAIVED", 0, "goodwill")
    creditor.call("POST", path, {}, 409)
    creditor.sound()


def test_letters_become_files_in_the_language_of_the_document(creditor: Reminding) -> None:
    creditor.duns()
    creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-20")
    creditor.run()
    (letter,) = creditor.letters()
    path = f"{LETTERS}/{letter['letterIdent']}"
    assert letter["hasFile"] is False
    creditor.call("GET", f"{path}/file", status=409)
    creditor.file_all()
    creditor.file_all()  # a job may run twice
    made = creditor.call("GET", path)
    answer = creditor.client.get(f"{path}/file", headers=creditor.headers)
    assert (answer.status_code, answer.headers["content-type"], len(answer.content)) == (200, "application/pdf", made["fileSize"])
    assert answer.content.startswith(b"%PDF")
    creditor.sound()


def test_after_the_last_level_it_goes_to_collection(creditor: Reminding) -> None:
    creditor.duns([{"daysAfter": 14, "daysToPay": 7}], collectionAfterLevel=1)
    number = creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-20")
    creditor.run()
    creditor.turn("2026-01-28")
    run = creditor.run()
    assert creditor.items(run) == {number: "HAND_OVER"}
    case = creditor.case(number)
    assert (case["dunningBlock"], case["dunningBlockReason"]) == (True, "COLLECTION")
    answer = creditor.client.get(f"{RUNS}/{run['runIdent']}/collection-list", headers=creditor.headers)
    header, row = answer.content.decode().splitlines()
    assert dict(zip(header.split(";"), row.split(";"), strict=True))["demand"] == "119.00"
    assert row.startswith(f"{number};muster-handel;{run['runIdent']};EUR;119.00;0.00;0.00;2026-01-28;119.00;Muster Handel GmbH;")
    (handed,) = creditor.call("GET", "/v2/dunning-handovers")["_embedded"]
    assert (handed["documentIdent"], handed["outstanding"]) == (number, 119)
    assert creditor.items(creditor.run()) == {number: "HANDED_OVER"}
    creditor.sound()


@pytest.mark.parametrize(
    "block", [{"blocked": False}, {"blocked": True, "reason": "promised to pay", "until": "2026-01-29"}], ids=["lifted", "another"]
)
def test_what_is_taken_back_from_collection_is_dunned_from_its_last_level_on(creditor: Reminding, block: dict[str, object]) -> None:
    """The letter of its last level again, with a term of its own, before it is handed over again; both hand-overs stay told."""
    creditor.duns([{"daysAfter": 7, "daysToPay": 7}, {"daysAfter": 7, "daysToPay": 7, "fee": "5.00"}], collectionAfterLevel=2)
    number = creditor.document(paymentTerm={"periodInDays": 14})
    for day in ("2026-01-20", "2026-01-28"):
        creditor.turn(day)
        creditor.run()
    second = f"{LETTERS}/{creditor.letters()[-1]['letterIdent']}/actions/withdraw"
    creditor.turn("2026-02-05")
    creditor.run()
    assert "take it back first" in str(creditor.call("POST", second, status=409))
    handed = creditor.call("GET", "/v2/dunning-handovers")["_embedded"]
    assert [(one["handedOverOn"], one.get("takenBackOn")) for one in handed] == [("2026-02-05", None)]
    creditor.turn("2026-02-06")
    if block["blocked"]:
        block = {**block, "until": "2026-02-06"}
    creditor.call("PUT", f"/v2/opos-cases/{number}/dunning-block", block)
    (handed,) = creditor.call("GET", "/v2/dunning-handovers?search=takenBackOn==2026-02-06")["_embedded"]
    assert handed["documentIdent"] == number
    creditor.sound()
    creditor.turn("2026-02-09")
    assert creditor.items(creditor.run()) == {number: "DUNNED"}
    again = creditor.letters()[-1]
    # level 2 as before, with its fee; a week to pay ends on a Monday
    assert (again["level"], again["letterDate"], again["payUntil"], again["demand"]) == (2, "2026-02-09", "2026-02-16", 129)
    assert creditor.case(number)["dunningLevel"] == 2
    creditor.turn("2026-02-16")
    assert creditor.items(creditor.run()) == {number: "TERM_RUNNING"}
    creditor.turn("2026-02-17")
    last = creditor.run()
    assert creditor.items(last) == {number: "HAND_OVER"}
    handed = creditor.call("GET", "/v2/dunning-handovers")["_embedded"]
    days = [(one["handedOverOn"], one.get("takenBackOn")) for one in handed]
    assert sorted(days, key=str) == [("2026-02-05", "2026-02-06"), ("2026-02-17", None)]
    for run, taken_back in ((handed[0]["runIdent"], days[0][1]), (handed[1]["runIdent"], days[1][1])):
        answer = creditor.client.get(f"{RUNS}/{run}/collection-list", headers=creditor.headers)
        header, row = answer.content.decode().splitlines()
        assert dict(zip(header.split(";"), row.split(";"), strict=True))["taken_back_on"] == (taken_back or "")
    assert creditor.items(creditor.run()) == {number: "HANDED_OVER"}
    creditor.sound()


def test_a_letter_is_withdrawn_once_its_document_is_taken_back(creditor: Reminding) -> None:
    creditor.duns([{"daysAfter": 7, "daysToPay": 7}, {"daysAfter": 7, "daysToPay": 7}], collectionAfterLevel=2)
    number = creditor.document(paymentTerm={"periodInDays": 14})
    for day in ("2026-01-20", "2026-01-28", "2026-02-05"):
        creditor.turn(day)
        creditor.run()
    creditor.call("PUT", f"/v2/opos-cases/{number}/dunning-block", {"blocked": False})
    creditor.call("POST", f"{LETTERS}/{creditor.letters()[-1]['letterIdent']}/actions/withdraw")
    assert creditor.case(number)["dunningLevel"] == 1
    creditor.turn("2026-02-06")
    assert creditor.items(creditor.run()) == {number: "DUNNED"}
    assert creditor.letters()[-1]["level"] == 2
    creditor.turn("2026-02-14")
    assert creditor.items(creditor.run()) == {number: "HAND_OVER"}
    creditor.sound()


def test_a_block_that_has_run_out_blocks_nothing(creditor: Reminding) -> None:
    creditor.duns()
    number = creditor.document(paymentTerm={"periodInDays": 14})
    path = f"/v2/opos-cases/{number}/dunning-block"
    creditor.call("PUT", path, {"blocked": True, "reason": "promised to pay", "until": "2026-01-21"})
    creditor.turn("2026-01-21")
    assert creditor.items(creditor.run()) == {number: "BLOCKED"}
    creditor.turn("2026-01-22")
    assert creditor.items(creditor.run()) == {number: "DUNNED"}
    assert [one["demand"] for one in creditor.letters()] == [119]
    creditor.sound()


def test_a_block_between_preview_and_approval_leaves_the_letter_out(creditor: Reminding) -> None:
    creditor.duns()
    number = creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-20")
    run = creditor.previewed()
    creditor.call("PUT", f"/v2/opos-cases/{number}/dunning-block", {"blocked": True, "reason": "in dispute"})
    creditor.call("POST", f"/v2/dunning-runs/{run['runIdent']}/actions/approve")
    creditor.look()
    assert creditor.items(run) == {number: "CHANGED"}
    assert creditor.letters() == []
    creditor.sound()


def test_what_went_to_collection_and_is_dunned_all_the_same_is_found(creditor: Reminding, database_dsn: str) -> None:
    creditor.duns([{"daysAfter": 14, "daysToPay": 7}], collectionAfterLevel=1)
    creditor.document(paymentTerm={"periodInDays": 14})
    for day in ("2026-01-20", "2026-01-28"):
        creditor.turn(day)
        creditor.run()
    fault = f"UPDATE opos_case SET dunning_block = false, dunning_block_reason = NULL WHERE tenant_id = {creditor.tenant.id}"
    assert sentences(database_dsn, creditor.tenant, "dunning.what_went_to_collection_is_blocked", fault)


def test_a_letter_that_is_withdrawn_was_none(creditor: Reminding) -> None:
    creditor.duns(dueDateAgreed=True, levels=[{"daysAfter": 14, "fee": "5.00"}, {"daysAfter": 14, "fee": "5.00"}])
    number = creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-20")
    creditor.run()
    creditor.turn("2026-02-03")
    creditor.run()
    first, second = creditor.letters()
    assert second["demand"] == 129
    path = f"{LETTERS}/{first['letterIdent']}/actions/withdraw"
    creditor.call("POST", path, status=409)
    creditor.call("POST", f"{LETTERS}/{second['letterIdent']}/actions/withdraw")
    assert creditor.case(number)["dunningLevel"] == 1
    assert [claim["status"] for claim in creditor.claims()] == ["OPEN", "WAIVED"]
    creditor.run()
    assert creditor.letters()[-1]["demand"] == 129  # the fee of the withdrawn letter is not owed twice
    creditor.sound()


def test_the_cells_are_what_is_open_and_what_the_ledger_says(creditor: Reminding) -> None:
    creditor.duns()
    old = creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-01-20")
    creditor.run()
    creditor.document(net="200.00")
    creditor.document("credit-memos", "10.00", relatedDocumentIdent=old)
    cells = creditor.call("GET", STATUS)["aggregations"]
    assert {(one["dunningLevel"], one["documents"], str(one["openAmount"])) for one in cells} == {(0, 2, "226.1"), (1, 1, "119.0")}
    assert sum(D(str(one["ledgerAmount"])) for one in cells) == D("345.10") == creditor.sums()[10000]
    page = creditor.call("GET", f"{STATUS}/documents?search=dunningLevel==1;currency==EUR;operatingSiteIdent==hamburg")
    assert [(one["documentIdent"], one["openAmount"]) for one in page["_embedded"]] == [(old, 119)]
    creditor.sound()


def test_what_does_not_go_together_is_refused_at_once(creditor: Reminding) -> None:
    creditor.call("GET", CONFIGURATION, status=404)
    creditor.call("POST", RUNS, {}, 400)
    level = {"daysAfter": 14, "daysToPay": 14, "fee": "1.001"}
    body = {
        "levels": [level, {"daysAfter": 7}],
        "minimumAmount": "0.001",
        "collectionAfterLevel": 1,
        "partialPaymentWish": "REFUSE",
    }
    refused = creditor.call("POST", CONFIGURATION, body, 400)
    assert {one["fieldName"] for one in refused["errors"]} == {
        "levels[0].fee",
        "levels[1].daysAfter",
        "minimumAmount",
        "collectionAfterLevel",
        "partialPaymentWish",
    }
    creditor.call("POST", CONFIGURATION, {"levels": [{"daysAfter": 1}] * 5}, 400)
    creditor.call("POST", CONFIGURATION, {"levels": []}, 400)
    rates = creditor.call("GET", f"{CONFIGURATION}/base-rates")["_embedded"]  # before it is said how it is to be dunned
    made = creditor.duns()
    assert creditor.call("GET", CONFIGURATION) == made
    assert creditor.call("GET", f"{CONFIGURATION}/base-rates")["_embedded"] == rates
    assert [str(one["rate"]) for one in rates] == ["3.62", "3.37", "2.27", "1.27", "1.27"]
    creditor.call("POST", f"{CONFIGURATION}/base-rates", {"ident": "x", "validFrom": "2026-07-02", "rate": 1}, 400)
    creditor.call("POST", f"{CONFIGURATION}/base-rates", {"ident": "x", "validFrom": "2026-01-01", "rate": 1}, 409)
    creditor.call("POST", f"{CONFIGURATION}/base-rates", {"ident": "2026-07", "validFrom": "2026-07-01", "rate": "1.27"}, 201)
    creditor.sound()


def test_a_base_rate_that_is_not_there_is_said_by_the_run(creditor: Reminding) -> None:
    """Of the half-year that the letters' interest needs; who claims none is not told."""
    creditor.duns()
    creditor.turn("2026-06-30")
    assert creditor.previewed().get("baseRateMissing") is None
    creditor.turn("2026-07-20")
    ident = creditor.call("GET", RUNS)["_embedded"][0]["runIdent"]
    creditor.call("POST", f"{RUNS}/{ident}/actions/cancel")
    run = creditor.previewed()
    assert run["baseRateMissing"] == "2026-07-01"
    (listed,) = creditor.call("GET", f"{RUNS}?search=baseRateMissing==2026-07-01")["_embedded"]
    assert listed["runIdent"] == run["runIdent"]
    creditor.call("POST", f"{CONFIGURATION}/base-rates", {"ident": "2026-07", "validFrom": "2026-07-01", "rate": "1.27"}, 201)
    assert creditor.call("GET", f"{RUNS}/{run['runIdent']}").get("baseRateMissing") is None
    assert creditor.call("GET", f"{RUNS}?search=baseRateMissing=null=false")["_embedded"] == []
    creditor.call("POST", f"{RUNS}/{run['runIdent']}/actions/cancel")
    creditor.sound()


def test_the_command_shows_amounts_as_they_are_written_and_what_is_missing(
    creditor: Reminding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dunning, "opened", lambda: contextlib.nullcontext(creditor.tenant.runtime))
    creditor.duns([{"daysAfter": 14, "fee": "5.00", "interest": True}], dueDateAgreed=True)
    creditor.document(paymentTerm={"periodInDays": 14})
    creditor.turn("2026-07-20")
    more = ["dun", "--dry-run", "--organization", creditor.tenant.realm]
    shown = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, more)
    assert shown.exit_code == 0, shown.output
    output = " ".join(shown.output.split())  # a narrow terminal breaks lines
    assert "1 letter in EUR: outstanding 119.00 EUR, costs 5.00 EUR, interest 0.00 EUR, demand 124.00 EUR" in output
    assert "BASE_RATE_MISSING 2026-07-01" in output
    creditor.sound()
