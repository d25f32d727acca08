"""What customers and subscriptions may use, and what a subscription alone may use otherwise."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.features.answers import OverrideSent, OverrideShown, StateShown
from contor.api.fynn.features.shown import override, state, text_of
from contor.api.fynn.ids import CUSTOMER, SUBSCRIPTION
from contor.api.ids import DialectIds, shown_together
from contor.entitlements.overrides import OVERRIDES
from contor.entitlements.queries import features_by_ident
from contor.entitlements.state import Numbers, StateOfContract, StateOfCustomer, state_of_contract, state_of_customer
from contor.entitlements.types import EntitlementState
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import few, operation
from contor.kernel.shapes import Fields
from contor.runtime.query import ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

_SAID: Final = {"featureIdent": "feature", "feature_ident": "feature", "valid_to": "validUntil"}


@dataclass(frozen=True, slots=True)
class AskedState:
    customer: str = ""
    subscription: str = ""
    at: str = ""
    feature: str = ""


@dataclass(frozen=True, slots=True)
class ListOverrides:
    subscription: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneOverride:
    subscription: str
    override: str


@dataclass(frozen=True, slots=True)
class NewOverride:
    subscription: str
    body: OverrideSent


@dataclass(frozen=True, slots=True)
class ChangedOverride:
    subscription: str
    override: str
    body: OverrideSent


@operation("fynn.entitlement_state", permission="contracts.read", reads=True)
@few
def read_state(uow: Uow, command: AskedState) -> StateShown:
    """What a customer (`customer`) may use, or one of his subscriptions (`subscription`) gives, now or at an instant before (`at`)."""
    if bool(command.customer) == bool(command.subscription):
        raise Refused(Kind.INVALID, Problem("parameter_missing", "say customer or subscription, one of the two", "customer"))
    said = {"at": command.at, "feature": command.feature}
    if command.customer:
        found = _state(
            uow,
            *(CUSTOMER, command.customer),
            lambda ident, by: state_of_customer(uow, StateOfCustomer(customer_ident=ident, numbers=by, **said)),
        )
    else:
        found = _state(
            uow,
            *(SUBSCRIPTION, command.subscription),
            lambda ident, by: state_of_contract(uow, StateOfContract(contract_ident=ident, numbers=by, **said)),
        )
    return states_shown(uow, [found])[0]


@operation("fynn.override_list", permission="contracts.read", reads=True)
def list_overrides(uow: Uow, command: ListOverrides) -> Page:
    """What was said of a subscription alone."""
    page: Page = OVERRIDES.list(uow, Listed((command.subscription,), command.query))
    return replace(page, items=tuple(_shown(uow, page.rows)))


@operation("fynn.override_create", permission="contracts.write")
def create_override(uow: Uow, command: NewOverride) -> OverrideShown:
    """A subscription may use something else of a feature than its products and price plans give, from a day on."""
    with said_as(_SAID):
        made = OVERRIDES.create(uow, Written((command.subscription,), _content(command.body)))
    return _shown(uow, [made])[0]


@operation("fynn.override_update", permission="contracts.write")
def update_override(uow: Uow, command: ChangedOverride) -> OverrideShown:
    """Another value or other days; what it gave in the past stays as it was."""
    with said_as(_SAID):
        changed = OVERRIDES.update(uow, Written((command.subscription, command.override), _content(command.body)))
    return _shown(uow, [changed])[0]


@operation("fynn.override_delete", permission="contracts.write")
def delete_override(uow: Uow, command: OneOverride) -> None:
    """From now on it is what products and price plans give."""
    OVERRIDES.delete(uow, Keyed((command.subscription, command.override)))


def states_shown(uow: Uow, states: Iterable[EntitlementState]) -> list[StateShown]:
    """With the ids of this API."""
    found = list(states)
    contracts = {one.contract_ident for state in found for one in state.entitlements}
    contracts |= {state.contract_ident for state in found if state.contract_ident is not None}
    customers, subscriptions = shown_together(uow, (CUSTOMER, {one.customer_ident for one in found}), (SUBSCRIPTION, contracts))
    return [state(one, customers, subscriptions) for one in found]


# helpers in calling order


def _state(uow: Uow, ids: DialectIds, name: str, asked: Callable[[str, Numbers], EntitlementState]) -> EntitlementState:
    """By id or ident at once; what other systems call it is looked for where it is neither."""
    try:
        return asked(name, Numbers(ids.number(uow, name)))
    except Refused as refused:
        called = ids.find(uow, [name]).get(name, name)
        if refused.kind is not Kind.NOT_FOUND or called == name:
            raise
    return asked(called, Numbers())


def _shown(uow: Uow, rows: Sequence[Fields]) -> list[OverrideShown]:
    features = features_by_ident(uow, {row["feature_ident"] for row in rows})
    return [override(row, features[row["feature_ident"]].type) for row in rows]


def _content(body: OverrideSent) -> Fields:
    return {
        "feature_ident": body.feature,
        "value": None if body.value is None else text_of(body.value),
        "valid_from": body.valid_from,
        "valid_to": body.valid_until,
    }
