"""Product groups: price plans of which a subscription takes one, and may change to another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal, cast

from contor.api.fynn.groups.types import Membership, MembershipShown, ProductGroupBody, ProductGroupShown
from contor.api.fynn.manners import known_when
from contor.api.fynn.subscriptions import GROUP, PRICE, PRODUCT, told
from contor.api.route import By, IdsOf, Sought
from contor.catalogue.groups.stored import PRODUCT_GROUPS
from contor.catalogue.products import prices_by_ident, prices_of_product
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

CORE: Final = {
    "members.optionIdent": "memberships[].pricePlan",
    "members.creditType": "memberships[].creditType",
    "members": "memberships",
    "sameIntervalOnly": "sameBillingIntervalOnly",
}
SOUGHT: Final = Sought(by={"id": By(field="ident"), "name": By(field="name", form="PART")}, order={"name": "name"})
IDS: Final = IdsOf(path={"id": GROUP})
LIST_IDS: Final = IdsOf(query={"ident": GROUP})


@shape
class One:
    id: str


@shape
class Update:
    id: str
    body: ProductGroupBody


@shape
class Asked:
    query: ListQuery


@operation("fynn.product_group_list", permission="catalogue.read", reads=True)
def list_groups(uow: Uow, command: Asked) -> Page:
    """Product groups with their memberships."""
    page: Page = PRODUCT_GROUPS.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(_shown(uow, page.rows)))


@operation("fynn.product_group_get", permission="catalogue.read", reads=True)
def get_group(uow: Uow, command: One) -> ProductGroupShown:
    """One product group."""
    return _read(uow, command.id)


@operation("fynn.product_group_create", permission="catalogue.write")
def create_group(uow: Uow, body: ProductGroupBody) -> ProductGroupShown:
    """A new product group; a product stands for its active price plans."""
    row = _row(uow, body)
    with told(CORE):
        made = PRODUCT_GROUPS.create.function(uow, Written((), validated(PRODUCT_GROUPS.creation, row)))
    return _read(uow, made["ident"])


@operation("fynn.product_group_update", permission="catalogue.write")
def update_group(uow: Uow, command: Update) -> ProductGroupShown:
    """Replace a product group with all of its memberships."""
    PRODUCT_GROUPS.require(uow, [command.id])
    row = _row(uow, command.body)
    with told(CORE):
        PRODUCT_GROUPS.update.function(uow, Written((command.id,), validated(PRODUCT_GROUPS.update_body, row)))
    return _read(uow, command.id)


@operation("fynn.product_group_delete", permission="catalogue.write")
def delete_group(uow: Uow, command: One) -> None:
    """Subscriptions are changed within it no more."""
    PRODUCT_GROUPS.delete.function(uow, Keyed((command.id,)))


# helpers in calling order


def _row(uow: Uow, body: ProductGroupBody) -> Fields:
    members, problems = list[Fields](), list[Problem]()
    for index, said in enumerate(body.memberships):
        found, problem = _prices(uow, said, f"memberships[{index}]")
        if problem is not None:
            problems.append(problem)
        members += [
            {
                "option_ident": ident,
                "position": said.position,
                "change_timing": said.change_timing.upper(),
                "credit_type": said.credit_type.upper(),
                "quantity_change": said.quantity_change_allowed,
            }
            for ident in found
        ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return {
        "name": body.name,
        "enabled": body.enabled,
        "same_interval_only": body.same_billing_interval_only,
        "members": members,
    }


def _prices(uow: Uow, said: Membership, path: str) -> tuple[Sequence[str], Problem | None]:
    """The price plans of a membership, or why there are none. A price plan may be sent with its product, as it is answered."""
    product = PRODUCT.find(uow, [said.product]).get(said.product, "") if said.product is not None else None
    if said.price_plan is not None:
        ident = PRICE.find(uow, [said.price_plan]).get(said.price_plan, "")
        price = prices_by_ident(uow, [ident]).get(ident)
        if price is None:
            return (), Problem("price_unknown", "does not exist", f"{path}.pricePlan", said.price_plan[:100])
        if product not in (None, price.product_ident):
            return (), Problem("membership_unclear", "is of another product", f"{path}.pricePlan", said.price_plan[:100])
        return (ident,), None
    if product is None or said.product is None:
        return (), Problem("membership_unclear", "is of a price plan, or of a product", f"{path}.pricePlan")
    found = [one.ident for one in prices_of_product(uow, product) if one.status == "ACTIVE" and one.interval and not one.is_metered]
    if not found:
        return (), Problem("price_missing", "has no active price plan that recurs", f"{path}.product", said.product[:100])
    return found, None


def _read(uow: Uow, ident: str) -> ProductGroupShown:
    return _shown(uow, [PRODUCT_GROUPS.get.function(uow, Keyed((ident,)))])[0]


def _shown(uow: Uow, rows: Sequence[Fields]) -> list[ProductGroupShown]:
    idents = {one["option_ident"] for row in rows for one in row["members"]}
    prices = prices_by_ident(uow, idents)
    ids, plans = GROUP.shown(uow, [row["ident"] for row in rows]), PRICE.shown(uow, idents)
    products = PRODUCT.shown(uow, {price.product_ident for price in prices.values()})
    return [
        ProductGroupShown(
            id=str(ids[row["ident"]]),
            name=row["name"],
            enabled=row["enabled"],
            same_billing_interval_only=row["same_interval_only"],
            memberships=tuple(
                MembershipShown(
                    price_plan=str(plans.get(one["option_ident"], one["option_ident"])),
                    product=str(products[price.product_ident]) if (price := prices.get(one["option_ident"])) is not None else None,
                    position=one.get("position", 0),
                    change_timing=cast(Literal["immediately", "end_of_period"], one.get("change_timing", "IMMEDIATELY").lower()),
                    credit_type=cast(
                        Literal["pro_rata", "full", "last_invoiced", "none"], one.get("credit_type", "PRO_RATA").lower()
                    ),
                    quantity_change_allowed=one.get("quantity_change", True),
                )
                for one in row["members"]
            ),
            created_at=known_when(row["created_at"]),
        )
        for row in rows
    ]
