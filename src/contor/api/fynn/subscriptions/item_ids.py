"""Ids of subscription items: ULIDs made of two numbers, of the contract and of its option, and read back to them.

Nothing is stored: both numbers, 126 bits, are permuted by four Feistel rounds that are keyed by the tenant. A text that was not made here
means two numbers that nothing has, so it is found by nobody.
"""

import hashlib
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS: Final = 63
_MASK: Final = (1 << _BITS) - 1
_ROUNDS: Final = range(4)


def as_item_id(contract_id: int, option_id: int, scope: str) -> str:
    """26 digits of Crockford's base 32, upper case; `scope`: of the tenant."""
    left, right = contract_id, option_id
    for number in _ROUNDS:
        left, right = right, left ^ _round(scope, number, right)
    bits = left << _BITS | right
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(125, -1, -5))


def of_item_id(text: str, scope: str) -> tuple[int, int] | None:
    """Contract and option; None where it is no ULID."""
    value = text.upper()
    if len(value) != 26 or any(digit not in ALPHABET for digit in value):
        return None
    bits = 0
    for digit in value:
        bits = bits << 5 | ALPHABET.index(digit)
    if bits >> 2 * _BITS:
        return None
    left, right = bits >> _BITS, bits & _MASK
    for number in reversed(_ROUNDS):
        left, right = right ^ _round(scope, number, left), left
    return left, right


def _round(scope: str, number: int, half: int) -> int:
    made = hashlib.blake2b(f"item:{scope}:{number}:{half}".encode(), digest_size=8).digest()
    return int.from_bytes(made) & _MASK
