"""A file that came by itself is received and read at once, each in a transaction of its own."""

import logging

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.kernel.files import FileContent, is_file_name
from contor.payments.statements.files import ReceiveFile, StatementView, Way, receive_statement
from contor.payments.statements.take import ReadFile, read_statement
from contor.runtime.execute import Runtime

log = logging.getLogger("contor.statements")


def enter(runtime: Runtime, tenant_id: int, name: str, content: bytes, way: Way) -> StatementView | None:
    """What became of it, after the commit; None: it could not be received, which the log says."""
    caller = Caller(f"statements:{way.lower()}", f"statements-{way.lower()}", tenant_id, permissions=frozenset({EVERYTHING}))
    if not is_file_name(name):
        log.warning("a file of a bank has a name that cannot be kept; it is left where it is")
        return None
    try:
        made = runtime.execute(receive_statement, ReceiveFile(FileContent(content, "application/octet-stream", name), way), caller)
        return runtime.execute(read_statement, ReadFile(statement_ident=made.statement_ident), caller)
    except Refused as refused:
        log.warning("the file %s of a bank is not taken: %s", name, refused.problems[0].code)
        return None
