"""Letters are handed to their provider: each once, whatever happens to who does it.

Two steps are written down, each committed before the next begins: HANDING, by whom and until when; what the provider said. Killed between
the two, the provider is asked under the letter's key: what it knows is written down, what it never heard of is handed over again. One that
cannot be asked leaves the letter HELD for a person, and it is never handed over again by itself.
"""

import datetime as dt
from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.after import views_of
from contor.documents.types import DocumentView
from contor.dunning.queries import demand_of_letter
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.notifications.post.events import PostLettersMoved
from contor.notifications.post.providers import provider_of
from contor.notifications.post.queue import count_credits
from contor.notifications.post.types import PostProvider, Result, Sheet, Unreachable
from contor.notifications.post.work import POSTING
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.execute import Runtime
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

HAND_SECONDS: Final = 120
"""For so long a letter is its worker's: longer than a call of the provider may take."""
FILES_SECONDS: Final = 60
AWAITED_SECONDS: Final = 3600
"""After which a letter is looked at again whose picture somebody is to upload."""
PAUSE: Final = dt.timedelta(minutes=5)
"""After which a provider is asked again that gave no answer."""
MOST_TRIES: Final = 50
UNKNOWN: Final = (
    "Whether the provider has the letter is not known, and it cannot be asked. Look there for the letter's ident; then confirm that it"
    " has it, or have it sent again."
)
NO_FILE: Final = "The document has no picture to be printed: none was to be made (pdf of document-output/configuration)."


@shape
class ClaimLetter:
    holder: str


@shape
class RecordLetter:
    post_letter_ident: str
    holder: str
    result: Result | None
    """None: there was no answer."""
    answer: str = ""
    can_be_asked: bool = True


class Claimed(NamedTuple):
    """A letter that is to be handed over, or asked after."""

    ident: str
    provider: str
    is_known: bool
    """It may have been handed over before: the provider is asked first."""
    document_ident: str
    gross: Decimal
    file_sha256: str


class _Due(NamedTuple):
    ident: str
    document_id: int
    document_ident: str
    dunning_letter_ident: str | None
    file_sha256: str | None
    provider: str
    status: str
    tries: int


@operation("post_letter.claim", permission="notifications.write")
def claim(uow: Uow, command: ClaimLetter) -> Claimed | None:
    """The next letter for who hands over; None: nothing is due."""
    now = uow.runtime.clock()
    _left_alone(uow, now)
    while (row := _next(uow, now)) is not None:
        if row.dunning_letter_ident is not None:
            ident, gross, sha256 = row.document_ident, demand_of_letter(uow, row.dunning_letter_ident), row.file_sha256
        else:
            view = views_of(uow, [row.document_id])[row.document_id]
            ident, gross, sha256 = view.ident, view.totals.gross, next((it.sha256 for it in view.files if it.type == "PDF"), None)
        if sha256 is None:
            _wait_for_files(uow, row, now, view)
            continue
        uow.run(
            "UPDATE post_letter SET status = CASE WHEN status = 'ACCEPTED' THEN status ELSE 'HANDING' END, holder = %s, held_until = %s,"
            " due_at = NULL, tries = tries + 1, file_sha256 = %s, last_modified_at = %s WHERE ident = %s",
            (command.holder, now + dt.timedelta(seconds=HAND_SECONDS), sha256, uow.ctx.now(), row.ident),
        )
        uow.audit("post_letter", row.ident, {"handed_over": row.tries + 1, "file": sha256})
        is_known = row.status == "ACCEPTED" or row.tries > 0
        return Claimed(row.ident, row.provider, is_known, ident, gross, sha256)
    return None


def _next(uow: Uow, now: dt.datetime) -> _Due | None:
    sql = f"SELECT {columns(_Due)} FROM post_letter WHERE due_at <= %s ORDER BY due_at, ident LIMIT 1 FOR UPDATE SKIP LOCKED"
    return uow.first(_Due, sql, (now,))


def _left_alone(uow: Uow, now: dt.datetime) -> None:
    """What was left by who was killed is due again."""
    left = uow.column(
        str,
        "UPDATE post_letter SET status = CASE status WHEN 'HANDING' THEN 'WAITING' ELSE status END, due_at = %s, holder = NULL,"
        " held_until = NULL, last_modified_at = %s WHERE held_until < %s RETURNING ident",
        (now, uow.ctx.now(), now),
    )
    for ident in left:
        uow.audit("post_letter", ident, {"left_by_its_worker": True})


def _wait_for_files(uow: Uow, row: _Due, now: dt.datetime, view: DocumentView) -> None:
    """That its picture is there it is told (`asking.files_are_there`); it is looked at again all the same."""
    if view.status == "COMPLETED":
        uow.run(
            "UPDATE post_letter SET status = 'HELD', reason = %s, due_at = NULL, last_modified_at = %s WHERE ident = %s",
            (NO_FILE, uow.ctx.now(), row.ident),
        )
        uow.audit("post_letter", row.ident, {"status": "HELD", "reason": NO_FILE})
        return
    uow.audit("post_letter", row.ident, {"waits_for": "picture"})
    reason, seconds = ("Its picture is being made.", FILES_SECONDS)
    if view.finalizing is not None:
        reason, seconds = view.finalizing.reason, AWAITED_SECONDS
    uow.run(
        "UPDATE post_letter SET reason = %s, due_at = %s, last_modified_at = %s WHERE ident = %s",
        (reason, now + dt.timedelta(seconds=seconds), uow.ctx.now(), row.ident),
    )


class _Handed(NamedTuple):
    status: str
    tries: int


@operation("post_letter.record", permission="notifications.write")
def record_letter(uow: Uow, command: RecordLetter) -> None:
    """Write down what the provider said, and what becomes of the letter."""
    ident, result, now = command.post_letter_ident, command.result, uow.ctx.now()
    sql = "SELECT status, tries FROM post_letter WHERE ident = %s AND holder = %s FOR UPDATE"
    before = uow.first(_Handed, sql, (ident, command.holder))
    if before is None:
        return
    if result is None:
        held = not command.can_be_asked or before.tries >= MOST_TRIES
        status = "HELD" if held else before.status if before.status == "ACCEPTED" else "WAITING"
        reason: str | None = UNKNOWN if not command.can_be_asked else command.answer
        due = None if held else uow.runtime.clock() + PAUSE
        reference: str | None = None
    else:
        status, reason, reference = result.status, result.reason, result.reference
        due = None if result.ask_in is None else uow.runtime.clock() + dt.timedelta(seconds=result.ask_in)
    uow.run(
        "UPDATE post_letter SET status = %(status)s, reason = %(reason)s, reference = coalesce(%(reference)s, reference),"
        " due_at = %(due)s, holder = NULL, held_until = NULL, last_modified_at = %(now)s,"
        " accepted_at = CASE WHEN %(status)s IN ('ACCEPTED', 'PRINTED') THEN coalesce(accepted_at, %(now)s) ELSE accepted_at END,"
        " printed_at = CASE WHEN %(status)s = 'PRINTED' THEN %(now)s::timestamptz ELSE printed_at END WHERE ident = %(ident)s",
        {"status": status, "reason": reason, "reference": reference, "due": due, "now": now, "ident": ident},
    )
    if status == "FAILED":
        count_credits(uow, [(1, ident, "given back: it was not posted")])
    uow.audit("post_letter", ident, {"status": status, "reason": reason})
    if result is not None and status != before.status:
        uow.emit(PostLettersMoved(letter_idents=(ident,)))
    if due is not None:
        uow.mark(POSTING, max(0, int((due - uow.runtime.clock()).total_seconds()) + 1))


@shape
class FindDueLetters:
    """No input."""


class _Times(NamedTuple):
    due: dt.datetime | None
    held: dt.datetime | None


@operation("post_letter.find_due", permission="notifications.read", reads=True)
def find_due(uow: Uow, command: FindDueLetters) -> dt.datetime | None:
    """When the next letter has its time, or is left by who handed it over (real time)."""
    times = uow.first(
        _Times,
        "SELECT min(due_at) AS due, min(held_until) AS held FROM post_letter WHERE due_at IS NOT NULL OR held_until IS NOT NULL",
    )
    return None if times is None else min((one for one in times if one is not None), default=None)


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """Hand over what is due; when to look again."""
    who, holder = caller(POSTING, tenant_id), str(runtime.new_uuid())
    while not runtime.is_ending and (letter := runtime.execute(claim, ClaimLetter(holder=holder), who)) is not None:
        record = _handed(runtime, tenant_id, letter, holder)
        runtime.execute(record_letter, record, who)
    return runtime.execute(find_due, FindDueLetters(), who)


def _handed(runtime: Runtime, tenant_id: int, letter: Claimed, holder: str) -> RecordLetter:
    provider = provider_of(runtime, tenant_id, letter.provider)
    try:
        content = runtime.blobs.get(tenant_id, letter.file_sha256)
        sheet = Sheet(letter.ident, letter.document_ident, letter.gross, content)
        result = _asked(provider, letter) or provider.submit(sheet)
    except Unreachable as error:
        return RecordLetter(
            post_letter_ident=letter.ident, holder=holder, result=None, answer=str(error), can_be_asked=provider.can_be_asked
        )
    except (BlobMissing, BlobDamaged):
        answer = "Its picture is not what was kept: make it again, or bring it back from a backup."
        return RecordLetter(post_letter_ident=letter.ident, holder=holder, result=None, answer=answer)
    return RecordLetter(post_letter_ident=letter.ident, holder=holder, result=result)


def _asked(provider: PostProvider, letter: Claimed) -> Result | None:
    """What the provider knows of it; None: it is handed over. Raises Unreachable where it may have it and cannot be asked."""
    if not letter.is_known:
        return None
    if not provider.can_be_asked:
        raise Unreachable(UNKNOWN)
    return provider.ask(letter.ident)


every_tenant(work(Work(name=POSTING, look=look, place="files")), every=dt.timedelta(hours=1))
