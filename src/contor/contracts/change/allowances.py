"""Allowances: what a contract gives off the price of one of its options, in the periods that begin in their validity.

What was proposed stays: of an allowance that periods have used only the end moves, and not into those periods.
"""

import datetime as dt
from collections.abc import Sequence

from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import Plan
from contor.contracts import tables
from contor.contracts.calendar import billing_periods
from contor.contracts.coupons import REDUCED, is_reducible
from contor.contracts.course import ending
from contor.contracts.events import AllowancesRemoved
from contor.contracts.queries import contract_by_ident, contracts_by_ident_unlocked, plans_of
from contor.contracts.types import Allowance, Contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import is_amount, shown, too_fine
from contor.kernel.shapes import Fields
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow

DAY = dt.timedelta(days=1)


class _Contracts:
    """What allowances belong to."""

    def require(self, uow: Uow, keys: Sequence[str]) -> Contract:
        return contract_by_ident(uow, keys[0])


def _new(uow: Uow, row: Fields) -> None:
    """An allowance without first day begins with the next period."""
    contract, plan = _held(uow, row["contract_ident"])
    if row["valid_from"] is None and contract.proposed_through != contract.start_on:
        row["valid_from"] = contract.proposed_through
    problems = [*_findings(uow, contract, plan, row)]
    if contract.end_kind == "CANCELLED":
        problems.append(Problem("contract_cancelled", "The contract was cancelled."))
    if _used(contract, plan, row):
        problems.append(_past(contract, "valid_from", row["valid_from"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    # never unset: a run that asks in vain loses little
    uow.run("UPDATE contract SET has_allowances = true WHERE contract_id = %s", (contract.contract_id,))


def _changed(uow: Uow, row: Fields) -> None:
    """Freely before the first period that uses it; then only to an earlier end that leaves those periods as they are. What
    is not said of the first day stays."""
    contract, plan = _held(uow, row["contract_ident"])
    before = ALLOWANCES.require(uow, (row["contract_ident"], row["ident"]))
    row["valid_from"] = row["valid_from"] or before["valid_from"]
    problems = [*_findings(uow, contract, plan, row), *_of_coupon(before)]
    if _used(contract, plan, before):
        problems += [
            Problem("allowance_in_use", "Periods have used the allowance: it can only end earlier.", name, row[name])
            for name in ("option_ident", "name", "type", "amount", "percentage", "amount_on", "intervals", "valid_from")
            if row[name] != before[name]
        ]
        ended, ends = before["valid_to"] or dt.date.max, row["valid_to"] or dt.date.max
        if ends > ended:
            message = f"The allowance ends on {ended}, and periods have used it: it can only end earlier."
            problems.append(Problem("allowance_in_use", message, "valid_to", row["valid_to"]))
        # the last day is inclusive, `proposed_through` the first day that is free
        elif ends < ended and contract.proposed_through is not None and ends + DAY < contract.proposed_through:
            problems.append(_past(contract, "valid_to", row["valid_to"]))
    elif _used(contract, plan, row):
        problems.append(_past(contract, "valid_from", row["valid_from"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _removed(uow: Uow, row: Fields) -> None:
    contract, _ = _held(uow, row["contract_ident"])
    if problems := _of_coupon(row):
        raise Refused(Kind.CONFLICT, *problems)
    uow.emit(AllowancesRemoved(allowances=((contract.contract_id, row["ident"]),)))


def _in_currency(uow: Uow, rows: list[Fields]) -> list[Fields]:
    """Amounts with the decimals of what the contract bills in."""
    contracts = contracts_by_ident_unlocked(uow, {row["contract_ident"] for row in rows if row["amount"] is not None})
    plans = plans_of(uow, contracts.values())
    currencies = {ident: plans[it.contract_id].content.currency for ident, it in contracts.items()}
    return [
        row if row["amount"] is None else {**row, "amount": shown(row["amount"], currencies[row["contract_ident"]])} for row in rows
    ]


ALLOWANCES = Resource(
    "contract_allowance",
    tables.contract_allowance,
    permission="contracts",
    keys=("contract_ident", "ident"),
    parent=_Contracts(),
    writable=(
        "ident",
        "option_ident",
        "name",
        "type",
        "amount",
        "percentage",
        "amount_on",
        "intervals",
        "valid_from",
        "valid_to",
        "properties",
    ),
    hidden=("contract_ident", "redemption_id"),
    filterable=("ident", "option_ident", "name", "type", "coupon_code", "valid_from", "valid_to", "created_at"),
    before_create=_new,
    before_update=_changed,
    before_delete=_removed,
    shown=_in_currency,
)


# helpers in calling order


def _held(uow: Uow, contract_ident: str) -> tuple[Contract, Plan]:
    """The contract, which no run bills before this transaction ends, and its plan."""
    uow.lock("billing", [contract_by_ident(uow, contract_ident).customer_ident])
    contract = contract_by_ident(uow, contract_ident)  # again: a run may have moved it before the lock was had
    return contract, plans_of(uow, [contract])[contract.contract_id]


def _findings(uow: Uow, contract: Contract, plan: Plan, row: Fields) -> list[Problem]:
    """Whether it fits the contract, and itself."""
    problems: list[Problem] = []
    ident = row["option_ident"]
    option = options_by_ident(uow, [ident]).get(ident)
    if option is None or not any(ident in given for given in contract.content.quantities.values()):
        problems.append(Problem("option_unknown", "the contract does not have it", "option_ident", ident))
    elif not is_reducible(option):
        message = f"only options of the types {', '.join(REDUCED)} that are charged can be reduced"
        problems.append(Problem("option_not_reducible", message, "option_ident", ident))
    wanted, other = ("amount", "percentage") if row["type"] == "AMOUNT" else ("percentage", "amount")
    if row[wanted] is None:
        problems.append(Problem("allowance_value_missing", f"is what an allowance of type {row['type']} has", wanted))
    if row[other] is not None:
        message = f"is not what an allowance of type {row['type']} has"
        problems.append(Problem("allowance_value_not_expected", message, other, row[other]))
    if row["type"] == "PERCENTAGE" and row["amount_on"] == "UNIT_PRICE":
        message = "is what only an amount is off"
        problems.append(Problem("amount_on_not_expected", message, "amount_on", row["amount_on"]))
    currency = plan.content.currency
    if row["amount"] is not None and not is_amount(row["amount"], currency):
        problems.append(Problem("too_many_decimals", too_fine(currency), "amount", row["amount"]))
    if row["valid_from"] is not None and row["valid_to"] is not None and row["valid_to"] < row["valid_from"]:
        problems.append(Problem("validity_ends_before_it_begins", "is before the first day", "valid_to", row["valid_to"]))
    return problems


def _used(contract: Contract, plan: Plan, row: Fields) -> bool:
    """Whether a period that was proposed begins in the validity."""
    start, reached = contract.start_on, contract.proposed_through
    if start is None or reached is None:
        return False
    since, last = max(start, row["valid_from"] or start), _last_day(contract, plan, row)
    until = reached if last is None or last >= reached else last + DAY
    return since < until and bool(
        billing_periods(plan, start, contract.billing_start_on, contract.end_on, since, until, contract.life)
    )


def _last_day(contract: Contract, plan: Plan, row: Fields) -> dt.date | None:
    """The end of its validity, by day or by the number of intervals."""
    allowance = Allowance(
        row["ident"],
        row["option_ident"],
        row["name"],
        row["amount"],
        row["percentage"],
        row["valid_from"],
        row["valid_to"],
        row["amount_on"],
        row["intervals"],
    )
    return ending(contract, plan, allowance).valid_to


def _of_coupon(row: Fields) -> list[Problem]:
    """What a coupon gives changes with the coupon alone."""
    if row["coupon_code"] is None:
        return []
    message = f"The allowance is what coupon {row['coupon_code']} gives: it goes when that is withdrawn from the contract."
    return [Problem("allowance_of_coupon", message, "ident", row["ident"])]


def _past(contract: Contract, name: str, value: dt.date | None) -> Problem:
    message = f"is before the next period ({contract.proposed_through}): periods that were proposed stay as they are"
    return Problem("allowance_of_past_period", message, name, value)
