"""What a person does with payments: assigns them, one or many, accepts or refuses what is suggested, says what they
are, leaves them alone."""

from contor.assignment.by_hand.accepting import (
    Choose,
    Chosen,
    SuggestionsOf,
    accept_suggestions,
    list_suggestions,
    refresh_suggestions,
    refuse_suggestions,
)
from contor.assignment.by_hand.changing import ChangeStatus, StatusChange, change_payment, update_status
from contor.assignment.by_hand.methods import methods_said
from contor.assignment.by_hand.overview import (
    ALL_PAYMENTS,
    ListAllPayments,
    Made,
    likeliest_of,
    list_all_payments,
    made_named,
    made_of,
)
from contor.assignment.by_hand.own_account import account_by_hand
from contor.assignment.by_hand.paying import PaidBody, PayDocument, RecordedPayment, pay_document
from contor.assignment.by_hand.putting import AssignmentBody, put
from contor.assignment.by_hand.records import OF_CUSTOMERS, Recorded, recorded
from contor.assignment.by_hand.splitting import create_many, upload_many

__all__ = [
    "ALL_PAYMENTS",
    "OF_CUSTOMERS",
    "AssignmentBody",
    "ChangeStatus",
    "Choose",
    "Chosen",
    "ListAllPayments",
    "Made",
    "PaidBody",
    "PayDocument",
    "Recorded",
    "RecordedPayment",
    "StatusChange",
    "SuggestionsOf",
    "accept_suggestions",
    "account_by_hand",
    "change_payment",
    "create_many",
    "likeliest_of",
    "list_all_payments",
    "list_suggestions",
    "made_named",
    "made_of",
    "methods_said",
    "pay_document",
    "put",
    "recorded",
    "refresh_suggestions",
    "refuse_suggestions",
    "update_status",
    "upload_many",
]
