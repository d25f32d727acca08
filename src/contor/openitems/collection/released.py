"""Nothing is under way for a case any more; and what was paid by other means meanwhile is collected no more."""

from collections.abc import Mapping
from decimal import Decimal

from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.openitems.collection.promise import prebook
from contor.openitems.events import CasesMoved
from contor.payments.intents import PromisesReleased, cancel_unsent, promises_of
from contor.runtime.uow import Uow


@on(PromisesReleased)
def release(uow: Uow, fact: PromisesReleased) -> None:
    """The cases wait for no money any more."""
    prebook(uow, dict.fromkeys(fact.document_ids, ZERO))


@on(CasesMoved)
def give_up(uow: Uow, fact: CasesMoved) -> None:
    """What was not handed to a provider yet and is more than what is open now is not moved: it was paid by other means, or decided off."""
    after = {it.before.document_id: it.after for it in fact.moves}
    left = {}
    for it in promises_of(uow, list(after)):
        balance = after[it.document_id].balance
        rest = max(ZERO, balance if it.type == "CHARGE" else -balance)
        if it.status == "CREATED" and it.amount > rest:
            left[it.ident] = rest
    if left:
        done = cancel_unsent(uow, list(left), "What it was to move was settled by other means.")
        plan_again(uow, {it.ident: left[it.ident] for it in done if left[it.ident]})


def plan_again(uow: Uow, rests: Mapping[str, Decimal]) -> None:
    """The tasks of which these intents came move the rest, which is still open."""
    sql = (
        "UPDATE payment_intent_task SET status = 'ENABLED', amount = x.rest, intent_ident = NULL, last_modified_at = %s"
        " FROM unnest(%s::text[], %s::numeric[]) AS x(name, rest) WHERE intent_ident = x.name RETURNING ident"
    )
    for ident in uow.column(str, sql, (uow.ctx.now(), list(rests), list(rests.values()))) if rests else ():
        uow.audit("payment_intent_task", ident, {"status": "ENABLED"})
