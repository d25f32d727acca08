"""When documents were mailed, for who shows many of them."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from contor.runtime.uow import Uow


class _Sent(NamedTuple):
    document_id: int
    at: dt.datetime


def last_sent(uow: Uow, document_ids: Collection[int]) -> dict[int, dt.datetime]:
    """By document when the mail server took the last mail with it; without those that were not mailed."""
    if not document_ids:
        return {}
    sql = (
        "SELECT document_id, max(sent_at) AS at FROM mail WHERE document_id = ANY (%s) AND kind = 'DOCUMENT' AND sent_at IS NOT NULL"
        " GROUP BY document_id"
    )
    return dict(uow.all(_Sent, sql, (sorted(document_ids),)))
