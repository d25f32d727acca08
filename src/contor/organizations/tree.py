"""Who may see what in the directory: an organization sees itself and what was created below it; all else does not exist for it."""

import uuid

from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.stored import ORGANIZATION, OrganizationRow
from contor.runtime.uow import Uow

TREE = (
    "WITH RECURSIVE tree AS (SELECT id FROM directory.organization WHERE id = %(root)s AND deleted_at IS NULL UNION ALL"
    # ALL: a parent never changes, so there is no circle to end
    " SELECT o.id FROM directory.organization o JOIN tree t ON o.parent_id = t.id WHERE o.deleted_at IS NULL) "
)


def root(uow: Uow) -> uuid.UUID:
    """The caller's organization."""
    found = uow.ctx.caller.organization_id
    if found is None:
        raise Refused(Kind.UNAUTHENTICATED, Problem("organization_missing", "The token names no organization."))
    return found


def identifier(text: str) -> uuid.UUID | None:
    """A UUID as written, or None: then no thing has it."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def organization_in_tree(uow: Uow, organization_id: str | uuid.UUID | None, *, lock: bool = False) -> OrganizationRow:
    """The organization's row; raises NOT_FOUND outside the caller's tree."""
    number = organization_id if isinstance(organization_id, uuid.UUID) else identifier(str(organization_id))
    row = None
    known = TREE + "SELECT 1 FROM tree WHERE id = %(wanted)s"
    if number is not None and uow.scalar(int, known, {"root": root(uow), "wanted": number}) is not None:
        row = uow.first(OrganizationRow, ORGANIZATION + f"id = %s{' FOR UPDATE' if lock else ''}", (number,))
    if row is None:
        raise Refused(Kind.NOT_FOUND, Problem("organization_not_found", "Organization not found."))
    return row


def environments(uow: Uow, organization_id: uuid.UUID) -> list[str]:
    """The environments that an organization has, TEST first."""
    sql = "SELECT environment FROM directory.environment WHERE organization_id = %s"
    return sorted(uow.column(str, sql, (organization_id,)), reverse=True)


def acting_user(uow: Uow) -> uuid.UUID | None:
    """The user behind the caller, if it is one."""
    kind, _, name = uow.ctx.actor.partition(":")
    return identifier(name) if kind == "user" else None
