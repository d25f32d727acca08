"""Servers of banks that files for them are put to: one of each of our accounts, with a sealed secret and a pinned key."""

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.payments.accounts import ACCOUNTS
from contor.payments.files import tables
from contor.payments.files.sending import SENDING
from contor.payments.servers import sealed_secret, secret_of_another_server
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow


def place_of(account_ident: str, ident: str) -> str:
    """Where the secret of a target is sealed."""
    return f"payment-file-target/{account_ident}/{ident}"


def _first(uow: Uow, row: Fields) -> None:
    """An account has one, so that no file goes two ways."""
    ACCOUNTS.require(uow, (row["account_ident"],), lock=True)
    there = uow.scalar(str, "SELECT ident FROM payment_file_target WHERE account_ident = %s", (row["account_ident"],))
    if there not in (None, row["ident"]):
        message = f"The account has the target {there!r} already: a file goes to one server."
        raise Refused(Kind.CONFLICT, Problem("file_target_exists", message, "ident", row["ident"]))
    _sealed(uow, row)


def _changed(uow: Uow, row: Fields) -> None:
    """The secret stays with the server that it was given for, whatever else changes."""
    sql = "SELECT host_key FROM payment_file_target WHERE account_ident = %s AND ident = %s"
    if "password" in row:
        _sealed(uow, row)
    elif uow.scalar(str, sql, (row["account_ident"], row["ident"])) != row["host_key"]:
        raise Refused(Kind.INVALID, secret_of_another_server("password"))
    else:
        uow.mark(SENDING)


def _sealed(uow: Uow, row: Fields) -> None:
    row["password"] = sealed_secret(uow, row["host_key"], row["password"], place_of(row["account_ident"], row["ident"]))
    uow.mark(SENDING)


TARGETS = Resource(
    "payment_file_target",
    tables.payment_file_target,
    permission="payments",
    keys=("account_ident", "ident"),
    parent=ACCOUNTS,
    writable=("ident", "active", "host", "port", "user_name", "host_key", "password", "folder"),
    hidden=("password",),
    secret=("password",),
    filterable=("ident", "active", "host", "created_at"),
    before_create=_first,
    before_update=_changed,
)
