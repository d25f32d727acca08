"""subscription.update."""

from contor.api.fastbill.reading import BERLIN
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.subscriptions.create import features_of
from contor.api.fastbill.subscriptions.reading import require
from contor.api.fastbill.subscriptions.taken import Subscribed
from contor.api.fastbill.subscriptions.types import UpdateData
from contor.api.fastbill.writing import Fields, done
from contor.contracts.labels import ContractLabels, LabelContract, label_contract
from contor.contracts.life import (
    PauseContract,
    PostponeContract,
    Postponing,
    ResumeContract,
    pause,
    postpone,
    resume,
)
from contor.kernel.operations import operation
from contor.runtime.uow import Uow

CORE = {"to_date": "NEXT_EVENT", "external_ident": "SUBSCRIPTION_EXT_UID", "from_date": "STATUS", "resume_date": "STATUS"}
"""Field of the core -> tag."""


@operation("fastbill.subscription_update", permission="contracts.write")
def update(uow: Uow, data: UpdateData) -> Fields:
    """What is not said stays. STATUS inactive charges no interval that begins from today on, until it is active again. NEXT_EVENT is the
    day on which the next interval begins instead."""
    one = require(uow, data.subscription_id, lock=True)
    ident = one.contract.contract_ident
    labels = (data.subscription_ext_uid, data.invoice_title, data.x_attributes, data.features or None)
    with said_as(CORE, one.called):
        if any(said is not None for said in labels):
            label_contract(uow, LabelContract(contract_ident=ident, body=_labels(one, data)))
        if data.status is not None:
            _be(uow, one, active=data.status == "active")
        if data.next_event is not None:
            day = data.next_event.astimezone(BERLIN).date()
            postpone(uow, PostponeContract(contract_ident=ident, body=Postponing(to_date=day)))
    return done()


def _labels(one: Subscribed, data: UpdateData) -> ContractLabels:
    label = one.label
    return ContractLabels(
        external_ident=data.subscription_ext_uid or label.external_ident,
        title=label.title,
        document_title=data.invoice_title or label.document_title,
        attributes=data.x_attributes if data.x_attributes is not None else dict(label.attributes),
        features=features_of(data.features) if data.features else label.kept_features(),
    )


def _be(uow: Uow, one: Subscribed, *, active: bool) -> None:
    """What is so already stays."""
    if active == one.is_paused:
        ident = one.contract.contract_ident
        if active:
            resume(uow, ResumeContract(contract_ident=ident))
        else:
            pause(uow, PauseContract(contract_ident=ident))
