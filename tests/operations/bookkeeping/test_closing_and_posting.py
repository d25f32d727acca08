"""Who posts and who closes at the same moment: the entry is there before the month is closed, or it is in the next one."""

import random
import threading
from decimal import Decimal

import pytest
from tests.checkers.meeting import Meeting
from tests.factories.closers import Closer

from contor.bookkeeping.entries import journal
from contor.runtime.uow import Uow
from contor.settings.queries import TenantSettings

D = Decimal
DEBTOR = 10000

MONTHS = ("2026-03", "2026-04", "2026-05", "2026-06")
UNASSIGNED = "PAYMENTS_UNASSIGNED"


def posted(closer: Closer) -> list[tuple[str, int]]:
    """Month and journal number of each payment's entry."""
    sql = (
        "SELECT to_char(posting_date, 'YYYY-MM') AS month, journal_number FROM journal_entry WHERE kind LIKE 'PAYMENT%' ORDER BY 2"
    )
    return [tuple(row) for row in closer.tenant.rows(sql)]


@pytest.fixture
def april(closer: Closer) -> Closer:
    closer.sell()
    closer.clock("2026-04-02")
    return closer


def test_a_closing_waits_for_who_is_about_to_post(april: Closer, monkeypatch: pytest.MonkeyPatch) -> None:
    Meeting(april.tenant, monkeypatch).of(
        "payment.create",
        lambda: april.pay("5.00", "unknown", bookingDate="2026-03-30"),
        lambda: april.begin_to_close("2026-03", UNASSIGNED),
    )
    april.complete("2026-03")
    assert posted(april) == [("2026-03", 2)]
    assert april.call("GET", "/v2/posting-periods/2026-03")["acknowledgements"] == [UNASSIGNED]
    april.even()


def test_who_comes_while_a_month_is_being_closed_posts_into_the_next(april: Closer, monkeypatch: pytest.MonkeyPatch) -> None:
    Meeting(april.tenant, monkeypatch).of(
        "posting_period.close",
        lambda: april.begin_to_close("2026-03"),
        lambda: april.pay("5.00", "unknown", bookingDate="2026-03-30"),
    )
    april.complete("2026-03")
    assert posted(april) == [("2026-04", 2)]
    april.even()


def test_what_was_paid_at_the_instant_of_the_closing_is_in_the_month_in_which_it_was_posted(closer: Closer) -> None:
    """The clock says the same of both; which came first, it does not say."""
    before, after = closer.sell(), closer.sell("200.00")
    closer.clock("2026-04-02")
    closer.pay("119.00", before, bookingDate="2026-03-30")
    closer.close("2026-03")
    closer.pay("238.00", after, bookingDate="2026-03-30")
    assert closer.moved(DEBTOR) == {"2026-03": D("238.00"), "2026-04": D("-238.00")}
    closer.even()


def test_who_had_begun_when_a_month_was_closed_begins_again_behind_it(closer: Closer, monkeypatch: pytest.MonkeyPatch) -> None:
    """His payment and what it moved are of April together, though they were begun before the closing."""
    number = closer.sell()
    closer.clock("2026-04-02")
    known, attempts = journal.tenant_settings, []

    def closing_first(uow: Uow, *, share: bool = False) -> TenantSettings:
        attempts.append(uow.began)
        if len(attempts) == 1:
            closer.begin_to_close("2026-03")
        return known(uow, share=share)

    monkeypatch.setattr(journal, "tenant_settings", closing_first)
    closer.pay("119.00", number, bookingDate="2026-03-30")
    assert len(attempts) == 2
    assert closer.complete("2026-03")
    assert closer.moved(DEBTOR) == {"2026-03": D("119.00"), "2026-04": D("-119.00")}
    closer.even()


def test_four_who_post_while_four_months_are_closed(closer: Closer) -> None:
    closer.sell()
    closer.clock("2026-07-02")
    failed: list[BaseException] = []
    each = 25

    def paying(place: int) -> None:
        chance = random.Random(place)
        try:
            for number in range(each):
                day = f"{chance.choice(MONTHS)}-{chance.randint(1, 30):02}"
                body = {
                    "externalIdent": f"bank-{place}-{number}",
                    "baseAmount": {"amount": "1.00", "currency": "EUR"},
                    "bookingDate": day,
                    "creditDebitIndicator": "CREDIT",
                    "description": "unknown",
                }
                closer.call("POST", "/v2/merchant-payment-accounts/bank/payments", body, 201)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=paying, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for month in MONTHS:
        closer.close(month, UNASSIGNED)
    for thread in threads:
        thread.join()
    assert not failed, failed
    found = posted(closer)
    assert len(found) == 4 * each
    assert {month for month, _ in found} <= {*MONTHS, "2026-07"}
    closer.even()
