"""Fields of bodies that only describe something: their whole effect is that they are answered, and who reads the answer is told."""

from collections.abc import Mapping

_MASTER_DATA = "an organization is described by it: no document of a tenant shows it, for that is the operating site's"
_ADDRESS = ("address_line1", "address_line2", "country_code", "state", "town", "vat_id", "zip")
_IDENTITY = ("economy_id", "managed_configuration", "tax_number")
_PAYS = "tells people how the customer pays; what is collected goes by bank data, mandate and token"
_SHOWN = ("Card.last4",)
ECHOED: Mapping[str, str] = {
    **dict.fromkeys((*_SHOWN, "PayPal.billing_agreement_id", "PayPal.email"), _PAYS),
    **{f"Organization{kind}.{field}": _MASTER_DATA for kind in ("Body", "Patch") for field in (*_ADDRESS, *_IDENTITY)},
    **{f"BillingAddress{kind}.{field}": _MASTER_DATA for kind in ("Body", "Patch") for field in (*_ADDRESS, "recipient_additions")},
    "BillingOptions.gln": _MASTER_DATA,
    "BillingOptions.withhold_billing": "judged together with who is billed, and told",
    "ManagedConfiguration.withhold_billing": _MASTER_DATA,
    **{
        f"BillingGroup{kind}.contract_document_date_determination": "documents are dated on the day of their run, whatever it says"
        for kind in ("WithSegmentsCreation", "Update")
    },
    **{
        f"CustomerAccountBody.{field}": "tells people how the customer pays; what is collected goes by bank data, mandate and token"
        for field in ("account_creation_date", "payment_card_type")
    },
    **{
        f"{thing}{kind}.{field}": "is what a paper from outside says: nothing of ours follows from it"
        for thing, fields in (
            ("Expense", ("comment", "due_date")),
            ("Revenue", ("comment", "due_date", "title")),
            ("FiledPaper", ("note", "title", "type")),
        )
        for kind in ("Creation", "Update")
        for field in fields
    },
    "PaperRow.article_number": "is what a paper from outside says: nothing of ours follows from it",
    **{f"Coupon{kind}.campaign": "tells people for which campaign a coupon was made" for kind in ("Creation", "Update")},
    "Counterpart.bic": "tells people at which bank the account of who paid is kept",
    "Fee.type": "names the cost on the payment; what it came to is booked",
}
"""Field -> what it tells. `tests/dialects/test_echoed.py` writes each of them and reads it again."""
