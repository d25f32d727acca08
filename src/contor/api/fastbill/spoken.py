"""What the core says in its own names, in those of FastBill: fields that no service has said for itself, and the sentences about them.

Pure.
"""

import re
from collections.abc import Mapping
from typing import Final

TAGS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("ADDRESS_IDENT", "BILLING_GROUP_IDENT", "CUSTOMER_IDENT", "CUSTOMER_DETAIL", "DEBTOR_IDENT"), "CUSTOMER_ID"),
    **dict.fromkeys(("INVOICE_ADDRESS_IDENT", "SHIPPING_ADDRESS_IDENT", "SELF_BILLING_AGREEMENT_ON"), "CUSTOMER_ID"),
    **dict.fromkeys(("BUSINESS_SEGMENT_IDENT", "OPTION_IDENT", "OPTION_MAPPINGS", "OPTION_QUANTITIES"), "ARTICLE_NUMBER"),
    **dict.fromkeys(("PHASES", "PLAN_ID", "PLAN_IDENT", "QUANTITIES"), "ARTICLE_NUMBER"),
    **dict.fromkeys(("CURRENCY", "EXCHANGE_RATE"), "CURRENCY_CODE"),
    **dict.fromkeys(("CONTRACT_IDENT", "LINE_ITEMS"), "SUBSCRIPTION_ID"),
    **dict.fromkeys(("DOCUMENT_IDENT", "DRAFT_IDENT", "RECURRING_DOCUMENT_IDENT", "TARGET_IDENT"), "INVOICE_ID"),
    **dict.fromkeys(("RELATED_DOCUMENT_IDENT", "RELATED_DOCUMENT_IDENTS", "EXTERNAL_REFERENCES", "REQUEST_ID"), "INVOICE_ID"),
    **dict.fromkeys(("OPERATING_SITE", "OPERATING_SITE_IDENT", "SELLER_OPERATING_SITE_IDENT"), "TEMPLATE_ID"),
    **dict.fromkeys(("CUSTOMER_PAYMENT_ACCOUNT_IDENT", "CARD_TYPE", "MERCHANT_PAYMENT_GATEWAY_IDENT"), "PAYMENT_TYPE"),
    **dict.fromkeys(("MERCHANT_PAYMENT_ACCOUNT_IDENT", "PAID_ON"), "PAID_DATE"),
    **dict.fromkeys(
        ("DEBIT_CREDIT_INDICATOR", "NET", "GROSS", "NET_PRICE", "PRICES", "UNIT_PRICE_NET", "UNIT_PRICE_GROSS"), "UNIT_PRICE"
    ),
    **dict.fromkeys(("CATEGORY_CODE", "EXEMPTION_REASON_CODE", "RATE", "TAX", "TAXES", "TAX_RATE", "VAT_RATE"), "VAT_PERCENT"),
    **dict.fromkeys(("CURSOR", "SEARCH", "SORT"), "FILTER"),
    "BILLING_ANCHOR": "NEXT_EVENT",
    "CASH_DISCOUNT": "CASH_DISCOUNT_PERCENT",
    "COMPANY": "ORGANIZATION",
    "COUNTRY": "COUNTRY_CODE",
    "CREDITOR_IDENTIFIER": "BANK_ACCOUNT_MANDATE_REFERENCE",
    "DEBTOR_ACCOUNT": "ACCOUNT_RECEIVABLE",
    "DOCUMENT_DATE": "INVOICE_DATE",
    "EFFECTIVE_DATE": "START",
    "ENDED_AT": "END_TIME",
    "EXTERNAL_ID": "CUSTOMER_EXT_UID",
    "EXTERNAL_IDENT": "INVOICE_EXT_UID",
    "FILE": "DOCUMENT",
    "FOLDER_IDENT": "FOLDER_ID",
    "IBAN": "BANK_IBAN",
    "IDENTIFIER": "GLN",
    "MANDATE": "BANK_ACCOUNT_MANDATE_REFERENCE",
    "OFFER_IDENT": "ESTIMATE_ID",
    "PLAN_MODIFIERS": "UNIT_PRICE",
    "PROJECT_IDENT": "PROJECT_ID",
    "PROPERTIES": "X_ATTRIBUTES",
    "QUANTITY_TYPE": "UNIT",
    "RATED_USAGE_IDENT": "USAGEDATA_ID",
    "REASON": "DESCRIPTION",
    "RECIPIENTS": "TO",
    "SERVICE_END": "SERVICE_PERIOD_END",
    "SERVICE_PERIOD": "SERVICE_PERIOD_START",
    "SIGNED_ON": "BANK_ACCOUNT_MANDATE_REFERENCE_DATE",
    "STARTED_AT": "START_TIME",
    "TASK_IDENT": "TASK_ID",
    "TERMINATION_DATE": "CANCELLATION_DATE",
    "TO_DATE": "NEXT_EVENT",
    "URL": "ENDPOINT",
    "VALID_UNTIL": "DUE_DATE",
}
"""Field of the core, in capitals -> field of FastBill, where the service names no other (`refusals.said_as`)."""
SAID_AGAIN: Final[Mapping[str, str]] = {
    "search_unindexed": "is too little to find something among so many by: filter by a number, a customer or days too",
    "sort_unindexed": "is too little to find something among so many by: filter by a number, a customer or days too",
}
"""Code -> what is said instead: the core names fields of its own lists."""
_LEFT_OUT: Final = (
    ", unless allowBackdating is true",
    ", or say exchangeRate",
    ", or taxTreatment NOT_DEDUCTIBLE",
    "; say taxTreatment NOT_DEDUCTIBLE",
)
"""What a caller of FastBill cannot say."""
WORDS: Final[Mapping[str, str]] = {
    "alignBilling": "the alignment",
    "allowBackdating": "the tenant's limit of backdating",
    "billingStartDate": "the day from which it is billed",
    "bookDunningClaims": "the booking of claims",
    "calculationBasis": "IS_GROSS",
    "customPicture": "the setting of uploaded pictures",
    "customerIdent": "CUSTOMER_ID",
    "debitCreditIndicator": "a negative QUANTITY",
    "debtorIdent": "CUSTOMER_ID",
    "draftApproval": "the tenant's setting of approval",
    "effectiveDate": "START",
    "endToEndIdent": "the end-to-end reference",
    "exchangeRate": "the exchange rate",
    "exemptionReasonCode": "VAT_CASE",
    "merchantPaymentAccountIdent": "the account",
    "mostAttachmentMegabytes": "the mail configuration",
    "noTrial": "the article",
    "optionMappings": "ADDONS",
    "paymentCollection": "PAYMENT_TYPE",
    "paymentMethodReference": "PAYMENT_TOKEN",
    "paymentType": "PAYMENT_TYPE",
    "quantityType": "UNIT",
    "relatedDocumentIdent": "INVOICE_ID",
    "settlementCreationDisabled": "the account's settings",
    "taxInformation": "VAT_CASE",
    "taxTreatment": "the treatment of its tax",
    "taxInformationSource": "the tax settings",
    "testRecipient": "the test recipient of the mail configuration",
    "timePeriod": "the period",
    "toDate": "NEXT_EVENT",
    "tokenUrl": "the address of tokens",
    "unitPrice": "UNIT_PRICE",
    "userName": "the user name",
    "valueDate": "the value date",
}
"""A name of the core within a sentence -> what a caller of FastBill reads there."""
_NAMED: Final = re.compile(rf"`?\b({'|'.join(WORDS)})(?:\.\w+)?\b`?")


def field_of(tag: str) -> str:
    """FastBill's own name of a field of the core."""
    return TAGS.get(tag, tag)


def said_plainly(code: str, message: str) -> str:
    """A sentence of the core without its names."""
    message = SAID_AGAIN.get(code, message)
    for part in _LEFT_OUT:
        message = message.replace(part, "")
    return _NAMED.sub(lambda found: WORDS[found[1]], message)
