"""The customer whom a request names, and whether anything new is begun with him."""

from typing import NamedTuple

from contor.customers.types import CustomerStatus
from contor.kernel.errors import Problem
from contor.runtime.uow import Uow


class _Standing(NamedTuple):
    status: CustomerStatus
    merged_into: str | None


def debtor_named(uow: Uow, ident: str | None, number: int | None, path: str = "debtor") -> tuple[str, list[Problem]]:
    """The customer whom a request names by ident, or by the number that older clients know (`debtorId`), with the findings on it.
    `path`: of the field in the request, without its ending."""
    if ident is None and number is None:
        return "", [Problem("field_required", "is required", f"{path}Ident")]
    named = [f"{column} = %({column})s" for column, value in (("customer_ident", ident), ("id", number)) if value is not None]
    sql = f"SELECT customer_ident FROM customer WHERE {' AND '.join(named)}"
    found = uow.scalar(str, sql, {"customer_ident": ident, "id": number})
    if found is not None:
        return found, []
    if ident is None:
        return "", [Problem("customer_unknown", "does not exist", f"{path}Id", number)]
    message = "does not exist" if number is None else f"is not the customer {number}"
    return "", [Problem("customer_unknown", message, f"{path}Ident", ident)]


def new_debtor_named(uow: Uow, ident: str | None, number: int | None, path: str = "debtor") -> tuple[str, list[Problem]]:
    """As `debtor_named`, of who is to have something new: nothing is begun with who is suspended or archived."""
    found, problems = debtor_named(uow, ident, number, path)
    return found, problems or closed_findings(uow, found, f"{path}Ident")


def closed_findings(uow: Uow, ident: str, field: str) -> list[Problem]:
    """Why nothing new is begun with the customer, said of the field that names him; nothing, where it is."""
    row = uow.first(_Standing, "SELECT status, merged_into FROM customer WHERE customer_ident = %s", (ident,))
    if row is None or row.status == "ACTIVE":
        return []
    into = f", {row.merged_into} took his place" if row.merged_into else ""
    return [
        Problem(f"customer_{row.status.lower()}", f"is {row.status.lower()}{into}: nothing new is begun with him", field, ident)
    ]
