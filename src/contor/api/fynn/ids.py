"""Ids of fynn: UUIDs made of the numbers of the core, ULIDs for some; what a caller named himself is found by its name, too."""

from contor.api.ids import DialectIds
from contor.contracts.queries import NUMBERED as CONTRACTS
from contor.customers.keeping import NUMBERED as CUSTOMERS
from contor.runtime.query.numbered import Numbered


def uuids(things: Numbered) -> DialectIds:
    """Things that are shown by a UUID, and also found by their external id."""
    return DialectIds(things, ("UUID", "EXTERNAL"))


def ulids(things: Numbered) -> DialectIds:
    """Things that are shown by a ULID."""
    return DialectIds(things, ("ULID",))


CUSTOMER = uuids(CUSTOMERS)
SUBSCRIPTION = uuids(CONTRACTS)
