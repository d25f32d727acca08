"""A way to pay that a customer has no more: contracts that named it are paid by what takes its place."""

from contor.contracts.create import stored_content
from contor.contracts.events import ContractsChanged
from contor.contracts.queries import contracts_by_id
from contor.kernel.events import on
from contor.kernel.shapes import replace
from contor.payments.methods import MethodRemoved
from contor.runtime.uow import Uow

_NAMING = """
SELECT contract_id FROM contract WHERE customer_ident = %s
   AND content -> 'payment_information' ->> 'customer_payment_account_ident' = %s ORDER BY contract_id
"""


@on(MethodRemoved)
def pay_otherwise(uow: Uow, fact: MethodRemoved) -> None:
    """What the next bills are paid by. Where nothing takes its place the customer transfers: nothing is collected."""
    uow.lock("billing", [fact.customer_ident])
    ids = uow.column(int, _NAMING, (fact.customer_ident, fact.ident))
    contracts = contracts_by_id(uow, ids, lock=True)
    for contract in contracts.values():
        before = contract.content.payment_information
        after = replace(before, customer_payment_account_ident=fact.instead, payment_type=fact.payment_type)
        if not fact.collected:
            after = replace(after, payment_control="NOCHARGE")
        uow.run(
            "UPDATE contract SET content = %s, last_modified_at = %s WHERE contract_id = %s",
            (stored_content(replace(contract.content, payment_information=after)), uow.ctx.now(), contract.contract_id),
        )
        change = {"before": {"payment_information": before}, "after": {"payment_information": after}}
        uow.audit("contract", contract.contract_ident, change)
    if ids:
        uow.emit(ContractsChanged(contract_ids=tuple(ids), before=tuple(contracts.values())))
