"""Operating sites: the legal units that issue documents, exactly one of them the default; and their tax registrations."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, shape
from contor.runtime.resource import Keyed, Resource, Written
from contor.runtime.uow import Uow, not_found
from contor.settings import tables
from contor.settings.events import SiteLeaves
from contor.settings.identifiers import vat_id_problems
from contor.settings.numbers import legal_entity_of


def _checked(uow: Uow, row: Fields) -> None:
    problems = vat_id_problems(row.get("vat_id"), uow.ctx.environment)
    if not row.get("vat_id") and not row.get("tax_number"):
        message = "A site needs a VAT id or a tax number: every invoice shows one (section 14 (4) no. 2 UStG)."
        problems = [*problems, Problem("tax_identifier_missing", message, "vat_id")]
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _new(uow: Uow, row: Fields) -> None:
    """The first site is the default; a new default takes the place of the former one."""
    _checked(uow, row)
    uow.lock("default", ["operating_site"])
    # under the lock: of two that are created at once only one is the first
    row["default"] = bool(row.get("default")) or not uow.scalar(int, "SELECT 1 FROM operating_site LIMIT 1")
    if row["default"]:
        uow.run('UPDATE operating_site SET "default" = false WHERE "default"')
    row["legal_entity"] = legal_entity_of(uow, row)


def _changed(uow: Uow, row: Fields) -> None:
    _checked(uow, row)
    was = uow.scalar(bool, 'SELECT "default" FROM operating_site WHERE ident = %s', (row["ident"],))
    if was and not row["default"]:
        row["default"] = True  # a default is only given up by making another site the default
    elif row["default"] and not was:
        uow.run('UPDATE operating_site SET "default" = false WHERE "default"')
    row["legal_entity"] = legal_entity_of(uow, row)


def _may_leave(uow: Uow, row: Fields) -> None:
    """Not the default, nor one that something is still to be billed by."""
    if row["default"]:
        raise Refused(
            Kind.CONFLICT, Problem("operating_site_is_default", "The default site cannot be deleted.", "ident", row["ident"])
        )
    uow.emit(SiteLeaves(ident=row["ident"]))


OPERATING_SITES = Resource(
    "operating_site",
    tables.operating_site,
    permission="settings",
    writable=(
        "name",
        "company_name",
        "address",
        "vat_id",
        "tax_number",
        "register_number",
        "register_court",
        "managing_directors",
        "contact",
        "bank_accounts",
        "electronic_address",
        "small_business",
        "taxation_mode",
        "default",
    ),
    filterable=(
        "ident",
        "name",
        "company_name",
        "vat_id",
        "tax_number",
        "default",
        "address.country",
        "address.city",
        "created_at",
    ),
    hidden=("legal_entity",),
    before_create=_new,
    before_update=_changed,
    before_delete=_may_leave,
)

TAX_REGISTRATIONS = Resource(
    "tax_registration",
    tables.tax_registration,
    permission="settings",
    keys=("operating_site_ident", "ident"),
    parent=OPERATING_SITES,
    writable=("country", "region", "vat_id", "tax_number", "scheme", "valid_from"),
    filterable=("ident", "country", "region", "scheme"),
)


@dataclass(frozen=True, slots=True)
class OneSite:
    operating_site_ident: str


@operation("operating_site.make_default", permission="settings.write")
def make_default(uow: Uow, command: OneSite) -> OPERATING_SITES.output:  # type: ignore[name-defined]  # a shape that the resource has made
    """Make this site the one that documents are issued by unless they name another."""
    uow.lock("default", ["operating_site"])
    OPERATING_SITES.require(uow, (command.operating_site_ident,))
    uow.run('UPDATE operating_site SET "default" = false WHERE "default"')
    uow.run('UPDATE operating_site SET "default" = true WHERE ident = %s', (command.operating_site_ident,))
    uow.audit("operating_site", command.operating_site_ident, {"default": True})
    return OPERATING_SITES.require(uow, (command.operating_site_ident,))


@shape
class RegistrationIdents:
    idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class AddRegistrations:
    operating_site_ident: str
    body: Annotated[tuple[TAX_REGISTRATIONS.creation, ...], Field(min_length=1, max_length=100)]  # type: ignore[name-defined]  # a shape that the resource has made


@dataclass(frozen=True, slots=True)
class RemoveRegistrations:
    operating_site_ident: str
    body: RegistrationIdents


@operation("tax_registration.add", permission="settings.write")
def add_registrations(uow: Uow, command: AddRegistrations) -> tuple[TAX_REGISTRATIONS.output, ...]:  # type: ignore[name-defined]  # a shape that the resource has made
    """Add registrations for VAT in further countries or schemes."""
    return tuple(TAX_REGISTRATIONS.create(uow, Written((command.operating_site_ident,), body)) for body in command.body)


@operation("tax_registration.remove", permission="settings.write")
def remove_registrations(uow: Uow, command: RemoveRegistrations) -> None:
    """Remove registrations: all that are named, or none."""
    OPERATING_SITES.require(uow, (command.operating_site_ident,))
    sql = "SELECT ident FROM tax_registration WHERE operating_site_ident = %s"
    known = set(uow.column(str, sql, (command.operating_site_ident,)))
    for ident in command.body.idents:
        if ident not in known:
            raise not_found("tax_registration", ident)
    for ident in dict.fromkeys(command.body.idents):
        TAX_REGISTRATIONS.delete(uow, Keyed((command.operating_site_ident, ident)))
