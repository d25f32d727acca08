"""How a tenant's client is called in DATEV: stored once, used by every export."""

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.reports.datev import tables
from contor.reports.datev.types import DatevConfiguration
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class OwnConfiguration:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class PutConfiguration:
    body: DatevConfiguration


class _Row(NamedTuple):
    consultant_number: int
    client_number: int
    account_length: int
    fiscal_year_start_month: int
    initials: str | None


@operation("datev_configuration.get", permission="bookkeeping.read", reads=True)
def get_configuration(uow: Uow, command: OwnConfiguration) -> DatevConfiguration:
    """The client in DATEV."""
    found = datev_configuration(uow)
    if found is None:
        raise not_found("datev_configuration", "")
    return found


@operation("datev_configuration.put", permission="bookkeeping.write")
def put_configuration(uow: Uow, command: PutConfiguration) -> DatevConfiguration:
    """Say what the tax adviser calls the client. Exports that were asked for before keep what they were asked for with."""
    before, row = datev_configuration(uow), dataclasses.asdict(command.body)
    stamped = {**row, "last_modified_at": uow.ctx.now()}
    if before is None:
        uow.insert(tables.datev_configuration, [stamped])
    else:
        uow.run(f"UPDATE datev_configuration SET {', '.join(f'{name} = %({name})s' for name in stamped)}", stamped)
    uow.audit("datev_configuration", "", {"before": None if before is None else dataclasses.asdict(before), "after": row})
    return command.body


@operation("datev_configuration.delete", permission="bookkeeping.write")
def delete_configuration(uow: Uow, command: OwnConfiguration) -> None:
    """Forget it: nothing is exported for DATEV from then on."""
    if not uow.run("DELETE FROM datev_configuration"):
        raise not_found("datev_configuration", "")
    uow.audit("datev_configuration", "", {"deleted": True})


def datev_configuration(uow: Uow) -> DatevConfiguration | None:
    """The tenant's own; None: nothing was said."""
    row = uow.first(_Row, f"SELECT {columns(_Row)} FROM datev_configuration")
    return None if row is None else DatevConfiguration(**row._asdict())
