"""Coupons as they are kept: made, changed, withdrawn; deleted as long as nobody has redeemed them."""

from contor.catalogue import tables
from contor.catalogue.coupons.rules import CHANGEABLE, coupon_findings, state_of
from contor.catalogue.coupons.types import CouponState
from contor.catalogue.events import CouponsChanged
from contor.catalogue.products import known_products
from contor.catalogue.queries import known_plans, options_by_ident
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Fields, shape
from contor.runtime.resource import Keyed, Resource
from contor.runtime.uow import Uow


def _new(uow: Uow, row: Fields) -> None:
    _refuse(coupon_findings(row) + _unknown(uow, row))


def _changed(uow: Uow, row: Fields) -> None:
    """Of one that was redeemed what was given stays: only what says for whom and how long it goes on may change."""
    before = COUPONS.require(uow, (row["code"],))
    problems = coupon_findings(row) + _unknown(uow, row)
    if before["usages"]:
        message = "The coupon was redeemed: what it gives stays as it is."
        problems += [
            Problem("coupon_redeemed", message, name, row[name])
            for name in COUPONS.writable
            if name not in (*CHANGEABLE, "code") and _plain(row[name]) != _plain(before[name])
        ]
        if row["limit_total"] is not None and row["limit_total"] < before["usages"]:
            message = f"The coupon was redeemed {before['usages']} times."
            problems.append(Problem("coupon_limit_below_usages", message, "limit_total", row["limit_total"]))
    _refuse(problems)
    uow.emit(CouponsChanged(codes=(row["code"],), became="UPDATED"))


def _made(uow: Uow, row: Fields) -> None:
    uow.emit(CouponsChanged(codes=(row["code"],), became="CREATED"))


def _unused(uow: Uow, row: Fields) -> None:
    if row["usages"]:
        message = f"The coupon was redeemed {row['usages']} times: it can only be withdrawn."
        raise Refused(Kind.CONFLICT, Problem("coupon_redeemed", message, "code", row["code"]))
    uow.emit(CouponsChanged(codes=(row["code"],), became="DELETED"))


def _with_state(uow: Uow, rows: list[Fields]) -> list[Fields]:
    today = uow.ctx.today()
    return [{**row, "state": state_of(row, today)} for row in rows]


COUPONS = Resource(
    "coupon",
    tables.coupon,
    permission="catalogue",
    keys=("code",),
    writable=(
        "code",
        "name",
        "description",
        "type",
        "percentage",
        "amount",
        "amount_on",
        "currency",
        "duration",
        "period",
        "limit_total",
        "limit_per_customer",
        "valid_from",
        "valid_to",
        "plans",
        "excluded_plans",
        "options",
        "excluded_options",
        "products",
        "excluded_products",
        "combination",
        "campaign",
        "properties",
    ),
    filterable=("code", "name", "type", "campaign", "valid_from", "valid_to", "usages", "created_at"),
    sort="created_at,desc",
    refers=(
        Reference("plans", "plan_unknown", known_plans),
        Reference("excludedPlans", "plan_unknown", known_plans),
        Reference("options", "option_unknown", options_by_ident),
        Reference("excludedOptions", "option_unknown", options_by_ident),
        Reference("products", "product_unknown", known_products),
        Reference("excludedProducts", "product_unknown", known_products),
    ),
    before_create=_new,
    after_create=_made,
    before_update=_changed,
    before_delete=_unused,
    shown=_with_state,
    computed={"state": (CouponState, ...)},
)


@shape
class OneCoupon:
    code: str


@operation("coupon.withdraw", permission="catalogue.write")
def withdraw_coupon(uow: Uow, command: OneCoupon) -> COUPONS.output:  # type: ignore[name-defined]  # made of the table
    """Nobody redeems it any more; what was redeemed stays. A second call changes nothing."""
    row = COUPONS.require(uow, (command.code,), lock=True)
    if row["withdrawn_at"] is None:
        now = uow.ctx.now()
        uow.run("UPDATE coupon SET withdrawn_at = %s, last_modified_at = %s WHERE code = %s", (now, now, command.code))
        uow.audit("coupon", command.code, {"withdrawn": True})
        uow.emit(CouponsChanged(codes=(command.code,), became="TOGGLED"))
    return COUPONS.get.function(uow, Keyed((command.code,)))


@operation("coupon.reinstate", permission="catalogue.write")
def reinstate_coupon(uow: Uow, command: OneCoupon) -> COUPONS.output:  # type: ignore[name-defined]  # made of the table
    """It is redeemed again, as it was before it was withdrawn. A second call changes nothing."""
    row = COUPONS.require(uow, (command.code,), lock=True)
    if row["withdrawn_at"] is not None:
        sql = "UPDATE coupon SET withdrawn_at = NULL, last_modified_at = %s WHERE code = %s"
        uow.run(sql, (uow.ctx.now(), command.code))
        uow.audit("coupon", command.code, {"withdrawn": False})
        uow.emit(CouponsChanged(codes=(command.code,), became="TOGGLED"))
    return COUPONS.get.function(uow, Keyed((command.code,)))


# helpers in calling order


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _unknown(uow: Uow, row: Fields) -> list[Problem]:
    """Plans and options that do not exist, each at its place."""
    plans = known_plans(uow, [*row["plans"], *row["excluded_plans"]])
    options = options_by_ident(uow, [*row["options"], *row["excluded_options"]])
    products = known_products(uow, [*row["products"], *row["excluded_products"]])
    named = (
        ("plan_unknown", plans, ("plans", "excluded_plans")),
        ("option_unknown", options, ("options", "excluded_options")),
        ("product_unknown", products, ("products", "excluded_products")),
    )
    return [
        Problem(code, "does not exist", f"{name}[{index}]", ident)
        for code, known, names in named
        for name in names
        for index, ident in enumerate(row[name])
        if ident not in known
    ]


def _plain(value: object) -> object:
    """As it is read again: JSON knows no tuples."""
    return list(value) if isinstance(value, tuple) else value
