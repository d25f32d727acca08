"""What webhooks say of features and of what may be used."""

from collections.abc import Mapping, Sequence

from contor.api.fynn.features.answers import FeatureDetail, StateShown
from contor.api.fynn.features.shown import detail
from contor.api.fynn.features.used import states_shown
from contor.entitlements.features import FEATURES
from contor.entitlements.queries import uses_of
from contor.entitlements.state import states_at
from contor.entitlements.types import EntitlementState
from contor.notifications.formats import Told
from contor.runtime.uow import Uow

Notices = Sequence[tuple[Told, Mapping[str, object]]]


def features_told(uow: Uow, told: Notices) -> list[FeatureDetail | None]:
    """As they are now; one that is gone is not told of."""
    idents = [str(said.get("featureIdent")) for _, said in told]
    rows, uses = {ident: FEATURES.find(uow, (ident,)) for ident in set(idents)}, uses_of(uow, set(idents))
    return [detail(row, uses[ident]) if (row := rows[ident]) is not None else None for ident in idents]


def entitlements_told(uow: Uow, told: Notices) -> list[StateShown | None]:
    """What the subscription gave at the moment that is told of."""
    states = []
    for one, said in told:
        contract, customer = str(said.get("contractIdent")), str(said.get("customerIdent"))
        given = states_at(uow, [contract], one.created_at).get(contract, ())
        states.append(EntitlementState(customer_ident=customer, contract_ident=contract, at=one.created_at, entitlements=given))
    return list(states_shown(uow, states))
