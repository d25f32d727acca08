"""Letters of paper come into the queue in the transaction of what they are about, each paid by a credit, or waiting for one."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from contor.notifications.post import tables
from contor.notifications.post.work import POSTING
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

NO_CREDIT: Final = "No letter is left of those that were bought: it goes when further ones are counted (POST /v2/post/credits)."


class Paper(NamedTuple):
    """What is to be posted."""

    document_id: int
    document_ident: str
    customer_ident: str
    dunning_letter_ident: str | None = None
    """The letter by which it is dunned; None: the document itself."""
    file_sha256: str | None = None
    """Its picture, where that is there and stays."""


class _Unpaid(NamedTuple):
    ident: str
    document_ident: str


def queue_letters(uow: Uow, papers: Sequence[Paper], provider: str) -> list[str]:
    """Let them be posted, as far as credits go (`lock_credits` before); what is left waits for some. Their idents."""
    left, now = remaining(uow), uow.ctx.now()
    rows: list[dict[str, object]] = []
    for place, paper in enumerate(papers):
        is_paid = place < left
        rows.append(
            {
                "ident": uow.new_ident(),
                **paper._asdict(),
                "provider": provider,
                "status": "WAITING" if is_paid else "UNPAID",
                "reason": None if is_paid else NO_CREDIT,
                "tries": 0,
                "due_at": uow.runtime.clock() if is_paid else None,
                "created_at": now,
                "last_modified_at": now,
            }
        )
    uow.insert(tables.post_letter, rows)
    paid = [_Unpaid(str(row["ident"]), str(row["document_ident"])) for row in rows[: max(left, 0)]]
    count_credits(uow, [(-1, one.ident, f"document {one.document_ident}") for one in paid])
    for row in rows:
        about = {"letter": row["dunning_letter_ident"]} if row["dunning_letter_ident"] else {}
        uow.audit("post_letter", str(row["ident"]), {"document": row["document_ident"], **about, "status": row["status"]})
    if paid:
        uow.mark(POSTING)
    return [str(row["ident"]) for row in rows]


def pay_letters(uow: Uow) -> None:
    """Those that wait for credits go, the oldest first, as far as there are some (`lock_credits` before)."""
    sql = (
        f"SELECT {columns(_Unpaid)} FROM post_letter WHERE status = 'UNPAID' ORDER BY created_at, ident LIMIT %s FOR NO KEY UPDATE"
    )
    found = uow.all(_Unpaid, sql, (max(remaining(uow), 0),))
    if not found:
        return
    uow.run(
        "UPDATE post_letter SET status = 'WAITING', reason = NULL, due_at = %s, last_modified_at = %s WHERE ident = ANY (%s)",
        (uow.runtime.clock(), uow.ctx.now(), [one.ident for one in found]),
    )
    count_credits(uow, [(-1, one.ident, f"document {one.document_ident}") for one in found])
    for one in found:
        uow.audit("post_letter", one.ident, {"status": "WAITING"})
    uow.mark(POSTING)


def lock_credits(uow: Uow) -> None:
    """Nobody else uses or adds any until the transaction ends."""
    uow.lock("post", ["credits"])


def remaining(uow: Uow) -> int:
    """Letters that are paid for and not used."""
    return uow.scalar(int, "SELECT coalesce(sum(credits), 0)::int FROM post_credit") or 0


def count_credits(uow: Uow, moved: Sequence[tuple[int, str | None, str]]) -> None:
    """Each with its letter, if it is one's, and a note."""
    now = uow.ctx.now()
    rows = [
        {"id": number, "credits": credits, "letter_ident": letter, "note": note, "created_at": now}
        for number, (credits, letter, note) in zip(uow.next_ids(len(moved)), moved, strict=True)
    ]
    uow.insert(tables.post_credit, rows)
