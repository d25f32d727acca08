"""Check addresses, many at once: by the configuration of each one's country, and write down what was found."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from contor.customers.validation import tables
from contor.customers.validation.posts import post_of
from contor.customers.validation.rules import folded, place_findings, syntax_findings
from contor.customers.validation.types import (
    NO_PLACES,
    AddressFinding,
    AddressValidation,
    Checked,
    Places,
    ValidationMode,
    ValidationProvider,
    ValidationStatus,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Configured(NamedTuple):
    """How the addresses of a country are checked."""

    country: str | None
    provider: ValidationProvider
    mode: ValidationMode


BY_DEFAULT = Configured(None, "SYNTAX", "REPORT")


class _Place(NamedTuple):
    country: str
    zip: str
    city: str


def check_all(uow: Uow, addresses: Sequence[Checked]) -> list[AddressValidation]:
    """What is found of each address, in their order; written down."""
    found = _found(uow, addresses, refuse=False)
    _write(uow, addresses, found)
    return found


def check_written(uow: Uow, address: Checked) -> AddressValidation:
    """What is found of an address that is written just now; written down, unless it is what was known: who writes the same again changes
    nothing. Raises `Refused` (INVALID) with everything that is wrong, where addresses of its country are refused for that."""
    (found,) = _found(uow, [address], refuse=True)
    known = validations_of(uow, [(address.customer_ident, address.address_ident)])
    before = known.get((address.customer_ident, address.address_ident))
    if before is not None and replace(found, checked_at=before.checked_at) == before:
        return before
    _write(uow, [address], [found])
    return found


def _found(uow: Uow, addresses: Sequence[Checked], *, refuse: bool) -> list[AddressValidation]:
    ways = {one.country: one for one in uow.all(Configured, _CONFIGURED)}
    configured = [ways.get(address.country) or ways.get(None) or BY_DEFAULT for address in addresses]
    listed = [address for address, way in zip(addresses, configured, strict=True) if way.provider == "DIRECTORY"]
    places = _places(uow, listed)
    found = [
        _checked(uow, address, way, places.get(address.country, NO_PLACES))
        for address, way in zip(addresses, configured, strict=True)
    ]
    if refuse:
        _refuse(addresses, found, configured)
    return found


_CONFIGURED = f"SELECT {columns(Configured)} FROM address_validation_configuration WHERE active"


def _checked(uow: Uow, address: Checked, way: Configured, places: Places) -> AddressValidation:
    post = post_of(address.country)
    findings = syntax_findings(address, post)
    if way.provider == "DIRECTORY" and not any(finding.field == "zip" for finding in findings):
        findings += place_findings(address, places)
    is_judged = way.provider == "DIRECTORY" or post is not None
    status: ValidationStatus = "INVALID" if findings else "VALID" if is_judged else "UNCHECKED"
    return AddressValidation(status=status, provider=way.provider, findings=tuple(findings), checked_at=uow.ctx.now())


def _places(uow: Uow, addresses: Sequence[Checked]) -> dict[str, Places]:
    """What the lists of places say of the postal codes of these addresses, by country."""
    asked = sorted({(address.country, folded(address.zip)) for address in addresses if address.zip})
    if not asked:
        return {}
    sql = (
        f"SELECT {columns(_Place, 'p')} FROM unnest(%s::text[], %s::text[]) AS n (country, zip)"
        " JOIN postal_place p ON p.country = n.country AND p.zip = n.zip"
    )
    by_code: dict[str, dict[str, set[str]]] = {}
    for place in uow.all(_Place, sql, tuple(map(list, zip(*asked, strict=True)))):
        by_code.setdefault(place.country, {}).setdefault(place.zip, set()).add(place.city)
    return {country: Places({code: frozenset(names) for code, names in codes.items()}) for country, codes in by_code.items()}


def _refuse(addresses: Sequence[Checked], found: Sequence[AddressValidation], configured: Sequence[Configured]) -> None:
    problems = [
        Problem("address_not_valid", finding.error, finding.field, getattr(address, finding.field))
        for address, one, way in zip(addresses, found, configured, strict=True)
        if way.mode == "REFUSE"
        for finding in one.findings
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _write(uow: Uow, addresses: Sequence[Checked], found: Sequence[AddressValidation]) -> None:
    customers, idents = [it.customer_ident for it in addresses], [it.address_ident for it in addresses]
    uow.run(
        "DELETE FROM address_validation v USING unnest(%s::text[], %s::text[]) AS n (customer_ident, address_ident)"
        " WHERE v.customer_ident = n.customer_ident AND v.address_ident = n.address_ident",
        (customers, idents),
    )
    uow.insert(
        tables.address_validation,
        [
            {
                "customer_ident": address.customer_ident,
                "address_ident": address.address_ident,
                "country": address.country,
                "status": one.status,
                "provider": one.provider,
                "findings": [{"field": finding.field, "error": finding.error} for finding in one.findings],
                "checked_at": one.checked_at,
            }
            for address, one in zip(addresses, found, strict=True)
        ],
    )


class _Stored(NamedTuple):
    customer_ident: str
    address_ident: str
    status: ValidationStatus
    provider: ValidationProvider
    findings: Sequence[dict[str, str]]
    checked_at: dt.datetime


def validations_of(uow: Uow, addresses: Sequence[tuple[str, str]]) -> dict[tuple[str, str], AddressValidation]:
    """What was last found of these addresses, named by customer and address; those that were never checked are left out."""
    sql = (
        f"SELECT {columns(_Stored, 'v')} FROM unnest(%s::text[], %s::text[]) AS n (customer_ident, address_ident)"
        " JOIN address_validation v ON v.customer_ident = n.customer_ident AND v.address_ident = n.address_ident"
    )
    rows = uow.all(_Stored, sql, ([customer for customer, _ in addresses], [address for _, address in addresses]))
    return {
        (row.customer_ident, row.address_ident): AddressValidation(
            status=row.status,
            provider=row.provider,
            findings=tuple([AddressFinding(**it) for it in row.findings]),
            checked_at=row.checked_at,
        )
        for row in rows
    }
