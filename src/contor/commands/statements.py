"""Read banks' files from the command line: each is received and read; what waited for another one is read again behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contor.commands.billing import caller_of
from contor.kernel.context import Caller
from contor.kernel.errors import Refused
from contor.kernel.files import FileContent
from contor.kernel.money import counted
from contor.payments.statements import (
    LARGEST,
    OriginalFile,
    ReadFile,
    ReceiveFile,
    StatementReason,
    StatementView,
    get_original,
    read_statement,
    receive_statement,
)
from contor.runtime.execute import Runtime


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    path: Path
    view: StatementView | None
    reasons: tuple[StatementReason, ...] = ()

    @property
    def is_read(self) -> bool:
        return self.view is not None and self.view.state == "READ"

    @property
    def payments(self) -> int:
        return self.view.counts.payments if self.view is not None else 0


def import_files(runtime: Runtime, files: Sequence[Path], realm: str | None, advance: Callable[[], None]) -> list[Imported]:
    """Into the tenant of `realm` (default: the demo's); `advance` is called when a file is through."""
    caller = caller_of(runtime, realm)
    outcomes = []
    for path in files:
        outcomes.append(_imported(runtime, caller, path))
        advance()
    while True:  # each that is read may be the one for which another waits
        again = [_again(runtime, caller, one) for one in outcomes]
        if again == outcomes:
            return outcomes
        outcomes = again


def _imported(runtime: Runtime, caller: Caller, path: Path) -> Imported:
    try:
        if path.stat().st_size > LARGEST:
            return Imported(path, None, (StatementReason(code="file_too_large", message="The file is larger than 64 MB."),))
        file = FileContent(path.read_bytes(), "application/octet-stream", path.name)
        made = runtime.execute(receive_statement, ReceiveFile(file), caller)
        view = runtime.execute(read_statement, ReadFile(statement_ident=made.statement_ident), caller)
    except OSError as error:
        return Imported(path, None, (StatementReason(code="file_unreadable", message=error.strerror or str(error)),))
    except Refused as refused:
        return Imported(path, None, tuple(StatementReason(code=one.code, message=one.message) for one in refused.problems))
    return Imported(path, view, view.reasons)


def _again(runtime: Runtime, caller: Caller, one: Imported) -> Imported:
    if one.view is None or one.view.state != "KEPT_ASIDE":
        return one
    view = runtime.execute(read_statement, ReadFile(statement_ident=one.view.statement_ident), caller)
    same = replace(view, read_at=one.view.read_at)
    return one if same == one.view else Imported(one.path, view, view.reasons)


def told(one: Imported) -> str:
    """What became of a file, in a line."""
    view = one.view
    if view is None:
        return f"{one.path}: not taken"
    counts = view.counts
    state = {"READ": "read", "KEPT_ASIDE": "kept aside", "REFUSED": "refused", "RECEIVED": "waits"}[view.state]
    account = f" for {view.merchant_payment_account_ident}" if view.merchant_payment_account_ident else ""
    if view.state != "READ":
        return f"{one.path}: {state}{account} ({view.statement_ident})"
    more = "".join(
        f", {number} {what}"
        for number, what in (
            (counts.known, "known"),
            (counts.enriched, "enriched"),
            (counts.information, "not booked"),
            (counts.unresolved, "collective without parts that add up"),
            (counts.reports, "report on our files" if counts.reports == 1 else "reports on our files"),
            (counts.rejected, "transaction refused" if counts.rejected == 1 else "transactions refused"),
        )
        if number
    )
    new, payments = counted(counts.new, "new booking"), counted(counts.payments, "payment")
    return f"{one.path}: {state}{account}, {new}{more}, {payments}"


def original_of(runtime: Runtime, ident: str, realm: str | None) -> bytes:
    return runtime.execute(get_original, OriginalFile(statement_ident=ident), caller_of(runtime, realm)).content
