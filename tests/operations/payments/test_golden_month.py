"""A month at the bank: five statements in three formats, collective bookings, returns, charges, and accounts in francs and dollars. On
every day the account of the bank in the books is what the bank says."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from tests.factories.companies import Company
from tests.factories.statements import BankLine, BankPaper, Reader

from contor.kernel.money import round_amount
from contor.settings.exchange import ImportRates, QuotedRate, import_rates

D = Decimal
DAYS = [dt.date(2026, 10, day) for day in (5, 9, 16, 23, 30)]
FRANCS, DOLLARS = "CH9300762011623852957", "GB29NWBK60161331926819"
RATES = {"CHF": ["0.9300", "0.9400", "0.9500", "0.9600", "0.9700"], "USD": ["1.10", "1.12", "1.14", "1.16", "1.18"]}


@pytest.fixture
def month(company: Company) -> Company:
    quoted = tuple(
        QuotedRate(kind="DAILY", currency=currency, day=day, rate=D(rate))
        for currency, rates in RATES.items()
        for day, rate in zip(DAYS, rates, strict=True)
    )
    company.tenant.execute(import_rates, ImportRates(rates=quoted))
    for number, currency, iban, ident in ((1210, "CHF", FRANCS, "francs"), (1220, "USD", DOLLARS, "dollars")):
        body = {"accountNumber": number, "currency": currency, "accountType": "ASSET", "name": ident}
        company.call("POST", "/v2/bookingAccounts", body, 201)
        company.open_bank(ident=ident, currency=currency, country="CH", iban=iban, bookingAccount=number)
    return company


def papers() -> list[BankPaper]:
    """The euro account, day by day."""
    one, two, three, four, five = DAYS
    parts = tuple(BankLine(D("119.00"), two, f"RE-{n}", end_to_end=f"E{n}", iban="DE63200200200000000001") for n in range(3))
    made = [
        BankPaper(D("1000.00"), one, [BankLine(D("250.00"), one, "RE-A", reference="A1"), BankLine(D("-40.00"), one, "Miete")]),
        BankPaper(D(0), two, [BankLine(D("357.00"), two, parts=parts, reference="B1"), BankLine(D(0), two, "Hinweis")]),
        BankPaper(
            D(0), three, [BankLine(D("-122.00"), three, "RETOURE", end_to_end="E1", charges=D(3), reason="AC04", reference="C1")]
        ),
        BankPaper(
            D(0),
            four,
            [BankLine(D("1474.00"), four, "RE-B", charges=D(26), reference="D1"), BankLine(D(10), four), BankLine(D(10), four)],
        ),
        BankPaper(D(0), five, [BankLine(D("-7.50"), five, "Entgelt", reference="F1")]),
    ]
    for before, paper in itertools.pairwise(made):
        paper.opening = before.closing
    return made


def booked(company: Company, account: int, until: dt.date, column: str = "amount") -> Decimal:
    (row,) = company.tenant.rows(
        f"SELECT coalesce(sum(CASE l.side WHEN 'D' THEN l.{column} ELSE -l.{column} END), 0) AS balance FROM journal_line l"
        " JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id WHERE l.account = %s AND e.posting_date <= %s",
        (account, until),
    )
    return Decimal(row.balance)


def test_the_books_follow_the_bank_on_every_day(month: Company, reader: Reader) -> None:
    euro = papers()
    noon = BankPaper(euro[1].opening, DAYS[1], [BankLine(D("357.00"), DAYS[1], name="", reference="B1")])
    swift = euro[3].swift(before=DAYS[2])
    table = "Buchung;Betrag;Zweck\n30.10.2026;-7,50;Entgelt\n"
    form = {"columns": {"bookingDate": "Buchung", "amount": "Betrag", "text": ["Zweck"]}}
    month.call("POST", "/v2/merchant-payment-accounts/bank/statement-mappings", {"ident": "own", "form": form}, 201)
    files = [
        euro[0].camt(),
        noon.camt("camt.052.001.08", balances=False),
        euro[1].camt(),
        euro[2].swift(before=DAYS[1]),
        swift,
        table.encode(),
        euro[4].camt(),
    ]
    for content in files:
        found = reader.send(content, name="x")
        assert found["state"] == "READ", found["reasons"]
    for content in files:  # all of them again
        assert reader.send(content, name="x")["counts"]["new"] == 0
    for paper in euro:
        assert booked(month, 1200, paper.day) == paper.closing - euro[0].opening, paper.day
    amounts = ["250.00", "-40.00", "119.00", "119.00", "119.00", "-119.00", "1500.00", "10.00", "10.00", "-7.50"]
    assert sorted(reader.amounts()) == sorted(map(D, amounts))
    assert month.sums()[4970] == D(29)
    month.sound()


def test_francs_and_dollars_have_their_own_chains_and_the_rate_of_the_day(month: Company, reader: Reader) -> None:
    for currency, iban, account, ident in (("CHF", FRANCS, 1210, "francs"), ("USD", DOLLARS, 1220, "dollars")):
        opening, ledger = D("500.00"), D(0)
        for n, day in enumerate(DAYS):
            lines = [BankLine(D(100 + n), day, "in", reference=f"{ident}{n}", charges=D(2)), BankLine(D(-30 - n), day, "out")]
            paper = BankPaper(opening, day, lines, iban=iban, currency=currency)
            found = reader.take(paper.camt())
            assert found.state == "READ", found.reasons
            rate = D(RATES[currency][n])
            ledger += (
                round_amount(D(102 + n) / rate, "EUR") - round_amount(D(2) / rate, "EUR") - round_amount(D(30 + n) / rate, "EUR")
            )
            opening = paper.closing
            assert booked(month, account, day, "foreign_amount") == opening - D(500), day
            assert booked(month, account, day) == ledger, day
        again = reader.take(BankPaper(opening - D("70.00"), DAYS[-1], lines, iban=iban, currency=currency).camt())
        assert again.counts.new == 0
    month.sound()


def test_a_receivable_in_francs_is_paid_with_a_difference_of_exchange(month: Company, reader: Reader) -> None:
    """Row 28: 119 CHF at 1.00 are 119.00; at 0.95 they come to 125.26."""
    number = month.document(currency="CHF", exchangeRate={"rate": "1.00", "date": DAYS[0].isoformat()})
    before = month.sums().get(10000)
    line = BankLine(D("119.00"), DAYS[2], f"Zahlung {number}", reference="X")
    reader.take(BankPaper(D(0), DAYS[2], [line], iban=FRANCS, currency="CHF").camt())
    assert before == D("119.00")
    assert month.case(number)["balance"] == 0
    sums = month.sums()
    assert sums[1210] == D("125.26")
    assert sums.get(10000, D(0)) == 0
    assert sums[2661] == D("-6.26")
    month.sound()


def test_without_a_rate_it_waits_and_is_read_once_there_is_one(month: Company, reader: Reader) -> None:
    day = dt.date(2026, 9, 1)
    line = BankLine(D("119.00"), day, "early", reference="X")
    found = reader.send(BankPaper(D(0), day, [line], iban=FRANCS, currency="CHF").camt(), "francs")
    assert (found["state"], found["reasons"][0]["code"]) == ("KEPT_ASIDE", "exchange_rate_missing")
    quoted = QuotedRate(kind="DAILY", currency="CHF", day=day, rate=D("0.90"))
    month.tenant.execute(import_rates, ImportRates(rates=(quoted,)))
    path = f"/v2/merchant-payment-accounts/francs/statements/{found['statementIdent']}/actions/read"
    assert month.call("POST", path)["state"] == "READ"
    assert month.sums()[1210] == D("132.22")
    month.sound()


def test_an_account_in_another_currency_stands_by_itself(month: Company) -> None:
    body = {"ident": "x", "name": "x", "active": True, "country": "CH", "currency": "CHF", "paymentServiceProviderId": 1}
    path = "/v2/merchant-payment-accounts"
    assert "bookingAccount" in str(month.call("POST", path, body, 400))
    japan = {**body, "currency": "JPY", "bookingAccount": 1210}
    assert "there are no exchange rates of JPY" in str(month.call("POST", path, japan, 400))
    more = {**body, "bookingAccount": 1210, "additionallyAcceptedCurrencies": ["EUR"]}
    assert "additionallyAcceptedCurrencies" in str(month.call("POST", path, more, 400))
    month.call("POST", path, {**body, "bookingAccount": 1210}, 201)


def test_a_foreign_account_takes_its_own_currency_alone(month: Company) -> None:
    body = {
        "externalIdent": "x",
        "baseAmount": {"amount": "95.00", "currency": "CHF"},
        "originalAmount": {"amount": "100.00", "currency": "EUR"},
        "exchangeRate": "1.05263",
        "bookingDate": DAYS[2].isoformat(),
        "creditDebitIndicator": "CREDIT",
    }
    path = "/v2/merchant-payment-accounts/francs/payments"
    assert "originalAmount.currency" in str(month.call("POST", path, body, 400))
    del body["originalAmount"], body["exchangeRate"]
    month.call("POST", path, body, 201)
    assert month.sums() == {1210: D("100.00"), 1792: D("-100.00")}
    month.sound()
