"""A letter goes to where the customer is on its day, and names the account and the company as they are then; the invoice stays as it is."""

from typing import Any

from tests.checkers.printed import text_of
from tests.factories.reminding import LETTERS, Reminding

from contor.documents.queries import documents_by_id
from contor.documents.request import Issued, with_parties_of_today
from contor.kernel.shapes import replace

ADDRESS = "/v2/customers/muster-handel/addresses/zentrale"
SITES = "/v2/billing/configuration/operating-sites"
OLD_IBAN, NEW_IBAN = "DE02 1203 0000 0000 2020 51", "DE75 5121 0800 1245 1261 99"
WRITTEN = ("name", "companyName", "address", "vatId", "taxNumber", "managingDirectors", "bankAccounts", "contact")


def moves(creditor: Reminding, path: str = ADDRESS, **more: Any) -> None:
    new = {"company": "Muster Handel AG", "street": "Neuer Wall", "streetNo": "9", "zip": "20354", "city": "Hamburg"}
    creditor.call("PUT", path, {**new, "country": "DE", "firstName": "Ada", "lastName": "Zuse", "gender": "FEMALE", **more})


def changes_bank(creditor: Reminding, site: str = "hamburg") -> None:
    was = creditor.call("GET", f"{SITES}/{site}")
    body = {name: was[name] for name in WRITTEN if name in was} | {
        "address": {"street": "Domstraße", "streetNo": "1", "zip": "50668", "city": "Köln", "country": "DE"},
        "managingDirectors": ["Grete Neu"],
        "bankAccounts": [{"iban": NEW_IBAN.replace(" ", ""), "bic": "SOGEDEFFXXX"}],
    }
    creditor.call("PUT", f"{SITES}/{site}", body)


def dunned(creditor: Reminding, day: str = "2026-01-20") -> str:
    """What the last letter of a run of the day says."""
    creditor.turn(day)
    creditor.run()
    creditor.file_all()
    path = f"{LETTERS}/{creditor.letters()[-1]['letterIdent']}/file"
    return text_of(creditor.client.get(path, headers=creditor.headers).content)


def test_a_letter_of_today_has_the_parties_of_today(creditor: Reminding) -> None:
    creditor.duns()
    number = creditor.document(paymentTerm={"periodInDays": 14})
    before = creditor.call("GET", f"/v2/documents/{number}")
    moves(creditor)
    changes_bank(creditor)
    said = dunned(creditor)
    for now in (
        "Muster Handel AG",
        "Frau Ada Zuse",
        "Neuer Wall 9",
        "20354 Hamburg",
        NEW_IBAN,
        "Grete Neu",
        "Domstraße 1",
        "50668 Köln",
    ):
        assert now in said, now
    for then in ("Beispielallee", "10115 Berlin", OLD_IBAN, "Die Geschäftsführung", "Steinstraße"):
        assert then not in said, then
    after = creditor.call("GET", f"/v2/documents/{number}")
    assert {**after, "dunningLevel": 0, "lastModifiedAt": ""} == {**before, "dunningLevel": 0, "lastModifiedAt": ""}
    (row,) = creditor.tenant.rows("SELECT id FROM document")
    with creditor.tenant.runtime.transaction(creditor.tenant.caller(), reads=True) as uow:
        frozen = documents_by_id(uow, [row.id])[row.id]
    assert (frozen.customer.address.street, frozen.seller.managing_directors) == ("Beispielallee", ("Die Geschäftsführung",))
    creditor.sound()


def test_a_letter_goes_to_the_address_that_its_document_was_sent_to(creditor: Reminding) -> None:
    """And not to another one of the customer's, whichever moves."""
    creditor.duns()
    other = {
        "addressIdent": "lager",
        "addressType": "INVOICE",
        "company": "Muster Lager",
        "city": "Bremen",
        "zip": "28195",
        "country": "DE",
    }
    creditor.call("POST", "/v2/customers/muster-handel/addresses", other, 201)
    sent_to = {"customerIdent": "muster-handel", "invoiceAddressIdent": "lager"}
    creditor.document(paymentTerm={"periodInDays": 14}, customerDetail=sent_to)
    moves(creditor)
    moves(creditor, "/v2/customers/muster-handel/addresses/lager", company="Muster Lager", street="Am Wall")
    said = dunned(creditor)
    assert "Muster Lager" in said and "Am Wall 9" in said
    assert "Bremen" not in said and "Neuer Wall" not in said


def test_what_is_not_there_any_more_is_as_it_was_frozen(creditor: Reminding) -> None:
    """An address, a customer, a site; and a site that belongs to another company now, to which nothing is owed."""
    creditor.document()
    moves(creditor)
    changes_bank(creditor)
    (row,) = creditor.tenant.rows("SELECT id, legal_entity FROM document")
    with creditor.tenant.runtime.transaction(creditor.tenant.caller(), reads=True) as uow:
        frozen = documents_by_id(uow, [row.id])[row.id]
        gone = {
            "address": Issued(replace(frozen, invoice_address_ident="gone"), row.legal_entity),
            "no address": Issued(replace(frozen, invoice_address_ident=None), row.legal_entity),
            "customer": Issued(replace(frozen, customer_ident="gone"), row.legal_entity),
            "site": Issued(replace(frozen, operating_site_ident="gone"), row.legal_entity),
            "company": Issued(frozen, "another"),
            "nothing": Issued(frozen, row.legal_entity),
        }
        found = dict(zip(gone, with_parties_of_today(uow, list(gone.values())), strict=True))
    assert {key for key, it in found.items() if it.customer == frozen.customer} == {"address", "no address", "customer"}
    assert {key for key, it in found.items() if it.seller == frozen.seller} == {"site", "company"}
