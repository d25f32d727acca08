"""Suppliers: who stands behind the creditors' accounts of expenses. Each comes with the first expense that is posted."""

from typing import NamedTuple

from contor.customers.own import next_personal_account
from contor.expenses import tables
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.resource import Resource
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.identifiers import vat_id_problems


class Supplier(NamedTuple):
    ident: str
    account: int
    vat_id: str | None


def folded(name: str) -> str:
    """A name without case and spaces more than one."""
    return " ".join(name.split()).casefold()


def supplier_known(uow: Uow, ident: str) -> Supplier:
    """Whose an expense is that is in the books: also under the name that he has by now."""
    found = uow.first(Supplier, f"SELECT {columns(Supplier)} FROM supplier WHERE ident = %s", (ident,))
    assert found is not None, f"supplier {ident} is never deleted"
    return found


def supplier_of(uow: Uow, name: str, vat_id: str | None) -> Supplier:
    """By the VAT id, else by the name; who is not known yet gets the next account of creditors. A supplier of this name without a VAT id
    gets the one that is said."""
    known_as = folded(name)
    uow.lock("supplier", [known_as, *([vat_id] if vat_id else [])])
    sql = f"SELECT {columns(Supplier)} FROM supplier WHERE {{}} ORDER BY supplier_id LIMIT 1"
    if vat_id is None:
        found = uow.first(Supplier, sql.format("known_as = %s"), (known_as,))
    else:
        found = uow.first(Supplier, sql.format("vat_id = %s"), (vat_id,))
        if found is None:
            found = uow.first(Supplier, sql.format("known_as = %s AND vat_id IS NULL"), (known_as,))
            if found is not None:
                uow.run(
                    "UPDATE supplier SET vat_id = %s, last_modified_at = %s WHERE ident = %s", (vat_id, uow.ctx.now(), found.ident)
                )
                uow.audit("supplier", found.ident, {"vat_id": vat_id})
    return found or _new(uow, name, known_as, vat_id)


def _new(uow: Uow, name: str, known_as: str, vat_id: str | None) -> Supplier:
    made = Supplier(str(uow.new_uuid()), next_personal_account(uow, "CREDITOR"), vat_id)
    row: Fields = {**made._asdict(), "supplier_id": uow.next_id(), "name": name, "known_as": known_as}
    uow.insert(tables.supplier, [{**row, "created_at": uow.ctx.now(), "last_modified_at": uow.ctx.now()}])
    uow.audit("supplier", made.ident, {"created": row})
    return made


def _renamed(uow: Uow, row: Fields) -> None:
    row["known_as"] = folded(row["name"])
    problems = list(vat_id_problems(row.get("vat_id"), uow.ctx.environment))
    taken = "SELECT 1 FROM supplier WHERE vat_id = %s AND ident <> %s"
    if row.get("vat_id") is not None and uow.scalar(int, taken, (row["vat_id"], row["ident"])) is not None:
        problems.append(Problem("vat_id_exists", "is that of another supplier", "vatId", row["vat_id"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _with_account(uow: Uow, row: Fields) -> None:
    _renamed(uow, row)
    row["supplier_id"], row["account"] = uow.next_id(), next_personal_account(uow, "CREDITOR")


SUPPLIERS = Resource(
    "supplier",
    tables.supplier,
    permission="bookkeeping",
    writable=("name", "vat_id"),
    hidden=("known_as",),
    filterable=("ident", "supplier_id", "name", "vat_id", "account", "created_at"),
    before_create=_with_account,
    before_update=_renamed,
)
