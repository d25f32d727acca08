"""A file that came by itself is received and read, each in a transaction of its own."""

import logging

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent, is_file_name
from contor.payments.gateways import Source
from contor.payments.settlements import ReceiveSettlement, UploadWay, receive_settlement
from contor.payments.statements import ReadFile, ReceiveFile, StatementView, read_statement, receive_statement
from contor.payments.types import SETTLEMENT_FORMATS, STATEMENT_FORMATS
from contor.runtime.execute import Runtime

log = logging.getLogger("contor.statements")
_ACCOUNTS = """
SELECT ident FROM merchant_payment_account WHERE payment_service_provider_id = %s AND active AND NOT settlement_creation_disabled
 ORDER BY ident LIMIT 20
"""


def enter(runtime: Runtime, tenant_id: int, name: str, content: bytes, way: UploadWay) -> StatementView | None:
    """What became of a statement of whatever account, after the commit; None: it could not be received, which the log says."""
    caller = Caller(f"statements:{way.lower()}", f"statements-{way.lower()}", tenant_id, permissions=frozenset({EVERYTHING}))
    if not is_file_name(name):
        log.warning("a file of a bank has a name that cannot be kept; it is left where it is")
        return None
    try:
        return _statement(runtime, caller, ReceiveFile(_file(name, content), way))
    except Refused as refused:
        log.warning("the file %s of a bank is not taken: %s", name, refused.problems[0].code)
        return None


def enter_from(runtime: Runtime, who: Caller, source: Source, name: str, content: bytes, way: UploadWay) -> str:
    """What became of a file of a source, after the commit: its state. Raises `Refused` for one that is not received."""
    row = source.row
    if not is_file_name(name):
        raise Refused(Kind.INVALID, Problem("file_name_invalid", "its name cannot be kept"))
    file = _file(name, content)
    for statement in STATEMENT_FORMATS:
        if row.format == statement:
            return _statement(runtime, who, ReceiveFile(file, way, row.merchant_payment_account_ident, statement)).state
    (report,) = [known for known in SETTLEMENT_FORMATS if known == row.format]
    account = row.merchant_payment_account_ident or _only_account(runtime, who, row.payment_provider_id)
    try:
        return runtime.execute(receive_settlement, ReceiveSettlement(account, file, report, way), who).state
    except Refused as refused:
        if refused.problems[0].code == "settlement_file_exists":  # taken before, and the process died before it kept that
            return "READ"
        raise


def _only_account(runtime: Runtime, who: Caller, provider_id: int) -> str:
    with runtime.transaction(who, reads=True) as uow:
        accounts = uow.column(str, _ACCOUNTS, (provider_id,))
    if len(accounts) == 1:
        return accounts[0]
    message = "no merchant payment account of which settlement reports are taken is kept at the provider"
    if accounts:
        message = (
            f"the provider keeps several accounts ({', '.join(accounts)}): merchantPaymentAccountIdent says whose reports they are"
        )
    raise Refused(Kind.INVALID, Problem("settlement_account_unknown", message))


def _statement(runtime: Runtime, who: Caller, command: ReceiveFile) -> StatementView:
    made = runtime.execute(receive_statement, command, who)
    return runtime.execute(read_statement, ReadFile(statement_ident=made.statement_ident), who)


def _file(name: str, content: bytes) -> FileContent:
    return FileContent(content, "application/octet-stream", name)
