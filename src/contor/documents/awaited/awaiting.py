"""Where pictures are uploaded, each document that is issued waits for its own: number, entries, due date and e-invoices do not."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from contor.documents.awaited import tables
from contor.documents.events import DocumentsIssued, PicturesAwaited
from contor.documents.types import FinalizingView
from contor.kernel.events import on
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import output_switches, tenant_settings

UPLOADED_PICTURE: Final = "UPLOADED_PICTURE"
"""The type of file that an uploaded picture is kept as, beside the PDF/A-3 that was made of it."""
GIVING_UP: Final = "awaited_pictures"
"""The work that looks for those that did not come in time."""


class _Awaited(NamedTuple):
    document_id: int
    until: dt.datetime


@on(DocumentsIssued)
def await_pictures(uow: Uow, fact: DocumentsIssued) -> None:
    """What repeats e-invoices of another system has its picture from us: who sent it drew one already."""
    settings = tenant_settings(uow)
    if settings.custom_picture != "AWAITED" or not output_switches(uow).pdf:
        return
    ids = tuple(draft.id for draft in fact.documents if not draft.facts.imported)
    if not ids:
        return
    until = uow.ctx.now() + dt.timedelta(minutes=settings.custom_picture_minutes)
    uow.insert(tables.awaited_picture, [{"document_id": number, "until": until} for number in ids])
    uow.mark(GIVING_UP, settings.custom_picture_minutes * 60)
    uow.finish(lambda: uow.emit(PicturesAwaited(document_ids=ids)))  # when their numbers are drawn


def still_awaited(uow: Uow, ids: Collection[int]) -> set[int]:
    """Those of these documents for which a picture is awaited."""
    sql = "SELECT document_id FROM awaited_picture WHERE document_id = ANY (%s) AND source IS NULL"
    return set(uow.column(int, sql, (sorted(ids),))) if ids else set()


def takes_own(uow: Uow) -> bool:
    """Whether a document for which no picture was uploaded in time may have ours. As decided now, not when it was issued: so nothing waits
    for ever."""
    settings = tenant_settings(uow)
    return settings.custom_picture_fallback or settings.custom_picture == "NONE"


def finalizing_of(uow: Uow, ids: Sequence[int]) -> dict[int, FinalizingView]:
    """For what these documents wait, by document; those that wait for no picture are not among them."""
    if not ids:
        return {}
    sql = f"SELECT {columns(_Awaited)} FROM awaited_picture WHERE document_id = ANY (%s) AND source IS NULL"
    rows = uow.all(_Awaited, sql, (list(ids),))
    is_ours_then = bool(rows) and takes_own(uow)
    return {row.document_id: _view(row, is_ours_then, is_late=row.until <= uow.ctx.now()) for row in rows}


def _view(row: _Awaited, is_ours_then: bool, *, is_late: bool) -> FinalizingView:
    until = row.until.astimezone(dt.UTC)
    minute = until.strftime("%Y-%m-%d %H:%M UTC")
    if not is_late:
        then = "then it gets the built-in one" if is_ours_then else "it waits until one is uploaded"
        reason = f"Its picture (PDF) is awaited until {minute}: somebody is to upload it; {then}."
    elif is_ours_then:
        reason = f"No picture was uploaded until {minute}: the built-in one is being made."
    else:
        reason = (
            f"No picture was uploaded until {minute}, and the built-in one may not take its place (customPictureFallback): it waits until"
            " one is uploaded."
        )
    return FinalizingView(until=until, is_built_in_then=is_ours_then, reason=reason)
