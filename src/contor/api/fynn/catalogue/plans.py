"""Plans (version 2): what is sold as one, in tiers, each made of price plans."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.api.fynn.catalogue.relations import PRICE, Asked, One, Related, ident_of, said_as
from contor.api.fynn.manners import Uuid, When, known_when
from contor.catalogue.products import PLANS, SetPlanStatus, activate_plan, archive_plan
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, Name255, Text, Text255, replace, shape, written
from contor.runtime.execute import validated
from contor.runtime.query import Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

Code = Annotated[
    str,
    written(
        r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$",
        "1 to 64 small letters, digits and hyphens, a letter or digit at both ends",
        examples=["team-2026"],
    ),
]
CORE: Final[Mapping[str, str]] = {
    "ident": "id",
    "price_ident": "pricePlan",
    "is_optional": "optional",
}


@shape
class PlanItemBody:
    price_plan: Related
    id: Ident | None = None
    """Of an item that is there: it stays the same one."""
    quantity: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] = Decimal(1)
    optional: bool = False
    quantity_editable: bool = False


@shape
class PlanTierBody:
    name: Name255
    id: Ident | None = None
    """Of a tier that is there: it stays the same one."""
    description: Text255 | None = None
    items: Annotated[tuple[PlanItemBody, ...], Field(min_length=1, max_length=100)]


@shape
class TieredPlanBody:
    code: Code
    name: Name255
    description: Text | None = None
    tiers: Annotated[tuple[PlanTierBody, ...], Field(min_length=1, max_length=20)]


@shape
class PlanItemShown:
    id: str
    price_plan: Uuid
    quantity: Decimal
    optional: bool
    quantity_editable: bool


@shape
class PlanTierShown:
    id: str
    name: str
    description: str | None
    position: int
    items: tuple[PlanItemShown, ...]


@shape
class TieredPlanShown:
    id: Uuid
    code: str
    name: str
    description: str | None
    status: Literal["draft", "active", "archived"]
    tiers: tuple[PlanTierShown, ...]
    created_at: When
    updated_at: When


@shape
class NewPlan:
    body: TieredPlanBody


@shape
class ChangePlan:
    id: str
    body: TieredPlanBody


@operation("fynn.plan_list", permission="catalogue.read", reads=True)
def list_plans(uow: Uow, command: Asked) -> Page:
    """The plans of the tenant."""
    page: Page = PLANS.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(plans_shown(uow, page.rows)))


@operation("fynn.plan_get", permission="catalogue.read", reads=True)
def get_plan(uow: Uow, command: One) -> TieredPlanShown:
    """One plan."""
    return plans_shown(uow, [PLANS.get.function(uow, Keyed((command.id,)))])[0]


@operation("fynn.plan_create", permission="catalogue.write")
def create_plan(uow: Uow, command: NewPlan) -> TieredPlanShown:
    """A new plan, which is a draft."""
    with said_as(CORE):
        made = PLANS.create.function(uow, Written((), validated(PLANS.creation, _row(uow, command.body))))
    return plans_shown(uow, [made])[0]


@operation("fynn.plan_update", permission="catalogue.write")
def update_plan(uow: Uow, command: ChangePlan) -> TieredPlanShown:
    """Replace a plan as a whole: tiers and items that are named by their ids stay the same ones, what is left out is gone. Who has
    subscribed keeps what he took."""
    status = PLANS.require(uow, (command.id,))["status"]
    with said_as(CORE):
        row = {**_row(uow, command.body), "status": status}
        made = PLANS.update.function(uow, Written((command.id,), validated(PLANS.update_body, row)))
    return plans_shown(uow, [made])[0]


@operation("fynn.plan_activate", permission="catalogue.write")
def activate(uow: Uow, command: One) -> TieredPlanShown:
    """It is sold from now on."""
    with said_as(CORE):
        return plans_shown(uow, [activate_plan(uow, SetPlanStatus(code=command.id))])[0]


@operation("fynn.plan_archive", permission="catalogue.write")
def archive(uow: Uow, command: One) -> TieredPlanShown:
    """It is sold no more."""
    return plans_shown(uow, [archive_plan(uow, SetPlanStatus(code=command.id))])[0]


@operation("fynn.plan_delete", permission="catalogue.write")
def delete_plan(uow: Uow, command: One) -> None:
    """Only a draft."""
    PLANS.delete.function(uow, Keyed((command.id,)))


def plans_shown(uow: Uow, rows: Iterable[Fields]) -> list[TieredPlanShown]:
    """As they are answered."""
    made = list(rows)
    prices = PRICE.shown(uow, {item["price_ident"] for row in made for tier in row["tiers"] for item in tier["items"]})
    return [
        TieredPlanShown(
            id=row["code"],
            code=row["code"],
            name=row["name"],
            description=row["description"],
            status=row["status"].lower(),
            tiers=tuple([_tier(tier, position, prices) for position, tier in enumerate(row["tiers"], start=1)]),
            created_at=known_when(row["created_at"]),
            updated_at=known_when(row["last_modified_at"]),
        )
        for row in made
    ]


# helpers in calling order


def _tier(tier: Fields, position: int, prices: Mapping[str, int | str]) -> PlanTierShown:
    items = tuple(
        PlanItemShown(
            id=item["ident"],
            price_plan=str(prices[item["price_ident"]]),
            quantity=Decimal(f"{Decimal(str(item['quantity'])).normalize():f}"),
            optional=item["is_optional"],
            quantity_editable=item["quantity_editable"],
        )
        for item in tier["items"]
    )
    return PlanTierShown(id=tier["ident"], name=tier["name"], description=tier["description"], position=position, items=items)


def _row(uow: Uow, body: TieredPlanBody) -> Fields:
    return {
        "code": body.code,
        "name": body.name,
        "description": body.description,
        "tiers": [
            {
                "ident": tier.id or str(uow.new_uuid()),
                "name": tier.name,
                "description": tier.description,
                "items": [
                    {
                        "ident": item.id or str(uow.new_uuid()),
                        "price_ident": ident_of(uow, PRICE, item.price_plan),
                        "quantity": item.quantity,
                        "is_optional": item.optional,
                        "quantity_editable": item.quantity_editable,
                    }
                    for item in tier.items
                ],
            }
            for tier in body.tiers
        ],
    }
