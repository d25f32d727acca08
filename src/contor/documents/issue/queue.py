"""The queue of requests that wait to be issued: who takes one takes it in the transaction that issues."""

from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow


class Waiting(NamedTuple):
    """A request that waits; `payload` as `queries.packed`."""

    request_id: str
    document_type: str
    payload: bytes
    small_business: bool
    imported: bool


def claim(uow: Uow, limit: int, only: int | None) -> list[Waiting]:
    """Take the oldest requests, or one, out of the queue: they are back if the transaction fails."""
    chosen, values = ("WHERE id = %s ", (only, limit)) if only is not None else ("", (limit,))
    return uow.all(
        Waiting,
        # ARRAY: evaluated once; a joined subselect may be run again, and would lock more than the limit
        f"WITH taken AS (DELETE FROM document_queue WHERE id = ANY (ARRAY(SELECT id FROM document_queue {chosen}ORDER BY id LIMIT %s"
        " FOR UPDATE SKIP LOCKED)) RETURNING tenant_id, id, request_id)"
        " SELECT r.request_id, r.document_type, r.payload, r.small_business, r.imported FROM taken t JOIN document_request r"
        " ON r.tenant_id = t.tenant_id AND r.request_id = t.request_id ORDER BY t.id",  # oldest first: the order of the numbers
        values,
    )


@shape
class FirstInQueue:
    limit: int


@operation("document.first_in_queue", permission="documents.read", reads=True)
def first_in_queue(uow: Uow, command: FirstInQueue) -> tuple[int, ...]:
    """The places in the queue of the requests that wait longest."""
    return tuple(uow.column(int, "SELECT id FROM document_queue ORDER BY id LIMIT %s", (command.limit,)))
