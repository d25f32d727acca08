"""How bodies of the catalogue name other things, and how findings of the core are said by fynn's names."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from contor.api.fynn.ids import CUSTOMER, uuids
from contor.api.ids import DialectIds
from contor.catalogue.measures import MEASUREMENTS_NUMBERED, UNITS_NUMBERED
from contor.catalogue.products import (
    COST_CENTRES_NUMBERED,
    FAMILIES_NUMBERED,
    PLANS_NUMBERED,
    PRICES_NUMBERED,
    PRODUCTS_NUMBERED,
    TAX_GROUPS_NUMBERED,
)
from contor.kernel.errors import Refused
from contor.kernel.shapes import Text255, shape
from contor.runtime.query import ListQuery
from contor.runtime.uow import Uow

UNIT, MEASUREMENT, PRODUCT = uuids(UNITS_NUMBERED), uuids(MEASUREMENTS_NUMBERED), uuids(PRODUCTS_NUMBERED)
FAMILY, TAX_GROUP, COST_CENTRE = uuids(FAMILIES_NUMBERED), uuids(TAX_GROUPS_NUMBERED), uuids(COST_CENTRES_NUMBERED)
PRICE, PLAN = uuids(PRICES_NUMBERED), uuids(PLANS_NUMBERED)


def _id(value: object) -> object:
    """An id, an IRI that ends with one, or an object that has one."""
    if isinstance(value, Mapping):
        value = value.get("id") or value.get("code")
    if isinstance(value, str) and ("/" in value):
        return value.rstrip("/").rpartition("/")[2]
    return value


Related = Annotated[Text255, BeforeValidator(_id), WithJsonSchema({"type": "string"})]
"""Another thing: its id, its IRI, or an object with its `id`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A list, as it is searched, ordered and paged."""

    query: ListQuery


@shape
class One:
    """A thing by its ident, which its id was resolved to."""

    id: str


def ident_of(uow: Uow, ids: DialectIds, text: str | None) -> str | None:
    """The ident of what is named; what names nothing is left for the core to refuse, at its field."""
    return None if text is None else ids.find(uow, [text]).get(text, text)


def customers_named(uow: Uow, texts: Collection[str]) -> dict[str, str]:
    """The idents of customers, by their UUIDs, `externalId` or numbers. What names nobody is left for the core to refuse."""
    return CUSTOMER.find(uow, texts)


@contextmanager
def said_as(names: Mapping[str, str]) -> Iterator[None]:
    """Findings of the core inside by the fields that the caller sent: `measurement_code` as `measurement`. What stands behind a name, as
    `[0].price`, stays. A name may be a path, which goes before those of its parts."""
    try:
        yield
    except Refused as refused:
        problems = [replace(problem, field=_said(names, problem.field)) for problem in refused.problems]
        raise Refused(refused.kind, *problems, stays=refused.stays) from None


def _said(names: Mapping[str, str], field: str | None) -> str | None:
    if field is None or field in names:
        return names[field] if field is not None else None
    parts = field.split(".")
    return ".".join(_part(names, part) for part in parts)


def _part(names: Mapping[str, str], part: str) -> str:
    name, bracket, rest = part.partition("[")
    return f"{names.get(name, name)}{bracket}{rest}"
