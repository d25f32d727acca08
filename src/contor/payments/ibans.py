"""IBANs of others: kept sealed, found again by a key, shown masked. Whoever reads the database alone reads none of them."""

from typing import NamedTuple

from contor.runtime.uow import Uow


class KeptIban(NamedTuple):
    """What is stored of an IBAN."""

    sealed: str
    """Only `read_iban` reads it."""
    key: str
    """The same of the same IBAN, and nothing to guess it from without the server's key."""
    shown: str
    """Masked, for answers."""


def keep_iban(uow: Uow, iban: str) -> KeptIban:
    """What is stored of it."""
    key = key_of(uow, iban)
    return KeptIban(uow.runtime.secrets.seal(iban, _place(uow, key)), key, masked(iban))


def key_of(uow: Uow, iban: str) -> str:
    """By what rows with this IBAN are found, within the tenant."""
    return uow.runtime.secrets.keyed(f"{uow.ctx.tenant_id}/iban/{iban}")


def read_iban(uow: Uow, sealed: str, key: str) -> str:
    """The IBAN itself, for files to the bank. Never for answers or logs."""
    return uow.runtime.secrets.unseal(sealed, _place(uow, key))


def masked(iban: str) -> str:
    """Country, check digits and the last four characters: DE02…2051."""
    return f"{iban[:4]}…{iban[-4:]}"


def _place(uow: Uow, key: str) -> str:
    return f"{uow.ctx.tenant_id}/iban/{key}"
