"""The coupon that a link brings: what is sold with it is sold without it once it holds no more, and says so."""

from collections.abc import Collection

from contor.catalogue.coupons.queries import coupons_by_code
from contor.catalogue.coupons.rules import Asked, why_not
from contor.checkout.queries import CartRow
from contor.contracts.create import CreateContract, create_contract
from contor.contracts.types import ContractBody, ContractView
from contor.kernel.errors import Refused
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow

PLACE = "coupons[0]"
"""Where the contract has it."""


def made_with(uow: Uow, body: ContractBody, *, from_link: bool) -> ContractView:
    """The contract with its coupon; `from_link`: without it, where nothing else is wrong than that, since who orders never named it."""
    try:
        return create_contract(uow, CreateContract(body=body))
    except Refused as refused:
        if not from_link or any(one.field != PLACE for one in refused.problems):
            raise
    return create_contract(uow, CreateContract(body=replace(body, coupons=())))


def lost_coupons(uow: Uow, carts: Collection[CartRow]) -> frozenset[str]:
    """Codes that waiting carts have of their links, and that nobody can redeem today."""
    today = uow.ctx.today()
    codes = {code for row in carts if row.status != "COMPLETED" and (code := row.said().coupon) is not None}
    found = coupons_by_code(uow, codes) if codes else {}
    return frozenset(code for code in codes if code not in found or why_not(found[code], Asked(today)))
