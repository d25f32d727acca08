"""Read the redemptions of coupons."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from contor.contracts.types import RedeemedCoupon
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Redeemed(NamedTuple):
    """A row of `contract_coupon`."""

    redemption_id: int
    contract_ident: str
    coupon_code: str
    customer_ident: str
    valid_from: dt.date | None
    counts: bool
    redeemed_at: dt.datetime
    withdrawn_at: dt.datetime | None


_SELECT = f"SELECT {columns(Redeemed)} FROM contract_coupon"


def redemptions_of(uow: Uow, contract_idents: Collection[str]) -> dict[str, list[Redeemed]]:
    """Those of contracts, withdrawn ones too, in their order."""
    found: dict[str, list[Redeemed]] = defaultdict(list)
    if contract_idents:
        where = "WHERE contract_ident = ANY (%s) ORDER BY contract_ident, redemption_id"
        for row in uow.all(Redeemed, f"{_SELECT} {where}", (sorted(contract_idents),)):
            found[row.contract_ident].append(row)
    return found


def redeemed_coupons(uow: Uow, contract_idents: Collection[str]) -> dict[str, tuple[RedeemedCoupon, ...]]:
    """As they are answered."""
    return {ident: tuple([view_of(row) for row in rows]) for ident, rows in redemptions_of(uow, contract_idents).items()}


def view_of(row: Redeemed) -> RedeemedCoupon:
    return RedeemedCoupon(
        code=row.coupon_code, valid_from=row.valid_from, redeemed_at=row.redeemed_at, withdrawn_at=row.withdrawn_at
    )


class _Uses(NamedTuple):
    code: str
    uses: int


def uses_by(uow: Uow, customer_ident: str, codes: Collection[str]) -> dict[str, int]:
    """How often a customer has redeemed coupons, by code; what was withdrawn unused does not count."""
    sql = (
        "SELECT coupon_code AS code, count(*) AS uses FROM contract_coupon"
        " WHERE coupon_code = ANY (%s) AND customer_ident = %s AND counts GROUP BY 1"
    )
    return dict(uow.all(_Uses, sql, (sorted(codes), customer_ident))) if codes else {}


def uses(uow: Uow) -> dict[str, int]:
    """How often each coupon has been redeemed, by its redemptions."""
    return dict(uow.all(_Uses, "SELECT coupon_code AS code, count(*) AS uses FROM contract_coupon WHERE counts GROUP BY 1", ()))
