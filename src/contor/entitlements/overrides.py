"""What a contract may use otherwise than its plan and options say, from a day on."""

from collections.abc import Sequence

from contor.contracts.queries import contract_by_ident
from contor.contracts.types import Contract
from contor.entitlements import tables
from contor.entitlements.granting import settle
from contor.entitlements.queries import features_by_ident, known_features
from contor.entitlements.values import settled, value_problem
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference
from contor.kernel.shapes import Fields
from contor.runtime.resource import Resource
from contor.runtime.transaction import gather
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups


class _Contracts:
    """What overrides belong to."""

    def require(self, uow: Uow, keys: Sequence[str]) -> Contract:
        return contract_by_ident(uow, keys[0])


def _stored(uow: Uow, row: Fields) -> None:
    """From today on where no day is said. A day that is over is taken, too: then it holds from now on."""
    contract, problems = contract_by_ident(uow, row["contract_ident"]), list[Problem]()
    row["valid_from"] = row["valid_from"] or days_of_groups(uow).today(contract.billing_group_ident)
    feature = features_by_ident(uow, [row["feature_ident"]]).get(row["feature_ident"])
    if feature is None:
        problems.append(Problem("feature_unknown", "does not exist", "feature_ident", row["feature_ident"]))
    elif row["value"] is not None:
        if feature.status != "ACTIVE":
            message = f"is {feature.status.lower()}: only active features go into contracts"
            problems.append(Problem("feature_not_active", message, "feature_ident", feature.ident))
        if (problem := value_problem(feature, row["value"])) is not None:
            problems.append(problem)
        row["value"] = settled(feature, row["value"])
    if row["valid_to"] is not None and row["valid_to"] < row["valid_from"]:
        problems.append(Problem("validity_ends_before_it_begins", "is before the first day", "valid_to", row["valid_to"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    gather(uow, settle, [(contract.contract_id, False)])


def _gone(uow: Uow, row: Fields) -> None:
    """What it gave in the past stays as it was."""
    gather(uow, settle, [(contract_by_ident(uow, row["contract_ident"]).contract_id, False)])


OVERRIDES = Resource(
    "entitlement_override",
    tables.entitlement_override,
    permission="contracts",
    keys=("contract_ident", "ident"),
    parent=_Contracts(),
    writable=("feature_ident", "value", "valid_from", "valid_to"),
    immutable=("feature_ident",),
    hidden=("contract_ident",),
    refers=(Reference("featureIdent", "feature_unknown", known_features),),
    filterable=("ident", "feature_ident", "value", "valid_from", "valid_to", "created_at"),
    before_create=_stored,
    before_update=_stored,
    before_delete=_gone,
)
