"""In which order a payment on a document with claims counts (section 367 BGB). Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.kernel.money import ZERO

Of = Literal["COSTS", "INTEREST", "PRINCIPAL"]


class Part(NamedTuple):
    """What of a payment goes where; `ident`: the claim's, empty for the principal."""

    of: Of
    ident: str
    amount: Decimal


def allocated(
    amount: Decimal, claims: Sequence[tuple[Of, str, Decimal]], principal: Decimal, *, principal_first: bool
) -> tuple[Part, ...]:
    """Costs, then interest, then the principal (section 367 (1) BGB); the principal first where the payer wished so and nobody refused, or
    where claims are only memos. `claims`: (kind, ident, open amount), the oldest first. What is left of the payment is in no part."""
    rank: dict[Of, int] = {"COSTS": 1, "INTEREST": 2, "PRINCIPAL": 0 if principal_first else 3}
    owed: list[tuple[Of, str, Decimal]] = [*claims, ("PRINCIPAL", "", principal)]
    left, found = amount, list[Part]()
    for of, ident, open_amount in sorted(owed, key=lambda one: rank[one[0]]):
        taken = min(left, open_amount)
        if taken > ZERO:
            found.append(Part(of, ident, taken))
            left -= taken
    return tuple(found)
