"""subscription.createsecurelink: pages on which a customer changes, ends or takes up his subscription himself."""

from contor.api.fastbill.subscriptions.reading import require
from contor.api.fastbill.subscriptions.types import OneSubscription
from contor.api.fastbill.writing import Fields
from contor.contracts.linked import link_to
from contor.kernel.operations import operation
from contor.runtime.uow import Uow


@operation("fastbill.subscription_createsecurelink", permission="contracts.write")
def create_secure_link(uow: Uow, data: OneSubscription) -> Fields:
    """One link for each of the pages; each holds for a week and does nothing before a button is pressed."""
    number = require(uow, data.subscription_id).contract.contract_id
    return {
        "addons_url": link_to(uow, "options", number),
        "cancel_url": link_to(uow, "terminate", number),
        "reactivate_url": link_to(uow, "reactivate", number),
    }
