"""Values of measurements: what was used, or how much is taken from now on. One that is sent twice has one effect."""

import datetime as dt
import hashlib

from contor.api.fynn.subscriptions.items import take
from contor.api.fynn.subscriptions.life import bill
from contor.api.fynn.subscriptions.reading import Item, Subscribed, item, items_of, subscription, subscription_named, told
from contor.api.fynn.subscriptions.types import Measured, MeasuredValues
from contor.contracts.queries import contracts_by_ident_unlocked
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.runtime.work.jobs import enqueue
from contor.settings.queries import days_of_groups
from contor.usage.record import RecordUsage, record_usage
from contor.usage.types import UsageBody

CORE = {
    "startDate": "measuredAt",
    "effectiveDate": "measuredAt",
    "unitQuantity": "quantity",
    "optionQuantities.quantity": "quantity",
    "optionIdent": "measurementCode",
    "contractIdent": "subscription",
}


@shape
class Measuring:
    body: Measured


@shape
class MeasuringMany:
    body: MeasuredValues


@shape
class Accepted:
    """What a worker records."""

    accepted: int


@shape
class Waiting:
    """A value that a worker records: with the instant at which it was sent, where it says none."""

    value: Measured
    sent_at: dt.datetime


@operation("fynn.measurement_add", permission="contracts.write")
def add_measurement(uow: Uow, command: Measuring) -> None:
    """Record what was used, or take so much from the instant on."""
    record(uow, command.body, uow.ctx.now())


@operation("fynn.measurement_add_batch", permission="contracts.write")
def add_measurements(uow: Uow, command: MeasuringMany) -> Accepted:
    """Accept many values, which a worker records one by one; those whose subscription does not exist are refused here, all of them."""
    values = command.body.values
    idents = [subscription_named(uow, one.subscription) for one in values]
    known = contracts_by_ident_unlocked(uow, set(idents))
    problems = [
        Problem("subscription_unknown", "does not exist", f"values[{index}].subscription", one.subscription[:100])
        for index, (one, ident) in enumerate(zip(values, idents, strict=True))
        if ident not in known
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    now = uow.ctx.now()
    enqueue(uow, record_waiting, [Waiting(value=one, sent_at=now) for one in values])
    return Accepted(accepted=len(values))


@operation("fynn.measurement_record", permission="contracts.write")
def record_waiting(uow: Uow, command: Waiting) -> None:
    """Record a value of a batch; it may come twice."""
    record(uow, command.value, command.sent_at)


def record(uow: Uow, value: Measured, sent_at: dt.datetime) -> None:
    one = subscription(uow, value.subscription, lock=True)
    found, at = _item(uow, one, value), value.measured_at or sent_at
    with told(CORE):
        if found.option.type == "USAGE":
            _use(uow, one, found, value, at)
            return
        day = at.astimezone(days_of_groups(uow).zone(one.contract.billing_group_ident)).date()
        before = found.quantity
        take(uow, found, value.quantity, day)
    if before != value.quantity and not one.is_draft:
        bill(uow, one)


# helpers in calling order


def _item(uow: Uow, one: Subscribed, value: Measured) -> Item:
    """The item that is named, else the only one with the measurement. Raises INVALID."""
    code = value.measurement_code
    if value.subscription_item is not None:
        try:
            found = item(uow, value.subscription_item)
        except Refused:
            found = None
        if found is None or found.subscription.ident != one.ident:
            message = "is no item of the subscription"
            raise Refused(
                Kind.INVALID, Problem("subscription_item_unknown", message, "subscriptionItem", value.subscription_item[:100])
            )
        candidates = [found]
    else:
        candidates = items_of(one)
    fitting = [it for it in candidates if _code_of(it) == code]
    if len(fitting) != 1:
        message = f"is measured of {len(fitting)} items: say which" if fitting else "is measured of no item"
        raise Refused(Kind.INVALID, Problem("measurement_unclear", message, "measurementCode", code[:100]))
    return fitting[0]


def _code_of(one: Item) -> str | None:
    """What is counted in nothing of its own is a `quantity`; what is charged once is not measured."""
    if one.option.type not in ("RECURRING", "QUANTITY", "USAGE"):
        return None
    return (one.price.measurement_code if one.price is not None else None) or "quantity"


def _use(uow: Uow, one: Subscribed, found: Item, value: Measured, at: dt.datetime) -> None:
    """A usage whose ident is made of all that it says: the same again is known."""
    said = f"{one.contract.contract_id}:{found.option_ident}:{value.measurement_code}:{value.quantity.normalize()}:{at.isoformat()}"
    ident = f"measured-{hashlib.blake2b(said.encode(), digest_size=20).hexdigest()}"
    body = UsageBody(
        usage_ident=ident,
        contract_ident=one.ident,
        option_ident=found.option_ident,
        start_date=at,
        unit_quantity=value.quantity,
    )
    record_usage(uow, RecordUsage(body=body))
