"""Checkout links: made, listed, changed, given up; and carts that are made of them."""

from dataclasses import replace
from typing import Final

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.checkout.answers import CartShown, LinkShown
from contor.api.fynn.checkout.reading import LinkData, LinkItemData, PlanLinkData, link_fields
from contor.api.fynn.checkout.shown import cart_shown, link_shown
from contor.api.fynn.checkout.things import item_fields
from contor.api.route import By, Sought
from contor.catalogue.queries import known_plans
from contor.checkout.carts import FromLink, create_cart
from contor.checkout.links import CHECKOUT_LINKS
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow, not_found

SOUGHT: Final = Sought(
    by={"slug": By(field="slug"), "name": By(field="name", form="PART"), "isEnabled": By(field="is_enabled", form="TRUTH")},
    order={"createdAt": "created_at", "name": "name"},
)


@shape
class OneLink:
    id: str


@shape
class ListLinks:
    query: ListQuery


@shape
class WriteLink:
    body: LinkData


@shape
class ChangeLink:
    id: str
    body: LinkData


@shape
class WritePlanLink:
    id: str
    body: PlanLinkData


@operation("fynn.checkout_link_list", permission="contracts.read", reads=True)
def list_links(uow: Uow, command: ListLinks) -> Page:
    """The latest first."""
    found: Page = CHECKOUT_LINKS.list(uow, Listed((), command.query))
    return replace(found, items=tuple(link_shown(uow, row) for row in found.items if isinstance(row, dict)))


@operation("fynn.checkout_link_get", permission="contracts.read", reads=True)
def get_link(uow: Uow, command: OneLink) -> LinkShown:
    """One link."""
    return link_shown(uow, CHECKOUT_LINKS.get(uow, Keyed((command.id,))))


@operation("fynn.checkout_link_create", permission="contracts.write")
def create_link(uow: Uow, command: WriteLink) -> LinkShown:
    """Sell something by a link."""
    body = validated(CHECKOUT_LINKS.creation, link_fields(command.body, _items(uow, command.body.items)))
    with said_as(_named(command.body)):
        return link_shown(uow, CHECKOUT_LINKS.create(uow, Written((), body)))


@operation("fynn.checkout_link_update", permission="contracts.write")
def update_link(uow: Uow, command: ChangeLink) -> LinkShown:
    """Sell it otherwise from now on; carts that were made stay as they are."""
    body = validated(CHECKOUT_LINKS.update_body, link_fields(command.body, _items(uow, command.body.items)))
    with said_as(_named(command.body)):
        return link_shown(uow, CHECKOUT_LINKS.update(uow, Written((command.id,), body)))


@operation("fynn.checkout_link_delete", permission="contracts.write")
def delete_link(uow: Uow, command: OneLink) -> None:
    """Whoever follows it gets nothing any more; carts that were made stay."""
    CHECKOUT_LINKS.delete(uow, Keyed((command.id,)))


@operation("fynn.cart_create", permission="contracts.write")
def create_cart_of_link(uow: Uow, command: OneLink) -> CartShown:
    """A cart of what the link sells, whose prices stand for a day."""
    with said_as({"ident": "plan"}):
        return cart_shown(uow, create_cart(uow, FromLink(link_ident=command.id)))


@operation("fynn.plan_checkout_link_create", permission="contracts.write")
def create_link_of_plan(uow: Uow, command: WritePlanLink) -> LinkShown:
    """Sell a plan by a link."""
    said = command.body
    named, _ = item_fields(uow, LinkItemData(plan=command.id), "")
    if named["type"] == "PLAN" and not known_plans(uow, [command.id]):
        raise not_found("plan", command.id)
    data = LinkData(
        slug=said.slug,
        name=said.name,
        items=(LinkItemData(type="plan", plan=command.id, tier=said.tier, quantity=said.quantity),),
        options=said.options,
        after_checkout=said.after_checkout,
        coupon=said.coupon,
        metadata=said.metadata,
        expires_at=said.expires_at,
    )
    return create_link(uow, WriteLink(body=data))


def _named(data: LinkData) -> dict[str, str]:
    """Where each thing stands that is sold, by where the core has it."""
    return {
        f"items[{index}].ident": f"items[{index}].{'product' if one.type == 'product' else 'plan'}"
        for index, one in enumerate(data.items)
    }


def _items(uow: Uow, items: tuple[LinkItemData, ...]) -> list[Fields]:
    """With what the core calls each thing."""
    made, problems = list[Fields](), list[Problem]()
    for index, one in enumerate(items):
        fields, found = item_fields(uow, one, f"items[{index}]")
        made.append(fields)
        problems += found
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return made
