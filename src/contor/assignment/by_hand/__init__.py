"""What a person does with payments: assigns them, one or many, accepts or refuses what is suggested, says what they
are, leaves them alone."""

from contor.assignment.by_hand.accepting import accept_suggestions, list_suggestions, refresh_suggestions, refuse_suggestions
from contor.assignment.by_hand.changing import change_payment, update_status
from contor.assignment.by_hand.methods import methods_said
from contor.assignment.by_hand.own_account import require_some_account
from contor.assignment.by_hand.paying import PaidBody, PayDocument, RecordedPayment, pay_document
from contor.assignment.by_hand.putting import AssignmentBody, put
from contor.assignment.by_hand.splitting import create_many, upload_many

__all__ = [
    "AssignmentBody",
    "PaidBody",
    "PayDocument",
    "RecordedPayment",
    "accept_suggestions",
    "change_payment",
    "create_many",
    "list_suggestions",
    "methods_said",
    "pay_document",
    "put",
    "refresh_suggestions",
    "refuse_suggestions",
    "require_some_account",
    "update_status",
    "upload_many",
]
