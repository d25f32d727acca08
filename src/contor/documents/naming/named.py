"""Find documents by what they are called."""

import re
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import sites

_ID: Final = re.compile(r"[1-9][0-9]{0,17}")


class Named(NamedTuple):
    """A document by its header, none of which ever changes."""

    id: int
    ident: str
    document_type: str
    customer_ident: str
    operating_site_ident: str
    legal_entity: str


def documents_named(uow: Uow, names: Collection[str]) -> dict[str, list[Named]]:
    """By name the documents whose number it is, of several companies perhaps; where it is nobody's, the one whose id it is."""
    found: dict[str, list[Named]] = {name: [] for name in names}
    if not found:
        return found
    read = f"SELECT {columns(Named)} FROM document WHERE"
    for row in uow.all(Named, f"{read} ident = ANY (%s) ORDER BY id", (sorted(found),)):
        found[row.ident].append(row)
    ids = [int(name) for name, rows in found.items() if not rows and _ID.fullmatch(name)]
    for row in uow.all(Named, f"{read} id = ANY (%s)", (ids,)) if ids else ():
        found[str(row.id)].append(row)
    return found


def sites_of(uow: Uow, ids: Collection[int]) -> dict[int, str]:
    """The sites from which documents came."""
    sql = f"SELECT {columns(Named)} FROM document WHERE id = ANY (%s)"
    return {row.id: row.operating_site_ident for row in uow.all(Named, sql, (sorted(ids),))} if ids else {}


def taken_over_among(uow: Uow, ids: Collection[int]) -> set[int]:
    """Those of these documents that repeat e-invoices of another system, which sent them."""
    sql = (
        "SELECT d.id FROM document d JOIN document_request r ON r.tenant_id = d.tenant_id AND r.request_id = d.request_id AND r.imported"
        " WHERE d.id = ANY (%s)"
    )
    return set(uow.column(int, sql, (sorted(ids),))) if ids else set()


def own_first(uow: Uow, rows: Sequence[Named]) -> Sequence[Named]:
    """Of documents with one number those that are ours, where there are any: what was taken over from another seller's e-invoice bears a
    number of that seller, and takes none away from us. Ours is what we made, and all of the company of the default operating site."""
    if len(rows) < 2:
        return rows
    home = {site.legal_entity for site in sites(uow).values() if site.default}
    taken_over = taken_over_among(uow, [row.id for row in rows])
    return [row for row in rows if row.id not in taken_over or row.legal_entity in home] or rows


def the_document(uow: Uow, name: str, rows: Sequence[Named]) -> Named:
    """The only one of them, or the only one that is ours; raises NOT_FOUND, or CONFLICT where several companies have the number."""
    if not rows:
        raise not_found("document", name, "number or id")
    rows = own_first(uow, rows)
    if len(rows) > 1:
        raise Refused(Kind.CONFLICT, Problem("document_number_ambiguous", bearers(uow, rows), "documentIdent", name))
    return rows[0]


def bearers(uow: Uow, rows: Sequence[Named]) -> str:
    """Whose documents have one number, and how to name one of them."""
    known = sites(uow)
    whose = [f"{row.id} of {known[row.operating_site_ident].company_name}" for row in rows]
    return f"several companies have a document of this number: {', '.join(whose)}; the id names one"
