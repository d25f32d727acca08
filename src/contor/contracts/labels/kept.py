"""What another system keeps with a contract: its own name for it, a title, and facts that mean something there alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from typing import Annotated, NamedTuple

import msgspec
from pydantic import Field

from contor.contracts import tables
from contor.contracts.queries import contract_by_ident
from contor.contracts.types import Contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, Name255, Text, Text255, shape
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

Attributes = Annotated[dict[Name255, Text], Field(max_length=100)]


class _Called(NamedTuple):
    external_ident: str
    contract_ident: str


@shape
class LabelFeature:
    """What the contract entitles to, in the words of the other system."""

    code: Name255
    quantity: Text255 | None = None
    value: Text | None = None


@shape
class ContractLabels:
    external_ident: Ident | None = None
    """What another system calls the contract; no other contract is called so there."""
    title: Text255 | None = None
    document_title: Text255 | None = None
    """What the contract's bills are about: it is printed below the name of every document that bills it."""
    attributes: Attributes = field(default_factory=dict)
    features: Annotated[tuple[LabelFeature, ...], Field(max_length=200)] = ()


@shape
class LabelContract:
    contract_ident: str
    body: ContractLabels


@shape
class LabelsOf:
    contract_ident: str


class Label(NamedTuple):
    """A row of `contract_label`."""

    contract_id: int
    external_ident: str | None
    title: str | None
    document_title: str | None
    attributes: Mapping[str, str]
    features: Sequence[Mapping[str, str | None]]

    def kept_features(self) -> tuple[LabelFeature, ...]:
        return tuple(msgspec.convert(feature, LabelFeature) for feature in self.features)


class _Titled(NamedTuple):
    contract_id: int
    document_title: str


NOTHING = Label(0, None, None, None, {}, ())
_SELECT = "SELECT contract_id, external_ident, title, document_title, attributes, features FROM contract_label"


@operation("contract.labels", permission="contracts.read", reads=True)
def get_labels(uow: Uow, command: LabelsOf) -> ContractLabels:
    """What is kept with the contract."""
    contract = contract_by_ident(uow, command.contract_ident)
    return _view(labels_of(uow, [contract.contract_id]).get(contract.contract_id, NOTHING))


@operation("contract.label", permission="contracts.write")
def label_contract(uow: Uow, command: LabelContract) -> ContractLabels:
    """Replace what is kept with the contract: what is left out is gone."""
    contract, body = contract_by_ident(uow, command.contract_ident), command.body
    uow.lock("contract_label", [""])  # two contracts never take one name at the same moment
    _require_free(uow, contract, body.external_ident)
    row = {
        "contract_id": contract.contract_id,
        "external_ident": body.external_ident,
        "title": body.title,
        "document_title": body.document_title,
        "attributes": body.attributes,
        "features": [{"code": one.code, "quantity": one.quantity, "value": one.value} for one in body.features],
        "last_modified_at": uow.ctx.now(),
    }
    before = labels_of(uow, [contract.contract_id]).get(contract.contract_id)
    if before is None:
        uow.insert(tables.contract_label, [row])
    else:
        uow.run(
            "UPDATE contract_label SET external_ident = %(external_ident)s, title = %(title)s,"
            " document_title = %(document_title)s, attributes = %(attributes)s,"
            " features = %(features)s, last_modified_at = %(last_modified_at)s WHERE contract_id = %(contract_id)s",
            {**row, "attributes": _json(body.attributes), "features": _json(row["features"])},
        )
    uow.audit("contract", contract.contract_ident, {"labels": {"before": before._asdict() if before else None, "after": body}})
    return _view(labels_of(uow, [contract.contract_id])[contract.contract_id])


def labels_of(uow: Uow, ids: Collection[int]) -> dict[int, Label]:
    """What is kept with each of these contracts; nothing of those that have none."""
    return {row.contract_id: row for row in uow.all(Label, f"{_SELECT} WHERE contract_id = ANY (%s)", (sorted(ids),))}


def document_titles(uow: Uow, ids: Collection[int]) -> dict[int, str]:
    """What the bills of these contracts are about, as far as it is said."""
    sql = "SELECT contract_id, document_title FROM contract_label WHERE contract_id = ANY (%s) AND document_title IS NOT NULL"
    return dict(uow.all(_Titled, sql, (sorted(ids),))) if ids else {}


def contracts_called(uow: Uow, names: Collection[str]) -> dict[str, str]:
    """The idents of the contracts that another system calls so, by those names; names that are nothing's are left out."""
    if not names:
        return {}
    sql = (
        "SELECT l.external_ident, c.contract_ident FROM contract_label l JOIN contract c USING (tenant_id, contract_id)"
        " WHERE l.external_ident = ANY (%s)"
    )
    return {row.external_ident: row.contract_ident for row in uow.all(_Called, sql, (sorted(set(names)),))}


# helpers in calling order


def _require_free(uow: Uow, contract: Contract, external_ident: str | None) -> None:
    if external_ident is not None and contracts_called(uow, [external_ident]).get(external_ident) not in (
        None,
        contract.contract_ident,
    ):
        message = f"Another contract is called {external_ident!r} already."
        raise Refused(Kind.CONFLICT, Problem("external_ident_exists", message, "externalIdent", external_ident))


def _json(value: object) -> str:
    return ENCODER.encode(value).decode()


def _view(label: Label) -> ContractLabels:
    return ContractLabels(
        external_ident=label.external_ident,
        title=label.title,
        document_title=label.document_title,
        attributes=dict(label.attributes),
        features=label.kept_features(),
    )
