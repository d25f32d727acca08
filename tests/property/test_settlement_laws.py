"""Laws of settlements: any report conserves to the cent, and what a provider's money stands on is what its last report says."""

import datetime as dt
import os
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.checkers.datev_books import as_datev_reads
from tests.factories.companies import day_here
from tests.factories.settlements import Moved, Settled, adyen_file, days_ago, paypal_file, stripe_file
from tests.factories.tenants import Tenant

from contor.payments.settlements.pairing import BEFORE, BEHIND, Booking, Payout, paired
from contor.payments.settlements.reading import read_settlement

EXAMPLES = int(os.environ.get("CONTOR_EXAMPLES", "300"))
ZERO = Decimal(0)
CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)
FORMATS: dict[str, tuple[Callable[..., bytes], tuple[str, ...]]] = {
    "STRIPE": (stripe_file, ("charge", "refund", "dispute", "fee", "other_adjustment")),
    "ADYEN": (adyen_file, ("Settled", "Refunded", "Chargeback", "Fee", "DepositCorrection")),
    "PAYPAL": (paypal_file, ("T0006", "T1107", "T1201", "T0106", "T1503")),
}


@st.composite
def movements(draw: Any) -> list[tuple[int, Decimal, Decimal]]:
    """(which of a format's words, gross, fee)"""
    count = draw(st.integers(1, 12))
    made = []
    for _ in range(count):
        kind, gross = draw(st.integers(0, 4)), draw(CENTS)
        fee = draw(st.integers(-500, 500).map(lambda cents: Decimal(cents) / 100)) if kind < 3 else ZERO
        made.append((kind, gross if kind == 0 else -gross, fee))
    return made


def rows_of(made: list[tuple[int, Decimal, Decimal]], words: tuple[str, ...]) -> list[Moved]:
    return [Moved(words[kind], f"{gross:.2f}", f"{fee:.2f}", str(number)) for number, (kind, gross, fee) in enumerate(made, 1)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(movements(), st.sampled_from(sorted(FORMATS)))
def test_a_file_says_what_its_rows_come_to(made: list[tuple[int, Decimal, Decimal]], name: str) -> None:
    make, words = FORMATS[name]
    rows = rows_of(made, words)
    moved = sum((gross - fee for _, gross, fee in made), ZERO)
    if name == "ADYEN":
        rows.append(Moved("MerchantPayout", f"{-moved:.2f}"))
    _, (report,) = read_settlement(make(*rows, day="2026-11-20"), "EUR")
    assert report.opening is not None
    assert report.closing is not None
    assert all(item.gross - item.fee == item.net for item in report.items)
    assert report.opening + sum((item.net for item in report.items), ZERO) == report.closing
    assert sum((item.net for item in report.items if item.type != "PAYOUT"), ZERO) == moved
    assert sum((item.fee for item in report.items), ZERO) == sum((fee for _, _, fee in made), ZERO)
    assert len({item.external_ident for item in report.items}) == len(report.items)


@st.composite
def both_ends(draw: Any) -> tuple[list[Payout], list[Booking]]:
    days = st.dates(min_value=dt.date(2026, 11, 1), max_value=dt.date(2026, 11, 30))
    amounts = st.sampled_from([Decimal(1), Decimal(2)])
    names = st.sampled_from(["po_11111", "po_22222"])
    payouts = [
        Payout(f"p{n}", draw(st.sampled_from("ab")), -draw(amounts), "EUR", draw(days), "STRIPE", (draw(names),))
        for n in range(draw(st.integers(0, 6)))
    ]
    texts = st.sampled_from(["STRIPE", "po_11111", "po_22222", "rent"])
    bookings = [
        Booking(f"b{n}", draw(st.sampled_from("abc")), draw(amounts), "EUR", draw(days), draw(texts))
        for n in range(draw(st.integers(0, 6)))
    ]
    return payouts, bookings


@settings(max_examples=EXAMPLES, deadline=None)
@given(both_ends(), st.randoms(use_true_random=False))
def test_each_end_meets_one_other_whatever_their_order(ends: tuple[list[Payout], list[Booking]], chance: random.Random) -> None:
    payouts, bookings = ends
    pairs = paired(payouts, bookings)
    assert len(set(pairs.values())) == len(pairs)
    left, right = {one.ident: one for one in payouts}, {one.ident: one for one in bookings}
    for payout, booking in ((left[a], right[b]) for a, b in pairs.items()):
        assert payout.gross + booking.amount == 0
        assert payout.account_ident != booking.account_ident
        assert -BEFORE <= booking.day - payout.day <= BEHIND
    shuffled = (chance.sample(payouts, len(payouts)), chance.sample(bookings, len(bookings)))
    assert paired(*shuffled) == pairs


@pytest.mark.parametrize("seed", range(4))
def test_the_provider_s_account_is_what_its_last_report_says(
    furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]], seed: int
) -> None:
    """Reports of a provider day by day, payouts and their bookings at the bank in any order; the bank has what the bank says."""
    chance = random.Random(seed)
    settled = Settled(furnished, client, bearer(furnished))
    settled.open_bank()
    settled.open_provider()
    balance, bank, numbers = ZERO, ZERO, 0
    owed: list[Decimal] = []
    for back in range(6, 0, -1):
        rows = []
        for _ in range(chance.randint(1, 5)):
            numbers += 1
            kind = chance.randrange(5)
            gross = Decimal(chance.randint(1, 50_000)) / 100
            fee = Decimal(chance.randint(-200, 900)) / 100 if kind < 3 else ZERO
            word = FORMATS["PAYPAL"][1][kind]
            rows.append(Moved(word, str(gross if kind == 0 else -gross), str(fee), str(numbers), f"text {numbers}"))
        end = balance + sum((Decimal(row.gross) - Decimal(row.fee) for row in rows), ZERO)
        if end > 0 and chance.random() < 0.7:
            numbers += 1
            paid = Decimal(chance.randint(1, int(end * 100))) / 100
            rows.append(Moved("T0400", str(-paid), "0", str(numbers)))
            owed.append(paid)
            end -= paid
            if chance.random() < 0.4:
                settled.pay(str(paid), "PAYPAL EUROPE", bookingDate=days_ago(back))
                owed.remove(paid)
                bank += paid
        content = paypal_file(*rows, opening=str(balance), day=days_ago(back))
        assert settled.upload(content)["state"] == "READ"
        balance = end
        assert settled.sums().get(1360, ZERO) == balance
        settled.upload(content, 409)
        while owed and chance.random() < 0.6:
            paid = owed.pop(chance.randrange(len(owed)))
            assert settled.pay(str(paid), "PAYPAL EUROPE", bookingDate=day_here())["reason"] == "OWN_TRANSFER"
            bank += paid
        assert settled.sums().get(1200, ZERO) == bank
        assert len(settled.items("state==IN_TRANSIT")) == len(owed)
    settled.sound()
    assert as_datev_reads(furnished) == []
