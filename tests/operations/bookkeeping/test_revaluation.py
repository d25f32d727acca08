"""What is open in foreign currency is worth what the rate of the closing's last day says, until the next day (posting table row 28)."""

import datetime as dt
from decimal import Decimal

from tests.factories.closers import Closer
from tests.factories.companies import a_row_of

from contor.commands.billing import store

D = Decimal
DEBTOR, LOSS, GAIN = 10000, 2150, 2660


def rate(closer: Closer, day: str, units: str) -> None:
    store(closer.tenant.runtime, closer.tenant.realm, f"Date,USD\n{day},{units}\n".encode(), dt.date(2020, 1, 1))


def sale(closer: Closer) -> str:
    """119.00 USD at 1.0850: 109.68 EUR."""
    own = {"rate": "1.0850", "source": "ECB", "date": "2026-03-13"}
    return closer.document(currency="USD", items=[a_row_of("100.00")], exchangeRate=own)


def test_a_loss_and_a_gain_are_booked_on_the_last_day_and_taken_back_on_the_next(closer: Closer) -> None:
    closer.call("PATCH", "/v2/tenant-settings", {"revaluation": "MONTHLY"})
    sale(closer)
    rate(closer, "2026-03-31", "1.1900")
    rate(closer, "2026-04-30", "1.0000")
    closer.clock("2026-05-02")
    assert closer.close("2026-03")["revaluation"] is True
    assert closer.moved(DEBTOR) == {"2026-03": D("100.00"), "2026-04": D("9.68")}
    assert closer.moved(LOSS) == {"2026-03": D("9.68"), "2026-04": D("-9.68")}
    closer.close("2026-04")
    assert closer.moved(DEBTOR) == {"2026-03": D("100.00"), "2026-04": D("19.00"), "2026-05": D("-9.32")}
    assert closer.moved(GAIN) == {"2026-04": D("-9.32"), "2026-05": D("9.32")}
    entries = closer.call("GET", "/v2/journal-entries?search=businessTransaction==REVALUATION")["_embedded"]
    assert [(it["bookingDate"], it["reference"]) for it in entries] == [
        ("2026-03-31", "revaluation:2026-03"),
        ("2026-04-01", "revaluation:2026-03"),
        ("2026-04-30", "revaluation:2026-04"),
        ("2026-05-01", "revaluation:2026-04"),
    ]
    assert [it.get("reversalOf") for it in entries] == [None, entries[0]["id"], None, entries[2]["id"]]
    closer.even()


def test_a_missing_rate_is_named_and_the_month_stays_open(closer: Closer) -> None:
    closer.call("PATCH", "/v2/tenant-settings", {"revaluation": "MONTHLY"})
    sale(closer)
    closer.clock("2026-04-02")
    (finding,) = closer.call("GET", "/v2/posting-periods/2026-03/closing")["findings"]
    assert (finding["code"], finding["examples"]) == ("EXCHANGE_RATE_MISSING", ["USD"])
    closer.begin_to_close("2026-03", status=400)
    rate(closer, "2026-03-31", "1.1900")
    closer.close("2026-03")
    closer.even()


def test_only_december_is_revalued_where_the_year_is(closer: Closer) -> None:
    closer.call("PATCH", "/v2/tenant-settings", {"revaluation": "YEAR_END"})
    sale(closer)
    closer.clock("2026-04-02")
    assert closer.close("2026-03")["revaluation"] is False
    assert closer.moved(DEBTOR) == {"2026-03": D("109.68")}
