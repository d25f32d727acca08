"""Details that are said of an offer have an effect, or are refused; and no price is shown where no bill can be written."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.checkouts import ADDRESS, BY_DEBIT
from tests.factories.proposals import PLAN, ROWS, Offerer
from tests.factories.tenants import Tenant

from contor.checkout.confirming import PreviewCart, preview_cart
from contor.checkout.signed import AcceptWithDetails, GiveDetails, accept_with_details, preview_details
from contor.checkout.types import OrderBody
from contor.kernel.errors import Kind, Refused
from contor.runtime.execute import validated


@pytest.fixture
def offerer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Offerer:
    made = Offerer(furnished, client, bearer(furnished))
    made.stock()
    return made


def refused(act: Callable[[], object]) -> tuple[Kind, set[str]]:
    with pytest.raises(Refused) as found:
        act()
    return found.value.kind, {one.code for one in found.value.problems}


def preview(offerer: Offerer, signer: int, **more: Any) -> Any:
    return offerer.tenant.execute(preview_details, GiveDetails(recipient_id=signer, body=offerer.details(**more)))


def test_nobody_says_where_the_bill_of_a_known_customer_goes(offerer: Offerer) -> None:
    """A mandate or an address that would change nothing is not taken as if it did."""
    before = offerer.counted()
    ident, signer = offerer.out()
    known = (Kind.CONFLICT, {"customer_known"})
    command = AcceptWithDetails(accept=offerer.signing(signer), body=offerer.details(payment=BY_DEBIT))
    assert refused(lambda: offerer.tenant.execute(accept_with_details, command)) == known
    assert (offerer.read(ident).status, offerer.counted()) == ("OPEN", before)
    assert refused(lambda: preview(offerer, signer)) == known
    offerer.sign(signer)
    assert refused(lambda: offerer.give(signer, payment=BY_DEBIT)) == known
    offerer.sound()


@pytest.mark.parametrize("block", [ROWS, PLAN])
def test_where_no_bill_can_be_written_no_price_is_shown(offerer: Offerer, block: dict[str, Any]) -> None:
    """What has no price does not look as if it cost nothing; the words say what is wrong with the address."""
    _, signer = offerer.out(customer_ident=None, blocks=[block])
    for name in ("漢字", "กข GmbH"):
        look = partial(preview, offerer, signer, address={**ADDRESS, "company": name})
        assert refused(look) == (Kind.INVALID, {"not_billable"})
    assert preview(offerer, signer).now
    (own,) = [one for one in offerer.call("GET", "/v2/billing/configuration/operating-sites")["_embedded"] if one["default"]]
    with pytest.raises(Refused) as found:
        preview(offerer, signer, address={**ADDRESS, "company": "Wir", "vat_id": own["vatId"]})
    assert "is the VAT id of the seller" in found.value.problems[0].message
    offerer.sound()


@pytest.mark.parametrize("item", [{"type": "PLAN", "ident": "team"}, {"type": "PRODUCT", "ident": "help"}])
def test_nor_is_one_of_a_cart(offerer: Offerer, item: dict[str, Any]) -> None:
    cart = offerer.cart(item)

    def look(**more: Any) -> Any:
        body = validated(OrderBody, {"email": "new@muster.example", "address": {"company": "Neu GmbH", **ADDRESS, **more}})
        return offerer.tenant.execute(preview_cart, PreviewCart(cart_ident=cart, body=body))

    assert look().costs.now
    assert refused(lambda: look(company="漢字")) == (Kind.INVALID, {"not_billable"})
    offerer.sound()


def test_the_draft_of_a_signed_offer_is_collected_as_was_agreed(offerer: Offerer) -> None:
    ident, signer = offerer.out(customer_ident=None, creates="DRAFT", blocks=[ROWS])
    offerer.sign(signer)
    offerer.give(signer, payment=BY_DEBIT)
    draft = offerer.call("GET", f"/v2/drafts/{offerer.read(ident).draft_ident}")
    (account,) = offerer.tenant.rows("SELECT ident FROM customer_payment_account ORDER BY created_at DESC LIMIT 1")
    assert draft["paymentCollection"] == {"collect": True}
    paying = draft["paymentInformation"]
    assert (paying["paymentType"], paying["customerPaymentAccountIdent"]) == ("SEPA_DIRECT_DEBIT", account.ident)
    offerer.sound()


def test_an_offer_that_is_over_is_not_previewed(offerer: Offerer) -> None:
    offerer.tenant.turn_clock(dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC))
    _, signer = offerer.out(customer_ident=None, valid_until="2026-12-10")
    assert preview(offerer, signer).now
    offerer.tenant.turn_clock(dt.datetime(2026, 12, 11, 10, tzinfo=dt.UTC))
    assert refused(lambda: preview(offerer, signer)) == (Kind.GONE, {"offer_expired"})


@pytest.mark.parametrize(("block", "gross"), [(ROWS, "178.50"), (PLAN, "71.40")])
def test_an_offer_shows_its_own_bills_alone(offerer: Offerer, block: dict[str, Any], gross: str) -> None:
    """What the customer has due besides is no part of it, and nothing for those who read it."""
    offerer.tenant.turn_clock(dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC))
    line = {"ident": "desk", "name": "Desk", "category": "PHYSICAL_PRODUCT", "quantity": 1, "unitPriceNet": "250.00"}
    debtor = {"debtorIdent": "muster-handel", "invoiceAddressIdent": "zentrale"}
    order = {"orderIdent": "o-1", "debtorOrderDetails": debtor, "lineItems": [{**line, "deliveryDate": "2026-12-01"}]}
    offerer.call("POST", "/v2/orders", order, 201)
    _, signer = offerer.out(blocks=[block])
    assert [str(one.gross) for one in offerer.shown(signer).content.costs.now] == [gross]
    assert [row.n for row in offerer.tenant.rows("SELECT count(*) AS n FROM document")] == [0]
    offerer.sound()
