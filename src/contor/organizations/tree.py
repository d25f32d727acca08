"""Who may see what in the directory: an organization sees itself and what was created below it; all else does not exist for it."""

import uuid
from collections.abc import Sequence
from typing import Final, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.stored import ORGANIZATION, OrganizationRow
from contor.runtime.uow import Uow


class _Realm(NamedTuple):
    organization_id: uuid.UUID
    environment: str
    realm: str


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


def realms(uow: Uow, organization_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    """The environments of organizations, TEST first, with the realm of each: its name at the token endpoint of the platform API."""
    sql = (
        "SELECT organization_id, environment, realm FROM directory.environment WHERE organization_id = ANY (%s)"
        " ORDER BY environment DESC"
    )
    found: dict[uuid.UUID, dict[str, str]] = {number: {} for number in organization_ids}
    for row in uow.all(_Realm, sql, (list(organization_ids),)):
        found[row.organization_id][row.environment] = row.realm
    return found


def environments(uow: Uow, organization_id: uuid.UUID) -> list[str]:
    """The environments that an organization has, TEST first."""
    sql = "SELECT environment FROM directory.environment WHERE organization_id = %s"
    return sorted(uow.column(str, sql, (organization_id,)), reverse=True)


def acting_user(uow: Uow) -> uuid.UUID | None:
    """The person behind the caller: the user, or who made the key; None where nobody did, as with the first key of all."""
    kind, _, name = uow.ctx.actor.partition(":")
    number = identifier(name)
    if kind == "key" and number is not None:
        return uow.scalar(uuid.UUID, "SELECT created_by_user FROM directory.api_key WHERE id = %s", (number,))
    return number if kind == "user" else None


def user_in_tree(uow: Uow, user_id: uuid.UUID) -> bool:
    """Whether somebody belongs to an organization that the caller may see, or is invited to one."""
    sql = TREE + "SELECT 1 FROM directory.membership m JOIN tree t ON t.id = m.organization_id WHERE m.user_id = %(user)s LIMIT 1"
    return uow.scalar(int, sql, {"root": root(uow), "user": user_id}) is not None


def contacts_named(uow: Uow, organization_id: uuid.UUID, user_id: uuid.UUID) -> list[str]:
    """What of an organization names this user as its contact."""
    return uow.column(
        str,
        "SELECT 'contact_person_id of ' || name FROM directory.organization WHERE id = %(of)s AND contact_person_id = %(user)s"
        " UNION ALL SELECT 'billing_contact_id of ' || recipient FROM directory.billing_address"
        " WHERE organization_id = %(of)s AND billing_contact_id = %(user)s ORDER BY 1",
        {"of": organization_id, "user": user_id},
    )


STANDS: Final = "stands"
"""What is believed of keys and memberships, see `access.standing`."""


def forget_standing(uow: Uow) -> None:
    """Something was taken away from somebody: nobody is believed to stand without being looked at."""
    uow.finish(lambda: uow.runtime.speak_again(STANDS))
