"""What products are sorted, taxed and booked by: product families, tax groups, cost centres."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from contor.api.fynn.catalogue.relations import Asked, One, said_as
from contor.api.fynn.manners import Uuid, When, known_when
from contor.catalogue.products import COST_CENTRES, FAMILIES, TAX_GROUPS
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, Name255, replace, shape
from contor.runtime.execute import validated
from contor.runtime.query import Page
from contor.runtime.resource import Keyed, Listed, Resource, Written
from contor.runtime.uow import Uow

ReverseCharge = Literal["REVERSE_CHARGE_DEACTIVATED", "REVERSE_CHARGE", "REVERSE_CHARGE_INTRA_EU_SUPPLY"]
_REVERSE: Final[Mapping[ReverseCharge, str]] = {
    "REVERSE_CHARGE_DEACTIVATED": "DEACTIVATED",
    "REVERSE_CHARGE": "SERVICE",
    "REVERSE_CHARGE_INTRA_EU_SUPPLY": "INTRA_EU_SUPPLY",
}
_REVERSED: Final = {core: fynn for fynn, core in _REVERSE.items()}
_OF_TAX_GROUP: Final = {"name": "internalDescription", "reverse_charge": "reverseChargeType", "rate": "type"}


@shape
class FamilyBody:
    name: Name255


@shape
class FamilyShown:
    id: Uuid
    name: str


@shape
class NewFamily:
    body: FamilyBody


@shape
class ChangeFamily:
    id: str
    body: FamilyBody


@shape
class TaxGroupBody:
    internal_description: Name255
    """For who keeps the catalogue, such as `19%`."""
    reverse_charge_type: ReverseCharge = "REVERSE_CHARGE_DEACTIVATED"
    type: Literal["standard", "reduced"] = "standard"


@shape
class TaxGroupShown:
    id: Uuid
    internal_description: str
    reverse_charge_type: ReverseCharge
    type: Literal["standard", "reduced"]


@shape
class NewTaxGroup:
    body: TaxGroupBody


@shape
class ChangeTaxGroup:
    id: str
    body: TaxGroupBody


@shape
class CostCentreBody:
    code: Ident
    name: Name255
    type: Literal["KOST1"] = "KOST1"
    """The books keep one cost centre of each row."""


@shape
class CostCentreShown:
    id: Uuid
    name: str
    code: str
    type: Literal["KOST1"]
    created_at: When
    updated_at: When


@shape
class NewCostCentre:
    body: CostCentreBody


@shape
class ChangeCostCentre:
    id: str
    body: CostCentreBody


@operation("fynn.product_family_list", permission="catalogue.read", reads=True)
def list_families(uow: Uow, command: Asked) -> Page:
    """The product families of the tenant."""
    page: Page = FAMILIES.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(family_shown(row) for row in page.rows))


@operation("fynn.product_family_get", permission="catalogue.read", reads=True)
def get_family(uow: Uow, command: One) -> FamilyShown:
    """One product family."""
    return family_shown(FAMILIES.get.function(uow, Keyed((command.id,))))


@operation("fynn.product_family_create", permission="catalogue.write")
def create_family(uow: Uow, command: NewFamily) -> FamilyShown:
    """A new product family."""
    return family_shown(_made(uow, FAMILIES, {"name": command.body.name}))


@operation("fynn.product_family_update", permission="catalogue.write")
def update_family(uow: Uow, command: ChangeFamily) -> FamilyShown:
    """Rename a product family."""
    return family_shown(_changed(uow, FAMILIES, command.id, {"name": command.body.name}))


@operation("fynn.product_family_delete", permission="catalogue.write")
def delete_family(uow: Uow, command: One) -> None:
    """Only one to which no product belongs."""
    FAMILIES.delete.function(uow, Keyed((command.id,)))


@operation("fynn.tax_group_list", permission="catalogue.read", reads=True)
def list_tax_groups(uow: Uow, command: Asked) -> Page:
    """The tax groups of the tenant."""
    page: Page = TAX_GROUPS.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(tax_group_shown(row) for row in page.rows))


@operation("fynn.tax_group_get", permission="catalogue.read", reads=True)
def get_tax_group(uow: Uow, command: One) -> TaxGroupShown:
    """One tax group."""
    return tax_group_shown(TAX_GROUPS.get.function(uow, Keyed((command.id,))))


@operation("fynn.tax_group_create", permission="catalogue.write")
def create_tax_group(uow: Uow, command: NewTaxGroup) -> TaxGroupShown:
    """A new tax group."""
    with said_as(_OF_TAX_GROUP):
        return tax_group_shown(_made(uow, TAX_GROUPS, _tax_group(command.body)))


@operation("fynn.tax_group_update", permission="catalogue.write")
def update_tax_group(uow: Uow, command: ChangeTaxGroup) -> TaxGroupShown:
    """Replace a tax group. Prices of its products are taxed so as soon as they are changed; those that are billed stay."""
    with said_as(_OF_TAX_GROUP):
        return tax_group_shown(_changed(uow, TAX_GROUPS, command.id, _tax_group(command.body)))


@operation("fynn.tax_group_delete", permission="catalogue.write")
def delete_tax_group(uow: Uow, command: One) -> None:
    """Only one by which no product is taxed."""
    TAX_GROUPS.delete.function(uow, Keyed((command.id,)))


@operation("fynn.cost_centre_list", permission="catalogue.read", reads=True)
def list_cost_centres(uow: Uow, command: Asked) -> Page:
    """The cost centres of the tenant."""
    page: Page = COST_CENTRES.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(cost_centre_shown(row) for row in page.rows))


@operation("fynn.cost_centre_get", permission="catalogue.read", reads=True)
def get_cost_centre(uow: Uow, command: One) -> CostCentreShown:
    """One cost centre."""
    return cost_centre_shown(COST_CENTRES.get.function(uow, Keyed((command.id,))))


@operation("fynn.cost_centre_create", permission="catalogue.write")
def create_cost_centre(uow: Uow, command: NewCostCentre) -> CostCentreShown:
    """A new cost centre."""
    body = {"code": command.body.code, "name": command.body.name}
    return cost_centre_shown(_made(uow, COST_CENTRES, body))


@operation("fynn.cost_centre_update", permission="catalogue.write")
def update_cost_centre(uow: Uow, command: ChangeCostCentre) -> CostCentreShown:
    """Rename a cost centre; its code stays."""
    body = {"code": command.body.code, "name": command.body.name}
    return cost_centre_shown(_changed(uow, COST_CENTRES, command.id, body))


@operation("fynn.cost_centre_delete", permission="catalogue.write")
def delete_cost_centre(uow: Uow, command: One) -> None:
    """Only one on which no product is booked."""
    COST_CENTRES.delete.function(uow, Keyed((command.id,)))


# helpers in calling order


def family_shown(row: Fields) -> FamilyShown:
    return FamilyShown(id=row["ident"], name=row["name"])


def tax_group_shown(row: Fields) -> TaxGroupShown:
    return TaxGroupShown(
        id=row["ident"],
        internal_description=row["name"],
        reverse_charge_type=_REVERSED[row["reverse_charge"]],
        type=row["rate"].lower(),
    )


def cost_centre_shown(row: Fields) -> CostCentreShown:
    return CostCentreShown(
        id=row["code"],
        name=row["name"],
        code=row["code"],
        type="KOST1",
        created_at=known_when(row["created_at"]),
        updated_at=known_when(row["last_modified_at"]),
    )


def shown_once(uow: Uow, things: Resource, idents: Iterable[str | None]) -> dict[str, Fields]:
    """The rows of things, each read once."""
    return {ident: things.get.function(uow, Keyed((ident,))) for ident in {one for one in idents if one is not None}}


def _tax_group(body: TaxGroupBody) -> Fields:
    return {
        "name": body.internal_description,
        "reverse_charge": _REVERSE[body.reverse_charge_type],
        "rate": body.type.upper(),
    }


def _made(uow: Uow, things: Resource, body: Fields) -> Fields:
    made: Fields = things.create.function(uow, Written((), validated(things.creation, body)))
    return made


def _changed(uow: Uow, things: Resource, ident: str, body: Fields) -> Fields:
    changed: Fields = things.update.function(uow, Written((ident,), validated(things.update_body, body)))
    return changed
