"""Record values, one at once or many by a worker. A value that is sent twice has one effect: a usage is named by all that it says, and a
quantity that is there is not changed."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from contor.catalogue.queries import options_by_ident
from contor.contracts.change import locked_contracts
from contor.contracts.queries import contracts_by_ident_unlocked
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import after
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, Quantity, shape
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups
from contor.usage.record import RecordUsage, record_usage
from contor.usage.types import UsageBody
from contor.usage.values.events import ValuesSent, WaitingValue
from contor.usage.values.taking import take_quantity

MOST = 1000


@shape
class SentValue:
    """So much was used at an instant, of an option of usages; or so much is taken from then on, of one that recurs."""

    contract_ident: Ident
    option_ident: Ident
    quantity: Quantity
    measured_at: dt.datetime | None = None
    """Default: now."""


@shape
class SentValues:
    values: Annotated[tuple[SentValue, ...], Field(min_length=1, max_length=MOST)]
    """Each is recorded by itself; all are refused together where a contract does not exist."""


@shape
class RecordValue:
    body: SentValue


@shape
class RecordValues:
    body: SentValues


_REFERS = (
    Reference("contractIdent", "contract_unknown", contracts_by_ident_unlocked),
    Reference("optionIdent", "option_unknown", options_by_ident),
)


@operation("usage.record_value", permission="contracts.write", refers=_REFERS)
def record_value(uow: Uow, command: RecordValue) -> None:
    """One value, at once. Raises INVALID where the contract, or the option, does not exist."""
    body = command.body
    _refuse_unknown(uow, {"contractIdent": body})
    _record(uow, _waiting(body, body.measured_at or uow.ctx.now()))


@operation(
    "usage.record_values", permission="contracts.write", refers=tuple(one._replace(field=f"values.{one.field}") for one in _REFERS)
)
def record_values(uow: Uow, command: RecordValues) -> None:
    """Accept many values; a worker records them, each for itself. Those whose contract does not exist are refused here, all of them."""
    values, now = command.body.values, uow.ctx.now()
    _refuse_unknown(uow, {f"values[{index}].contractIdent": one for index, one in enumerate(values)})
    uow.audit("usage", values[0].contract_ident, {"accepted": len(values)})
    uow.emit(ValuesSent(values=tuple([_waiting(one, one.measured_at or now) for one in values])))


@after(ValuesSent, batches=lambda fact: list(fact.values))
@operation("usage.record_waiting_value", permission="contracts.write")
def record_waiting(uow: Uow, command: WaitingValue) -> None:
    """Record a value that was accepted; a job may bring it twice."""
    _record(uow, command)


# helpers in calling order


def _refuse_unknown(uow: Uow, values: Mapping[str, SentValue]) -> None:
    """By the field that names the contract: one that does not exist is a wrong field here, as with usages, not a missing page."""
    known = contracts_by_ident_unlocked(uow, {one.contract_ident for one in values.values()})
    problems = [
        Problem("contract_unknown", "does not exist", field, one.contract_ident)
        for field, one in values.items()
        if one.contract_ident not in known
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _waiting(value: SentValue, at: dt.datetime) -> WaitingValue:
    return WaitingValue(
        contract_ident=value.contract_ident, option_ident=value.option_ident, quantity=value.quantity, measured_at=at
    )


def _record(uow: Uow, value: WaitingValue) -> None:
    (contract,) = locked_contracts(uow, [value.contract_ident])  # the same value, sent at once, is waited for
    option = options_by_ident(uow, [value.option_ident]).get(value.option_ident)
    if option is None or option.type not in ("RECURRING", "QUANTITY", "USAGE"):
        message = "does not exist" if option is None else "is neither taken by the interval nor used"
        raise Refused(Kind.INVALID, Problem("option_unknown", message, "optionIdent", value.option_ident))
    if option.type != "USAGE":
        day = value.measured_at.astimezone(days_of_groups(uow).zone(contract.billing_group_ident)).date()
        take_quantity(uow, contract, value.option_ident, value.quantity, day)
        return
    said = f"{contract.contract_id}:{value.option_ident}:{value.quantity.normalize()}:{value.measured_at.astimezone(dt.UTC).isoformat()}"
    body = UsageBody(
        usage_ident=f"value-{hashlib.blake2b(said.encode(), digest_size=20).hexdigest()}",
        contract_ident=contract.contract_ident,
        option_ident=value.option_ident,
        start_date=value.measured_at,
        unit_quantity=value.quantity,
    )
    record_usage(uow, RecordUsage(body=body))
