"""What changes of a subscription beside what it is of: its name and numbers, where its invoices go, how it is paid; and
what failed of it is billed again."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

from contor.api.fynn.manners import Interval, interval, known_when
from contor.api.fynn.subscriptions.answers import SubscriptionShown
from contor.api.fynn.subscriptions.life import OneSubscription, bill, trial_of
from contor.api.fynn.subscriptions.paying import delivery_address, invoice_address, payment_of, who_pays
from contor.api.fynn.subscriptions.reading import Subscribed, again, subscription, told
from contor.api.fynn.subscriptions.shown import PO_NUMBER, details_shown, shown
from contor.api.fynn.subscriptions.types import DeliveryAddressed, InvoiceAddressed, Named, Paying
from contor.billing.runs import RetryItems, retry
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.change import PatchBody, UpdateContract, update_contract
from contor.contracts.drafting import IntendedDays, RedraftContract, Redrafting, redraft
from contor.contracts.joint import AlignContracts, Aligning, align
from contor.contracts.labels import ContractLabels, LabelContract, label_contract
from contor.contracts.terms import ChangeBody
from contor.custom_fields.values import kept
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.partial import Partial, partial
from contor.kernel.shapes import Fields, shape
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

CORE: Final[Mapping[str, str]] = {
    "externalIdent": "externalId",
    "properties": "poNumber",
    "trial.duration.value": "trialDays",
    "intended.billingStartDate": "billingStart",
    "intended.endDate": "contractDetails.contractEnd",
    "invoiceAddressIdent": "invoiceAddress",
    "shippingAddressIdent": "deliveryAddress",
    "paymentInformation": "paymentMethodId",
}
SubscriptionUpdate: Partial = partial(Named, "SubscriptionUpdate")
"""What is left out stays, null unsets."""


@shape
class UpdateSubscription:
    id: str
    body: SubscriptionUpdate


@shape
class AddressInvoices:
    id: str
    body: InvoiceAddressed = InvoiceAddressed()


@shape
class AddressDeliveries:
    id: str
    body: DeliveryAddressed = DeliveryAddressed()


@shape
class PaySubscription:
    id: str
    body: Paying = Paying()


@operation("fynn.subscription_get", permission="contracts.read", reads=True)
def get(uow: Uow, command: OneSubscription) -> SubscriptionShown:
    """One subscription with its items."""
    return shown(uow, [subscription(uow, command.id)])[0]


@operation("fynn.subscription_update", permission="contracts.write")
def update(uow: Uow, command: UpdateSubscription) -> SubscriptionShown:
    """Its name, numbers and custom fields; of a draft its days and its trial, too."""
    one, body = subscription(uow, command.id, lock=True), command.body
    given = body.model_fields_set
    if body.contract_details is not None and _is_agreed(one, body.contract_details):
        given = given - {"contract_details"}
    of_drafts = given & {"contract_details", "billing_start", "trial_days"}
    if of_drafts and not one.is_draft:
        names = {"contract_details": "contractDetails", "billing_start": "billingStart", "trial_days": "trialDays"}
        message = "is agreed: only a draft takes others"
        raise Refused(Kind.ILLEGAL_STATE, *[Problem("subscription_not_draft", message, names[name]) for name in sorted(of_drafts)])
    with told(CORE):
        if given & {"external_id", "name"}:
            label_contract(uow, LabelContract(contract_ident=one.ident, body=_labels(one, body)))
        kept(uow, "SUBSCRIPTION", one.ident, body.custom_fields or {})
        if "po_number" in given:
            _refer(uow, one, body.po_number)
        if of_drafts:
            _redraft(uow, one, body, given)
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_address_invoices", permission="contracts.write")
def set_invoice_address(uow: Uow, command: AddressInvoices) -> SubscriptionShown:
    """Send later invoices to another address of the customer, or to the one that is his."""
    one = subscription(uow, command.id, lock=True)
    customer = one.contract.customer_ident
    ident = invoice_address(uow, who_pays(uow, customer), command.body.invoice_address)
    _patch(uow, one, {"invoice_address_ident": ident})
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_address_deliveries", permission="contracts.write")
def set_delivery_address(uow: Uow, command: AddressDeliveries) -> SubscriptionShown:
    """Supply another address of the customer from today on, or the one that is his."""
    one = subscription(uow, command.id, lock=True)
    ident = delivery_address(uow, who_pays(uow, one.contract.customer_ident), command.body.delivery_address)
    with told(CORE):
        if one.is_draft:
            redraft(uow, RedraftContract(contract_ident=one.ident, body=Redrafting(shipping_address_ident=ident)))
        elif one.contract.content.shipping_address_ident != ident:
            change_contract(uow, ChangeContract(contract_ident=one.ident, body=ChangeBody(shipping_address_ident=ident)))
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_pay", permission="contracts.write")
def set_payment_method(uow: Uow, command: PaySubscription) -> SubscriptionShown:
    """Collect later invoices from another payment method, or from the one that is the customer's."""
    one = subscription(uow, command.id, lock=True)
    payment = payment_of(uow, one.contract.customer_ident, command.body.payment_method_id, "paymentMethodId")
    said = {
        "payment_type": payment.payment_type,
        "customer_payment_account_ident": payment.customer_payment_account_ident,
        "payment_control": payment.payment_control,
    }
    _patch(uow, one, {"payment_information": said})
    return shown(uow, [again(uow, one)])[0]


@operation("fynn.subscription_bill", permission="contracts.write")
def bill_again(uow: Uow, command: OneSubscription) -> SubscriptionShown:
    """What failed of it is tried again, and what its customer has due is billed at once; what still fails says why."""
    one = subscription(uow, command.id, lock=True)
    retry(uow, RetryItems(contract_ident=one.ident))
    bill(uow, one)
    return shown(uow, [again(uow, one)])[0]


# helpers in calling order


def _labels(one: Subscribed, body: SubscriptionUpdate) -> ContractLabels:
    label, given = one.label, body.model_fields_set
    return ContractLabels(
        external_ident=body.external_id if "external_id" in given else label.external_ident,
        title=body.name if "name" in given else label.title,
        document_title=body.name if "name" in given else label.document_title,
        attributes=dict(label.attributes),
        features=label.kept_features(),
    )


def _refer(uow: Uow, one: Subscribed, po_number: str | None) -> None:
    properties = [{"key": it.key, "value": it.value} for it in one.contract.content.properties if it.key != PO_NUMBER]
    _patch(uow, one, {"properties": properties + ([{"key": PO_NUMBER, "value": po_number}] if po_number is not None else [])})


def _patch(uow: Uow, one: Subscribed, patch: Fields) -> None:
    with told(CORE):
        body = validated(PatchBody, patch)
        update_contract(uow, UpdateContract(contract_id=one.contract.contract_id, body=body))


def _is_agreed(one: Subscribed, details: Partial, of: Collection[str] | None = None) -> bool:
    """Whether nothing else is said, of these fields or all, than what is shown."""
    known, said = details_shown(one), details.model_fields_set
    names = said if of is None else said.intersection(of)
    return all(_shown_as(getattr(details, name)) == getattr(known, name) for name in names)


def _shown_as(value: object) -> object:
    if isinstance(value, Interval):
        return interval(value.count, value.unit)
    return known_when(value) if isinstance(value, dt.date) else value


def _redraft(uow: Uow, one: Subscribed, body: SubscriptionUpdate, given: Collection[str]) -> None:
    known = one.contract.content.intended
    details = body.contract_details
    start = known.start_on if known is not None else None
    last = known.last_day if known is not None else None
    billed = known.billing_start_on if known is not None else None
    if "contract_details" in given:
        start, last = (None, None) if details is None else (details.contract_start, details.contract_end)
        if details is not None and not _is_agreed(one, details, {"term", "notice_period"}):
            message = "is agreed with what is ordered: make another draft"
            raise Refused(Kind.INVALID, Problem("term_agreed", message, "contractDetails.term"))
    if "billing_start" in given:
        billed = body.billing_start
    redrafting = Redrafting(intended=IntendedDays(start_date=start or billed, billing_start_date=billed, end_date=last))
    if "trial_days" in given:
        trial = trial_of(body.trial_days or 0)
        redrafting = Redrafting(intended=redrafting.intended, trial=trial, no_trial=trial is None)
    redraft(uow, RedraftContract(contract_ident=one.ident, body=redrafting))
    if billed is not None and "billing_start" in given:
        align(uow, AlignContracts(body=Aligning(contract_idents=(one.ident,), billing_date=billed)))
