"""What must hold of offers that are signed."""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


@check("proposals.what_was_signed_came_into_being")
def signed(uow: Uow) -> Iterable[str]:
    """Exactly one thing came of each signature, and nothing of anything else; of one that waits for who is billed nothing yet, and never
    where the offer was put away while it waited."""
    came = "num_nonnulls(p.contract_ident, p.order_ident, p.draft_ident)"
    settled, given = (
        f"(SELECT count(*) FROM {table} a WHERE a.tenant_id = p.tenant_id AND a.proposal_id = p.id{more})"
        for table, more in (("proposal_activity", " AND a.kind = 'SIGNED'"), ("proposal_acceptance", ""))
    )
    sql = (
        f"SELECT number FROM proposal p WHERE {came} <> {settled} OR {came} > {given}"
        f" OR ({came} < {given} AND status NOT IN ('AWAITING_DETAILS', 'ARCHIVED'))"
        f" OR (status = 'SIGNED' AND {came} = 0) OR (status = 'AWAITING_DETAILS' AND ({came} <> 0 OR {given} = 0)) ORDER BY id"
    )
    for number in uow.column(str, sql):
        yield f"offer {number} was signed without anything that came of it, or has that without a signature"


@check("proposals.something_has_happened_to_each")
def active(uow: Uow) -> Iterable[str]:
    """That it was written always is noted."""
    sql = (
        "SELECT number FROM proposal p WHERE NOT EXISTS (SELECT 1 FROM proposal_activity a WHERE a.tenant_id = p.tenant_id"
        " AND a.proposal_id = p.id AND a.kind = 'CREATED') ORDER BY id"
    )
    for number in uow.column(str, sql):
        yield f"nothing is known to have happened to offer {number}"


class _Version(NamedTuple):
    proposal_id: int
    version: int
    content: str
    sha256: str


@check("proposals.what_was_shown_is_what_was_signed")
def shown(uow: Uow) -> Iterable[str]:
    """The hash is that of the words, and the one that was signed is that of its version."""
    for row in uow.all(
        _Version, "SELECT proposal_id, version, content, sha256 FROM proposal_version ORDER BY proposal_id, version"
    ):
        if sha256(row.content.encode()).hexdigest() != row.sha256:
            yield f"version {row.version} of offer {row.proposal_id} says something else than its hash"
    sql = (
        "SELECT a.proposal_id FROM proposal_acceptance a LEFT JOIN proposal_version v ON v.tenant_id = a.tenant_id"
        " AND v.proposal_id = a.proposal_id AND v.version = a.version WHERE v.sha256 IS DISTINCT FROM a.sha256 ORDER BY 1"
    )
    for number in uow.column(int, sql):
        yield f"offer {number} was signed by another hash than that of its version"
