"""Products, what they cost and the plans that sell them as they are kept. A price of a product is an option, which is made and changed
with it."""

from contor.catalogue.events import PricesArchived, ProductsChanged
from contor.catalogue.measures import known_measurements, measurements_by_code
from contor.catalogue.products import tables
from contor.catalogue.products.optional import change_options, drop_options, make_options
from contor.catalogue.products.priced import findings
from contor.catalogue.products.queries import (
    known_families,
    known_products,
    price_of_row,
    prices_of_product,
    products_by_ident,
)
from contor.catalogue.products.types import Product
from contor.custom_fields.values import forgotten
from contor.customers.queries import known_customers
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Fields, shape
from contor.runtime.resource import Keyed, Resource
from contor.runtime.uow import Uow

LASTING = ("interval", "pay_in_advance", "currency", "customer_ident")
"""What stays of a price as soon as somebody may order it: contracts are made of it."""
_SAID = ("name", "description", "words", "number", "tax_group_ident", "cost_centre_code")
"""What options say of their product."""


def _product_findings(uow: Uow, row: Fields) -> list[Problem]:
    problems = []
    if row["measurement_code"] is not None and not known_measurements(uow, [row["measurement_code"]]):
        problems.append(Problem("measurement_unknown", "does not exist", "measurement_code", row["measurement_code"]))
    for name, table, key in (("tax_group_ident", tables.tax_group, "ident"), ("cost_centre_code", tables.cost_centre, "code")):
        if row[name] is not None and uow.scalar(int, f"SELECT 1 FROM {table.name} WHERE {key} = %s", (row[name],)) is None:
            problems.append(Problem(f"{table.name}_unknown", "does not exist", name, row[name]))
    known = known_families(uow, row["families"])
    problems += [
        Problem("product_family_unknown", "does not exist", f"families[{index}]", ident)
        for index, ident in enumerate(row["families"])
        if ident not in known
    ]
    sql = "SELECT 1 FROM product WHERE number = %s AND ident IS DISTINCT FROM %s"
    if row["number"] is not None and uow.scalar(int, sql, (row["number"], row["ident"])) is not None:
        problems.append(Problem("product_number_exists", "is that of another product", "number", row["number"]))
    return problems


def _new_product(uow: Uow, row: Fields) -> None:
    _refuse(_product_findings(uow, row))


def _made_product(uow: Uow, row: Fields) -> None:
    uow.emit(ProductsChanged(product_idents=(row["ident"],), became="CREATED"))


def _changed_product(uow: Uow, row: Fields) -> None:
    before = PRODUCTS.require(uow, (row["ident"],))
    problems, prices = _product_findings(uow, row), prices_of_product(uow, row["ident"])
    if prices and row["measurement_code"] != before["measurement_code"]:
        message = "The product has prices, which are by this measurement."
        problems.append(Problem("product_has_prices", message, "measurement_code", row["measurement_code"]))
    _refuse(problems)
    uow.emit(ProductsChanged(product_idents=(row["ident"],), became="UPDATED"))
    if any(_plain(row[name]) != _plain(before[name]) for name in _SAID):
        change_options(uow, Product(**{name: row[name] for name in Product._fields}), prices)


def _unpriced(uow: Uow, row: Fields) -> None:
    if prices_of_product(uow, row["ident"]):
        message = "The product has prices: it is archived, not deleted."
        raise Refused(Kind.CONFLICT, Problem("product_has_prices", message))
    forgotten(uow, "PRODUCT", [row["ident"]])
    uow.emit(ProductsChanged(product_idents=(row["ident"],), became="DELETED"))


PRODUCTS = Resource(
    "product",
    tables.product,
    permission="catalogue",
    writable=(
        "number",
        "name",
        "description",
        "internal_name",
        "words",
        "families",
        "measurement_code",
        "tax_group_ident",
        "cost_centre_code",
        "properties",
    ),
    filterable=("ident", "id", "number", "name", "internal_name", "measurement_code", "archived_at", "created_at"),
    sort="id",
    refers=(
        Reference("measurementCode", "measurement_unknown", known_measurements),
        Reference("families", "product_family_unknown", known_families),
    ),
    before_create=_new_product,
    after_create=_made_product,
    before_update=_changed_product,
    before_delete=_unpriced,
)


@shape
class OneProduct:
    ident: str


@operation("product.archive", permission="catalogue.write")
def archive_product(uow: Uow, command: OneProduct) -> PRODUCTS.output:  # type: ignore[name-defined]  # made of the table
    """Nobody orders it any more; who has it keeps it. A second call changes nothing."""
    row = PRODUCTS.require(uow, (command.ident,), lock=True)
    if row["archived_at"] is None:
        now = uow.ctx.now()
        uow.run("UPDATE product SET archived_at = %s, last_modified_at = %s WHERE ident = %s", (now, now, command.ident))
        uow.audit("product", command.ident, {"archived": True})
        uow.emit(ProductsChanged(product_idents=(command.ident,), became="ARCHIVED"))
    return PRODUCTS.get.function(uow, Keyed((command.ident,)))


# --- prices ----------------------------------------------------------------------------------------------------------------------


def _measured(uow: Uow, row: Fields) -> list[Problem]:
    """With what the product is measured by."""
    product = products_by_ident(uow, [row["product_ident"]]).get(row["product_ident"])
    row["measurement_code"] = None if product is None else product.measurement_code
    found = measurements_by_code(uow, [row["measurement_code"]]) if row["measurement_code"] is not None else {}
    row["is_metered"] = any(it.kind == "METERED" for it in found.values())
    if product is None:
        return [Problem("product_unknown", "does not exist", "product_ident", row["product_ident"])]
    if product.archived_at is not None:
        return [Problem("product_archived", "is archived: it gets no further price", "product_ident", row["product_ident"])]
    return []


def _new_price(uow: Uow, row: Fields) -> None:
    problems = _measured(uow, row)
    if row["customer_ident"] is not None and not known_customers(uow, [row["customer_ident"]]):
        problems.append(Problem("customer_unknown", "does not exist", "customer_ident", row["customer_ident"]))
    price = price_of_row(row)
    _refuse([*problems, *findings(price)])
    make_options(uow, products_by_ident(uow, [price.product_ident])[price.product_ident], price)


def _changed_price(uow: Uow, row: Fields) -> None:
    before = PRICES.require(uow, (row["ident"],))
    price, problems = price_of_row(row), []
    if row["customer_ident"] is not None and not known_customers(uow, [row["customer_ident"]]):
        problems.append(Problem("customer_unknown", "does not exist", "customer_ident", row["customer_ident"]))
    if before["status"] == "ARCHIVED":
        problems.append(Problem("price_archived", "The price is archived: it stays as it is.", "ident", row["ident"]))
    elif before["status"] == "ACTIVE":
        message = "stays, for contracts are made of it: another price of the product has another one"
        problems += [
            Problem("price_ordered", message, name, row[name]) for name in LASTING if _plain(row[name]) != _plain(before[name])
        ]
        if row["status"] == "DRAFT":
            problems.append(Problem("price_ordered", "An active price is no draft any more.", "status", "DRAFT"))
    _refuse([*problems, *findings(price)])
    change_options(uow, products_by_ident(uow, [price.product_ident])[price.product_ident], [price])


def _draft(uow: Uow, row: Fields) -> None:
    if row["status"] != "DRAFT":
        message = "Only a draft is deleted; what could be ordered is archived."
        raise Refused(Kind.CONFLICT, Problem("price_ordered", message))
    drop_options(uow, price_of_row(row))


PRICES = Resource(
    "product_price",
    tables.product_price,
    permission="catalogue",
    writable=(
        "product_ident",
        "internal_name",
        "status",
        "sales_channel",
        "model",
        "interval",
        "shown_per",
        "pay_in_advance",
        "pro_rata",
        "trial_days",
        "price",
        "tiers",
        "free_units",
        "setup_fee",
        "percentage",
        "fixed_price",
        "minimum",
        "maximum",
        "currency",
        "customer_ident",
        "properties",
    ),
    immutable=("product_ident",),
    filterable=("ident", "id", "product_ident", "status", "customer_ident", "created_at"),
    sort="id",
    refers=(
        Reference("productIdent", "product_unknown", known_products),
        Reference("customerIdent", "customer_unknown", known_customers),
    ),
    before_create=_new_price,
    before_update=_changed_price,
    before_delete=_draft,
)


@shape
class OnePrice:
    ident: str


@operation("product_price.archive", permission="catalogue.write")
def archive_price(uow: Uow, command: OnePrice) -> PRICES.output:  # type: ignore[name-defined]  # made of the table
    """Nobody orders it any more; who has it keeps it. A second call changes nothing."""
    row = PRICES.require(uow, (command.ident,), lock=True)
    if row["status"] != "ARCHIVED":
        now = uow.ctx.now()
        sql = "UPDATE product_price SET status = 'ARCHIVED', last_modified_at = %s WHERE ident = %s"
        uow.run(sql, (now, command.ident))
        uow.audit("product_price", command.ident, {"archived": True})
        uow.emit(PricesArchived(price_idents=(command.ident,)))
    return PRICES.get.function(uow, Keyed((command.ident,)))


# helpers in calling order


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _plain(value: object) -> object:
    """As it is read again: JSON knows no tuples."""
    return list(value) if isinstance(value, tuple) else value
