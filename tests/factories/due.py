"""What workers would do in a tenant now, done at once."""

from tests.factories.tenants import Tenant

from contor.documents.issue import worker as documents
from contor.payments.files import write_files
from contor.payments.intents import worker as intents
from contor.payments.open_banking import sync_due
from contor.reports.exports import make_waiting
from contor.runtime.work.tenants import caller


def work_off(tenant: Tenant) -> None:
    """Documents are issued, money is moved, banks are asked, exports are made."""
    runtime, own = tenant.runtime, tenant.id
    documents.drain(runtime, own)
    intents.look(runtime, own)
    write_files(runtime, caller("payment_files", own))
    sync_due(runtime, own)
    make_waiting(runtime, caller("exports", own))
