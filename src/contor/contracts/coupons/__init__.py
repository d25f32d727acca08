"""Coupons of contracts: a redemption becomes allowances of the contract's options, and nothing is computed a second way."""

from contor.contracts.coupons.check import CheckCoupon, CheckedCoupon, CouponCheck, check_coupon
from contor.contracts.coupons.queries import redeemed_coupons
from contor.contracts.coupons.redeem import (
    RedeemCoupon,
    Redemption,
    WithdrawRedemption,
    list_redeemed,
    redeem_coupon,
    withdraw_redemption,
)

__all__ = [
    "CheckCoupon",
    "CheckedCoupon",
    "CouponCheck",
    "RedeemCoupon",
    "Redemption",
    "WithdrawRedemption",
    "check_coupon",
    "list_redeemed",
    "redeem_coupon",
    "redeemed_coupons",
    "withdraw_redemption",
]
