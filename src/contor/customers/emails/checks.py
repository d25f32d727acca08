"""What must always hold of the addresses of customers."""

from collections.abc import Iterable

from contor.kernel.checks import check
from contor.runtime.uow import Uow

_DIFFERING = (
    "SELECT c.customer_ident FROM customer_email e JOIN customer c ON c.tenant_id = e.tenant_id AND c.customer_ident = e.customer_ident"
    " WHERE e.is_default AND c.email IS DISTINCT FROM e.email ORDER BY 1 LIMIT 100"
)


@check("customers.default_email_is_their_own")
def defaults_agree(uow: Uow) -> Iterable[str]:
    """The default one of a customer's addresses is his own e-mail."""
    for ident in uow.column(str, _DIFFERING):
        yield f"the default e-mail of customer {ident} is another one than his own"
