"""What a customer has for himself alone: accounts in the books, and the name that another system has for him."""

from contor.customers import tables
from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields
from contor.runtime.uow import Uow

FIRST_DEBTOR, LAST_DEBTOR, FURTHER_DEBTORS = 10_000, 69_999, 100_000_000
FIRST_CREDITOR, LAST_CREDITOR, FURTHER_CREDITORS = 70_000, 99_999, 700_000_000
"""Personal accounts of five digits; when they are used up, of nine (DATEV: account length up to 9)."""


def next_personal_account(uow: Uow, kind: str) -> int:
    """The next free personal account of the tenant."""
    first, last, further = {
        "DEBTOR": (FIRST_DEBTOR, LAST_DEBTOR, FURTHER_DEBTORS),
        "CREDITOR": (FIRST_CREDITOR, LAST_CREDITOR, FURTHER_CREDITORS),
    }[kind]
    while True:
        drawn = uow.draw(tables.personal_account_counter, (kind,), low=first, count=1)
        number = drawn if drawn <= last else further + drawn - last - 1  # the first one beyond is the first of nine digits
        if kind != "DEBTOR" or not account_is_taken(uow, number):  # somebody may have chosen it
            return number


def account_is_taken(uow: Uow, number: int) -> bool:
    """Whether a debtor has this account."""
    return uow.scalar(int, "SELECT 1 FROM customer WHERE debtor_account = %s LIMIT 1", (number,)) is not None


def reference_findings(uow: Uow, row: Fields) -> list[Problem]:
    """A name that another customer has, and a group that nobody made."""
    problems = []
    name, group = row.get("external_id"), row.get("group_ident")
    sql = "SELECT 1 FROM customer WHERE external_id = %s AND customer_ident IS DISTINCT FROM %s"
    if name is not None and uow.scalar(int, sql, (name, row.get("customer_ident"))) is not None:
        problems.append(Problem("external_id_exists", "is that of another customer", "externalId", name))
    if group is not None and uow.scalar(int, "SELECT 1 FROM customer_group WHERE ident = %s", (group,)) is None:
        problems.append(Problem("customer_group_unknown", "does not exist", "groupIdent", group))
    return problems
