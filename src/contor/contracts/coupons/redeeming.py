"""Redeem coupons on a contract, and withdraw that. What a redemption gives are allowances: the run knows of nothing else.

The coupon's row counts its redemptions and is locked by who redeems: of two who want the last one, the second reads that there is none.
All of it is one transaction: what is interrupted has not been.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from contor.catalogue.coupons.queries import count_coupons, coupons_by_code, known_coupons
from contor.catalogue.coupons.types import Coupon
from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import Duration, Plan
from contor.contracts import tables
from contor.contracts.calendar import add, billing_periods
from contor.contracts.coupons.check import coupon_findings, reducible, wanted_of
from contor.contracts.coupons.queries import Redeemed, redemptions_of, view_of
from contor.contracts.events import ContractsChanged, ContractsStarted, OptionsAdded
from contor.contracts.queries import allowances_of, contract_by_ident, contracts_by_id, plans_of
from contor.contracts.types import Allowance, Contract, RedeemedCoupon
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.uow import Uow

DAY = dt.timedelta(days=1)


@shape
class Redemption:
    code: Ident
    valid_from: dt.date | None = None
    """The first interval on or after this day is the first one that is reduced; default: the next one."""


@shape
class RedeemCoupon:
    contract_ident: str
    body: Redemption


@shape
class WithdrawnRedemption:
    code: Ident


@shape
class WithdrawRedemption:
    contract_ident: str
    body: WithdrawnRedemption


@shape
class OfContract:
    contract_ident: str


@operation("contract.redeem_coupon", permission="contracts.write", refers=(Reference("code", "coupon_unknown", known_coupons),))
def redeem_coupon(uow: Uow, command: RedeemCoupon) -> RedeemedCoupon:
    """Redeem a coupon on a contract, or say everything why not. Intervals that were proposed stay as they are."""
    body = command.body
    contract = _held(uow, command.contract_ident)
    wanted = wanted_of(uow, contract.contract_ident)
    problems = coupon_findings(uow, [body.code], wanted, "code", lock=True)
    if contract.end_kind == "CANCELLED" or (contract.end_on is not None and contract.end_on <= uow.ctx.today()):
        problems.append(Problem("contract_ended", "The contract has ended."))
    reached = contract.proposed_through
    if body.valid_from is not None and reached is not None and body.valid_from < reached:
        message = f"is before the next period ({reached}): periods that were proposed stay as they are"
        problems.append(Problem("coupon_of_past_period", message, "validFrom", body.valid_from))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    (made,) = redeem(uow, contract, wanted.plan, [body.code], body.valid_from)
    return view_of(made)


@operation("contract.withdraw_coupon", permission="contracts.write")
def withdraw_redemption(uow: Uow, command: WithdrawRedemption) -> RedeemedCoupon:
    """Withdraw what was redeemed: later intervals are not reduced. One that no interval has had counts no more for the limits."""
    contract, code = _held(uow, command.contract_ident), command.body.code
    standing = [
        row
        for row in redemptions_of(uow, [contract.contract_ident]).get(contract.contract_ident, [])
        if row.coupon_code == code and row.withdrawn_at is None
    ]
    if not standing:
        problem = Problem("coupon_not_redeemed", f"Contract {contract.contract_ident} has no coupon {code}.", "code", code)
        raise Refused(Kind.CONFLICT, problem)
    (row,) = standing
    plan = plans_of(uow, [contract])
    given = [
        one for one in allowances_of(uow, [contract], plan).get(contract.contract_id, ()) if one.redemption_id == row.redemption_id
    ]
    used = [one for one in given if _has_had(contract, plan[contract.contract_id], one)]
    gone = [one.ident for one in given if one not in used]
    uow.run("DELETE FROM contract_allowance WHERE contract_ident = %s AND ident = ANY (%s)", (contract.contract_ident, gone))
    assert contract.proposed_through is not None or not used
    if used and contract.proposed_through is not None:
        uow.run(
            "UPDATE contract_allowance SET valid_to = least(valid_to, %s), last_modified_at = %s"
            " WHERE contract_ident = %s AND ident = ANY (%s)",
            (contract.proposed_through - DAY, uow.ctx.now(), contract.contract_ident, [one.ident for one in used]),
        )
    uow.run(
        "UPDATE contract_coupon SET withdrawn_at = %s, counts = %s WHERE redemption_id = %s",
        (uow.ctx.now(), bool(used), row.redemption_id),
    )
    if not used:
        coupons_by_code(uow, [code], lock=True)
        count_coupons(uow, [code], -1)
    uow.audit("contract", contract.contract_ident, {"coupon_withdrawn": code})
    return view_of(row._replace(withdrawn_at=uow.ctx.now()))


@operation("contract.list_coupons", permission="contracts.read", reads=True)
def list_redeemed(uow: Uow, command: OfContract) -> tuple[RedeemedCoupon, ...]:
    """The coupons of a contract, withdrawn ones too, in the order in which they were redeemed."""
    contract = contract_by_ident(uow, command.contract_ident)
    return tuple([view_of(row) for row in redemptions_of(uow, [contract.contract_ident]).get(contract.contract_ident, [])])


def redeem(uow: Uow, contract: Contract, plan: Plan, codes: Sequence[str], since: dt.date | None = None) -> list[Redeemed]:
    """Count coupons that hold for the contract, and give what they say. `since`: from which day on; None: from the next period."""
    coupons, now = coupons_by_code(uow, codes, lock=True), uow.ctx.now()
    if since is None and contract.proposed_through != contract.start_on:
        since = contract.proposed_through
    rows = [
        Redeemed(uow.next_id(), contract.contract_ident, code, contract.customer_ident, since or contract.start_on, True, now, None)
        for code in codes
    ]
    uow.insert(tables.contract_coupon, [row._asdict() for row in rows])
    count_coupons(uow, codes, 1)
    for row in rows:
        _give(uow, contract, coupons[row.coupon_code], row)
        uow.audit("contract", contract.contract_ident, {"coupon_redeemed": row.coupon_code})
    return rows


@on(ContractsStarted)
def date_redemptions(uow: Uow, fact: ContractsStarted) -> None:
    """What was redeemed on a contract without start counts from its first day on."""
    contracts = contracts_by_id(uow, fact.contract_ids)
    marked = {c.contract_ident: c for c in contracts.values() if c.has_allowances}
    for ident, rows in redemptions_of(uow, marked).items():
        waiting = [row for row in rows if row.valid_from is None and row.withdrawn_at is None]
        for row in waiting:
            start = marked[ident].start_on
            uow.run("UPDATE contract_coupon SET valid_from = %s WHERE redemption_id = %s", (start, row.redemption_id))
            uow.run("DELETE FROM contract_allowance WHERE contract_ident = %s AND redemption_id = %s", (ident, row.redemption_id))
            coupon = coupons_by_code(uow, [row.coupon_code])[row.coupon_code]
            _give(uow, marked[ident], coupon, row._replace(valid_from=start))


@on(OptionsAdded)
def follow_added(uow: Uow, fact: OptionsAdded) -> None:
    """As of every other change: options that are added are reduced as well."""
    _follow(uow, fact.contract_ids)


@on(ContractsChanged)
def follow_options(uow: Uow, fact: ContractsChanged) -> None:
    """Options that a contract has got since a coupon was redeemed are reduced by it as well, as long as it goes on: of one that was
    withdrawn, in the intervals that had it."""
    _follow(uow, fact.contract_ids)


# helpers in calling order


def _follow(uow: Uow, contract_ids: Sequence[int]) -> None:
    contracts = {c.contract_ident: c for c in contracts_by_id(uow, contract_ids).values() if c.has_allowances}
    for ident, rows in redemptions_of(uow, contracts).items():
        standing = [row for row in rows if row.withdrawn_at is None or row.counts]
        coupons = coupons_by_code(uow, [row.coupon_code for row in standing])
        for row in standing:
            _give(uow, contracts[ident], coupons[row.coupon_code], row)


def _held(uow: Uow, contract_ident: str) -> Contract:
    """The contract, which no run bills before this transaction ends."""
    uow.lock("billing", [contract_by_ident(uow, contract_ident).customer_ident])
    return contract_by_ident(uow, contract_ident)  # again: a run may have moved it before the lock was had


class _Given(NamedTuple):
    """An allowance of a redemption."""

    option_ident: str
    valid_to: dt.date | None


def _give(uow: Uow, contract: Contract, coupon: Coupon, row: Redeemed) -> None:
    """The allowances of a redemption, one for each option that it reduces and that has none of it yet."""
    quantities = contract.content.quantities
    options = options_by_ident(uow, {ident for given in quantities.values() for ident in given})
    sql = "SELECT option_ident, valid_to FROM contract_allowance WHERE contract_ident = %s AND redemption_id = %s"
    known = dict(uow.all(_Given, sql, (contract.contract_ident, row.redemption_id)))
    now, last = uow.ctx.now(), _last_day(coupon, row.valid_from)
    if row.withdrawn_at is not None:
        last = max((day for day in known.values() if day is not None), default=last)  # the withdrawal set it for all of them
    counted = coupon.period is not None and coupon.period.unit == "EVENT"
    intervals = 1 if coupon.duration == "ONCE" else coupon.period.value if coupon.period is not None and counted else None
    given = [
        {
            "contract_ident": contract.contract_ident,
            "ident": f"coupon-{row.redemption_id}-{len(known) + position}",
            "option_ident": ident,
            "name": coupon.name,
            "type": coupon.type,
            "amount": coupon.amount,
            "percentage": coupon.percentage,
            "valid_from": row.valid_from,
            "valid_to": last,
            "amount_on": coupon.amount_on,
            "intervals": intervals,
            "properties": (),
            "redemption_id": row.redemption_id,
            "coupon_code": coupon.code,
            "created_at": now,
            "last_modified_at": now,
        }
        for position, ident in enumerate(one for one in reducible(quantities, options) if coupon.takes(one) and one not in known)
    ]
    if given:
        uow.insert(tables.contract_allowance, given)
        uow.run("UPDATE contract SET has_allowances = true WHERE contract_id = %s", (contract.contract_id,))


def _last_day(coupon: Coupon, since: dt.date | None) -> dt.date | None:
    """Of a coupon that reduces for a time; a contract without start has none yet."""
    period = coupon.period
    if since is None or period is None or period.unit == "EVENT":
        return None
    return add(since, 1, Duration(value=period.value, unit=period.unit)) - DAY


def _has_had(contract: Contract, plan: Plan, one: Allowance) -> bool:
    """Whether a period that was proposed had the allowance."""
    start, reached = contract.start_on, contract.proposed_through
    if start is None or reached is None:
        return False
    since = max(start, one.valid_from or start)
    until = reached if one.valid_to is None else min(reached, one.valid_to + DAY)
    # also what an end of the contract has given back since: it stands on documents
    found = billing_periods(plan, start, contract.billing_start_on, None, since, until, contract.life) if since < until else ()
    return any(period.is_charged for period in found)
