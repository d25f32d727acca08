"""Currencies and their decimals, from list one of ISO 4217 as the distribution `iso4217` has it."""

import iso4217

_NO_MONEY = {"BOV", "CHE", "CHW", "COU", "MXV", "USN", "XAD"}
"""Units of account of banks: nothing is invoiced or paid in them. Metals and the codes for tests and for none have no decimals."""

_EXPONENTS: dict[str, int] = {
    found.code: found.exponent for found in iso4217.Currency if found.exponent is not None and found.code not in _NO_MONEY
}
CURRENCIES = frozenset(_EXPONENTS)


def exponent(currency: str) -> int:
    """Decimals of the currency; 2 for what is none."""
    return _EXPONENTS.get(currency, 2)
