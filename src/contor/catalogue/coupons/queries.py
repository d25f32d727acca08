"""Read coupons as values, and count their redemptions."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.catalogue.coupons.types import Combination, Coupon, CouponDuration, CouponPeriod, CouponType, ReducedBy
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


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
    combination: Combination
    usages: int
    withdrawn_at: dt.datetime | None


def coupons_by_code(uow: Uow, codes: Collection[str], *, lock: bool = False) -> dict[str, Coupon]:
    """The coupons that exist, locked in one order for all callers: who counts is alone with what he counts."""
    sql = f"SELECT {columns(_Row)} FROM coupon WHERE code = ANY (%s) ORDER BY code{' FOR UPDATE' if lock else ''}"
    return {row.code: _coupon(row) for row in uow.all(_Row, sql, (sorted(set(codes)),))} if codes else {}


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


def _coupon(row: _Row) -> Coupon:
    period = None if row.period is None else CouponPeriod(**row.period)  # type: ignore[arg-type]  # as it was stored
    scopes = {name: frozenset(getattr(row, name)) for name in ("plans", "excluded_plans", "options", "excluded_options")}
    own = {name: value for name, value in row._asdict().items() if name != "withdrawn_at"}
    return Coupon(**{**own, **scopes, "period": period, "is_withdrawn": row.withdrawn_at is not None})
