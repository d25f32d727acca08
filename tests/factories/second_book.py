"""A second set of books, kept by hand from the law alone: what a bookkeeper's requests should lead to."""

from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal(0)
REVENUE = {Decimal(19): 8400, Decimal(7): 8300}
TAX = {Decimal(19): 1776, Decimal(7): 1771}
DEBTOR, CLEARING, DOUBTFUL, FEES = 10000, 1593, 1460, 4970
LOST = {
    "DISCOUNT": {Decimal(19): 8720, Decimal(7): 8710},
    "CASH_DISCOUNT": {Decimal(19): 8736, Decimal(7): 8731},
    "UNCOLLECTABLE_RECEIVABLE": {Decimal(19): 2406, Decimal(7): 2401},
}
"""Decision -> rate -> account of the net."""
SERIES = {"INVOICE": "RE", "CREDIT_MEMO": "RK", "DEPOSIT_INVOICE": "AR", "DEPOSIT_INVOICE_CORRECTION": "AK"}
"""Document type -> first letters of its numbers."""


def cents(amount: Decimal) -> Decimal:
    """To the cent, half away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def tax_of(agreed: Decimal, rate: Decimal, basis: str) -> Decimal:
    """The tax on a net sum, or in a gross one."""
    return cents(agreed * rate / (100 if basis == "NET" else 100 + rate))


@dataclass(frozen=True)
class Row:
    """A row that is to be billed or credited: its agreed side, in euro."""

    ident: str
    rate: Decimal
    agreed: Decimal


@dataclass
class Group:
    """What of a tax group no credit has taken yet: agreed side and tax."""

    agreed: Decimal = ZERO
    tax: Decimal = ZERO


@dataclass
class Paper:
    """A document as it should be."""

    ident: str
    kind: str
    request_id: str
    basis: str
    net: Decimal
    tax: Decimal
    taxes: dict[Decimal, tuple[Decimal, Decimal]]
    """Rate -> net and tax."""
    rows: dict[str, Row]
    left: dict[str, Decimal]
    """Row -> agreed amount that no credit has taken."""
    groups: dict[Decimal, Group]
    opening: Decimal = ZERO
    moved: Decimal = ZERO
    doubtful: bool = False

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def balance(self) -> Decimal:
        return self.opening + self.moved


@dataclass
class Verdict:
    """A decision, by what it did to the accounts; or what was cleared."""

    ident: str
    papers: dict[str, Decimal]
    """Paper -> what it moved."""
    booked: dict[int, Decimal]
    """Account -> debit less credit."""
    entries: int
    doubts: bool = False
    is_back: bool = False
    parts: dict[Decimal, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """Rate -> gross and tax that a reduction takes."""


@dataclass(frozen=True)
class Request:
    request_id: str
    kind: str
    basis: str
    rows: tuple[Row, ...]
    credits: str | None = None


@dataclass(frozen=True)
class World:
    """All that a tenant's requests have led to."""

    requests: dict[str, str]
    documents: dict[str, tuple[Any, ...]]
    """Type, request id, net, tax, gross, settled."""
    cases: dict[str, tuple[Any, ...]]
    """Opening, balance, status."""
    accounts: dict[int, Decimal]
    entries: int


def shares(amount: Decimal, groups: dict[Decimal, Decimal]) -> dict[Decimal, Decimal]:
    """`amount` over gross groups in their order, to the cent; cents that are left go to the largest fractions, the earlier first."""
    whole = sum(groups.values(), ZERO)
    exact = {rate: amount * gross / whole for rate, gross in groups.items()}
    found = {rate: share.quantize(CENT, ROUND_DOWN) for rate, share in exact.items()}
    for rate in sorted(groups, key=lambda rate: (found[rate] - exact[rate], list(groups).index(rate))):
        if sum(found.values(), ZERO) < amount:
            found[rate] += CENT
    return {rate: share for rate, share in found.items() if share}


def credited_tax(group: Group, agreed: Decimal, rate: Decimal, basis: str) -> Decimal:
    """The last credit takes the rest; any other its own tax, moved where the rest would be off by more than a cent."""
    if agreed == group.agreed:
        return group.tax
    rest = group.agreed - agreed
    fair = group.tax - tax_of(rest, rate, basis)
    low, high = max(ZERO, fair - CENT), min(group.tax, fair + CENT)
    if basis == "GROSS":
        low, high = max(low, group.tax - rest), min(high, agreed)
    return min(max(tax_of(agreed, rate, basis), low), high)
