"""What must hold of how open items are dunned and collected."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from contor.documents.queries import documents_by_id
from contor.kernel.checks import check
from contor.runtime.integrity import in_pages, said_last
from contor.runtime.uow import Uow


class _Case(NamedTuple):
    document_id: int
    ident: str
    dunning_block: bool
    dunning_block_reason: str | None
    dunning_block_until: dt.date | None
    payment_collection: bool


@check("openitems.blocks_and_collection_are_what_was_said_last")
def said(uow: Uow) -> Iterable[str]:
    """Whether a case is blocked for dunning, and whether it is collected, is what the trail says last; else as it began. A block has its
    reason."""
    blocked, collected = (said_last(uow, "opos_case", key) for key in ("dunning_block", "payment_collection"))
    sql = (
        "SELECT document_id, ident, dunning_block, dunning_block_reason, dunning_block_until, payment_collection FROM opos_case"
        " WHERE document_id > %s"
    )
    for rows in in_pages(uow, _Case, sql, "document_id"):
        documents = documents_by_id(uow, [row.document_id for row in rows])
        for row in rows:
            if row.dunning_block != (blocked.get(row.ident, "false") == "true"):
                yield f"case {row.ident}: blocked for dunning {row.dunning_block}, the trail says {blocked.get(row.ident)}"
            if not row.dunning_block and (row.dunning_block_reason or row.dunning_block_until):
                yield f"case {row.ident}: it is not blocked for dunning, and says a reason or a last day of it"
            began = documents[row.document_id].payment_collection.collect
            if row.payment_collection != (collected.get(row.ident, str(began).lower()) == "true"):
                yield f"case {row.ident}: collected {row.payment_collection}, the trail says {collected.get(row.ident)}"
