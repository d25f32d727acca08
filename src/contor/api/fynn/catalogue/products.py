"""Products: what is sold, whatever it costs."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.api.fynn.catalogue.labels import (
    CostCentreShown,
    FamilyShown,
    TaxGroupShown,
    cost_centre_shown,
    shown_once,
    tax_group_shown,
)
from contor.api.fynn.catalogue.measurements import MeasurementShown, measurements_shown
from contor.api.fynn.catalogue.relations import (
    COST_CENTRE,
    FAMILY,
    MEASUREMENT,
    TAX_GROUP,
    Asked,
    One,
    Related,
    ident_of,
    said_as,
)
from contor.api.fynn.catalogue.translated import ProductTranslation, Translations, translations, words
from contor.api.fynn.manners import CustomFields, Uuid, When, known_when
from contor.catalogue.measures import MEASUREMENTS
from contor.catalogue.products import (
    COST_CENTRES,
    PRODUCTS,
    TAX_GROUPS,
    OneProduct,
    archive_product,
    families_named,
)
from contor.custom_fields.values import kept, values_of
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, Name255, Text, Text255, replace, shape
from contor.runtime.execute import validated
from contor.runtime.query import Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

CORE: Final[Mapping[str, str]] = {
    "ident": "externalId",
    "words": "translations",
    "measurement_code": "measurement",
    "tax_group_ident": "taxGroup",
    "cost_centre_code": "costCentre",
    "families": "productFamilies",
}


@shape
class ProductBody:
    name: Name255
    external_id: Ident | None = None
    """Ours: what the caller calls it; it stays."""
    number: Text255 | None = None
    description: Text | None = None
    internal_name: Text255 | None = None
    type: Literal["product"] = "product"
    translations: Translations = Field(default_factory=dict)
    measurement: Related | None = None
    product_families: Annotated[tuple[Related, ...], Field(max_length=50)] = ()
    invoice_visibility: Literal["always"] = "always"
    """An invoice shows every row that it bills."""
    tax_group: Related | None = None
    cost_centre: Related | None = None
    is_archived: bool = False
    custom_fields: CustomFields = Field(default_factory=dict)


@shape
class ProductShown:
    id: Uuid
    external_id: str
    type: Literal["product"]
    number: str | None
    name: str
    description: str | None
    internal_name: str | None
    translations: dict[str, ProductTranslation]
    measurement: MeasurementShown | None
    product_families: tuple[FamilyShown, ...]
    invoice_visibility: Literal["always"]
    tax_group: TaxGroupShown | None
    cost_centre: CostCentreShown | None
    is_archived: bool
    custom_fields: dict[str, object]
    created_at: When
    updated_at: When


@shape
class NewProduct:
    body: ProductBody


@shape
class ChangeProduct:
    id: str
    body: ProductBody


@operation("fynn.product_list", permission="catalogue.read", reads=True)
def list_products(uow: Uow, command: Asked) -> Page:
    """The products of the tenant."""
    page: Page = PRODUCTS.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(products_shown(uow, page.rows)))


@operation("fynn.product_get", permission="catalogue.read", reads=True)
def get_product(uow: Uow, command: One) -> ProductShown:
    """One product."""
    return products_shown(uow, [PRODUCTS.get.function(uow, Keyed((command.id,)))])[0]


@operation("fynn.product_create", permission="catalogue.write")
def create_product(uow: Uow, command: NewProduct) -> ProductShown:
    """A new product."""
    with said_as(CORE):
        row = {"ident": command.body.external_id, **_row(uow, command.body)}
        made = PRODUCTS.create.function(uow, Written((), validated(PRODUCTS.creation, row)))
        return _archived(uow, made, command.body)


@operation("fynn.product_update", permission="catalogue.write")
def update_product(uow: Uow, command: ChangeProduct) -> ProductShown:
    """Replace a product. What its prices say on documents changes in periods that begin from tomorrow on."""
    with said_as(CORE):
        row = {"ident": command.body.external_id, **_row(uow, command.body)}
        made = PRODUCTS.update.function(uow, Written((command.id,), validated(PRODUCTS.update_body, row)))
        return _archived(uow, made, command.body)


@operation("fynn.product_archive", permission="catalogue.write")
def archive(uow: Uow, command: One) -> ProductShown:
    """Nobody orders it any more; who has it keeps it."""
    return products_shown(uow, [archive_product(uow, OneProduct(ident=command.id))])[0]


@operation("fynn.product_delete", permission="catalogue.write")
def delete_product(uow: Uow, command: One) -> None:
    """Only one without price plans."""
    with said_as({"ident": "id"}):
        PRODUCTS.delete.function(uow, Keyed((command.id,)))


def products_shown(uow: Uow, rows: Iterable[Fields]) -> list[ProductShown]:
    """As they are answered, with all that they name."""
    made = list(rows)
    families = families_named(uow, {ident for row in made for ident in row["families"]})
    own = values_of(uow, "PRODUCT", [row["ident"] for row in made])
    groups = shown_once(uow, TAX_GROUPS, (row["tax_group_ident"] for row in made))
    centres = shown_once(uow, COST_CENTRES, (row["cost_centre_code"] for row in made))
    measured = shown_once(uow, MEASUREMENTS, (row["measurement_code"] for row in made))
    measurements = {one.code: one for one in measurements_shown(uow, list(measured.values()))}
    return [
        ProductShown(
            id=row["ident"],
            external_id=row["ident"],
            type="product",
            number=row["number"],
            name=row["name"],
            description=row["description"],
            internal_name=row["internal_name"],
            translations=translations(row["words"]),
            measurement=measurements.get(row["measurement_code"]),
            product_families=tuple(FamilyShown(id=ident, name=families[ident]) for ident in row["families"] if ident in families),
            invoice_visibility="always",
            tax_group=None if row["tax_group_ident"] is None else tax_group_shown(groups[row["tax_group_ident"]]),
            cost_centre=None if row["cost_centre_code"] is None else cost_centre_shown(centres[row["cost_centre_code"]]),
            is_archived=row["archived_at"] is not None,
            custom_fields=dict(own[row["ident"]]),
            created_at=known_when(row["created_at"]),
            updated_at=known_when(row["last_modified_at"]),
        )
        for row in made
    ]


# helpers in calling order


def _row(uow: Uow, body: ProductBody) -> Fields:
    return {
        "number": body.number,
        "name": body.name,
        "description": body.description,
        "internal_name": body.internal_name,
        "words": words(body.translations),
        "families": [ident_of(uow, FAMILY, one) for one in body.product_families],
        "measurement_code": ident_of(uow, MEASUREMENT, body.measurement),
        "tax_group_ident": ident_of(uow, TAX_GROUP, body.tax_group),
        "cost_centre_code": ident_of(uow, COST_CENTRE, body.cost_centre),
    }


def _archived(uow: Uow, row: Fields, body: ProductBody) -> ProductShown:
    kept(uow, "PRODUCT", row["ident"], body.custom_fields)
    if body.is_archived:
        row = archive_product(uow, OneProduct(ident=row["ident"]))
    return products_shown(uow, [row])[0]
