"""Ids of fynn: UUIDs made of the numbers of the core, ULIDs for some; what a caller named himself is found by its name, too."""

from contor.api.ids import Called, DialectIds
from contor.contracts.labels import contracts_called
from contor.contracts.queries import NUMBERED as CONTRACTS
from contor.customers.keeping import NUMBERED as CUSTOMERS
from contor.customers.queries import idents_by_external_id
from contor.runtime.query.numbered import Numbered


def uuids(things: Numbered, called: Called | None = None) -> DialectIds:
    """Things that are shown by a UUID, and also found by their ident, and by what other systems call them (`called`)."""
    return DialectIds(things, ("UUID", "EXTERNAL"), called)


def ulids(things: Numbered) -> DialectIds:
    """Things that are shown by a ULID."""
    return DialectIds(things, ("ULID",))


CUSTOMER = uuids(CUSTOMERS, idents_by_external_id)
SUBSCRIPTION = uuids(CONTRACTS, contracts_called)
