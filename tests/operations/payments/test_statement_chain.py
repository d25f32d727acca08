"""Statements follow each other by balance and day: gaps wait, overlaps are daily use, contradictions are named, and a person may force."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from tests.factories.companies import BANK, Company
from tests.factories.statements import BankLine, BankPaper, Reader

from contor.kernel.errors import Refused
from contor.kernel.events import FOLLOWERS
from contor.kernel.files import FileContent
from contor.payments.statements import take
from contor.payments.statements.events import StatementsWait
from contor.payments.statements.files import ReceiveFile, receive_statement
from contor.payments.statements.take import ReadAgain, ReadFile, read_again, read_statement
from contor.runtime.work.jobs import run_try

D = Decimal
DAYS = [dt.date(2026, 10, 29), dt.date(2026, 10, 30), dt.date(2026, 11, 2)]
LINES = [BankLine(D(n + 1) * 10, day, f"day {n}", reference=f"R{n}") for n, day in enumerate(DAYS)]
PAPERS = [BankPaper(D(0), DAYS[0], [LINES[0]]), BankPaper(D(10), DAYS[1], [LINES[1]]), BankPaper(D(30), DAYS[2], [LINES[2]])]


def chain(company: Company) -> list[tuple[Decimal, Decimal]]:
    rows = company.tenant.rows("SELECT from_amount, to_amount FROM bank_statement ORDER BY position")
    return [(row.from_amount, row.to_amount) for row in rows]


@pytest.mark.parametrize("form", ["camt", "swift"])
def test_a_gap_waits_and_what_fills_it_lets_it_follow(reader: Reader, company: Company, form: str) -> None:
    files = [getattr(paper, form)() for paper in PAPERS]
    assert reader.take(files[0]).state == "READ"
    late = reader.take(files[2])
    assert (late.state, [one.code for one in late.reasons]) == ("KEPT_ASIDE", ["statement_gap"])
    assert reader.amounts() == [D(10)]
    assert reader.take(files[1]).state == "READ"
    again = company.tenant.execute(read_statement, ReadFile(statement_ident=late.statement_ident))
    assert again.state == "READ"
    assert chain(company) == [(D(0), D(10)), (D(10), D(30)), (D(30), D(60))]
    company.sound()


def test_what_came_before_the_first_is_put_in_front(reader: Reader, company: Company) -> None:
    for paper in reversed(PAPERS):
        assert reader.take(paper.camt()).state == "READ"
    assert chain(company) == [(D(0), D(10)), (D(10), D(30)), (D(30), D(60))]
    company.sound()


def test_an_overlap_adds_what_is_new(reader: Reader, company: Company) -> None:
    reader.take(PAPERS[0].camt())
    week = BankPaper(D(0), DAYS[2], LINES)
    found = reader.take(week.camt())
    assert (found.state, found.counts.known, found.counts.new) == ("READ", 1, 2)
    for paper in (*PAPERS, week):
        again = reader.take(paper.swift())  # the same days in another format
        assert (again.state, again.counts.new) == ("READ", 0), again.reasons
    assert reader.amounts() == [D(10), D(20), D(30)]
    assert chain(company) == [(D(0), D(10)), (D(10), D(60))]
    company.sound()


def test_a_known_day_that_differs_is_kept_aside(reader: Reader, company: Company) -> None:
    for paper in PAPERS:
        reader.take(paper.camt())
    other = BankPaper(D(10), DAYS[1], [BankLine(D(20), DAYS[1], reference="R1"), BankLine(D(7), DAYS[1], reference="R9")])
    found = reader.take(other.camt())
    assert (found.state, [one.code for one in found.reasons]) == ("KEPT_ASIDE", ["day_differs"])
    late = reader.take(BankPaper(D(0), DAYS[1], [BankLine(D(7), DAYS[1], reference="R9")]).camt("camt.054.001.08", balances=False))
    assert (late.state, [one.code for one in late.reasons]) == ("KEPT_ASIDE", ["day_differs"])
    assert reader.amounts() == [D(10), D(20), D(30)]
    company.sound()


def test_what_was_reported_and_is_not_in_the_end_of_the_day_is_named(reader: Reader, company: Company) -> None:
    reader.take(BankPaper(D(0), DAYS[0], [BankLine(D(8), DAYS[0], reference="Z")]).camt("camt.052.001.08", balances=False))
    found = reader.take(PAPERS[0].camt())
    assert (found.state, [one.code for one in found.reasons]) == ("KEPT_ASIDE", ["day_differs"])
    assert "8" in found.reasons[0].message
    assert reader.amounts() == [D(8)]


def test_force_takes_it_and_the_trail_says_so(reader: Reader, company: Company) -> None:
    paper = PAPERS[0]
    made = reader.send(paper.camt(closing=D("10.01")))
    assert (made["state"], made["reasons"][0]["code"]) == ("KEPT_ASIDE", "balance_differs")
    path = f"/v2/merchant-payment-accounts/bank/statements/{made['statementIdent']}/actions/read"
    assert company.call("POST", path)["state"] == "KEPT_ASIDE"
    forced = company.call("POST", f"{path}?force=true")
    assert (forced["state"], forced["forced"], forced["reasons"][0]["code"]) == ("READ", True, "balance_differs")
    assert reader.amounts() == [D(10)]
    said = company.call("GET", f"/v2/audit-entries?search=subjectIdent=={made['statementIdent']}")["_embedded"]
    assert [one["change"]["forced"] for one in said if "forced" in one["change"]].count(True) == 1
    company.call("POST", path, status=400)
    company.sound()


def test_a_file_whose_reading_is_given_up_says_so_and_is_read_again_by_a_person(
    reader: Reader, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OverflowError("date value out of range")

    follower = next(it for it in FOLLOWERS[StatementsWait] if it.operation is read_statement)
    content = FileContent(PAPERS[0].camt(), "application/xml", "s.xml")
    made = company.tenant.execute(receive_statement, ReceiveFile(content, account_ident="bank"))
    job = {"request_id": "r", "tenant_id": company.tenant.id, "command": {"statement_ident": made.statement_ident}}
    where = f"/v2/merchant-payment-accounts/bank/statements/{made.statement_ident}"
    with monkeypatch.context() as patched:
        patched.setattr(take, "read_file", broken)
        for is_last, state in ((False, "RECEIVED"), (True, "KEPT_ASIDE")):
            with pytest.raises(OverflowError):
                run_try(company.tenant.runtime, follower, msgspec.json.encode(job), is_last=is_last)
            shown = company.call("GET", where)
            assert shown["state"] == state
    assert [it["code"] for it in shown["reasons"]] == ["reading_failed"]
    again = ReadAgain(merchant_payment_account_ident="bank", statement_ident=made.statement_ident)
    assert company.tenant.execute(read_again, again).state == "READ"
    company.sound()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "9000-12-31", "1000-01-01", "2126-01-01", "1970-01-01"])
def test_a_day_that_nobody_books_on_is_said_and_nothing_is_stored(reader: Reader, company: Company, day: str) -> None:
    told = reader.take(PAPERS[0].camt().replace(b"<Dt>2026-10-29", b"<Dt>" + day.encode()))
    assert told.state in ("KEPT_ASIDE", "REFUSED")
    assert told.reasons
    assert reader.amounts() == []


def test_what_cannot_be_read_cannot_be_forced(reader: Reader, company: Company) -> None:
    made = reader.take(BankPaper(D(0), DAYS[0], [LINES[0]]).camt().replace(b'<Ntry><Amt Ccy="EUR">', b'<Ntry><Amt Ccy="USD">'))
    assert (made.state, made.reasons[0].code) == ("KEPT_ASIDE", "booking_currency_differs")
    command = ReadAgain("bank", made.statement_ident, True)
    assert company.tenant.execute(read_again, command).state == "KEPT_ASIDE"
    with pytest.raises(Refused):
        company.tenant.execute(read_again, ReadAgain("none", made.statement_ident, True))


def test_pages_are_one_statement(reader: Reader, company: Company) -> None:
    """60F to 62M, 60M to 62F; and each in a file of its own."""
    first, second = PAPERS[0].swift(), PAPERS[1].swift()
    pages = first.replace(b":62F:", b":62M:") + second.replace(b":60F:", b":60M:")
    found = reader.take(pages)
    assert (found.state, found.counts.statements, found.counts.new) == ("READ", 1, 2)
    assert chain(company) == [(D(0), D(30))]
    company.sound()


def test_a_file_of_several_accounts_is_spread(reader: Reader, company: Company) -> None:
    other = "DE02120300000000202051"
    company.open_bank(ident="second", iban=other, bookingAccount=1360)
    mine, theirs = PAPERS[0], BankPaper(D(5), DAYS[0], [BankLine(D(-5), DAYS[0], reference="S")], iban=other)
    foreign = BankPaper(D(0), DAYS[0], [], iban="NL91ABNA0417164300")
    found = reader.send(mine.swift() + theirs.swift() + foreign.swift())
    assert (found["state"], [one["code"] for one in found["reasons"]]) == ("READ", ["account_unknown"])
    assert "NL91…4300" in found["reasons"][0]["message"]
    (spread,) = company.call("GET", "/v2/merchant-payment-accounts/second/statements")["_embedded"]
    assert (spread["state"], spread["sha256"]) == ("READ", found["sha256"])
    assert (reader.amounts(), reader.amounts("second")) == ([D(10)], [D(-5)])
    company.sound()


def test_a_statement_of_an_account_that_is_none_of_ours_is_refused_by_name(reader: Reader, company: Company) -> None:
    paper = BankPaper(D(0), DAYS[0], [LINES[0]], iban="NL91ABNA0417164300")
    for made in (reader.send(paper.camt()), reader.send(paper.swift())):
        assert (made["state"], made["reasons"][0]["code"]) == ("REFUSED", "account_unknown")
    assert company.tenant.rows("SELECT ident FROM payment") == []
    assert len(company.tenant.rows("SELECT ident FROM statement_file WHERE blob <> ''")) == 2


def test_german_bank_codes_and_numbers_name_the_account(reader: Reader) -> None:
    content = PAPERS[0].swift().replace(b":25:DE36100100100000000001", b":25:10010010/0000000001EUR")
    assert reader.take(content).state == "READ"


def test_a_table_is_read_by_its_mapping(reader: Reader, company: Company) -> None:
    columns = {
        "bookingDate": "Buchung",
        "amount": "Betrag",
        "counterpartName": "Name",
        "counterpartIban": "IBAN",
        "text": ["Zweck"],
    }
    table = "Konto;x\n\nBuchung;Name;IBAN;Zweck;Betrag\n29.10.2026;Anna;DE63200200200000000001;day 0;1.010,00\n30.10.2026;B;;x;-1.000,00\n"
    unmapped = reader.send(table.encode(), name="t.csv")
    assert (unmapped["state"], unmapped["reasons"][0]["code"]) == ("REFUSED", "statement_format_unknown")
    company.call(
        "POST", "/v2/merchant-payment-accounts/bank/statement-mappings", {"ident": "own", "form": {"columns": columns}}, 201
    )
    found = reader.send(table.encode("cp1252"), name="t.csv")
    assert (found["state"], found["counts"]["new"]) == ("READ", 2)
    assert reader.amounts() == [D(1010), D(-1000)]
    (paid, _) = reader.payments()
    assert (paid.counterpart_name, paid.counterpart_account, paid.description) == ("Anna", "DE63…0001", "day 0")
    broken = reader.send(table.replace("30.10.2026", "31.02.2026").encode(), name="t.csv")
    assert (broken["state"], "line 5" in broken["reasons"][0]["message"]) == ("REFUSED", True)
    company.sound()


def test_days_that_the_tenant_does_not_take_keep_it_aside(reader: Reader, company: Company) -> None:
    for day, code in ((dt.date(2020, 1, 2), "backdating_limit"), (dt.date(2027, 1, 4), "payment_in_future")):
        found = reader.take(BankPaper(D(0), day, [BankLine(D(1), day, reference="X")]).camt())
        assert (found.state, found.reasons[0].code) == ("KEPT_ASIDE", code)
    assert reader.payments() == []


def test_ibans_are_nowhere_in_the_clear(reader: Reader, company: Company) -> None:
    iban = "DE63200200200000000001"
    made = reader.send(BankPaper(D(0), DAYS[0], [BankLine(D(1), DAYS[0], iban=iban, reference="X")]).camt())
    (blob,) = company.tenant.rows("SELECT blob, ident FROM statement_file")
    assert iban.encode() not in company.tenant.runtime.blobs.get(company.tenant.id, blob.blob)
    for table in ("statement_file", "bank_entry", "bank_statement", "payment", "audit_entry", "event"):
        assert iban not in str(company.tenant.rows(f"SELECT * FROM {table}")), table
    assert iban not in str(made)


def test_accounts_that_name_the_account_of_the_bank_stand_on_it_like_those_that_name_none(reader: Reader, company: Company) -> None:
    """The money of both is one in the books: what came on one has no statement of its own."""
    assert reader.take(PAPERS[0].camt()).state == "READ"
    (number,) = {row.account for row in company.tenant.rows("SELECT account FROM journal_line WHERE side = 'D'")}
    company.call("POST", "/v2/merchant-payment-accounts", {**BANK, "ident": "other", "bookingAccount": number}, 201)
    value = {"amount": "2.22", "currency": "EUR"}
    body = {
        "externalIdent": "x-1",
        "baseAmount": value,
        "originalAmount": value,
        "bookingDate": "2026-11-02",
        "creditDebitIndicator": "CREDIT",
        "description": "nothing",
    }
    company.call("POST", "/v2/merchant-payment-accounts/other/payments", body, 201)
    company.sound()
