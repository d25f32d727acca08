"""Coupons of a simulated year: people redeem and withdraw them by chance, and count by hand what the company counts."""

import random
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from tests.factories.tenants import Tenant

from contor.catalogue.coupons.stored import COUPONS
from contor.contracts.coupons import RedeemCoupon, Redemption, WithdrawRedemption, redeem_coupon, withdraw_redemption
from contor.contracts.coupons.redeeming import WithdrawnRedemption
from contor.kernel.errors import Refused
from contor.runtime.resource import Written

CENT = Decimal("0.01")
KINDS = {
    "tenth": {"type": "PERCENTAGE", "percentage": "10", "duration": "FOREVER"},
    "once": {"type": "PERCENTAGE", "percentage": "33.3", "duration": "ONCE"},
    "each": {"type": "AMOUNT", "amount": "1.50", "amount_on": "UNIT_PRICE", "duration": "LIMITED", "period": {"value": 3}},
    "sum": {
        "type": "AMOUNT",
        "amount": "4.00",
        "amount_on": "SUM",
        "duration": "LIMITED",
        "period": {"value": 100, "unit": "DAY"},
        "combination": "ALONE",
    },
    "few": {"type": "PERCENTAGE", "percentage": "50", "duration": "ONCE", "limit_total": 5, "limit_per_customer": 1},
}


class Redeemers:
    """Whoever names codes, and a list of who has which."""

    def __init__(self, tenant: Tenant, seed: int = 11) -> None:
        self.tenant, self.random = tenant, random.Random(seed)
        self.standing: dict[str, list[str]] = {}
        self.redeemed: Counter[str] = Counter()
        for code, kind in KINDS.items():
            tenant.execute(COUPONS.create, Written((), {"code": code, "name": f"Coupon {code}", **kind}))

    def live(self, running: list[str]) -> None:
        """What is redeemed and withdrawn on a day."""
        if not running or self.random.random() > 0.8:
            return
        ident, code = self.random.choice(running), self.random.choice(sorted(KINDS))
        has = self.standing.setdefault(ident, [])
        try:
            if has and self.random.random() < 0.2:
                body = WithdrawnRedemption(code=has[0])
                self.tenant.execute(withdraw_redemption, WithdrawRedemption(contract_ident=ident, body=body))
                has.pop(0)
                return
            self.tenant.execute(redeem_coupon, RedeemCoupon(contract_ident=ident, body=Redemption(code=code)))
        except Refused as refused:
            said = {problem.code for problem in refused.problems}
            assert said <= {
                *("contract_ended", "coupon_repeated", "coupon_not_combinable", "coupon_used_up"),
                *("coupon_used_up_by_customer", "coupon_not_for_options", "coupon_of_other_currency"),
            }, said
            return
        has.append(code)
        self.redeemed[code] += 1


def differences(tenant: Tenant, redeemers: Redeemers) -> list[str]:
    """Where the company's coupons are not those of the list, or a row was reduced by something else than the law says: of a whole
    interval that one coupon reduces alone."""
    found = []
    standing = tenant.rows(
        "SELECT contract_ident, array_agg(coupon_code ORDER BY redemption_id) AS codes FROM contract_coupon"
        " WHERE withdrawn_at IS NULL GROUP BY 1"
    )
    kept = {row.contract_ident: row.codes for row in standing}
    if kept != (listed := {ident: codes for ident, codes in redeemers.standing.items() if codes}):
        found.append(f"{kept} are not {listed}")
    for row in tenant.rows("SELECT code, usages, limit_total FROM coupon"):
        if row.usages > redeemers.redeemed[row.code] or (row.limit_total is not None and row.usages > row.limit_total):
            found.append(f"{row.code} counts {row.usages} of {redeemers.redeemed[row.code]}, limit {row.limit_total}")
    rows = tenant.rows(
        "SELECT a.coupon_code AS code, o.total, (o.content ->> 'ordered')::numeric AS quantity, i.total AS given, o.item_id,"
        " (o.content ->> 'unit_price')::numeric * (o.content ->> 'quantity')::numeric"
        "  / coalesce((o.content ->> 'price_base')::numeric, 1) AS exact"
        " FROM billable_item i JOIN contract c USING (tenant_id, contract_id)"
        " JOIN contract_allowance a ON a.tenant_id = i.tenant_id AND a.contract_ident = c.contract_ident AND a.ident = i.origin_ident"
        " JOIN billable_item o ON o.tenant_id = i.tenant_id AND o.contract_id = i.contract_id AND o.origin_ident = a.option_ident"
        "  AND o.period_start = i.period_start AND o.kind = 'RECURRING' AND o.sequence = i.sequence AND o.related_item_id IS NULL"
        " WHERE i.kind = 'ALLOWANCE' AND i.related_item_id IS NULL AND a.coupon_code IN ('tenth', 'once', 'each')"
        " AND o.content ->> 'share' IS NULL AND (SELECT count(*) FROM billable_item n WHERE n.tenant_id = i.tenant_id"
        "  AND n.contract_id = i.contract_id AND n.period_start = i.period_start AND n.kind = 'ALLOWANCE') = 1"
    )
    assert len(rows) > 5, rows  # so few are reduced by one alone
    for row in rows:
        kind = KINDS[row.code]
        wanted = row.exact * Decimal(str(kind["percentage"])) / 100 if "percentage" in kind else Decimal("1.50") * row.quantity
        if min(wanted, row.total).quantize(CENT, ROUND_HALF_UP) != row.given:
            found.append(f"{row.code} reduces {row.total} by {row.given}, of item {row.item_id}")
    return found
