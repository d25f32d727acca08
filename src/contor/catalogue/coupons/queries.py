"""Read coupons as values, and count their redemptions."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.catalogue import tables
from contor.catalogue.coupons.types import Combination, Coupon, CouponDuration, CouponPeriod, CouponType, ReducedBy
from contor.catalogue.products import prices_of_products
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

NUMBERED: Final = Numbered("coupon", tables.coupon, "code")
NOTHING: Final = frozenset({""})
"""No option is called so: a coupon that is for products which have no prices is for nothing."""


class _Row(NamedTuple):
    code: str
    name: str
    type: CouponType
    percentage: Decimal | None
    amount: Decimal | None
    amount_on: ReducedBy
    currency: str
    duration: CouponDuration
    period: Mapping[str, object] | None
    limit_total: int | None
    limit_per_customer: int | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    plans: Sequence[str]
    excluded_plans: Sequence[str]
    options: Sequence[str]
    excluded_options: Sequence[str]
    products: Sequence[str]
    excluded_products: Sequence[str]
    combination: Combination
    usages: int
    withdrawn_at: dt.datetime | None


def coupons_by_code(uow: Uow, codes: Collection[str], *, lock: bool = False) -> dict[str, Coupon]:
    """The coupons that exist, locked in one order for all callers: who counts is alone with what he counts."""
    sql = f"SELECT {columns(_Row)} FROM coupon WHERE code = ANY (%s) ORDER BY code{' FOR UPDATE' if lock else ''}"
    rows = uow.all(_Row, sql, (sorted(set(codes)),)) if codes else []
    sold = prices_of_products(uow, {ident for row in rows for ident in (*row.products, *row.excluded_products)})
    return {row.code: _coupon(row, sold) for row in rows}


def known_coupons(uow: Uow, codes: Collection[str]) -> frozenset[str]:
    """Those of the codes that are coupons."""
    return frozenset(uow.column(str, "SELECT code FROM coupon WHERE code = ANY (%s)", (sorted(set(codes)),)))


def count_coupons(uow: Uow, codes: Collection[str], more: int) -> None:
    """So many redemptions more of each (less, where negative). The rows are locked, so that the limits that were read hold."""
    uow.run("UPDATE coupon SET usages = usages + %s WHERE code = ANY (%s)", (more, sorted(codes)))


class Counted(NamedTuple):
    code: str
    usages: int
    limit_total: int | None


def counted_coupons(uow: Uow) -> list[Counted]:
    """How often each coupon was redeemed, by its own counter."""
    return uow.all(Counted, f"SELECT {columns(Counted)} FROM coupon ORDER BY code", ())


def _coupon(row: _Row, sold: Mapping[str, Collection[str]]) -> Coupon:
    """`sold`: the options by which products are sold now, by product."""
    period = None if row.period is None else CouponPeriod(**row.period)  # type: ignore[arg-type]  # as it was stored
    scopes = {name: frozenset(getattr(row, name)) for name in ("plans", "excluded_plans", "options", "excluded_options")}
    for name, of in (("options", row.products), ("excluded_options", row.excluded_products)):
        scopes[name] |= {option for ident in of for option in sold.get(ident, ())} | (
            NOTHING if of and name == "options" else set()
        )
    own = {name: value for name, value in row._asdict().items() if name not in ("withdrawn_at", "products", "excluded_products")}
    return Coupon(**{**own, **scopes, "period": period, "is_withdrawn": row.withdrawn_at is not None})
