"""Keep the options of the core as the prices of products are."""

from collections.abc import Iterable

from contor.catalogue.measures import UNITS, measurements_by_code
from contor.catalogue.options import CreateOption, OneOption, OptionBody, UpdateOption, create_option, delete_option, update_option
from contor.catalogue.products.labels import TAX_GROUPS
from contor.catalogue.products.priced import Taxed, option_body, setup_body
from contor.catalogue.products.types import SETUP, Product, ProductPrice
from contor.catalogue.queries import options_by_ident
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow


def make_options(uow: Uow, product: Product, price: ProductPrice) -> None:
    """Those of a new price."""
    for body in _bodies(uow, product, price):
        create_option(uow, CreateOption(body=body))


def change_options(uow: Uow, product: Product, prices: Iterable[ProductPrice]) -> None:
    """A draft is changed in place; of others a new version holds in periods that begin from tomorrow on."""
    for price in prices:
        bodies = _bodies(uow, product, price)
        known = options_by_ident(uow, [str(body.option_ident) for body in bodies])
        for body in bodies:
            before = known.get(str(body.option_ident))
            if before is None:
                create_option(uow, CreateOption(body=body))
                continue
            # what others have said of the option stays
            own = [it.key for it in body.properties]
            content = before.versions[-1].content
            kept = tuple(it for it in content.properties if it.key not in (*own, "costCentre"))
            update_option(
                uow,
                UpdateOption(option_ident=before.option_ident, body=replace(body, properties=(*body.properties, *kept))),
            )


def drop_options(uow: Uow, price: ProductPrice) -> None:
    """Those of a draft."""
    for ident in sorted(options_by_ident(uow, [price.ident, f"{price.ident}{SETUP}"])):
        delete_option(uow, OneOption(option_ident=ident))


# helpers in calling order


def _bodies(uow: Uow, product: Product, price: ProductPrice) -> list[OptionBody]:
    taxed = Taxed()
    if product.tax_group_ident is not None:
        group = TAX_GROUPS.require(uow, (product.tax_group_ident,))
        taxed = Taxed(group["rate"], group["reverse_charge"])
    bodies = [option_body(product, price, taxed, _unit_of(uow, price))]
    if price.setup_fee is not None:
        bodies.append(setup_body(product, price, taxed))
    return bodies


def _unit_of(uow: Uow, price: ProductPrice) -> str:
    """As documents say it."""
    code = price.measurement_code
    found = None if code is None else measurements_by_code(uow, [code])[code]
    return "PC" if found is None or found.unit_ident is None else str(UNITS.require(uow, (found.unit_ident,))["quantity_type"])
