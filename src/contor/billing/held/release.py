"""Release a customer whom a run left out, or whom the preview of a run parked: its bill is accepted as it is, once."""

from contor.billing.held.runs import require_run
from contor.billing.items import held_run
from contor.billing.runs import accept, release
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow, not_found


@shape
class ReleaseCustomer:
    customer_ident: str


@operation("billing.release", permission="contracts.write")
def release_parked(uow: Uow, command: ReleaseCustomer) -> None:
    """The next run bills the customer again, without regard to the tenant's bounds. In a run that waits for its approval it is billed
    as it was previewed."""
    uow.lock("billing", [command.customer_ident])
    was_parked = release(uow, command.customer_ident)
    if not _into_the_run(uow, command.customer_ident) and not was_parked:
        raise not_found("parked_customer", command.customer_ident)


def _into_the_run(uow: Uow, customer_ident: str) -> bool:
    """Whether the open run parked the customer; it is part of the run now. Raises CONFLICT where the run could not preview its bill."""
    hold = held_run(uow)
    if hold is None or require_run(uow, hold.run_ident, lock=True).status not in ("CREATED", "PREVIEWED"):
        return False
    named = (hold.run_ident, customer_ident)
    sql = "SELECT coalesce(reason, '') FROM billing_run_customer WHERE run_ident = %s AND customer_ident = %s AND status = 'PARKED'"
    reason = uow.scalar(str, sql, named)
    if reason is None:
        return False
    done = uow.run(
        "UPDATE billing_run_customer SET status = 'PREVIEWED', reason = NULL, documents = (preview #>> '{parked,documents}')::int,"
        " lines = preview #> '{parked,lines}', preview = (preview -> 'parked') - 'documents' - 'lines'"
        " WHERE run_ident = %s AND customer_ident = %s AND status = 'PARKED' AND fingerprint <> ''",
        named,
    )
    if not done:
        message = f"The run {hold.run_ident} could not preview its bill: {reason}. Mend that, and preview again."
        raise Refused(Kind.CONFLICT, Problem("billing_not_previewed", message, "customerIdent", customer_ident))
    # what differs from the last run is another now; a worker compares again
    uow.run("UPDATE billing_run SET differences = NULL WHERE run_ident = %s", (hold.run_ident,))
    uow.audit("billing_run", hold.run_ident, {"released": customer_ident})
    uow.mark("billing_runs")
    accept(uow, customer_ident)
    return True
