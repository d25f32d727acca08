"""Runs that someone holds: previewed, approved, and made as they were previewed, or cancelled before. One of a kind is open at a time, for
two previews would promise the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.rows import Row, columns
from contor.runtime.uow import Uow, not_found

RunStatus = Literal["CREATED", "PREVIEWED", "APPROVED", "COMPLETED", "CANCELLED"]
OPEN: Final = "('CREATED', 'PREVIEWED', 'APPROVED')"
"""SQL: the states of a run that is open."""


class _Standing(NamedTuple):
    run_ident: str
    status: RunStatus


@dataclass(frozen=True, slots=True)
class HeldRuns:
    """The runs of one kind."""

    table: str
    """With `run_ident`, `status` and a column for each time; also what they are called in the trail."""

    def require(self, uow: Uow, kind: type[Row], ident: str, *, lock: bool = False) -> Row:
        """A run; `lock`: until the transaction ends. Raises NOT_FOUND."""
        sql = f"SELECT {columns(kind)} FROM {self.table} WHERE run_ident = %s{' FOR UPDATE' if lock else ''}"
        row = uow.first(kind, sql, (ident,))
        if row is None:
            raise not_found(self.table, ident)
        return row

    def named(self, uow: Uow, kind: type[Row], idents: Sequence[str]) -> list[Row]:
        """Those that exist, in any order."""
        return uow.all(kind, f"SELECT {columns(kind)} FROM {self.table} WHERE run_ident = ANY (%s)", (list(idents),))

    def refuse_second(self, uow: Uow) -> None:
        """Raises CONFLICT where one is open."""
        uow.lock(self.table, ["open"])  # two calls at once: the second sees the run of the first instead of a broken key
        if ident := uow.scalar(str, f"SELECT run_ident FROM {self.table} WHERE status IN {OPEN}"):
            message = f"The run {ident} is open; approve it and let it end, or cancel it."
            raise Refused(Kind.CONFLICT, Problem(f"{self.table}_open", message))

    def approve(self, uow: Uow, ident: str) -> None:
        """Raises CONFLICT where it is not previewed."""
        for lock in (False, True):  # a worker that previews it holds it meanwhile: whoever is too early is told so at once
            run = self.require(uow, _Standing, ident, lock=lock)
            if run.status != "PREVIEWED":
                message = f"The run is {run.status}; one that is PREVIEWED is approved."
                raise Refused(Kind.CONFLICT, Problem(f"{self.table}_not_previewed", message))
        self.move(uow, ident, "APPROVED", "approved_at")

    def cancel(self, uow: Uow, ident: str) -> None:
        """Raises CONFLICT where it is approved, or has ended."""
        run = self.require(uow, _Standing, ident, lock=True)
        if run.status not in ("CREATED", "PREVIEWED"):
            raise Refused(Kind.CONFLICT, Problem(f"{self.table}_not_open", f"The run is {run.status}."))
        self.move(uow, ident, "CANCELLED", "completed_at")

    def move(self, uow: Uow, ident: str, status: RunStatus, stamp: str | None = None) -> None:
        """`stamp`: the column that says when."""
        at = "" if stamp is None else f", {stamp} = %s"
        values = (status, ident) if stamp is None else (status, uow.ctx.now(), ident)
        uow.run(f"UPDATE {self.table} SET status = %s{at} WHERE run_ident = %s", values)
        uow.audit(self.table, ident, {"status": status})
