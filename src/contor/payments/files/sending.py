"""Files are given to the bank by a person, who says so, or put to its server (`submitting`)."""

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.files.read import OneFile, PaymentFileView, the_file, view_of
from contor.payments.intents import release_held
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
    if row.status not in ("CREATED", "UPLOADED"):
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_file_sent", f"It is {row.status}: it was given to the bank before."))
    uow.run(
        "UPDATE payment_file SET status = 'SENT', sent_at = %s, reason = NULL, try_at = NULL, expected_by = NULL WHERE ident = %s",
        (uow.ctx.now(), row.ident),
    )
    uow.audit("payment_file", row.ident, {"status": "SENT"})
    return view_of(uow, the_file(uow, row.ident))


@operation("payment_file.release", permission="payments.write")
def release_file(uow: Uow, command: OneFile) -> PaymentFileView:
    """Somebody looked at the payees' names and lets all transfers of the file go on that are held: the bank is told by its own ways."""
    row = the_file(uow, command.payment_file_ident, lock=True)
    many = release_held(uow, row.ident)
    if not many:
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_file_not_held", "The bank holds none of its transfers."))
    uow.audit("payment_file", row.ident, {"released": many})
    return view_of(uow, row)
