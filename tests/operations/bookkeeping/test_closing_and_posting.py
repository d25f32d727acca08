"""Who posts and who closes at the same moment: the entry is there before the month is closed, or it is in the next one."""

import random
import threading

import pytest
from tests.checkers.meeting import Meeting
from tests.factories.closers import Closer

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
