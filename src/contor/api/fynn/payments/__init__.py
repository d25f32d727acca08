"""Ways to pay, money that is to be moved, and what went to banks in files."""

from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.kit import route
from contor.api.fynn.payments.answers import MethodShown, SepaPaymentShown, TransactionShown
from contor.api.fynn.payments.methods import (
    create_method,
    get_method,
    list_methods,
    migrate_methods,
    remove_method,
    update_method,
)
from contor.api.fynn.payments.setting_up import complete_method
from contor.api.fynn.payments.shown import GATEWAYS, SOURCES, TYPES, customer_paths, shown_methods
from contor.api.fynn.payments.transactions import (
    FIELDS,
    STATUSES,
    TRANSACTIONS,
    get_sepa_payment,
    get_transaction,
    list_sepa_payments,
    list_transactions,
    refund,
    transactions,
)
from contor.api.route import By, IdsOf, Route, Sought
from contor.payments import intents, methods

__all__ = ["ROUTES", "MethodShown", "TransactionShown", "customer_paths", "shown_methods", "transactions"]

_METHODS = Sought(
    by={
        "id": By(field="ident"),
        "customer": By(field="customer_ident"),
        "gatewayName": By(field="gateway", words={spoken: name for name, spoken in GATEWAYS.items()}),
        "type": By(field="type", words={spoken: name for name, spoken in TYPES.items()}),
        "source": By(field="source", words={spoken: name for name, spoken in SOURCES.items()}),
        "referenceId": By(field="reference"),
        "default": By(field="is_default", form="TRUTH"),
        "enabled": By(field="enabled", form="TRUTH"),
        "creationDate": By(field="created_at", form="INSTANT"),
    },
    order={"creationDate": "created_at"},
)
_TRANSACTIONS = Sought(
    by={
        "id": By(field="ident"),
        "customer": By(field="customer_ident"),
        "type": By(field="type", words={spoken: name for name, spoken in TRANSACTIONS.items()}),
        "status": By(field="status", words={spoken: name for name, spoken in STATUSES.items()}),
        "paymentMethod": By(field="customer_payment_account_ident"),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={"createdAt": "created_at", "status": "status"},
)
_SEPA = Sought(
    by={
        "endToEndId": By(field="end_to_end_ident"),
        "transaction": By(field="payment_intent_ident"),
        "sepaXmlStatement": By(field="payment_file_ident"),
        "sepaMandate": By(field="mandate_reference"),
        "type": By(field="type", words={"debit": "DEBIT", "credit": "CREDIT"}),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={"createdAt": "created_at"},
)
_READ, _WRITE = "payment-method:read", "payment-method:write"
_BY_CUSTOMER = IdsOf(query={"customer_ident": CUSTOMER})

ROUTES: list[Route] = [
    route(
        "GET",
        "/payment-methods",
        list_methods,
        permission=_READ,
        id="getPaymentMethods",
        about="payment_method",
        filterable=methods.METHODS,
        sought=_METHODS,
        output=MethodShown,
        ids=_BY_CUSTOMER,
    ),
    route(
        "POST",
        "/payment-methods",
        create_method,
        permission=_WRITE,
        id="createPaymentMethod",
        about="payment_method",
        body="body",
    ),
    route(
        "POST",
        "/payment-methods/migrate",
        migrate_methods,
        permission="payment-method:migrate",
        id="migrateStripePaymentMethods",
        about="payment_method",
        body="body",
    ),
    route("GET", "/payment-methods/{id}", get_method, permission=_READ, id="getPaymentMethod", about="payment_method"),
    route(
        "PUT",
        "/payment-methods/{id}",
        update_method,
        permission=_WRITE,
        id="updatePaymentMethod",
        about="payment_method",
        body="body",
        in_part=True,
    ),
    route(
        "PUT",
        "/payment-methods/{id}/complete",
        complete_method,
        permission=_WRITE,
        id="completePaymentMethod",
        about="payment_method",
        body="body",
        may_be_empty=True,
    ),
    route(
        "DELETE",
        "/payment-methods/{id}",
        remove_method,
        permission=_WRITE,
        id="deletePaymentMethod",
        about="payment_method",
        parameters={"newDefault": ("new_default", "")},
    ),
    route(
        "GET",
        "/payment/transactions",
        list_transactions,
        permission="payment:read",
        id="getPaymentTransactions",
        about="transaction",
        filterable=FIELDS,
        sought=_TRANSACTIONS,
        output=TransactionShown,
        ids=_BY_CUSTOMER,
    ),
    route(
        "GET",
        "/payment/transactions/{id}",
        get_transaction,
        permission="payment:read",
        id="getPaymentTransaction",
        about="transaction",
    ),
    route(
        "POST",
        "/payment/transactions/{id}/refund",
        refund,
        permission="payment:write",
        id="refundPaymentTransaction",
        about="transaction",
        body="body",
        may_be_empty=True,
    ),
    route(
        "GET",
        "/sepa-xml-payments",
        list_sepa_payments,
        permission="payment:read",
        id="getSepaXmlPayments",
        about="sepa_xml_payment",
        filterable=intents.SEPA_TRANSACTIONS,
        sought=_SEPA,
        output=SepaPaymentShown,
    ),
    route(
        "GET",
        "/sepa-xml-payments/{id}",
        get_sepa_payment,
        permission="payment:read",
        id="getSepaXmlPayment",
        about="sepa_xml_payment",
    ),
]
