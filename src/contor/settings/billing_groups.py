"""Billing groups with their business segments: how documents of a line of business are billed and split."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from contor.kernel.currencies import exponent
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import is_amount
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Name255, Text255, shape
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.query.listed import listed
from contor.runtime.resource import Keyed, Resource, Written, extended
from contor.runtime.uow import Uow, not_found
from contor.settings import tables
from contor.settings.events import RoundingChanged
from contor.settings.types import NewSegment, Segment, SplittingConfig


def _groups_shown(uow: Uow, rows: list[Fields]) -> list[Fields]:
    """With their segments; the group that holds the tenant's default segment is the default group."""
    wanted = [row["billing_group_ident"] for row in rows]
    segments: dict[str, list[Fields]] = {}
    for row in uow.rows(
        'SELECT segment_ident, name, description, billing_group_ident, "default" FROM business_segment'
        " WHERE billing_group_ident = ANY (%s) ORDER BY created_at, segment_ident",
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
    "name", "billing", "locale_configuration", "contract_document_date_determination", "currency_rounding_overrides",
    "deposit_invoice_creation", "deposit_receivable_relevant", "document_correction_mode", "document_number_configuration",
    "option_price_determination", "final_invoice_method", "splitting_config", "late_usage_behaviour", "late_usage_limit_months",
    "issue_zero", "minimum_amounts",
)  # fmt: skip


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
        Problem("too_many_decimals", f"has more decimals than {entry['currency']}", f"minimum_amounts[{n}].amount", entry["amount"])
        for n, entry in enumerate(row["minimum_amounts"])
        if not is_amount(Decimal(entry["amount"]), entry["currency"])
    ]
    once = (
        ("currency_rounding_overrides", "currency"), ("document_number_configuration", "document_type"), ("minimum_amounts", "currency"),
    )  # fmt: skip
    for name, key in once:
        said = [entry[key] for entry in row[name]]
        repeated = [n for n, value in enumerate(said) if value in said[:n]]
        problems += [Problem("said_twice", "is said twice", f"{name}[{n}].{key}", said[n]) for n in repeated]
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _changed(uow: Uow, row: Fields) -> None:
    """As on creation; what has been computed with a rounding keeps it."""
    _checked(uow, row)
    known = BILLING_GROUPS.require(uow, (row["billing_group_ident"],), lock=True)
    before, now = ({o["currency"]: o["decimals"] for o in r["currency_rounding_overrides"]} for r in (known, row))
    if moved := tuple(sorted(c for c in before.keys() | now.keys() if before.get(c) != now.get(c))):
        uow.emit(RoundingChanged(billing_group_ident=row["billing_group_ident"], currencies=moved))


def _in_use(uow: Uow, row: Fields) -> None:
    if uow.value(
        'SELECT 1 FROM business_segment WHERE billing_group_ident = %s AND "default"', (row["billing_group_ident"],)
    ) and uow.value("SELECT 1 FROM billing_group WHERE billing_group_ident <> %s", (row["billing_group_ident"],)):
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
)

GroupCreation: Any = extended(
    "BillingGroupWithSegmentsCreation",
    BILLING_GROUPS.creation,
    business_segments=(Annotated[tuple[NewSegment, ...], Field(min_length=1, max_length=100)], ...),
)
GroupView: Any = extended(
    "BillingGroupWithSegments",
    BILLING_GROUPS.output,
    business_segments=(tuple[Segment, ...], ()),
    default_billing_group=(bool, False),
)


@dataclass(frozen=True, slots=True)
class CreateGroup:
    body: GroupCreation


@operation("billing_group.create_with_segments", permission="settings.write")
def create_group(uow: Uow, command: CreateGroup) -> GroupView:
    """A group with at least one segment; the first segment of a tenant becomes its default."""
    body = command.body
    own = BILLING_GROUPS.creation.model_construct(**{n: getattr(body, n) for n in BILLING_GROUPS.creation.model_fields})
    made = BILLING_GROUPS.create(uow, Written((), own))
    for segment in body.business_segments:
        _add_segment(uow, made["billing_group_ident"], segment)
    return BILLING_GROUPS.get(uow, Keyed((made["billing_group_ident"],)))


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
        (_json(command.body), uow.ctx.now(), command.billing_group_ident),
    )
    uow.audit("billing_group", command.billing_group_ident, {"splitting_config": command.body})
    return command.body


def _json(value: Any) -> Any:
    from contor.runtime.db import ENCODER

    return ENCODER.encode(value).decode()


# --- segments ----------------------------------------------------------------------------------------------------------------

SEGMENTS = Filterable.of(
    tables.business_segment, ("segment_ident", "name", "billing_group_ident", "default", "created_at"), default_sort="segment_ident"
)


@shape
class SegmentBody:
    name: Name255
    description: Text255 | None = None
    segment_ident: str | None = None
    """May be repeated, not changed."""


@dataclass(frozen=True, slots=True)
class AddSegment:
    billing_group_ident: str
    body: NewSegment


@dataclass(frozen=True, slots=True)
class OneSegment:
    billing_group_ident: str
    business_segment_ident: str


@dataclass(frozen=True, slots=True)
class UpdateSegment:
    billing_group_ident: str
    business_segment_ident: str
    body: SegmentBody


@dataclass(frozen=True, slots=True)
class ListSegments:
    query: ListQuery


class _SegmentRow(NamedTuple):
    segment_ident: str
    name: str
    description: str | None
    billing_group_ident: str
    default: bool


@operation("business_segment.list", permission="settings.read", reads=True)
def list_segments(uow: Uow, command: ListSegments) -> Page:
    """The segments of all groups."""
    return listed(
        uow, tables.business_segment, command.query, SEGMENTS, _SegmentRow, lambda rows: [Segment(**row._asdict()) for row in rows]
    )


@operation("business_segment.create", permission="settings.write")
def add_segment(uow: Uow, command: AddSegment) -> Segment:
    """Add a segment to a group."""
    BILLING_GROUPS.require(uow, (command.billing_group_ident,))
    return _add_segment(uow, command.billing_group_ident, command.body)


@operation("business_segment.get", permission="settings.read", reads=True)
def get_segment(uow: Uow, command: OneSegment) -> Segment:
    """One segment."""
    return _segment(uow, command.billing_group_ident, command.business_segment_ident)


@operation("business_segment.update", permission="settings.write")
def update_segment(uow: Uow, command: UpdateSegment) -> Segment:
    """Replace name and description."""
    segment = _segment(uow, command.billing_group_ident, command.business_segment_ident)
    body = command.body
    if body.segment_ident not in (None, segment.segment_ident):
        raise Refused(Kind.INVALID, Problem("field_immutable", "segmentIdent cannot be changed.", "segment_ident"))
    uow.run(
        "UPDATE business_segment SET name = %s, description = %s, last_modified_at = %s WHERE segment_ident = %s",
        (body.name, body.description, uow.ctx.now(), segment.segment_ident),
    )
    uow.audit("business_segment", segment.segment_ident, {"name": body.name})
    return _segment(uow, command.billing_group_ident, command.business_segment_ident)


@operation("business_segment.delete", permission="settings.write")
def delete_segment(uow: Uow, command: OneSegment) -> None:
    """Delete a segment that is neither the default nor the last of its group."""
    segment = _segment(uow, command.billing_group_ident, command.business_segment_ident)
    others = uow.value(
        "SELECT count(*) FROM business_segment WHERE billing_group_ident = %s AND segment_ident <> %s",
        (segment.billing_group_ident, segment.segment_ident),
    )
    if segment.default or not others:
        message = "The default segment and the last segment of a group cannot be deleted."
        raise Refused(Kind.CONFLICT, Problem("business_segment_in_use", message))
    uow.run("DELETE FROM business_segment WHERE segment_ident = %s", (segment.segment_ident,))
    uow.audit("business_segment", segment.segment_ident, {"deleted": True})


@operation("business_segment.make_default", permission="settings.write")
def make_default(uow: Uow, command: OneSegment) -> Segment:
    """Make this the tenant's default segment; the former one is it no longer."""
    segment = _segment(uow, command.billing_group_ident, command.business_segment_ident)
    uow.lock("default", ["business_segment"])
    uow.run('UPDATE business_segment SET "default" = false WHERE "default"')
    uow.run('UPDATE business_segment SET "default" = true WHERE segment_ident = %s', (segment.segment_ident,))
    uow.audit("business_segment", segment.segment_ident, {"default": True})
    return _segment(uow, command.billing_group_ident, command.business_segment_ident)


def _add_segment(uow: Uow, group: str, body: NewSegment) -> Segment:
    ident = body.segment_ident or str(uow.new_uuid())
    if uow.value("SELECT 1 FROM business_segment WHERE segment_ident = %s", (ident,)):
        message = f"A business segment {ident!r} exists already."
        raise Refused(Kind.CONFLICT, Problem("business_segment_exists", message, "segmentIdent", ident))
    uow.lock("default", ["business_segment"])
    first = not uow.value("SELECT 1 FROM business_segment LIMIT 1")
    now = uow.ctx.now()
    uow.insert(
        tables.business_segment,
        [
            {
                "segment_ident": ident, "billing_group_ident": group, "name": body.name, "description": body.description,
                "default": first, "created_at": now, "last_modified_at": now,
            }
        ],
    )  # fmt: skip
    uow.audit("business_segment", ident, {"created": True})
    return _segment(uow, group, ident)


def _segment(uow: Uow, group: str, ident: str) -> Segment:
    row = uow.row(
        'SELECT segment_ident, name, description, billing_group_ident, "default" FROM business_segment'
        " WHERE segment_ident = %s AND billing_group_ident = %s",
        (ident, group),
    )
    if row is None:
        raise not_found("business_segment", ident)
    return Segment(**row._asdict())
