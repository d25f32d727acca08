"""Record rated usages, one by one. The ident makes it happen once: the same again is known, another content is refused.

What no period takes as things are (the contract has not begun, does not have the option) is recorded with the reason, and can be tried
again.
"""

import datetime as dt
from decimal import Decimal

from contor.catalogue.queries import options_by_ident
from contor.contracts.queries import contracts_by_id, contracts_by_ident_unlocked, customers_of
from contor.contracts.types import Contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import AMOUNT_LIMIT
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import shape
from contor.rated_usage import tables
from contor.rated_usage.attribute import attribute, lock_contracts, terms_of
from contor.rated_usage.events import RatedUsagesTakenBack
from contor.rated_usage.read import RATED_USAGE, OneRatedUsage, require_rated_usage, view_by_ident
from contor.rated_usage.types import RatedUsageBody, RatedUsageRow, RatedUsageView
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, late_usages

_SAME = ("contract_id", "option_ident", "quantity", "unit_price", "net_price", "started_at", "ended_at")


@shape
class RecordRatedUsage:
    body: RatedUsageBody


REFERS = (
    Reference("contractIdent", "contract_unknown", contracts_by_ident_unlocked),
    Reference("optionIdent", "option_unknown", options_by_ident),
)


@operation("rated_usage.record", permission="contracts.write", refers=REFERS)
def record_rated_usage(uow: Uow, command: RecordRatedUsage) -> RatedUsageView:
    """One rated usage; it may be repeated."""
    body = command.body
    contract = contracts_by_ident_unlocked(uow, [body.contract_ident]).get(body.contract_ident)
    problems = _findings(uow, body, contract)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    assert contract is not None
    lock_contracts(uow, [contract.contract_id])
    row = _row(uow, body, contract)
    # under the lock, for the same one may come twice at once
    known = uow.first(RatedUsageRow, RATED_USAGE + "rated_usage_ident = %s", (body.rated_usage_ident,))
    if known is not None:
        if any(getattr(known, name) != row[name] for name in _SAME):
            message = "was recorded before with another content"
            raise Refused(Kind.CONFLICT, Problem("rated_usage_exists", message, "ratedUsageIdent", body.rated_usage_ident))
        return view_by_ident(uow, body.rated_usage_ident)
    uow.insert(tables.rated_usage, [row])
    uow.audit("rated_usage", body.rated_usage_ident, {"recorded": body})
    # read again under the lock: the contract may have ended meanwhile
    place(uow, require_rated_usage(uow, body.rated_usage_ident), contracts_by_id(uow, [contract.contract_id])[contract.contract_id])
    return view_by_ident(uow, body.rated_usage_ident)


@operation("rated_usage.cancel", permission="contracts.write")
def cancel_rated_usage(uow: Uow, command: OneRatedUsage) -> RatedUsageView:
    """It counts no more; if it was billed, the next billing run gives its price back."""
    usage = _locked(uow, command.rated_usage_ident)
    if usage.status == "CANCELLED":
        message = f"The rated usage {usage.rated_usage_ident!r} was cancelled already."
        raise Refused(Kind.ILLEGAL_STATE, Problem("rated_usage_cancelled", message))
    if usage.status != "ERROR":
        assert usage.aggregation_ident is not None  # every other status is that of a member
        count(uow, usage.aggregation_ident, -usage.quantity, -usage.net_price)
    uow.run(
        "UPDATE rated_usage SET status = 'CANCELLED', error = NULL, last_modified_at = %s WHERE rated_usage_ident = %s",
        (uow.ctx.now(), usage.rated_usage_ident),
    )
    uow.audit("rated_usage", usage.rated_usage_ident, {"cancelled": usage.status})
    if usage.status in ("AGGREGATED", "BILLED") and usage.item_id is not None:
        uow.emit(RatedUsagesTakenBack(item_ids=(usage.item_id,)))
    return view_by_ident(uow, usage.rated_usage_ident)


@operation("rated_usage.retry", permission="contracts.write")
def retry_rated_usage(uow: Uow, command: OneRatedUsage) -> RatedUsageView:
    """What no period took is looked at again; what was cancelled counts again, as if it came now."""
    usage = _locked(uow, command.rated_usage_ident)
    if usage.status not in ("ERROR", "CANCELLED"):
        message = f"The rated usage {usage.rated_usage_ident!r} is {usage.status}: there is nothing to try again."
        raise Refused(Kind.ILLEGAL_STATE, Problem("rated_usage_counts", message))
    place(uow, usage, contracts_by_id(uow, [usage.contract_id])[usage.contract_id])
    uow.audit("rated_usage", usage.rated_usage_ident, {"retried": usage.status})
    return view_by_ident(uow, usage.rated_usage_ident)


def place(uow: Uow, usage: RatedUsageRow, contract: Contract) -> None:
    """Put a usage that counts nowhere into the aggregation that takes it, or say why none does. The contract is locked."""
    found = attribute(uow, terms_of(uow, contract, usage.option_ident), usage.used_on)
    aggregation, error = (found, None) if isinstance(found, str) else found
    if aggregation is not None:
        count(uow, aggregation, usage.quantity, usage.net_price)
    uow.run(
        "UPDATE rated_usage SET status = %s, error = %s, aggregation_ident = %s, item_id = NULL, last_modified_at = %s"
        " WHERE rated_usage_ident = %s",
        ("ERROR" if error else "OPEN", error, aggregation, uow.ctx.now(), usage.rated_usage_ident),
    )


def count(uow: Uow, aggregation_ident: str, quantity: Decimal, net_price: Decimal) -> None:
    """Add to what an aggregation has collected."""
    uow.run(
        "UPDATE rated_usage_aggregation SET quantity = quantity + %s, net_total = net_total + %s WHERE aggregation_ident = %s",
        (quantity, net_price, aggregation_ident),
    )


# helpers in calling order


def _findings(uow: Uow, body: RatedUsageBody, contract: Contract | None) -> list[Problem]:
    problems: list[Problem] = []
    if (body.net_price is None) == (body.unit_price is None):
        problems.append(Problem("price_unclear", "either this or unitPrice is given", "netPrice", body.net_price))
    elif _net_price(body) >= AMOUNT_LIMIT:
        problems.append(Problem("amount_too_large", "has more than 15 integral digits", "netPrice", _net_price(body)))
    if body.end_date is not None and body.end_date < body.start_date:
        problems.append(Problem("usage_ends_before_it_starts", "is before the start", "endDate", body.end_date))
    option = options_by_ident(uow, [body.option_ident]).get(body.option_ident)
    if option is None or option.type != "RATED_USAGE":
        problems.append(Problem("option_unknown", "is no option of rated usages", "optionIdent", body.option_ident))
    if contract is None:
        problems.append(Problem("contract_unknown", "does not exist", "contractIdent", body.contract_ident))
        return problems
    since = late_usages(uow)[contract.billing_group_ident].oldest(days_of_groups(uow).today(contract.billing_group_ident))
    if _day(uow, body, contract) < since:
        message = f"is late: usages before {since} are not taken any more"
        problems.append(Problem("rated_usage_too_late", message, "startDate", body.start_date))
    return problems


def _day(uow: Uow, body: RatedUsageBody, contract: Contract) -> dt.date:
    return body.start_date.astimezone(days_of_groups(uow).zone(contract.billing_group_ident)).date()


def _net_price(body: RatedUsageBody) -> Decimal:
    if body.net_price is not None:
        return body.net_price
    assert body.unit_price is not None
    return body.unit_price * body.unit_quantity


def _row(uow: Uow, body: RatedUsageBody, contract: Contract) -> dict[str, object]:
    now = uow.ctx.now()
    return {
        "rated_usage_ident": body.rated_usage_ident,
        "rated_usage_id": uow.next_id(),
        "contract_id": contract.contract_id,
        "option_ident": body.option_ident,
        "quantity": body.unit_quantity,
        "unit_price": body.unit_price,
        "net_price": _net_price(body),
        "started_at": body.start_date,
        "ended_at": body.end_date,
        "used_on": _day(uow, body, contract),
        "description": body.description,
        "tax_location": body.tax_location,
        "performance_location": body.performance_location,
        "status": "ERROR",  # until `place` says where it belongs
        "created_at": now,
        "last_modified_at": now,
    }


def _locked(uow: Uow, ident: str) -> RatedUsageRow:
    """The usage, while nobody bills its customer or changes what its contract used. Raises NOT_FOUND."""
    usage = require_rated_usage(uow, ident)
    uow.lock("billing", customers_of(uow, [usage.contract_id]))
    lock_contracts(uow, [usage.contract_id])
    return require_rated_usage(uow, ident)  # as it stands now that no one else changes it
