"""What an account is for. Postings name roles; the chart gives each role its number. Pure.

Which role a supply has follows from its VAT treatment and rate: posting table rows 1 to 6, 8, 10, 19 and 23.
"""

import enum
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from contor.documents.treatment import Treatment


class Role(enum.StrEnum):
    """The accounts of the posting table (accounting reference 8)."""

    # money and receivables
    RECEIVABLES = "RECEIVABLES"
    """Control account of the customers' personal accounts."""
    PAYABLES = "PAYABLES"
    BANK = "BANK"
    PAYMENT_PROVIDER = "PAYMENT_PROVIDER"
    PAYMENTS_UNASSIGNED = "PAYMENTS_UNASSIGNED"
    DOUBTFUL = "DOUBTFUL"
    ALLOWANCE = "ALLOWANCE"
    """Specific allowance for doubtful receivables."""
    VOUCHERS = "VOUCHERS"
    """Multi-purpose vouchers sold and not yet redeemed."""
    OPENING_DEBTORS = "OPENING_DEBTORS"
    """Contra account of what customers owed before the books began here."""
    OPENING_BALANCES = "OPENING_BALANCES"
    """... of what stood on accounts of the chart."""
    EXTERNAL_CLOSED = "EXTERNAL_CLOSED"
    """Contra account of what another system closed: no default, the tenant configures it."""
    DEFERRED_INCOME = "DEFERRED_INCOME"
    # deposits
    DEPOSIT_CLEARING = "DEPOSIT_CLEARING"
    """Deposits billed and not yet received."""
    DEPOSITS_19 = "DEPOSITS_19"
    DEPOSITS_16 = "DEPOSITS_16"
    DEPOSITS_7 = "DEPOSITS_7"
    DEPOSITS_OTHER = "DEPOSITS_OTHER"
    """Received deposits without tax or at another rate."""
    # revenue
    REVENUE_19 = "REVENUE_19"
    REVENUE_16 = "REVENUE_16"
    REVENUE_7 = "REVENUE_7"
    REVENUE_5 = "REVENUE_5"
    REVENUE_OTHER = "REVENUE_OTHER"
    """Any other domestic rate."""
    REVENUE_ZERO_RATED = "REVENUE_ZERO_RATED"
    REVENUE_REVERSE_CHARGE_DOMESTIC = "REVENUE_REVERSE_CHARGE_DOMESTIC"
    REVENUE_REVERSE_CHARGE_EU = "REVENUE_REVERSE_CHARGE_EU"
    REVENUE_TRIANGULAR = "REVENUE_TRIANGULAR"
    REVENUE_THIRD_COUNTRY = "REVENUE_THIRD_COUNTRY"
    REVENUE_INTRA_COMMUNITY = "REVENUE_INTRA_COMMUNITY"
    REVENUE_EXPORT = "REVENUE_EXPORT"
    REVENUE_SMALL_BUSINESS = "REVENUE_SMALL_BUSINESS"
    REVENUE_EXEMPT = "REVENUE_EXEMPT"
    REVENUE_OSS_GOODS = "REVENUE_OSS_GOODS"
    REVENUE_OSS_DIGITAL = "REVENUE_OSS_DIGITAL"
    REVENUE_OSS_SERVICE = "REVENUE_OSS_SERVICE"
    OTHER_REVENUE = "OTHER_REVENUE"
    """Overpayment kept: consideration (UStAE 10.1 (3))."""
    OTHER_INCOME = "OTHER_INCOME"
    """Outside the scope of VAT: damages, dunning fees; and rounding in our favour."""
    INTEREST_INCOME = "INTEREST_INCOME"
    # reductions of revenue
    REDUCTION_19 = "REDUCTION_19"
    REDUCTION_16 = "REDUCTION_16"
    REDUCTION_7 = "REDUCTION_7"
    REDUCTION_OTHER = "REDUCTION_OTHER"
    REDUCTION_EXPORT = "REDUCTION_EXPORT"
    REDUCTION_INTRA_COMMUNITY = "REDUCTION_INTRA_COMMUNITY"
    REDUCTION_OSS = "REDUCTION_OSS"
    CASH_DISCOUNT_19 = "CASH_DISCOUNT_19"
    CASH_DISCOUNT_16 = "CASH_DISCOUNT_16"
    CASH_DISCOUNT_7 = "CASH_DISCOUNT_7"
    CASH_DISCOUNT_5 = "CASH_DISCOUNT_5"
    CASH_DISCOUNT_OTHER = "CASH_DISCOUNT_OTHER"
    CASH_DISCOUNT_REVERSE_CHARGE = "CASH_DISCOUNT_REVERSE_CHARGE"
    CASH_DISCOUNT_REVERSE_CHARGE_EU = "CASH_DISCOUNT_REVERSE_CHARGE_EU"
    CASH_DISCOUNT_INTRA_COMMUNITY = "CASH_DISCOUNT_INTRA_COMMUNITY"
    # losses
    BAD_DEBT_19 = "BAD_DEBT_19"
    BAD_DEBT_16 = "BAD_DEBT_16"
    BAD_DEBT_7 = "BAD_DEBT_7"
    BAD_DEBT_OTHER = "BAD_DEBT_OTHER"
    ALLOWANCE_ADDED = "ALLOWANCE_ADDED"
    ALLOWANCE_RELEASED = "ALLOWANCE_RELEASED"
    BAD_DEBT_RECOVERED = "BAD_DEBT_RECOVERED"
    # tax
    TAX_19 = "TAX_19"
    TAX_16 = "TAX_16"
    TAX_7 = "TAX_7"
    TAX_5 = "TAX_5"
    TAX_OTHER = "TAX_OTHER"
    TAX_OSS_GOODS = "TAX_OSS_GOODS"
    TAX_OSS_DIGITAL = "TAX_OSS_DIGITAL"
    TAX_OSS_SERVICE = "TAX_OSS_SERVICE"
    TAX_NOT_DUE_19 = "TAX_NOT_DUE_19"
    TAX_NOT_DUE_7 = "TAX_NOT_DUE_7"
    TAX_NOT_DUE_OTHER = "TAX_NOT_DUE_OTHER"
    TAX_WRONGLY_SHOWN = "TAX_WRONGLY_SHOWN"
    """Section 14c UStG."""
    TAX_REVERSE_CHARGE = "TAX_REVERSE_CHARGE"
    """Section 13b UStG: owed by us as recipient."""
    # self-billing
    COMMISSION = "COMMISSION"
    """What we pay a partner: self-billed supplies."""
    PURCHASE_ABROAD = "PURCHASE_ABROAD"
    PURCHASE_REVERSE_CHARGE = "PURCHASE_REVERSE_CHARGE"
    EXPENSES = "EXPENSES"
    """What invoices of suppliers cost, where they name no other account."""
    INPUT_TAX_19 = "INPUT_TAX_19"
    INPUT_TAX_7 = "INPUT_TAX_7"
    INPUT_TAX_OTHER = "INPUT_TAX_OTHER"
    INPUT_TAX_REVERSE_CHARGE = "INPUT_TAX_REVERSE_CHARGE"
    # cost of payment, currency, cents
    BANK_FEES = "BANK_FEES"
    EXCHANGE_LOSS = "EXCHANGE_LOSS"
    EXCHANGE_GAIN = "EXCHANGE_GAIN"
    REVALUATION_LOSS = "REVALUATION_LOSS"
    REVALUATION_GAIN = "REVALUATION_GAIN"
    ROUNDING_LOSS = "ROUNDING_LOSS"


OF_ALL_KINDS: Final = frozenset({Role.OTHER_REVENUE, Role.BAD_DEBT_RECOVERED})
"""Their accounts are for supplies of all kinds, and have the tax key of domestic ones."""

_19, _16, _7, _5 = Decimal(19), Decimal(16), Decimal(7), Decimal(5)
_OSS = (Treatment.OSS_GOODS, Treatment.OSS_DIGITAL, Treatment.OSS_SERVICE)

_REVENUE_BY_RATE = {_19: Role.REVENUE_19, _16: Role.REVENUE_16, _7: Role.REVENUE_7, _5: Role.REVENUE_5}
_REVENUE = {
    Treatment.ZERO_RATED: Role.REVENUE_ZERO_RATED,
    Treatment.REVERSE_CHARGE_DOMESTIC: Role.REVENUE_REVERSE_CHARGE_DOMESTIC,
    Treatment.REVERSE_CHARGE_EU: Role.REVENUE_REVERSE_CHARGE_EU,
    Treatment.TRIANGULAR: Role.REVENUE_TRIANGULAR,
    Treatment.THIRD_COUNTRY: Role.REVENUE_THIRD_COUNTRY,
    Treatment.INTRA_COMMUNITY: Role.REVENUE_INTRA_COMMUNITY,
    Treatment.EXPORT: Role.REVENUE_EXPORT,
    Treatment.SMALL_BUSINESS: Role.REVENUE_SMALL_BUSINESS,
    Treatment.EXEMPT: Role.REVENUE_EXEMPT,
    Treatment.OSS_GOODS: Role.REVENUE_OSS_GOODS,
    Treatment.OSS_DIGITAL: Role.REVENUE_OSS_DIGITAL,
    Treatment.OSS_SERVICE: Role.REVENUE_OSS_SERVICE,
    Treatment.VOUCHER: Role.VOUCHERS,
    Treatment.NOT_TAXABLE: Role.OTHER_INCOME,
    Treatment.OTHER_TAX: Role.REVENUE_OTHER,
}
_TAX_BY_RATE = {_19: Role.TAX_19, _16: Role.TAX_16, _7: Role.TAX_7, _5: Role.TAX_5}
_TAX = {
    Treatment.OSS_GOODS: Role.TAX_OSS_GOODS,
    Treatment.OSS_DIGITAL: Role.TAX_OSS_DIGITAL,
    Treatment.OSS_SERVICE: Role.TAX_OSS_SERVICE,
}
_NOT_DUE_BY_RATE = {_19: Role.TAX_NOT_DUE_19, _7: Role.TAX_NOT_DUE_7}
_INPUT_TAX_BY_RATE = {_19: Role.INPUT_TAX_19, _7: Role.INPUT_TAX_7}
_DEPOSITS_BY_RATE = {_19: Role.DEPOSITS_19, _16: Role.DEPOSITS_16, _7: Role.DEPOSITS_7}
_REDUCTION_BY_RATE = {_19: Role.REDUCTION_19, _16: Role.REDUCTION_16, _7: Role.REDUCTION_7}
_REDUCTION = {
    Treatment.EXPORT: Role.REDUCTION_EXPORT,
    Treatment.INTRA_COMMUNITY: Role.REDUCTION_INTRA_COMMUNITY,
    **dict.fromkeys(_OSS, Role.REDUCTION_OSS),
}
_CASH_DISCOUNT_BY_RATE = {
    _19: Role.CASH_DISCOUNT_19,
    _16: Role.CASH_DISCOUNT_16,
    _7: Role.CASH_DISCOUNT_7,
    _5: Role.CASH_DISCOUNT_5,
}
_CASH_DISCOUNT = {
    Treatment.REVERSE_CHARGE_DOMESTIC: Role.CASH_DISCOUNT_REVERSE_CHARGE,
    Treatment.REVERSE_CHARGE_EU: Role.CASH_DISCOUNT_REVERSE_CHARGE_EU,
    Treatment.INTRA_COMMUNITY: Role.CASH_DISCOUNT_INTRA_COMMUNITY,
}
_BAD_DEBT_BY_RATE = {_19: Role.BAD_DEBT_19, _16: Role.BAD_DEBT_16, _7: Role.BAD_DEBT_7}


def revenue_role(treatment: Treatment, rate: Decimal) -> Role:
    """Rows 1 to 5."""
    if treatment is Treatment.DOMESTIC:
        return _REVENUE_BY_RATE.get(rate, Role.REVENUE_OTHER)
    return _REVENUE[treatment]


def tax_role(treatment: Treatment, rate: Decimal, *, not_due: bool = False) -> Role:
    """Rows 1, 4 and 6. `not_due`: cash taxation, before the money is there; it concerns domestic supplies only."""
    if treatment is Treatment.DOMESTIC:
        if not_due:
            return _NOT_DUE_BY_RATE.get(rate, Role.TAX_NOT_DUE_OTHER)
        return _TAX_BY_RATE.get(rate, Role.TAX_OTHER)
    return _TAX.get(treatment, Role.TAX_OTHER)


def deposits_role(treatment: Treatment, rate: Decimal) -> Role:
    """Row 10: the liability of received deposits."""
    return _DEPOSITS_BY_RATE.get(rate, Role.DEPOSITS_OTHER) if treatment is Treatment.DOMESTIC else Role.DEPOSITS_OTHER


def reduction_role(treatment: Treatment, rate: Decimal) -> Role:
    """Rows 8 and 19 (DISCOUNT)."""
    if treatment is Treatment.DOMESTIC:
        return _REDUCTION_BY_RATE.get(rate, Role.REDUCTION_OTHER)
    return _REDUCTION.get(treatment, Role.REDUCTION_OTHER)


def cash_discount_role(treatment: Treatment, rate: Decimal) -> Role:
    """Row 19 (CASH_DISCOUNT)."""
    if treatment is Treatment.DOMESTIC:
        return _CASH_DISCOUNT_BY_RATE.get(rate, Role.CASH_DISCOUNT_OTHER)
    return _CASH_DISCOUNT.get(treatment, Role.CASH_DISCOUNT_OTHER)


def bad_debt_role(treatment: Treatment, rate: Decimal) -> Role:
    """Row 23, loss and tax in one step."""
    return _BAD_DEBT_BY_RATE.get(rate, Role.BAD_DEBT_OTHER) if treatment is Treatment.DOMESTIC else Role.BAD_DEBT_OTHER


REDUCED_BY: Final[Mapping[str, Callable[[Treatment, Decimal], Role]]] = {
    "CASH_DISCOUNT": cash_discount_role,
    "DISCOUNT": reduction_role,
    "UNCOLLECTABLE_RECEIVABLE": bad_debt_role,
}
"""Decisions that reduce what is owed, and where the net of the reduction goes (rows 19 and 23)."""


def input_tax_role(rate: Decimal) -> Role:
    """Row 25."""
    return _INPUT_TAX_BY_RATE.get(rate, Role.INPUT_TAX_OTHER)
