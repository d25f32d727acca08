"""A group of published operations; those that are about customers, work, and papers that are no documents of ours. Pure."""

from typing import Final, NamedTuple


class Tag(NamedTuple):
    """A group of operations."""

    title: str
    noun: str
    """What the glossary calls the thing."""
    meaning: str
    """What it is, in the words of the glossary (`docs/business/glossary.md`)."""
    nouns: tuple[str, ...]
    """The operations of the group, by what they are about."""


CUSTOMERS: Final = (
    Tag(
        "Customers",
        "customer",
        "who buys, or in self-billing supplies us",
        ("customer", "address", "debtor", "debtor_address", "customer_email"),
    ),
    Tag("Customer groups", "customer group", "what customers are sorted by", ("customer_group",)),
    Tag(
        "Address validation",
        "address validation",
        "whether an address can be written to, by the rules of its country's post and lists of its places",
        ("address_validation", "address_validation_configuration", "address_validation_run", "postal_directory"),
    ),
    Tag(
        "Custom fields",
        "custom field",
        "what a tenant keeps of its things beside what Contor knows, declared by itself",
        ("custom_field",),
    ),
)
PAPERS: Final = (
    Tag(
        "Projects",
        "project",
        "what is worked on for a customer, at which price an hour, with its tasks",
        ("project", "project_task"),
    ),
    Tag("Times", "time", "minutes worked on a project, until they are calculated in a row of a draft", ("project_time",)),
    Tag(
        "Offers",
        "offer",
        "what a document would say, said to a customer before it is one: with a number of its own, and without entries",
        ("offer", "offer_configuration"),
    ),
    Tag("Expenses", "expense", "an invoice of a supplier, with what it is for", ("expense",)),
    Tag("Suppliers", "supplier", "who invoices us: whose account of creditors an expense is booked on", ("supplier",)),
    Tag(
        "Expense categories",
        "expense category",
        "what expenses are for, with the account of the chart that they are booked on",
        ("expense_category",),
    ),
    Tag(
        "Opening claims",
        "opening claim",
        "an invoice of a former system with what of it is open, as a document and open item here",
        ("opening_claim",),
    ),
    Tag("Revenues", "revenue", "an outgoing invoice that was written elsewhere", ("revenue",)),
    Tag("Inbox", "inbox item", "a file that came in: read, then taken as an expense or dismissed", ("inbox_item",)),
    Tag("Folders", "folder", "where papers are kept that are no documents of ours", ("folder",)),
    Tag("Filed papers", "filed paper", "any other paper that is kept, with a file, in a folder or in none", ("filed_paper",)),
    Tag(
        "Letters of paper",
        "letter of paper",
        "a document that a provider prints and posts, and what became of it",
        ("post_letter", "post_configuration"),
    ),
)
