"""The groups of published operations, each described as the glossary says what the thing is. Pure."""

from typing import Final

from contor.api.openapi.tag import CUSTOMERS, PAPERS, Tag

TAGS: Final = (
    *CUSTOMERS,
    Tag("Billing groups", "billing group", "what is billed together by one configuration", ("billing_group",)),
    Tag("Business segments", "business segment", "label for splitting and posting", ("business_segment",)),
    Tag(
        "Tenant settings",
        "tenant settings",
        "what a tenant decides once, for everything that it does",
        ("tenant_setting", "polish_credit_memo"),
    ),
    Tag(
        "SAF-T configurations",
        "SAF-T configuration",
        "how a company is reported to the tax authority of another country",
        ("saf_t_configuration",),
    ),
    Tag(
        "Exchange rates", "exchange rate", "units of a currency for one euro, on a day or on average in a month", ("exchange_rate",)
    ),
    Tag(
        "Tax rules",
        "tax rule",
        "which tax a supply bears by who, what and where, from which day on",
        ("tax_rule", "tax_rule_variant"),
    ),
    Tag(
        "Tax calculation",
        "tax calculation",
        "the taxes of a document that is not issued: foreseen, or kept under a request id",
        ("tax_calculation",),
    ),
    Tag(
        "Tax configuration",
        "tax configuration",
        "who determines taxes, and what is done while VAT ids cannot be checked",
        ("tax_configuration",),
    ),
    Tag(
        "Tax providers",
        "tax provider",
        "who determines taxes in a country, what it is asked with, and what is recorded with it",
        ("tax_provider", "tax_provider_configuration", "tax_provider_credentials", "tax_provider_properties", "tax_transaction"),
    ),
    Tag(
        "VAT number checks",
        "VAT number check",
        "confirmation of a customer's VAT id by the registers of the member states, kept as proof",
        ("vat_number_check",),
    ),
    Tag(
        "Threshold of distance sales",
        "threshold of distance sales",
        "10,000 EUR net a year, of goods and electronic services to consumers in other member states: until it is crossed they bear the"
        " seller's tax",
        ("oss_threshold",),
    ),
    Tag("Tax rates", "tax rate", "percent of value added tax in a country on a day, by its kind", ("tax_rate",)),
    Tag("Document numbers", "number", "gapless key of a document in its series", ("number_counter", "number_strategy")),
    Tag(
        "Operating sites",
        "operating site",
        "the legal unit that appears as seller, with its tax registrations",
        ("operating_site", "tax_registration"),
    ),
    Tag(
        "Documents",
        "document",
        "an issued paper with number, frozen",
        ("document", "document_label", "document_request", "document_comment", "document_lock"),
    ),
    Tag(
        "Document files",
        "file",
        "PDF or XML of a document",
        ("file", "attachment", "document_picture", "document_output", "aggregation_configuration"),
    ),
    Tag("Translations", "translation", "words of the tenant's own for a text of documents, in one locale", ("translation",)),
    Tag("Drafts", "draft", "a document that is being written: kept, changed, previewed, then completed or deleted", ("draft",)),
    Tag(
        "Recurring documents",
        "recurring document",
        "a document request that becomes a draft, or an issued document, every interval",
        ("recurring_document",),
    ),
    Tag(
        "Options",
        "option",
        "what can be ordered or consumed: one-time, recurring, by quantity, by usage",
        ("plan_option",),
    ),
    Tag("Plans", "plan", "phases with terms, billing interval and options", ("plan",)),
    Tag(
        "Price adaptations",
        "price adaptation",
        "index by which prices follow the times",
        ("price_adaptation", "price_adaptation_value"),
    ),
    Tag("Product groups", "product group", "options of which a contract takes one, and may change to another", ("product_group",)),
    Tag("Coupons", "coupon", "what is given off prices to who names a code", ("coupon",)),
    Tag(
        "Features",
        "feature",
        "what can be used of what is sold, and how much of it: on or off, a number, a text",
        ("feature", "plan_feature", "option_feature", "product_feature"),
    ),
    Tag(
        "Entitlements",
        "entitlement",
        "what a contract lets its customer use of a feature, from when to when",
        ("entitlement", "entitlement_override"),
    ),
    Tag("Contracts", "contract", "what a customer agreed to take from a plan", ("contract", "contract_allowance")),
    Tag("Joint billings", "joint billing", "contracts of one customer that are billed on one day", ("joint_billing",)),
    Tag(
        "Orders",
        "order",
        "what a customer buys once: line items, allowances, agreed deposits",
        ("order", "allowance", "agreed_deposit", "attachment_file"),
    ),
    Tag(
        "Line items",
        "line item",
        "one thing that was ordered, of an order or beside the plan of a contract",
        ("line_item",),
    ),
    Tag("Usages", "usage", "what was consumed, when and where", ("usage",)),
    Tag("Rated usages", "rated usage", "a usage that brings its net price with it", ("rated_usage", "rated_usage_aggregation")),
    Tag("Billable items", "billable item", "what is to be billed, or was, once", ("billable_item",)),
    Tag(
        "Billing runs",
        "billing run",
        "everything due before a cut-off becomes documents",
        ("billing_run", "billing", "billing_bounds"),
    ),
    Tag(
        "Bank statements",
        "bank statement",
        "what a bank says of one account: balances and the bookings between them",
        ("statement", "statement_mapping"),
    ),
    Tag(
        "Open banking",
        "open banking account",
        "an account of ours that its bank is asked for, with the consent of its user",
        ("open_banking_account", "simulated_booking"),
    ),
    Tag("Payments", "payment (transaction)", "money that moved on an account of ours", ("payment",)),
    Tag(
        "Payment accounts",
        "merchant payment account",
        "our account at a bank or provider",
        ("merchant_payment_account",),
    ),
    Tag(
        "Payment accounts of customers",
        "customer payment account",
        "how a customer pays: a token of a provider, or bank data with a mandate",
        ("customer_payment_account", "payment_method"),
    ),
    Tag(
        "Gateways",
        "gateway",
        "under one name, which account of ours takes and pays which currency",
        ("merchant_payment_gateway",),
    ),
    Tag(
        "Payment providers",
        "payment provider",
        "who moves money for us, or tells of it, and where its files come from",
        ("payment_provider", "settlement_source"),
    ),
    Tag(
        "Payment assignments",
        "assignment",
        "says which case a payment belongs to",
        ("payment_assignment", "assignment_configuration", "regex_matching_strategy", "payment_suggestion", "payment_decision"),
    ),
    Tag(
        "Payment categories",
        "payment category",
        "what kind of movement a payment is; only an enabled one is assigned",
        ("payment_category", "payment_categorization_rule"),
    ),
    Tag(
        "Open items",
        "open item, case",
        "what is still owed on one document, either way",
        ("opos_case", "opos_decision", "clearing_run", "customer_credit"),
    ),
    Tag(
        "Books",
        "journal",
        "all entries in time, gaplessly numbered, unchangeable",
        ("booking_account", "booking_entry", "journal_entry", "account_posting", "account_month", "ledger_clearing"),
    ),
    Tag("Exports", "export", "files of the books for somebody else, made as of a moment", ("export", "datev_configuration")),
    Tag(
        "Trial balances",
        "trial balance",
        "per account what a month began with, what was posted, what it ended with",
        ("trial_balance", "personal_balance"),
    ),
    Tag(
        "Posting periods",
        "posting period",
        "a month of the books: open, or closed and never open again",
        ("posting_period",),
    ),
    Tag(
        "Deferred income",
        "deferred income",
        "revenue that is booked and belongs to later months (section 250 (2) HGB)",
        ("deferred_income",),
    ),
    Tag("Reports", "report", "what the books say of one subject in a month, as a file", ("report",)),
    Tag("Metrics", "metric", "a figure of contracts over time", ("metric",)),
    Tag(
        "Payment intents",
        "payment intent",
        "wish to move money through a provider",
        ("payment_intent", "payment_intent_task", "collection_run"),
    ),
    Tag(
        "Payment files",
        "payment file",
        "what is given to a bank to collect or pay: many transactions in one",
        ("payment_file", "payment_file_target", "payment_status_report"),
    ),
    Tag(
        "Settlements",
        "settlement",
        "what a payment provider reports of an account that it keeps for us, item by item, to its payout",
        ("settlement_report", "settlement_item", "settlement_upload", "settlement_mapping"),
    ),
    Tag(
        "Dunning",
        "dunning",
        "reminding of what is overdue by levels: runs, letters, what they claim, what goes to collection",
        (
            "dunning_configuration",
            "dunning_run",
            "dunning_letter",
            "dunning_claim",
            "dunning_handover",
            "dunning_status",
            "base_rate",
        ),
    ),
    Tag("Authentication", "API key", "credentials of a program", ("token",)),
    Tag(
        "Organizations",
        "organization",
        "owner of a tenant; may have managed organizations below it",
        ("organization", "environment"),
    ),
    Tag("API keys", "API key", "credentials of a program", ("api_key",)),
    Tag("Users", "user", "a person who signs in", ("user",)),
    Tag("Audit trail", "audit trail", "who did what to which thing, and when", ("audit_entry", "directory_entry")),
    Tag("Billing addresses", "organization", "owner of a tenant; may have managed organizations below it", ("billing_address",)),
    Tag(
        "Notifications",
        "notification",
        "what happened, told to other systems: numbered without gaps, sent until it is delivered",
        (
            "notification",
            "notification_route",
            "notification_type",
            "notification_security",
            "notification_configuration",
        ),
    ),
    Tag(
        "Mails",
        "mail",
        "what is written to customers and to people of the company, each once about a thing, and what became of it",
        ("mail", "mail_configuration", "mail_template"),
    ),
    *PAPERS,
)
_BY_NOUN: Final = {noun: tag for tag in TAGS for noun in tag.nouns}


def tag_of(noun: str) -> Tag:
    """The group of the operations about `noun`; of its own name where none is declared."""
    title = noun.replace("_", " ").capitalize()
    return _BY_NOUN.get(noun) or Tag(title, noun.replace("_", " "), "", (noun,))


def described(tag: Tag) -> str:
    """The glossary's sentence."""
    return f"{tag.meaning[0].upper()}{tag.meaning[1:]}." if tag.meaning else f"{tag.title}."
