"""Values of measurements: what was used, or how much is taken from now on. One that is sent twice has one effect."""

from contor.api.fynn.subscriptions.life import bill
from contor.api.fynn.subscriptions.reading import Item, Subscribed, item_id_of, items_of, subscription, then, told
from contor.api.fynn.subscriptions.types import Measured, MeasuredValues
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.groups import Days
from contor.settings.queries import days_of_groups
from contor.usage.values import RecordValue, RecordValues, SentValue, SentValues, record_value, record_values

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


@operation("fynn.measurement_add", permission="contracts.write")
def add_measurement(uow: Uow, command: Measuring) -> None:
    """Record what was used, or take so much from the instant on; a quantity that changes is billed at once."""
    one = subscription(uow, command.body.subscription, lock=True)
    found = _item(uow, one, command.body, days_of_groups(uow), "")
    with told(CORE):
        record_value(uow, RecordValue(body=_value(one, found, command.body)))
    if found.option.type != "USAGE" and found.quantity != command.body.quantity and not one.is_draft:
        bill(uow, one)


@operation("fynn.measurement_add_batch", permission="contracts.write")
def add_measurements(uow: Uow, command: MeasuringMany) -> Accepted:
    """Accept many values, which a worker records one by one; those that are of no item are refused here, all of them."""
    known: dict[str, Subscribed] = {}
    problems, values, days = list[Problem](), list[SentValue](), days_of_groups(uow)
    for index, value in enumerate(command.body.values):
        path = f"values[{index}]."
        try:
            one = known.get(value.subscription) or known.setdefault(value.subscription, subscription(uow, value.subscription))
            values.append(_value(one, _item(uow, one, value, days, path), value))
        except Refused as refused:
            if refused.kind is Kind.NOT_FOUND:
                problems.append(Problem("subscription_unknown", "does not exist", f"{path}subscription", value.subscription[:100]))
            else:
                problems += refused.problems
    if problems:
        raise Refused(Kind.INVALID, *problems)
    record_values(uow, RecordValues(body=SentValues(values=tuple(values))))
    return Accepted(accepted=len(values))


# helpers in calling order


def _value(one: Subscribed, found: Item, value: Measured) -> SentValue:
    return SentValue(
        contract_ident=one.ident, option_ident=found.option_ident, quantity=value.quantity, measured_at=value.measured_at
    )


def _item(uow: Uow, one: Subscribed, value: Measured, days: Days, path: str) -> Item:
    """The item that is named, else the only one with the measurement: of those that the subscription has on the day of the value, for what
    was measured before an item gave way to another one is of the former. Raises INVALID."""
    code = value.measurement_code
    candidates = items_of(then(one, days, value.measured_at or uow.ctx.now()))
    if value.subscription_item is not None:
        named = value.subscription_item.upper()
        candidates = [it for it in candidates if item_id_of(uow, one.contract.contract_id, it.option) == named]
        if not candidates:
            message = "is no item of the subscription" + (" on that day" if value.measured_at is not None else "")
            raise Refused(
                Kind.INVALID,
                Problem("subscription_item_unknown", message, f"{path}subscriptionItem", value.subscription_item[:100]),
            )
    fitting = [it for it in candidates if _code_of(it) == code]
    if len(fitting) != 1:
        message = f"is measured of {len(fitting)} items: say which" if fitting else "is measured of no item"
        raise Refused(Kind.INVALID, Problem("measurement_unclear", message, f"{path}measurementCode", code[:100]))
    return fitting[0]


def _code_of(one: Item) -> str | None:
    """What is counted in nothing of its own is a `quantity`; what is charged once is not measured."""
    if one.option.type not in ("RECURRING", "QUANTITY", "USAGE"):
        return None
    return (one.price.measurement_code if one.price is not None else None) or "quantity"
