"""A document that is reissued after all master data changed: nothing of today's data shows, but what the caller corrects."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from sqlalchemy import JSON, Text
from starlette.testclient import TestClient
from tests.checkers.master_data import MARK, change_all, text_columns
from tests.checkers.printed import text_of
from tests.factories.companies import Company
from tests.factories.references import every
from tests.factories.tenants import Tenant

from contor.documents.after import ArchiveDocuments, Attached, archive, attach_to_documents
from contor.documents.references import OF_DOCUMENT, OF_ROW
from contor.runtime.schema import METADATA

ADDRESSES = (
    {
        "addressIdent": "full",
        "addressType": "INVOICE",
        "company": "Käsehaus Süd GmbH",
        "department": "Einkauf",
        "firstName": "Özlem",
        "lastName": "Yıldız",
        "street": "Lindwurmstraße",
        "streetNo": "95",
        "addressAddition": "Rückgebäude",
        "zip": "80337",
        "city": "München",
        "country": "DE",
    },
    {
        "addressIdent": "ship",
        "addressType": "SHIPPING",
        "company": "Lager",
        "street": "Hafen",
        "streetNo": "1",
        "zip": "27568",
        "city": "Bremerhaven",
        "country": "DE",
    },
)
CODES = frozenset(
    {
        "address_type",
        "address_use",
        "gender",
        "state_code",
        "currency",
        "taxation_mode",
        "billing",
        "contract_document_date_determination",
        "deposit_invoice_creation",
        "document_correction_mode",
        "option_price_determination",
        "late_usage_behaviour",
    }
)
"""Columns that hold a word of a list and no text that a document shows."""
NOT_SHOWN = frozenset(
    {
        "legal_entity",  # whose numbers it takes
        "locale_configuration",
        "currency_rounding_overrides",
        "document_number_configuration",
        "minimum_amounts",
        "splitting_config",
        "tax_classifications",
        "tax_exemptions",
        "billing_stop",
        "dunning",
        "status",
        "merged_into",
        "partner",
        "reset",
        "former",
    }
)
"""Rules of billing and numbers: they say what is made, not what stands on it."""


class Files(NamedTuple):
    """What a reader gets of a document."""

    pdf: str
    cii: str
    ubl: str
    attachments: tuple[str, ...]

    def without(self, number: str) -> "Files":
        """The files but for the document's own number."""
        return Files(*(text.replace(number, "NUMBER") for text in self[:3]), self.attachments)

    def all(self) -> str:
        return "\n".join((*self[:3], *self.attachments))


class Seller(Company):
    """A company whose documents are read as files."""

    def files(self, *idents: str) -> list[Files]:
        ids = {row.ident: row.id for row in self.tenant.rows("SELECT id, ident FROM document")}
        self.tenant.execute(archive, ArchiveDocuments(document_ids=tuple(ids.values())))
        return [self._files(ids[ident]) for ident in idents]

    def _files(self, document_id: int) -> Files:
        found = self.tenant.rows("SELECT type, name, sha256, sendable FROM document_file WHERE document_id = %s", (document_id,))
        assert [file.name for file in found if not file.sendable] == []
        blobs, tenant = self.tenant.runtime.blobs, self.tenant.id
        content = {(file.type, file.name): blobs.get(tenant, file.sha256) for file in found}
        kinds = {kind: data for (kind, _), data in content.items()}
        attachments = tuple(f"{name} {data!r}" for (kind, name), data in content.items() if kind == "ATTACHMENT")
        return Files(text_of(kinds["PDF"]), kinds["CII"].decode(), kinds["UBL"].decode(), attachments)

    def attach(self, ident: str) -> None:
        """A file that came with what the document bills."""
        content = b"a;b"
        (name,) = self.tenant.runtime.blobs.put_many(self.tenant.id, [content])
        with self.tenant.runtime.transaction(self.tenant.caller()) as uow:
            number = uow.scalar(int, "SELECT id FROM document WHERE ident = %s", (ident,))
            attach_to_documents(uow, [Attached(number, "times.csv", "text/csv", len(content), name)])


@pytest.fixture
def shop(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Seller:
    made = Seller(furnished, client, bearer(furnished))
    for address in ADDRESSES:
        made.call("POST", "/v2/customers/muster-handel/addresses", address, 201)
    with furnished.runtime.transaction(furnished.caller()) as uow:
        uow.run(
            "UPDATE customer SET self_billing_agreement_on = '2026-01-01', tax_number = '22/1', buyer_reference = '04011000-MASTER'"
        )
    return made


def a_row(**more: Any) -> dict[str, Any]:
    side = {"net": "100.00"}
    return {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Webhosting",
        "articleNumber": "A-1",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": side, "originalTotal": side, "total": side},
        "performanceLocation": {"country": "DE"},
        "taxDetail": {"calculationBasis": "NET", "taxes": [{"rate": 19, "categoryCode": "S"}]},
        "servicePeriod": {"start": "2026-10-01", "end": "2026-10-31"},
        "properties": [{"key": entry.key, "value": entry.value} for entry in every(OF_ROW)],
        **more,
    }


def a_document(shop: Seller, kind: str, language: str, **more: Any) -> str:
    """With every reference; the buyer's own is that of the customer."""
    said = [{"key": entry.key, "value": entry.value} for entry in every(OF_DOCUMENT) if entry.key != "buyerReference"]
    ident = shop.document(
        kind,
        language=language,
        items=[a_row()],
        customerDetail={"customerIdent": "muster-handel", "invoiceAddressIdent": "full", "shippingAddressIdent": "ship"},
        orderDate="2026-10-01",
        # Skonto is granted to who owes us
        paymentTerm={"periodInDays": 30}
        if kind.startswith("self")
        else {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]},
        properties=[*said, {"key": "note", "value": "Danke"}],
        **more,
    )
    shop.attach(ident)
    return ident


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["invoices", "self-billing-invoices"])
def test_nothing_of_today_shows_on_a_reissue(shop: Seller, kind: str, language: str) -> None:
    old = a_document(shop, kind, language)
    change_all(shop.tenant)
    answer = shop.call("POST", f"/v2/documents/{old}/actions/reissue", {}, 202)
    new, memo = answer["documentIdent"], answer["creditMemoIdent"]
    assert new.startswith("X")  # the form of numbers is today's
    before, after, credit = shop.files(old, new, memo)
    assert MARK not in before.all() + after.all() + credit.all()
    assert "04011000-MASTER" in after.pdf and "04011000-MASTER" in after.cii and "04011000-MASTER" in credit.ubl
    assert after.without(new) == before.without(old)
    assert len(after.attachments) == 1
    views = [shop.call("GET", f"/v2/documents/{ident}") for ident in (old, new)]
    own = ("ident", "documentId", "requestId", "createdAt", "files", "relatedBy", "originReferences", "outstanding")
    assert [{key: value for key, value in view.items() if key not in own} for view in views] == [
        {key: value for key, value in views[0].items() if key not in own}
    ] * 2
    shop.sound()


def test_only_the_corrected_address_is_new(shop: Seller) -> None:
    old = a_document(shop, "invoices", "de")
    change_all(shop.tenant)
    address = {
        "company": "Käsehaus Nord GmbH",
        "department": None,
        "street": "Neue Straße",
        "streetNo": "7",
        "zip": "20099",
        "city": "Hamburg",
        "country": "DE",
    }
    answer = shop.call("POST", f"/v2/documents/{old}/actions/reissue", {"invoiceAddress": address}, 202)
    before, after, credit = shop.files(old, answer["documentIdent"], answer["creditMemoIdent"])
    assert MARK not in after.all() + credit.all()
    assert "Käsehaus Nord GmbH Neue Straße 7 20099 Hamburg" in after.pdf
    assert "Käsehaus Süd GmbH Einkauf, Özlem Yıldız Rückgebäude Lindwurmstraße 95 80337 München" in before.pdf
    assert "Lindwurmstraße" in credit.pdf
    shop.sound()


def test_the_address_of_today_is_shown_where_it_is_asked_for(shop: Seller) -> None:
    """Its texts alone: the customer's own are those of the old document."""
    old = a_document(shop, "invoices", "en")
    change_all(shop.tenant)
    answer = shop.call("POST", f"/v2/documents/{old}/actions/reissue", {"invoiceAddressIdent": "full"}, 202)
    (after,) = shop.files(answer["documentIdent"])
    assert f"{MARK}-address-street" in after.pdf
    assert f"{MARK}-address-company" in after.cii
    for table in text_columns():
        if table != "address":
            assert f"{MARK}-{table}" not in after.all()


def test_an_address_that_is_gone_is_no_obstacle(shop: Seller) -> None:
    """It stands on the old document, and on the new one again."""
    old = a_document(shop, "invoices", "de")
    with shop.tenant.runtime.transaction(shop.tenant.caller()) as uow:
        uow.run("UPDATE address SET address_type = 'SHIPPING' WHERE address_ident = 'full'")
    answer = shop.call("POST", f"/v2/documents/{old}/actions/reissue", {}, 202)
    before, after = shop.files(old, answer["documentIdent"])
    assert after.without(answer["documentIdent"]) == before.without(old)


def test_every_text_of_the_master_data_is_changed() -> None:
    """A new column of theirs is changed by `change_all`, or it is said why not."""
    for name, changed in text_columns().items():
        table = METADATA.tables[name]
        keys = {column.name for column in table.primary_key} | {key.parent.name for key in table.foreign_keys}
        texts = {column.name for column in table.columns if isinstance(column.type, Text | JSON)}
        assert texts - keys - CODES - NOT_SHOWN - set(changed) == set(), name
