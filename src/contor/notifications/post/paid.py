"""Letters that were bought from the provider, and used."""

from collections.abc import Sequence

from contor.notifications.post import tables
from contor.runtime.uow import Uow


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
