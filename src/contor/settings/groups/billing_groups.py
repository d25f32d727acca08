"""Billing groups with their business segments: how documents of a line of business are billed and split."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import exponent, is_amount, too_fine
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.db import ENCODER
from contor.runtime.resource import Resource
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings import tables
from contor.settings.events import RoundingChanged, ZoneChanged
from contor.settings.types import SplittingConfig


class SegmentRow(NamedTuple):
    """A row of `business_segment`, as it is shown."""

    segment_ident: str
    name: str
    description: str | None
    billing_group_ident: str
    default: bool


def _groups_shown(uow: Uow, rows: list[Fields]) -> list[Fields]:
    """With their segments; the group that holds the tenant's default segment is the default group."""
    wanted = [row["billing_group_ident"] for row in rows]
    segments: dict[str, list[Fields]] = {}
    for row in uow.all(
        SegmentRow,
        f"SELECT {columns(SegmentRow)} FROM business_segment WHERE billing_group_ident = ANY (%s) ORDER BY created_at, segment_ident",
        (wanted,),
    ):
        segments.setdefault(row.billing_group_ident, []).append(row._asdict())
    return [
        {
            **row,
            "business_segments": segments.get(row["billing_group_ident"], []),
            "default_billing_group": any(s["default"] for s in segments.get(row["billing_group_ident"], [])),
        }
        for row in rows
    ]


_WRITABLE = (
    "name",
    "billing",
    "locale_configuration",
    "contract_document_date_determination",
    "currency_rounding_overrides",
    "deposit_invoice_creation",
    "deposit_receivable_relevant",
    "document_correction_mode",
    "document_number_configuration",
    "option_price_determination",
    "final_invoice_method",
    "splitting_config",
    "late_usage_behaviour",
    "late_usage_limit_months",
    "issue_zero",
    "carry_credits",
    "minimum_amounts",
    "time_zone",
)


def _checked(uow: Uow, row: Fields) -> None:
    """Rounding never goes beyond the currency's own decimals, nor does an amount; a currency, a document type is said once."""
    problems = [
        Problem(
            "rounding_too_fine",
            f"{override['currency']} has {exponent(override['currency'])} decimals",
            f"currency_rounding_overrides[{n}].decimals",
            override["decimals"],
        )
        for n, override in enumerate(row["currency_rounding_overrides"])
        if override["decimals"] > exponent(override["currency"])
    ]
    problems += [
        Problem("too_many_decimals", too_fine(entry["currency"]), f"minimum_amounts[{n}].amount", entry["amount"])
        for n, entry in enumerate(row["minimum_amounts"])
        if not is_amount(Decimal(entry["amount"]), entry["currency"])
    ]
    if row["billing"] == "NBX_BILLING":
        message = "what is billed here gets its number here: only a group of EXTERNAL_BILLING takes numbers from outside"
        problems += [
            Problem("number_from_outside", message, f"document_number_configuration[{n}].external_number", entry["external_number"])
            for n, entry in enumerate(row["document_number_configuration"])
            if entry["external_number"] == "REQUIRED"
        ]
    once = (
        ("currency_rounding_overrides", "currency"),
        ("document_number_configuration", "document_type"),
        ("minimum_amounts", "currency"),
        ("locale_configuration", "country"),
    )
    for name, key in once:
        said = [entry[key] for entry in row[name]]
        repeated = [n for n, value in enumerate(said) if value in said[:n]]
        problems += [Problem("said_twice", "is said twice", f"{name}[{n}].{key}", said[n]) for n in repeated]
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _changed(uow: Uow, row: Fields) -> None:
    """As on creation; what has been computed with a rounding or dated in a zone keeps it."""
    _checked(uow, row)
    known = BILLING_GROUPS.require(uow, (row["billing_group_ident"],), lock=True)
    # of both: an override that comes or goes rounds otherwise, too
    before, now = ({o["currency"]: o["decimals"] for o in r["currency_rounding_overrides"]} for r in (known, row))
    if moved := tuple(sorted(c for c in before.keys() | now.keys() if before.get(c) != now.get(c))):
        uow.emit(RoundingChanged(billing_group_ident=row["billing_group_ident"], currencies=moved))
    if known["time_zone"] != row["time_zone"]:
        uow.emit(ZoneChanged(billing_group_ident=row["billing_group_ident"]))


def _in_use(uow: Uow, row: Fields) -> None:
    key = (row["billing_group_ident"],)
    is_default = uow.scalar(int, 'SELECT 1 FROM business_segment WHERE billing_group_ident = %s AND "default"', key) is not None
    # a tenant's last group may go, and its default segment with it
    if is_default and uow.scalar(int, "SELECT 1 FROM billing_group WHERE billing_group_ident <> %s", key) is not None:
        message = "The group holds the default segment; make another segment the default first."
        raise Refused(Kind.CONFLICT, Problem("billing_group_is_default", message))


BILLING_GROUPS = Resource(
    "billing_group",
    tables.billing_group,
    permission="settings",
    keys=("billing_group_ident",),
    writable=_WRITABLE,
    immutable=("billing", "option_price_determination", "splitting_config"),
    filterable=("billing_group_ident", "name", "billing", "created_at", "last_modified_at", "id"),
    sort="id,desc",
    before_create=_checked,
    before_update=_changed,
    before_delete=_in_use,
    shown=_groups_shown,
    found_by={
        "default_billing_group": (
            "EXISTS (SELECT 1 FROM business_segment s"
            ' WHERE s.billing_group_ident = billing_group.billing_group_ident AND s."default")',
            bool,
        )
    },
)


@dataclass(frozen=True, slots=True)
class ReplaceSplitting:
    billing_group_ident: str
    body: SplittingConfig


@operation("billing_group.replace_splitting", permission="settings.write")
def replace_splitting(uow: Uow, command: ReplaceSplitting) -> SplittingConfig:
    """Set the five switches; what always splits cannot be changed."""
    if command.body.mandatory_fields != SplittingConfig().mandatory_fields:
        raise Refused(Kind.INVALID, Problem("field_immutable", "mandatoryFields is read-only.", "mandatory_fields"))
    BILLING_GROUPS.require(uow, (command.billing_group_ident,), lock=True)
    uow.run(
        "UPDATE billing_group SET splitting_config = %s, last_modified_at = %s WHERE billing_group_ident = %s",
        (ENCODER.encode(command.body).decode(), uow.ctx.now(), command.billing_group_ident),
    )
    uow.audit("billing_group", command.billing_group_ident, {"splitting_config": command.body})
    return command.body
