"""Coupons of contracts: a redemption becomes allowances of the contract's options, and nothing is computed a second way."""

from contor.contracts.coupons.check import (
    REDUCED,
    CheckCoupon,
    CheckedCoupon,
    CouponCheck,
    Wanted,
    check_coupon,
    coupon_findings,
    is_reducible,
    reducible,
)
from contor.contracts.coupons.queries import redeemed_coupons, uses
from contor.contracts.coupons.redeeming import (
    RedeemCoupon,
    Redemption,
    WithdrawRedemption,
    list_redeemed,
    redeem,
    redeem_coupon,
    withdraw_redemption,
)

__all__ = [
    "REDUCED",
    "CheckCoupon",
    "CheckedCoupon",
    "CouponCheck",
    "RedeemCoupon",
    "Redemption",
    "Wanted",
    "WithdrawRedemption",
    "check_coupon",
    "coupon_findings",
    "is_reducible",
    "list_redeemed",
    "redeem",
    "redeem_coupon",
    "redeemed_coupons",
    "reducible",
    "uses",
    "withdraw_redemption",
]
