"""The ids that a dialect shows for things of the core: whole numbers, UUIDs, ULIDs, or the ident itself.

A UUID or ULID is made of the thing's number and read back to it, so nothing is stored and nothing is written when something is read;
it differs by kind and by tenant, so an id of another kind, another tenant or another system is no id of this one. It orders nothing
and reveals no count. An external id is the ident that the caller gave, or what another system calls the thing.
"""

import hashlib
import re
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from contor.runtime.query.numbered import Numbered, numbers_of
from contor.runtime.uow import Uow, not_found

Form = Literal["INTEGER", "UUID", "ULID", "EXTERNAL"]
Called = Callable[[Uow, Collection[str]], Mapping[str, str]]
"""The idents of the things that other systems call so, by those names; names that are nothing's are left out."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, in which ULIDs are written."""
_WHOLE = re.compile(r"[1-9][0-9]{0,17}")
_NUMBER_BITS = 63
_CHECK_BITS = 59
_VERSION, _VARIANT = 8, 2
"""RFC 9562: version 8 is for ids of one's own making."""


def _digest(scope: str, label: str, value: int, bits: int) -> int:
    made = hashlib.blake2b(f"{label}:{scope}:{value}".encode(), digest_size=8).digest()
    return int.from_bytes(made) >> (64 - bits)


def scrambled(number: int, scope: str) -> int:
    """`number` (63 bits) as 122 bits: a check of 59 and the number masked by it."""
    check = _digest(scope, "check", number, _CHECK_BITS)
    return check << _NUMBER_BITS | number ^ _digest(scope, "mask", check, _NUMBER_BITS)


def unscrambled(bits: int, scope: str) -> int | None:
    """The number that `scrambled` made these bits of; None where it did not."""
    check, masked = bits >> _NUMBER_BITS, bits & ((1 << _NUMBER_BITS) - 1)
    number = masked ^ _digest(scope, "mask", check, _NUMBER_BITS)
    # a ULID has room for 130 bits: more than 122 were not made here
    return number if check >> _CHECK_BITS == 0 and scrambled(number, scope) == bits else None


def as_uuid(number: int, scope: str) -> str:
    """A UUID of version 8, lower case."""
    bits = scrambled(number, scope)
    # 122 bits around version and variant (RFC 9562, 5.8): 48, 12 and 62
    high, middle, low = bits >> 74, bits >> 62 & 0xFFF, bits & ((1 << 62) - 1)
    digits = f"{high << 80 | _VERSION << 76 | middle << 64 | _VARIANT << 62 | low:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def of_uuid(text: str, scope: str) -> int | None:
    if len(text) != 36:  # uuid.UUID reads braces and urn:, too
        return None
    try:
        value = uuid.UUID(text).int
    except ValueError:
        return None
    if value >> 76 & 0xF != _VERSION or value >> 62 & 0x3 != _VARIANT:
        return None
    return unscrambled(value >> 80 << 74 | (value >> 64 & 0xFFF) << 62 | value & ((1 << 62) - 1), scope)


def as_ulid(number: int, scope: str) -> str:
    """26 digits of Crockford's base 32, upper case."""
    bits = scrambled(number, scope)
    return "".join(_ALPHABET[bits >> shift & 31] for shift in range(125, -1, -5))


def of_ulid(text: str, scope: str) -> int | None:
    value = text.upper()
    if len(value) != 26 or any(digit not in _ALPHABET for digit in value):
        return None
    bits = 0
    for digit in value:
        bits = bits << 5 | _ALPHABET.index(digit)
    return unscrambled(bits, scope)


_WRITTEN: Final[Mapping[Form, Callable[[int, str], int | str]]] = {
    "INTEGER": lambda number, _: number,
    "UUID": as_uuid,
    "ULID": as_ulid,
}


@dataclass(frozen=True, slots=True)
class DialectIds:
    """How a dialect names the things of one kind. `forms`: those it reads, in the order they are tried; the first is shown."""

    things: Numbered
    forms: tuple[Form, ...]
    called: Called | None = None
    """Where things have a name of other systems beside their ident. What is an ident is no such name."""

    def find(self, uow: Uow, texts: Collection[str]) -> dict[str, str]:
        """The ident of the thing that each text names; what names nothing of this tenant is left out. One look-up for each form."""
        found: dict[str, str] = {}
        for form in self.forms:
            left = [text for text in texts if text not in found]
            if form == "EXTERNAL":
                found.update({text: text for text in left})
                found.update(self._called(uow, left))
                break
            numbers = {text: number for text in left if (number := self._number(uow, form, text)) is not None}
            idents = self.things.idents(uow, set(numbers.values()))
            found.update({text: idents[number] for text, number in numbers.items() if number in idents})
        return found

    def number(self, uow: Uow, text: str) -> int | None:
        """What an id that is made of a number says, for a statement that finds the thing by it or else by its ident; whether there is such
        a thing is not looked up."""
        return next(
            (number for form in self.forms if form != "EXTERNAL" and (number := self._number(uow, form, text)) is not None), None
        )

    def require(self, uow: Uow, texts: Collection[str]) -> dict[str, str]:
        """As `find`; raises NOT_FOUND for the first text that names nothing, also for what belongs to another tenant."""
        found = self.find(uow, texts)
        for text in texts:
            if text not in found:
                raise not_found(self.things.kind, text)
        return found

    def shown(self, uow: Uow, idents: Collection[str]) -> dict[str, int | str]:
        """The id of each thing, by its ident; what does not exist has none."""
        return shown_together(uow, (self, idents))[0]

    def written(self, uow: Uow, numbers: Mapping[str, int]) -> dict[str, int | str]:
        """The id of each thing, by its ident, from its number."""
        scope = self._scope(uow)
        write = _WRITTEN[self.forms[0]]
        return {ident: write(number, scope) for ident, number in numbers.items()}

    def _called(self, uow: Uow, texts: Collection[str]) -> Mapping[str, str]:
        if self.called is None or not texts:
            return {}
        known = self.things.numbers(uow, texts)
        left = [text for text in texts if text not in known]
        return self.called(uow, left) if left else {}

    def _number(self, uow: Uow, form: Form, text: str) -> int | None:
        if form == "INTEGER":
            return int(text) if _WHOLE.fullmatch(text) else None
        return of_uuid(text, self._scope(uow)) if form == "UUID" else of_ulid(text, self._scope(uow))

    def _scope(self, uow: Uow) -> str:
        return f"{uow.ctx.tenant_id}:{self.things.kind}"


def shown_together(uow: Uow, *wanted: tuple[DialectIds, Collection[str]]) -> list[dict[str, int | str]]:
    """As `DialectIds.shown`, of things of several kinds: one look-up for all of them."""
    looked = [(of.things, idents) for of, idents in wanted if of.forms[0] != "EXTERNAL"]
    numbers = iter(numbers_of(uow, *looked))
    return [
        {ident: ident for ident in idents} if of.forms[0] == "EXTERNAL" else of.written(uow, next(numbers)) for of, idents in wanted
    ]
