"""Papers of customers who want them by post are posted by themselves, as those of others are mailed: once their files are there."""

from collections.abc import Collection
from typing import Final

from contor.customers.emails import readers
from contor.documents.after import views_of
from contor.documents.events import DocumentsArchived
from contor.documents.naming import taken_over_among
from contor.dunning.events import LettersFiled, LettersWithdrawn
from contor.dunning.letters import Posted, levels_of_letters, write_posted
from contor.dunning.queries import letters_told
from contor.kernel.events import on
from contor.notifications.post.configuration import configured_provider
from contor.notifications.post.events import PostLettersMoved
from contor.notifications.post.listed import LetterRow
from contor.notifications.post.queue import NO_CREDIT, Paper, count_credits, lock_credits, queue_letters
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

ON_PAPER: Final = frozenset({"POST", "BOTH"})
WITHDRAWN: Final = "The letter was withdrawn before it was posted."
BY_POST: Final = "it goes by post, and is not handed over yet"


@on(DocumentsArchived)
def documents_are_posted(uow: Uow, fact: DocumentsArchived) -> None:
    """What was taken over from another system was sent by that."""
    if (provider := configured_provider(uow)) is not None:
        uow.finish(lambda: _post_documents(uow, fact.document_ids, provider))


@on(LettersFiled)
def reminders_are_posted(uow: Uow, fact: LettersFiled) -> None:
    """The letters by which customers are dunned who get their documents on paper."""
    if (provider := configured_provider(uow)) is not None:
        uow.finish(lambda: _post_reminders(uow, fact.letter_ids, provider))


@on(LettersWithdrawn)
def reminders_are_withdrawn(uow: Uow, fact: LettersWithdrawn) -> None:
    """What is not handed over yet never is; its credit is given back."""
    lock_credits(uow)
    sql = "SELECT ident FROM post_letter WHERE dunning_letter_ident = ANY (%s) AND tries = 0 AND status IN ('WAITING', 'UNPAID') FOR UPDATE"
    idents = uow.column(str, sql, (list(fact.letter_idents),))
    if not idents:
        return
    paid = uow.column(str, "SELECT ident FROM post_letter WHERE ident = ANY (%s) AND status = 'WAITING'", (idents,))
    uow.run(
        "UPDATE post_letter SET status = 'FAILED', reason = %s, due_at = NULL, last_modified_at = %s WHERE ident = ANY (%s)",
        (WITHDRAWN, uow.ctx.now(), idents),
    )
    count_credits(uow, [(1, ident, "given back: it was withdrawn") for ident in paid])
    for ident in idents:
        uow.audit("post_letter", ident, {"status": "FAILED", "reason": WITHDRAWN})
    uow.emit(PostLettersMoved(letter_idents=tuple(idents)))


@on(PostLettersMoved)
def reminders_say_how_they_stand(uow: Uow, fact: PostLettersMoved) -> None:
    """Dunning does not know of the post: its letters are told when they are in the post, or why they are not."""
    sql = f"SELECT {columns(LetterRow)} FROM post_letter WHERE ident = ANY (%s) AND dunning_letter_ident IS NOT NULL ORDER BY ident"
    rows = uow.all(LetterRow, sql, (list(fact.letter_idents),))
    on_paper_only = {
        ident for ident, one in readers(uow, {row.customer_ident for row in rows}).items() if one.invoice_delivery == "POST"
    }
    posted = list[Posted]()
    for row in rows:
        letter = row.dunning_letter_ident or ""
        if row.accepted_at is not None:
            posted.append(Posted(letter, row.accepted_at))
        elif row.customer_ident in on_paper_only and row.reason:
            posted.append(Posted(letter, not_sent_reason=f"by post: {row.reason}"))
    write_posted(uow, posted)


# helpers in calling order


def _post_documents(uow: Uow, ids: Collection[int], provider: str) -> None:
    views = views_of(uow, sorted({*ids} - taken_over_among(uow, ids)))
    wanted = _on_paper(uow, {view.customer_detail.customer_ident for view in views.values()})
    views = {number: view for number, view in views.items() if view.customer_detail.customer_ident in wanted}
    if not views:
        return
    lock_credits(uow)
    sql = "SELECT document_id FROM post_letter WHERE document_id = ANY (%s) AND dunning_letter_ident IS NULL"
    known = set(uow.column(int, sql, (list(views),)))  # somebody asked for it already
    papers = [Paper(number, it.ident, it.customer_detail.customer_ident) for number, it in views.items() if number not in known]
    queue_letters(uow, papers, provider)


def _post_reminders(uow: Uow, ids: Collection[int], provider: str) -> None:
    letters = letters_told(uow, ids)
    wanted = _on_paper(uow, {letter.customer_ident for letter in letters})
    levels = levels_of_letters(uow, [letter.letter_ident for letter in letters])
    lock_credits(uow)
    sql = "SELECT dunning_letter_ident FROM post_letter WHERE dunning_letter_ident = ANY (%s)"
    known = set(uow.column(str, sql, ([letter.letter_ident for letter in letters],)))
    made = [
        Paper(it.document_id, it.document_idents[0], it.customer_ident, it.letter_ident, it.file_sha256)
        for it in letters
        if (it.customer_ident in wanted or levels[it.letter_ident].by_post)
        and it.status == "MADE"
        and it.document_id is not None
        and it.file_sha256 is not None
        and it.letter_ident not in known
    ]
    queue_letters(uow, made, provider)
    unpaid = set(
        uow.column(
            str,
            "SELECT dunning_letter_ident FROM post_letter WHERE dunning_letter_ident = ANY (%s) AND status = 'UNPAID'",
            ([paper.dunning_letter_ident for paper in made],),
        )
    )
    write_posted(
        uow,
        [
            Posted(
                it.dunning_letter_ident or "",
                not_sent_reason=f"by post: {NO_CREDIT}" if it.dunning_letter_ident in unpaid else BY_POST,
            )
            for it in made
            if wanted.get(it.customer_ident) == "POST"
        ],
    )


def _on_paper(uow: Uow, customers: Collection[str]) -> dict[str, str]:
    """Of these customers those who get their papers by post, and whether that is all."""
    wished = {ident: reader.invoice_delivery or "" for ident, reader in readers(uow, customers).items()}
    return {ident: wish for ident, wish in wished.items() if wish in ON_PAPER}
