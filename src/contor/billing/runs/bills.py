"""The bill of each customer of a batch, as a run that someone holds shows it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from contor.billing.items import End, Item
from contor.billing.runs.gate import lines_of
from contor.billing.runs.outcome import CustomerBill, CustomerStatus, added, added_taxes, sum_of, taxes_of
from contor.billing.runs.stages import Gated
from contor.documents.judge import IssuedDocument


def bills_of(
    due: Sequence[Item],
    ends: Mapping[int, End],
    documents: Sequence[IssuedDocument],
    gated: Gated,
) -> tuple[CustomerBill, ...]:
    """Of everyone who has something due, is parked or left to the next run, by ident."""
    parked, changed = gated.parked, gated.changed
    items: dict[str, list[Item]] = defaultdict(list)
    for item in due:
        items[item.header.customer_ident].append(item)
    issued: dict[str, list[IssuedDocument]] = defaultdict(list)
    for one in documents:
        issued[one.document.customer_ident].append(one)
    made = []
    for customer in sorted({*items, *parked, *changed}):
        own = items[customer]
        reason = parked.get(customer) or changed.get(customer)
        errors = [end.error for item in own if (end := ends.get(item.item_id)) is not None and end.error]
        status: CustomerStatus
        if customer in parked:
            status = "PARKED"
        elif customer in changed:
            status = "CHANGED"
        else:
            status = "FAILED" if errors else "BILLED"
        made.append(
            CustomerBill(
                customer_ident=customer,
                status=status,
                items=len(own),
                documents=len(issued[customer]),
                sums=added(sum_of(one) for one in issued[customer]),
                taxes=added_taxes(taxes_of(issued[customer])),
                lines=() if customer in gated.out else lines_of(own, issued[customer]),
                fingerprint="" if customer in gated.out else gated.fingerprints.get(customer, ""),
                reason=reason or (errors[0] if errors else None),
            )
        )
    return tuple(made)
