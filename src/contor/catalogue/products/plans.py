"""Plans that are sold in tiers: drafted, sold, archived; replaced as a whole."""

from contor.catalogue.products import tables
from contor.catalogue.products.queries import prices_by_ident, tiers_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.runtime.resource import Keyed, Resource
from contor.runtime.uow import Uow


def _findings(uow: Uow, row: Fields) -> list[Problem]:
    problems: list[Problem] = []
    tiers = tiers_of(row["tiers"])
    prices = prices_by_ident(uow, {item.price_ident for tier in tiers for item in tier.items})
    seen_tiers, seen_items = set[str](), set[str]()
    for index, tier in enumerate(tiers):
        if tier.ident in seen_tiers:
            problems.append(Problem("plan_tier_repeated", "is that of another tier", f"tiers[{index}].ident", tier.ident))
        seen_tiers.add(tier.ident)
        taken = set[str]()
        for position, item in enumerate(tier.items):
            where = f"tiers[{index}].items[{position}]"
            if item.ident in seen_items:
                problems.append(Problem("plan_item_repeated", "is that of another item", f"{where}.ident", item.ident))
            seen_items.add(item.ident)
            if item.price_ident in taken:
                message = "is in the tier already: its quantity is said once"
                problems.append(Problem("price_repeated", message, f"{where}.price_ident", item.price_ident))
            taken.add(item.price_ident)
            price = prices.get(item.price_ident)
            if price is None:
                problems.append(Problem("price_unknown", "does not exist", f"{where}.price_ident", item.price_ident))
            elif price.status != "ACTIVE" and row["status"] == "ACTIVE":
                message = f"is {price.status}: a plan that is sold has active prices"
                problems.append(Problem("price_not_active", message, f"{where}.price_ident", item.price_ident))
            elif price.customer_ident is not None:
                message = "is for one customer alone; a plan is for all"
                problems.append(Problem("price_of_other_customer", message, f"{where}.price_ident", item.price_ident))
    return problems


def _new(uow: Uow, row: Fields) -> None:
    if problems := _findings(uow, row):
        raise Refused(Kind.INVALID, *problems)


def _changed(uow: Uow, row: Fields) -> None:
    before = PLANS.require(uow, (row["code"],))
    problems = _findings(uow, row)
    if before["status"] == "ARCHIVED":
        problems.append(Problem("product_plan_archived", "The plan is archived: it stays as it is.", "code", row["code"]))
    elif before["status"] == "ACTIVE" and row["status"] == "DRAFT":
        problems.append(Problem("product_plan_sold", "A plan that is sold is no draft any more.", "status", "DRAFT"))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _drafted(uow: Uow, row: Fields) -> None:
    if row["status"] != "DRAFT":
        message = "Only a draft is deleted; what was sold is archived."
        raise Refused(Kind.CONFLICT, Problem("product_plan_sold", message))


PLANS = Resource(
    "product_plan",
    tables.product_plan,
    permission="catalogue",
    keys=("code",),
    writable=("code", "name", "description", "status", "tiers", "properties"),
    filterable=("code", "id", "name", "status", "created_at"),
    sort="id",
    before_create=_new,
    before_update=_changed,
    before_delete=_drafted,
)


@shape
class SetPlanStatus:
    code: str


def _set(uow: Uow, code: str, status: str, origins: tuple[str, ...]) -> Fields:
    row = PLANS.require(uow, (code,), lock=True)
    if row["status"] == status:
        return _shown(uow, code)
    if row["status"] not in origins:
        message = f"The plan is {row['status']}."
        raise Refused(Kind.CONFLICT, Problem("product_plan_archived", message))
    row["status"] = status
    if status == "ACTIVE" and (problems := _findings(uow, row)):
        raise Refused(Kind.INVALID, *problems)
    uow.run("UPDATE product_plan SET status = %s, last_modified_at = %s WHERE code = %s", (status, uow.ctx.now(), code))
    uow.audit("product_plan", code, {"status": status})
    return _shown(uow, code)


def _shown(uow: Uow, code: str) -> Fields:
    found: Fields = PLANS.get.function(uow, Keyed((code,)))
    return found


@operation("product_plan.activate", permission="catalogue.write")
def activate_plan(uow: Uow, command: SetPlanStatus) -> PLANS.output:  # type: ignore[name-defined]  # made of the table
    """It is sold from now on. A second call changes nothing."""
    return _set(uow, command.code, "ACTIVE", ("DRAFT",))


@operation("product_plan.archive", permission="catalogue.write")
def archive_plan(uow: Uow, command: SetPlanStatus) -> PLANS.output:  # type: ignore[name-defined]  # made of the table
    """It is sold no more. A second call changes nothing."""
    return _set(uow, command.code, "ARCHIVED", ("DRAFT", "ACTIVE"))
