"""Many who order at the same moment what one link sells with one coupon, as API processes serve them: nobody is sent away for another."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.checkers.waiting import MINUTES
from tests.factories.checkouts import LinkSeller
from tests.factories.tenants import Tenant

from contor.app import make_runtime
from contor.checkout.confirming import confirm_cart
from contor.kernel.errors import Refused
from contor.runtime.config import Config
from contor.runtime.execute import Runtime

BUYERS = 30


@pytest.fixture
def processes(runtime: Runtime, process_dsn: str) -> Iterator[list[Runtime]]:
    """Two, each with as few connections as it may have."""
    config = Config(home=Path(runtime.config.home), pool_size=6)
    made = [make_runtime(config, process_dsn, shared=True) for _ in range(2)]
    for one in made:
        one.database.open()
    yield made
    for one in made:
        one.database.close()


def all_order(seller: LinkSeller, processes: list[Runtime], carts: list[str], **said: object) -> Counter[str]:
    """What each hears: the status, or the first finding."""
    gate, tenant = threading.Barrier(len(carts)), seller.tenant
    doors = [Tenant(one, tenant.id, tenant.realm, tenant.organization_id, tenant.api_key, tenant.api_secret) for one in processes]

    def one(number: int) -> str:
        command = seller.ordering(carts[number], email=f"buyer{number}@muster.example", **said)
        gate.wait(MINUTES)
        try:
            return str(doors[number % len(doors)].execute(confirm_cart, command).status)
        except Refused as refused:
            return refused.problems[0].code

    with ThreadPoolExecutor(len(carts)) as pool:
        return Counter(pool.map(one, range(len(carts))))


def with_coupon(seller: LinkSeller, **more: object) -> list[str]:
    said = {"code": "HALF", "name": "Half", "type": "PERCENTAGE", "percentage": 50, "duration": "ONCE", **more}
    seller.call("POST", "/v2/coupons", said, 201)
    link = seller.link(coupon="HALF", options={"allow_coupons": True})
    return [seller.cart_of(link) for _ in range(BUYERS)]


def redeemed(seller: LinkSeller) -> tuple[int, int]:
    """By the coupon's own counter, and by contracts."""
    return tuple(seller.tenant.rows("SELECT usages, (SELECT count(*) FROM contract_coupon)::int FROM coupon")[0])


def test_all_get_through(seller: LinkSeller, processes: list[Runtime]) -> None:
    carts = with_coupon(seller)
    assert all_order(seller, processes, carts) == {"COMPLETED": BUYERS}
    assert redeemed(seller) == (BUYERS, BUYERS)
    made = seller.counted()
    assert (made["contract"], made["document"]) == (BUYERS, BUYERS)
    seller.sound()


def test_the_last_use_is_one_buyers(seller: LinkSeller, processes: list[Runtime]) -> None:
    """The others named the coupon themselves and want it: they hear that it is used up, and order nothing."""
    carts = with_coupon(seller, limitTotal=1)
    assert all_order(seller, processes, carts, coupon="HALF") == {"COMPLETED": 1, "coupon_used_up": BUYERS - 1}
    assert redeemed(seller) == (1, 1)
    assert seller.counted()["contract"] == 1
    seller.sound()


def test_who_never_named_it_orders_without(seller: LinkSeller, processes: list[Runtime]) -> None:
    carts = with_coupon(seller, limitTotal=3)
    assert all_order(seller, processes, carts) == {"COMPLETED": BUYERS}
    assert redeemed(seller) == (3, 3)
    assert seller.counted()["contract"] == BUYERS
    seller.sound()
