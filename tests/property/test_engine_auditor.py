"""The auditor of the billing engine: a merchant takes random steps over all verbs of orders, contracts, usages and payments while the
days pass and the run bills. Every few steps all checks hold, and a second book that is kept by hand agrees.
"""

from collections.abc import Mapping

import pytest
from tests.factories.desks import Desk
from tests.factories.merchants.contracts import contract
from tests.factories.merchants.merchant import Merchant
from tests.factories.merchants.steps import CHANGING, STEPS, Step, order

LENGTH, EVERY = 90, 9


def audit(merchant: Merchant) -> None:
    assert merchant.differences() == [], merchant.log
    assert merchant.broken() == [], merchant.log


# the last two correct usages of a document that is billed anew: one that was carried over into it, one of its own period
@pytest.mark.parametrize(
    ("seed", "taken"), [*((seed, STEPS) for seed in (0, 1, 2, 24, 25)), *((seed, CHANGING) for seed in (3, 4, 5))]
)
def test_random_days_of_a_merchant_agree_with_a_second_book(desk: Desk, seed: int, taken: Mapping[Step, int]) -> None:
    merchant = Merchant(desk, seed)
    merchant.open_shop()
    for first in (order, contract, contract):
        first(merchant)
    steps, weights = list(taken), list(taken.values())
    for number in range(LENGTH):
        merchant.random.choices(steps, weights)[0](merchant)
        if number % EVERY == 0:
            audit(merchant)
    for days in (1, 40, 40, 1):  # everything that waits is billed in the end
        merchant.turn(days)
        merchant.run()
    merchant.run()
    audit(merchant)
