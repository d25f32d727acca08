"""Business segments of billing groups: a line of business, by which a document finds its group."""

from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Name255, Text255, shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings import tables
from contor.settings.groups.billing_groups import BILLING_GROUPS, SegmentRow
from contor.settings.types import NewSegment, Segment

SEGMENTS = searchable(
    tables.business_segment,
    Segment,
    ("segment_ident", "name", "billing_group_ident", "default", "created_at"),
    default_sort="segment_ident",
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


@operation("business_segment.list", permission="settings.read", reads=True)
def list_segments(uow: Uow, command: ListSegments) -> Page:
    """The segments of all groups."""
    return listed(
        uow, tables.business_segment, command.query, SEGMENTS, SegmentRow, lambda rows: [Segment(**row._asdict()) for row in rows]
    )


@operation("business_segment.create", permission="settings.write")
def add_segment(uow: Uow, command: AddSegment) -> Segment:
    """Add a segment to a group."""
    BILLING_GROUPS.require(uow, (command.billing_group_ident,))
    return new_segment(uow, command.billing_group_ident, command.body)


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
        raise Refused(Kind.INVALID, Problem("field_immutable", "cannot be changed.", "segment_ident"))
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
    others = uow.scalar(
        int,
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
    # first nobody's, then its own: the unique index looks after each statement
    uow.run('UPDATE business_segment SET "default" = false WHERE "default"')
    uow.run('UPDATE business_segment SET "default" = true WHERE segment_ident = %s', (segment.segment_ident,))
    uow.audit("business_segment", segment.segment_ident, {"default": True})
    return _segment(uow, command.billing_group_ident, command.business_segment_ident)


def new_segment(uow: Uow, group: str, body: NewSegment) -> Segment:
    """Stored in a group that is known to exist; the first of a tenant becomes its default."""
    ident = body.segment_ident or str(uow.new_uuid())
    if uow.scalar(int, "SELECT 1 FROM business_segment WHERE segment_ident = %s", (ident,)):
        message = f"A business segment {ident!r} exists already."
        raise Refused(Kind.CONFLICT, Problem("business_segment_exists", message, "segmentIdent", ident))
    uow.lock("default", ["business_segment"])
    # under the lock: of two that are created at once only one is the first
    first = not uow.scalar(int, "SELECT 1 FROM business_segment LIMIT 1")
    now = uow.ctx.now()
    uow.insert(
        tables.business_segment,
        [
            {
                "segment_ident": ident,
                "billing_group_ident": group,
                "name": body.name,
                "description": body.description,
                "default": first,
                "created_at": now,
                "last_modified_at": now,
            }
        ],
    )
    uow.audit("business_segment", ident, {"created": True})
    return _segment(uow, group, ident)


def _segment(uow: Uow, group: str, ident: str) -> Segment:
    sql = f"SELECT {columns(SegmentRow)} FROM business_segment WHERE segment_ident = %s AND billing_group_ident = %s"
    row = uow.first(SegmentRow, sql, (ident, group))
    if row is None:
        raise not_found("business_segment", ident)
    return Segment(**row._asdict())
