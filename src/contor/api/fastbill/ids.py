"""Ids of FastBill: the whole numbers that the core gives its things, never given anew."""

from collections.abc import Collection

from contor.api.ids import DialectIds
from contor.customers.keeping import NUMBERED as CUSTOMERS
from contor.kernel.errors import Kind, Problem, Refused
from contor.notifications.routes import NUMBERED as ROUTES
from contor.runtime.query.numbered import Numbered
from contor.runtime.uow import Uow


def integers(things: Numbered) -> DialectIds:
    return DialectIds(things, ("INTEGER",))


CUSTOMER = integers(CUSTOMERS)
WEBHOOK = integers(ROUTES)


def unknown(field: str, number: object = None) -> Refused:
    """The refusal of a field that names nothing of this tenant: `missing / invalid field: …`."""
    return Refused(Kind.INVALID, Problem("reference_unknown", "does not exist", field, number))


def ident_of(uow: Uow, ids: DialectIds, number: int, field: str) -> str:
    """The ident of the thing with this number; raises the refusal of `field` where there is none."""
    found = ids.find(uow, [str(number)])
    if not found:
        raise unknown(field, number)
    return found[str(number)]


def number_of(uow: Uow, ids: DialectIds, ident: str) -> int:
    """The number of a thing that exists."""
    return int(ids.shown(uow, [ident])[ident])


def numbers_of(uow: Uow, ids: DialectIds, idents: Collection[str]) -> dict[str, int]:
    """The numbers of things by their idents, one look-up; what does not exist has none."""
    return {ident: int(number) for ident, number in ids.shown(uow, list(set(idents))).items()}
