"""Files are given to the bank by a person, who says so, or put to its server (`submitting`)."""

import datetime as dt
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import counted
from contor.kernel.operations import operation
from contor.payments.files.read import OneFile, PaymentFileView, the_file, view_of
from contor.payments.intents import GivenUpInFiles, given_up_in_files, release_held
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

SENDING = "payment_files_sent"
"""The work that puts files to the banks' servers."""


@operation("payment_file.confirm", permission="payments.write")
def confirm_file(uow: Uow, command: OneFile) -> PaymentFileView:
    """Somebody gave the file to the bank."""
    row = the_file(uow, command.payment_file_ident, lock=True)
    if row.status == "SUBMITTING":
        message = "It is on its way to the bank's server right now."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_file_submitting", message))
    if row.status == "GIVEN_UP":
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_file_given_up", view_of(uow, row).reason or ""))
    if row.status not in ("CREATED", "UPLOADED"):
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_file_sent", f"It is {row.status}: it was given to the bank before."))
    uow.run(
        "UPDATE payment_file SET status = 'SENT', sent_at = %s, reason = CASE WHEN given_up > 0 THEN reason END, try_at = NULL,"
        " expected_by = NULL WHERE ident = %s",
        (uow.ctx.now(), row.ident),
    )
    uow.audit("payment_file", row.ident, {"status": "SENT"})
    return view_of(uow, the_file(uow, row.ident))


class _Unsent(NamedTuple):
    ident: str
    status: str
    try_at: dt.datetime | None


@on(GivenUpInFiles)
def give_up(uow: Uow, fact: GivenUpInFiles) -> None:
    """What a person ended of files that were not given to a bank must not go to it any more: a file of which nothing is wanted is given up,
    and one that says something else, too, goes to no server by itself."""
    sql = (
        f"SELECT {columns(_Unsent)} FROM payment_file WHERE ident = ANY (%s) AND status IN ('CREATED', 'SUBMITTING', 'UPLOADED')"
        " ORDER BY ident FOR UPDATE"
    )
    files = {row.ident: row for row in uow.all(_Unsent, sql, (list(fact.message_idents),))}
    for row in files.values():
        if row.status == "SUBMITTING" or (row.status == "UPLOADED" and row.try_at is None):
            message = (
                f"The file {row.ident} is on its way to the bank's server right now: end it when that is over, or confirm the file first"
                " where the bank has it."
            )
            raise Refused(Kind.ILLEGAL_STATE, Problem("payment_file_submitting", message))
    for it in given_up_in_files(uow, list(files)):
        status = files[it.message_ident].status if it.others else "GIVEN_UP"
        more = f" and {it.many - len(it.document_idents)} more" if it.many > len(it.document_idents) else ""
        reason = (
            f"{counted(it.many, 'of its transactions was ended by hand and is', 'of its transactions were ended by hand and are')}"
            f" not wanted any more: {', '.join(it.document_idents)}{more}."
        )
        uow.run(
            "UPDATE payment_file SET status = %s, given_up = %s, reason = %s, try_at = NULL,"
            " expected_by = CASE WHEN %s THEN expected_by END WHERE ident = %s",
            (status, it.many, reason, it.others > 0, it.message_ident),
        )
        uow.audit("payment_file", it.message_ident, {"status": status, "given_up": it.many})


@operation("payment_file.release", permission="payments.write")
def release_file(uow: Uow, command: OneFile) -> PaymentFileView:
    """Somebody looked at the payees' names and lets all transfers of the file go on that are held: the bank is told by its own ways."""
    row = the_file(uow, command.payment_file_ident, lock=True)
    many = release_held(uow, row.ident)
    if not many:
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_file_not_held", "The bank holds none of its transfers."))
    uow.audit("payment_file", row.ident, {"released": many})
    return view_of(uow, row)
