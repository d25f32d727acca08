"""Coupons: what is given off prices for a time to who names a code, as often as it may be."""
