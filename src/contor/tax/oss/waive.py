"""Say what the threshold of distance sales depends on beside what is billed here: that it is waived, and what was supplied before."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import is_amount
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.uow import Uow
from contor.settings.queries import default_site, known_sites, sites
from contor.tax.oss import tables
from contor.tax.oss.queries import waivers_of
from contor.tax.oss.rules import binding_until
from contor.tax.oss.show import OssThreshold, threshold_of

FIRST_DAY = dt.date(2021, 7, 1)
"""From which on the threshold of all member states together holds (Directive (EU) 2017/2455)."""


@shape
class WaiverBody:
    """Supplies are taxed where they go from a day on, though the threshold is not crossed."""

    valid_from: dt.date
    operating_site_ident: Ident | None = None
    """Whose company waives; the default site's where it is not said."""


@shape
class WaiverEnd:
    """From the day after on the threshold counts again."""

    valid_until: dt.date
    operating_site_ident: Ident | None = None


@shape
class OpeningBody:
    """What was supplied of such in a year, or the part of it, that is not billed here."""

    net: Annotated[Decimal, Field(ge=0, lt=10**13)]
    """EUR."""
    operating_site_ident: Ident | None = None


@dataclass(frozen=True, slots=True)
class Waive:
    body: WaiverBody


@dataclass(frozen=True, slots=True)
class EndWaiver:
    body: WaiverEnd


@dataclass(frozen=True, slots=True)
class SayOpening:
    year: int
    body: OpeningBody


@operation(
    "oss_threshold.waive", permission="tax.write", refers=(Reference("operatingSiteIdent", "reference_unknown", known_sites),)
)
def waive(uow: Uow, command: Waive) -> OssThreshold:
    """Waive the threshold (section 3a (5) sentence 4, section 3c (4) sentence 2 UStG). It binds two calendar years."""
    body = command.body
    entity = _company(uow, body.operating_site_ident)
    uow.lock("oss", [entity])
    if body.valid_from < FIRST_DAY:
        message = f"is before {FIRST_DAY}, when the threshold was introduced"
        raise Refused(Kind.INVALID, Problem("waiver_too_early", message, "validFrom", body.valid_from))
    for one in waivers_of(uow, entity):
        if one.valid_until is None or one.valid_until >= body.valid_from:
            until = f"until {one.valid_until}" if one.valid_until else "and is not ended"
            message = f"a waiver holds already from {one.valid_from} {until}"
            raise Refused(Kind.CONFLICT, Problem("waiver_overlaps", message, "validFrom", body.valid_from))
    row = {"legal_entity": entity, "valid_from": body.valid_from, "valid_until": None, "declared_at": uow.ctx.now()}
    uow.insert(tables.oss_waiver, [row])
    uow.audit("oss_threshold", entity, {"waived_from": body.valid_from})
    return threshold_of(uow)


@operation(
    "oss_threshold.end_waiver", permission="tax.write", refers=(Reference("operatingSiteIdent", "reference_unknown", known_sites),)
)
def end_waiver(uow: Uow, command: EndWaiver) -> OssThreshold:
    """End the waiver that holds; not before two calendar years are over."""
    body = command.body
    entity = _company(uow, body.operating_site_ident)
    uow.lock("oss", [entity])
    held = next((one for one in waivers_of(uow, entity) if one.valid_until is None), None)
    if held is None:
        raise Refused(
            Kind.CONFLICT, Problem("waiver_missing", "no waiver holds that could be ended", "validUntil", body.valid_until)
        )
    if body.valid_until < (least := binding_until(held.valid_from)):
        message = f"the waiver of {held.valid_from} binds until {least} (section 3a (5) sentence 5, section 3c (4) sentence 3 UStG)"
        raise Refused(Kind.CONFLICT, Problem("waiver_binds", message, "validUntil", body.valid_until))
    sql = "UPDATE oss_waiver SET valid_until = %s WHERE legal_entity = %s AND valid_from = %s"
    uow.run(sql, (body.valid_until, entity, held.valid_from))
    uow.audit("oss_threshold", entity, {"waived_from": held.valid_from, "waived_until": body.valid_until})
    return threshold_of(uow)


@operation(
    "oss_threshold.say_opening", permission="tax.write", refers=(Reference("operatingSiteIdent", "reference_unknown", known_sites),)
)
def say_opening(uow: Uow, command: SayOpening) -> OssThreshold:
    """Say what was supplied of such in a year and is billed by nobody here: it counts beside what is issued. Said again, it is replaced;
    what was issued meanwhile keeps its tax."""
    body, problems = command.body, []
    entity = _company(uow, body.operating_site_ident)
    this_year = uow.ctx.today().year
    if not FIRST_DAY.year <= command.year <= this_year:
        message = f"is no year from {FIRST_DAY.year} to {this_year}"
        problems.append(Problem("opening_year_unknown", message, "year", command.year))
    if not is_amount(body.net, "EUR"):
        problems.append(Problem("amount_too_fine", "has more than two decimals", "net", body.net))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    uow.lock("oss", [entity])
    row = {"legal_entity": entity, "year": command.year, "net": body.net, "said_at": uow.ctx.now()}
    if not uow.insert_once(tables.oss_opening, row):
        sql = "UPDATE oss_opening SET net = %s, said_at = %s WHERE legal_entity = %s AND year = %s"
        uow.run(sql, (body.net, uow.ctx.now(), entity, command.year))
    uow.audit("oss_threshold", str(command.year), {"opening": body.net, "legal_entity": entity})
    return threshold_of(uow)


def _company(uow: Uow, site_ident: str | None) -> str:
    """The legal entity of a site."""
    found = sites(uow).get(site_ident or default_site(uow) or "")
    if found is None:
        message = "does not exist" if site_ident else "there is no operating site yet"
        raise Refused(Kind.INVALID, Problem("operating_site_unknown", message, "operatingSiteIdent", site_ident))
    return found.legal_entity
