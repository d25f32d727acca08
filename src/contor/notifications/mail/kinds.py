"""The kinds of mails, and what the template of each is given: an example of everything that has a name there. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Kind = Literal[
    "DOCUMENT",
    "DUNNING_LETTER",
    "PAYMENT_RECEIVED",
    "PAYMENT_FAILED",
    "MANDATE",
    "OFFER",
    "SUBSCRIPTION_CANCELLED",
    "USER_INVITATION",
    "PASSWORD_RESET",
    "ONE_TIME_PASSWORD",
    "ROUTE_PAUSED",
    "DIGEST",
]
AUTOMATIC: Final = (
    "DOCUMENT",
    "DUNNING_LETTER",
    "PAYMENT_RECEIVED",
    "PAYMENT_FAILED",
    "MANDATE",
    "SUBSCRIPTION_CANCELLED",
    "ROUTE_PAUSED",
    "DIGEST",
)
"""Those that are sent by themselves, where the configuration says so."""
TO_CUSTOMERS: Final = frozenset(
    {
        "DOCUMENT",
        "DUNNING_LETTER",
        "PAYMENT_RECEIVED",
        "PAYMENT_FAILED",
        "MANDATE",
        "OFFER",
        "SUBSCRIPTION_CANCELLED",
        "ONE_TIME_PASSWORD",
    }
)
"""From a TEST environment they go to nobody but who is named for that."""
MOST_ROWS: Final = 100
"""Rows of a list that a template is given."""


class MailKind(NamedTuple):
    description: str
    sample: Mapping[str, object]


_COMPANY: Final = {"name": "Contor Demo GmbH", "email": "rechnung@contor-demo.example", "phone": "+49 40 123456-0"}
_CUSTOMER: Final = {"number": "muster-handel", "name": "Muster Handel GmbH"}
_COMMON: Final = {"company": _COMPANY, "customer": _CUSTOMER}
KINDS: Final[Mapping[str, MailKind]] = {
    "DOCUMENT": MailKind(
        "An invoice or another document, with its files.",
        {
            **_COMMON,
            "document": {
                "number": "RE-2026-000042",
                "title": "Rechnung",
                "type": "INVOICE",
                "date": "30.11.2026",
                "dueDate": "14.12.2026",
                "net": "100,00\N{NO-BREAK SPACE}€",
                "tax": "19,00\N{NO-BREAK SPACE}€",
                "gross": "119,00\N{NO-BREAK SPACE}€",
                "payable": "119,00\N{NO-BREAK SPACE}€",
                "currency": "EUR",
                "rows": [{"name": "Beratung", "quantity": "1", "net": "100,00\N{NO-BREAK SPACE}€"}],
            },
        },
    ),
    "DUNNING_LETTER": MailKind(
        "A reminder, with the letter.",
        {
            **_COMMON,
            "letter": {
                "number": "M-2026-000007",
                "level": 1,
                "date": "30.11.2026",
                "payUntil": "10.12.2026",
                "outstanding": "119,00\N{NO-BREAK SPACE}€",
                "demand": "124,00\N{NO-BREAK SPACE}€",
                "documents": ["RE-2026-000042"],
            },
        },
    ),
    "PAYMENT_RECEIVED": MailKind(
        "Money of a customer was put to what is open.",
        {
            **_COMMON,
            "payment": {
                "number": "bank-1",
                "amount": "119,00\N{NO-BREAK SPACE}€",
                "date": "30.11.2026",
                "documents": ["RE-2026-000042"],
            },
        },
    ),
    "PAYMENT_FAILED": MailKind(
        "Money could not be collected, or came back.",
        {
            **_COMMON,
            "payment": {
                "number": "intent-1",
                "amount": "119,00\N{NO-BREAK SPACE}€",
                "document": "RE-2026-000042",
                "reason": "AM04",
                "retryDate": "07.12.2026",
            },
        },
    ),
    "MANDATE": MailKind(
        "A SEPA mandate was given or amended.",
        {
            **_COMMON,
            "mandate": {
                "reference": "MANDATE-1",
                "signedOn": "30.11.2026",
                "scheme": "CORE",
                "creditorIdentifier": "DE98ZZZ09999999999",
                "creditor": "Contor Demo GmbH",
                "account": "DE02 **** **** **** **** 00",
                "preNotificationDays": 2,
            },
        },
    ),
    "OFFER": MailKind(
        "An offer.",
        {
            **_COMMON,
            "offer": {
                "number": "AN-2026-000003",
                "date": "30.11.2026",
                "validUntil": "31.12.2026",
                "gross": "119,00\N{NO-BREAK SPACE}€",
                "link": "https://billing.example.com/offers/AN-2026-000003",
            },
        },
    ),
    "SUBSCRIPTION_CANCELLED": MailKind(
        "A contract has an end, or is as if it had never been.",
        {
            **_COMMON,
            "contract": {
                "number": "V-1",
                "name": "Hosting",
                "startDate": "01.01.2026",
                "lastDay": "31.12.2026",
                "isCancelled": False,
            },
        },
    ),
    "USER_INVITATION": MailKind(
        "Somebody is to sign in.",
        {
            "company": {"name": "Contor Demo GmbH"},
            "user": {"firstName": "Alex", "lastName": "Beispiel"},
            "invitation": {"link": "https://billing.example.com/account/password?token=example", "until": "03.12.2026, 09:30"},
        },
    ),
    "PASSWORD_RESET": MailKind(
        "A user sets the password anew.",
        {
            "company": {"name": "Contor Demo GmbH"},
            "user": {"firstName": "Alex", "lastName": "Beispiel"},
            "reset": {"link": "https://billing.example.com/account/password?token=example", "until": "03.12.2026, 09:30"},
        },
    ),
    "ONE_TIME_PASSWORD": MailKind(
        "A password that is good once.",
        {**_COMMON, "password": {"code": "48151623", "until": "30.11.2026, 09:40"}},
    ),
    "ROUTE_PAUSED": MailKind(
        "Notifications are not sent to a route any more.",
        {"company": _COMPANY, "route": {"ident": "shop", "url": "https://shop.example.com/hooks", "reason": "HTTP 503"}},
    ),
    "DIGEST": MailKind(
        "What a person should look at, once a day.",
        {"company": _COMPANY, "digest": {"date": "30.11.2026", "troubles": [{"about": "mails", "text": "RE-2026-000042: 550"}]}},
    ),
}
