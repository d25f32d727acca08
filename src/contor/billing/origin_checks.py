"""What must hold of the orders and contracts that documents name as what they bill."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from contor.documents.after import origins_of, with_places
from contor.documents.queries import DOCUMENT, document_ids_after
from contor.kernel.checks import check
from contor.runtime.integrity import linked_among
from contor.runtime.uow import Uow

BATCH = 1_000


class _Billed(NamedTuple):
    """An order or contract of which an item stands on a document."""

    document_id: int
    type: str
    ident: str


@check("billing.documents_name_what_they_bill")
def origins(uow: Uow) -> Iterable[str]:
    """A document names the orders and contracts of its items, and no others; of one that was reissued the items stand on the new one.
    Documents from before there was a chain may name nothing."""
    last = 0
    while ids := document_ids_after(uow, last, BATCH):
        last = ids[-1]
        places = with_places(uow, ids)
        linked = linked_among(uow, DOCUMENT, places)
        billed: dict[int, set[tuple[str, str]]] = defaultdict(set)
        named: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for row in uow.all(
            _Billed,
            "SELECT DISTINCT document_id, CASE WHEN of_order THEN 'ORDER' ELSE 'CONTRACT' END AS type, holder_ident AS ident"
            " FROM billable_item WHERE document_id = ANY (%s)",
            (sorted(places),),
        ):
            billed[places[row.document_id]].add((row.type, row.ident))
        for number, found in origins_of(uow, places).items():
            named[places[number]] |= {(it.type, it.ident) for it in found}
        for number in sorted({*billed, *named} & linked):
            if billed[number] != named[number]:
                yield f"document {number} bills {_told(billed[number])} and names {_told(named[number])}"


def _told(of: set[tuple[str, str]]) -> str:
    return ", ".join(f"{kind.lower()} {ident}" for kind, ident in sorted(of)) or "nothing"
