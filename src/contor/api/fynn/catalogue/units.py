"""Units: in what something is counted."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from contor.api.fynn.catalogue.relations import Asked, One, said_as
from contor.api.fynn.manners import Uuid, When, known_when
from contor.catalogue.measures import UNITS
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Language, Name255, replace, shape
from contor.runtime.execute import validated
from contor.runtime.query import Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

_KNOWN: Final[Mapping[str, str]] = {
    "kwh": "KWH",
    "second": "SECOND",
    "sekunde": "SECOND",
    "minute": "MINUTE",
    "hour": "HOUR",
    "stunde": "HOUR",
    "day": "DAY",
    "tag": "DAY",
    "week": "WEEK",
    "woche": "WEEK",
    "month": "MONTH",
    "monat": "MONTH",
    "year": "YEAR",
    "jahr": "YEAR",
}
"""Names of units that e-invoices have a code for; everything else counts pieces."""
_ENDINGS = ("n", "s", "e", "en")


def _texts(value: object) -> object:
    """A translation is the name itself, or an object with it."""
    if value in ([], None):
        return {}
    if isinstance(value, Mapping):
        return {code: said.get("name") if isinstance(said, Mapping) else said for code, said in value.items()}
    return value


@shape
class UnitBody:
    name: Name255
    translations: Annotated[dict[Language, Name255], Field(max_length=50), BeforeValidator(_texts)] = Field(default_factory=dict)


@shape
class UnitShown:
    id: Uuid
    name: str
    translations: dict[str, str]
    created_at: When | None = None
    updated_at: When | None = None


@shape
class NewUnit:
    body: UnitBody


@shape
class ChangeUnit:
    id: str
    body: UnitBody


@operation("fynn.unit_list", permission="catalogue.read", reads=True)
def list_units(uow: Uow, command: Asked) -> Page:
    """The units of the tenant."""
    page: Page = UNITS.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(unit_shown(row) for row in page.rows))


@operation("fynn.unit_get", permission="catalogue.read", reads=True)
def get_unit(uow: Uow, command: One) -> UnitShown:
    """One unit."""
    return unit_shown(UNITS.get.function(uow, Keyed((command.id,))))


@operation("fynn.unit_create", permission="catalogue.write")
def create_unit(uow: Uow, command: NewUnit) -> UnitShown:
    """A new unit."""
    return unit_shown(UNITS.create.function(uow, Written((), validated(UNITS.creation, _row(command.body)))))


@operation("fynn.unit_update", permission="catalogue.write")
def update_unit(uow: Uow, command: ChangeUnit) -> UnitShown:
    """Replace a unit."""
    body = validated(UNITS.update_body, _row(command.body))
    return unit_shown(UNITS.update.function(uow, Written((command.id,), body)))


@operation("fynn.unit_delete", permission="catalogue.write")
def delete_unit(uow: Uow, command: One) -> None:
    """Only one in which nothing is counted."""
    with said_as({"ident": "id"}):
        UNITS.delete.function(uow, Keyed((command.id,)))


def unit_shown(row: Fields) -> UnitShown:
    return UnitShown(
        id=row["ident"],
        name=row["name"],
        translations={one["language"]: one["name"] for one in row["words"]},
        created_at=known_when(row["created_at"]),
        updated_at=known_when(row["last_modified_at"]),
    )


def _row(body: UnitBody) -> Fields:
    said = [{"language": code, "name": name} for code, name in sorted(body.translations.items())]
    return {"name": body.name, "quantity_type": _quantity_type(body.name), "words": said}


def _quantity_type(name: str) -> str:
    plain = name.strip().lower()
    forms = (plain, *(plain.removesuffix(ending) for ending in _ENDINGS))
    return next((_KNOWN[form] for form in forms if form in _KNOWN), "PC")
