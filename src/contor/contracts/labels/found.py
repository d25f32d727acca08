"""Contracts found by what another system knows of them: their numbers, their customers, its own names for them."""

from typing import Annotated

from pydantic import Field

from contor.contracts.queries import contracts_by_id
from contor.contracts.types import Contract
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow


@shape
class FindContracts:
    """Every condition that is given holds."""

    numbers: Annotated[tuple[int, ...], Field(max_length=1_000)] | None = None
    customer_idents: Annotated[tuple[str, ...], Field(max_length=1_000)] | None = None
    external_ident: str | None = None
    """See `labels`."""
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    offset: Annotated[int, Field(ge=0)] = 0


@operation("contract.find", permission="contracts.read", reads=True)
def find_contracts(uow: Uow, command: FindContracts) -> tuple[Contract, ...]:
    """The oldest first."""
    conditions, values = list[str](), dict[str, object](limit=command.limit, offset=command.offset)
    for name, sql in _CONDITIONS.items():
        if (wanted := getattr(command, name)) is not None:
            conditions.append(sql)
            values[name] = list(wanted) if isinstance(wanted, tuple) else wanted
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"SELECT contract_id FROM contract{where} ORDER BY contract_id LIMIT %(limit)s OFFSET %(offset)s"
    return tuple(contracts_by_id(uow, uow.column(int, sql, values)).values())


_CONDITIONS = {
    "numbers": "contract_id = ANY (%(numbers)s)",
    "customer_idents": "customer_ident = ANY (%(customer_idents)s)",
    "external_ident": "contract_id IN (SELECT contract_id FROM contract_label WHERE external_ident = %(external_ident)s)",
}
