"""An offer to somebody who is no customer yet: signed, it waits until he says where the bill goes; then he is one, and has what was
offered."""

import base64
import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.catalogue import OPTIONS
from tests.factories.checkouts import ADDRESS, BY_CARD, BY_DEBIT
from tests.factories.post_offices import PostOffice
from tests.factories.proposals import ROWS, TEXT, Offerer
from tests.factories.tenants import Tenant

from contor.checkout.confirming import PreviewCart, preview_cart
from contor.checkout.signed import (
    AcceptWithDetails,
    GiveDetails,
    SettleBody,
    SettleProposal,
    accept_with_details,
    give_details,
    preview_details,
    settle_proposal,
)
from contor.kernel.errors import Kind, Refused
from contor.offers.proposals import (
    AcceptByHand,
    ChangeProposal,
    DecideProposal,
    OneProposal,
    PublicOffer,
    RejectProposal,
    ShownCosts,
    accept_by_hand,
    approve_proposal,
    archive_proposal,
    change_proposal,
    get_activities,
    publish_proposal,
    reject_proposal,
)

D = Decimal
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and a picture").decode()
SITES = "/v2/billing/configuration/operating-sites"
AUSTRIAN: dict[str, Any] = {
    **ADDRESS,
    "company": "Wien GmbH",
    "country": "AT",
    "vat_id": "ATU13585627",
    "zip": "1010",
    "city": "Wien",
}


@pytest.fixture
def offerer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Offerer:
    made = Offerer(furnished, client, bearer(furnished))
    made.stock()
    return made


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def codes_of(error: Refused) -> set[str]:
    return {problem.code for problem in error.problems}


def to_nobody(offerer: Offerer, **more: Any) -> tuple[str, int]:
    return offerer.out(customer_ident=None, **more)


def made_since(offerer: Offerer, before: dict[str, int]) -> dict[str, int]:
    return {name: count - before[name] for name, count in offerer.counted().items() if count != before[name]}


def billed(offerer: Offerer) -> list[Decimal]:
    offerer.call("POST", "/v2/billingrun", {})
    return [row.gross for row in offerer.tenant.rows("SELECT gross FROM document")]


def kinds(offerer: Offerer, ident: str) -> list[str]:
    return [one.kind for one in offerer.tenant.execute(get_activities, OneProposal(proposal_ident=ident))]


def test_who_is_no_customer_signs_says_where_the_bill_goes_and_is_one(offerer: Offerer) -> None:
    before = offerer.counted()
    ident, signer = to_nobody(offerer)
    out, shown = offerer.read(ident), offerer.shown(signer)
    assert (out.gross, shown.content.provisional, shown.is_known) == (D("249.90"), True, False)
    assert shown.content.customer_name == "ceo@muster.example" and shown.content.blocks[0].headline == "For ceo@muster.example"
    assert made_since(offerer, before) == {}, "what was looked at is not there"
    offerer.sign(signer)
    waiting = offerer.read(ident)
    assert (waiting.status, waiting.contract_ident, waiting.acceptance is not None) == ("AWAITING_DETAILS", None, True)
    assert made_since(offerer, before) == {}
    offerer.sound()
    assert offerer.give(signer).status == "SIGNED"
    found = offerer.read(ident)
    assert found.contract_ident is not None and found.customer_ident is not None
    assert made_since(offerer, before) == {"customer": 1, "contract": 1}
    customer = offerer.call("GET", f"/v2/customers/{found.customer_ident}")
    assert (customer["company"], customer["email"], customer["customerType"]) == ("Neu GmbH", "ceo@muster.example", "B2B")
    assert billed(offerer) == [D("249.90")]
    steps = ["CREATED", "RECIPIENT_ADDED", "PUBLISHED", "SEEN", "AWAITING_DETAILS", "DETAILS_GIVEN", "SIGNED"]
    assert kinds(offerer, ident) == steps
    offerer.sound()


def test_details_with_the_signature_are_one_step_and_collected_as_agreed(offerer: Offerer) -> None:
    before = offerer.counted()
    ident, signer = to_nobody(offerer)
    body = offerer.details(payment=BY_DEBIT, agreed_text="I have read it.", address_seen="192.0.2.1", email="new@muster.example")
    command = AcceptWithDetails(accept=offerer.signing(signer), body=body)
    made: PublicOffer = offerer.tenant.execute(accept_with_details, command)
    again: PublicOffer = offerer.tenant.execute(accept_with_details, command)
    assert (made.status, again.status) == ("SIGNED", "SIGNED")
    assert made_since(offerer, before) == {"customer": 1, "contract": 1, "sepa_mandate": 1}
    assert billed(offerer) == [D("249.90")]
    (paying,) = offerer.tenant.rows("SELECT content -> 'payment_information' AS said FROM contract")
    assert (paying.said["payment_control"], paying.said["payment_type"]) == ("CHARGE", "SEPA_DIRECT_DEBIT")
    said = {one.kind: one.detail or "" for one in offerer.tenant.execute(get_activities, OneProposal(proposal_ident=ident))}
    assert said["ORDER_AGREED"] == "I have read it. [192.0.2.1]" and said["MANDATE_AGREED"].startswith("I let you collect.")
    offerer.sound()


def test_what_is_wrong_with_the_details_undoes_the_signature_with_them(offerer: Offerer) -> None:
    ident, signer = to_nobody(offerer)
    body = offerer.details(address={"country": "DE"}, payment={"customer_payment_account_ident": "x"})
    refused = refusal(
        lambda: offerer.tenant.execute(accept_with_details, AcceptWithDetails(accept=offerer.signing(signer), body=body))
    )
    assert codes_of(refused) == {"name_missing", "zip_missing", "city_missing", "customer_unknown_yet"}
    found = offerer.read(ident)
    assert (found.status, found.acceptance) == ("OPEN", None)


@pytest.mark.parametrize(
    ("address", "gross"),
    [
        (ADDRESS, D("249.90")),
        ({**ADDRESS, "company": "Bern AG", "country": "CH", "zip": "3000", "city": "Bern"}, D(210)),
        (AUSTRIAN, D(210)),
    ],
)
def test_the_tax_is_that_of_the_address_which_is_shown_before(offerer: Offerer, address: dict[str, Any], gross: Decimal) -> None:
    before = offerer.counted()
    _, signer = to_nobody(offerer)
    command = GiveDetails(recipient_id=signer, body=offerer.details(address=address))
    early: ShownCosts = offerer.tenant.execute(preview_details, command)
    offerer.sign(signer)
    shown: ShownCosts = offerer.tenant.execute(preview_details, command)
    assert [(one.net, one.gross) for costs in (early, shown) for one in costs.now] == [(D(210), gross)] * 2
    assert made_since(offerer, before) == {}
    offerer.tenant.execute(give_details, command)
    assert billed(offerer) == [gross]
    assert refusal(lambda: offerer.tenant.execute(preview_details, command)).kind is Kind.CONFLICT
    offerer.sound()


def test_a_seller_elsewhere_shows_what_it_costs_in_his_own_country(offerer: Offerer) -> None:
    site = next(one for one in offerer.call("GET", SITES)["_embedded"] if one["default"])
    kept = {name: it for name, it in site.items() if name not in ("createdAt", "lastModifiedAt", "ident") and it is not None}
    moved = {**kept, "address": {**site["address"], "country": "AT"}, "vatId": "ATU13585627"}
    offerer.call("PUT", f"{SITES}/{site['ident']}", moved)
    ident, _ = to_nobody(offerer)
    assert offerer.read(ident).gross == D(252), "20 per cent"
    prices = [{"price": "40.00", "criteria": {"country": "AT"}}, {"price": "30.00"}]
    local = {"optionIdent": "local", "name": "Local", "type": "ONETIME", "status": "FINAL", "prices": prices}
    offerer.call("POST", OPTIONS, local, 201)
    cart = offerer.cart({"type": "PRODUCT", "ident": "local"})
    assert offerer.tenant.execute(preview_cart, PreviewCart(cart_ident=cart)).costs.now[0].totals.gross == D(48), "not Germany's 36"


def test_details_of_several_at_once_are_one_customer_and_one_contract(offerer: Offerer) -> None:
    ident, signer = to_nobody(offerer)
    other = offerer.signer(ident, "cfo@muster.example")
    offerer.sign(signer)
    before = offerer.counted()
    commands = [GiveDetails(recipient_id=one, body=offerer.details()) for one in (signer, other, signer, other)]
    with ThreadPoolExecutor(4) as windows:
        ends = list(windows.map(lambda one: offerer.tenant.execute(give_details, one).status, commands))
    assert ends == ["SIGNED"] * 4
    assert made_since(offerer, before) == {"customer": 1, "contract": 1}
    offerer.sound()


def test_two_offers_of_one_e_mail_are_not_two_customers(offerer: Offerer) -> None:
    signers = [to_nobody(offerer)[1] for _ in range(2)]
    for one in signers:
        offerer.sign(one)
    before = offerer.counted()

    def give(one: int) -> str:
        try:
            return offerer.give(one).status
        except Refused as refused:
            return refused.problems[0].code

    with ThreadPoolExecutor(2) as windows:
        ends = sorted(windows.map(give, signers))
    assert ends == ["SIGNED", "email_of_customer"]
    assert made_since(offerer, before) == {"customer": 1, "contract": 1}
    offerer.sound()


def test_accepted_by_hand_it_waits_and_the_seller_says_who_it_is(offerer: Offerer) -> None:
    ident, signer = to_nobody(offerer, blocks=[ROWS])
    by_hand = AcceptByHand(proposal_ident=ident, name="Erika")

    def settle(**said: Any) -> Any:
        return offerer.tenant.execute(settle_proposal, SettleProposal(proposal_ident=ident, body=SettleBody(**said)))

    assert refusal(lambda: settle(customer_ident="muster-handel")).kind is Kind.CONFLICT
    assert offerer.tenant.execute(accept_by_hand, by_hand).status == "AWAITING_DETAILS"
    assert refusal(lambda: offerer.tenant.execute(accept_by_hand, by_hand)).kind is Kind.CONFLICT
    offerer.call("POST", "/v2/customers", {"customerIdent": "bare", "customerType": "B2B", "company": "Bare"}, 201)
    assert codes_of(refusal(lambda: settle(customer_ident="nobody"))) == {"customer_unknown"}
    assert codes_of(refusal(lambda: settle(customer_ident="bare"))) == {"address_missing"}
    assert codes_of(refusal(settle)) == {"orderer_unclear"}
    found = settle(customer_ident="muster-handel")
    assert (found.status, found.customer_ident, found.order_ident is not None) == ("SIGNED", "muster-handel", True)
    assert refusal(lambda: settle(customer_ident="muster-handel")).kind is Kind.CONFLICT
    assert offerer.give(signer).status == "SIGNED", "too late: it is known"
    assert billed(offerer) == [D("178.50")]
    other, _ = to_nobody(offerer, creates="DRAFT", blocks=[ROWS])
    offerer.tenant.execute(accept_by_hand, AcceptByHand(proposal_ident=other, name="Erika"))
    body = SettleBody(details=offerer.details())
    made = offerer.tenant.execute(settle_proposal, SettleProposal(proposal_ident=other, body=body))
    customer = offerer.call("GET", f"/v2/customers/{made.customer_ident}")
    assert (made.draft_ident is not None, customer["email"]) == (True, "ceo@muster.example")
    offerer.sound()


def test_a_customer_without_an_address_says_it_and_nothing_else(offerer: Offerer) -> None:
    offerer.call("POST", "/v2/customers", {"customerIdent": "bare", "customerType": "B2B", "company": "Bare"}, 201)
    before = offerer.counted()
    ident, signer = offerer.out(customer_ident="bare")
    shown = offerer.shown(signer)
    assert (shown.content.provisional, shown.is_known, shown.content.customer_name) == (True, True, "Bare")
    offerer.sign(signer)
    assert codes_of(refusal(lambda: offerer.give(signer, email="e@muster.example", phone="1"))) == {"customer_known"}
    assert offerer.give(signer, payment=BY_CARD).status == "SIGNED"
    assert made_since(offerer, before) == {"contract": 1}
    assert (offerer.read(ident).customer_ident, billed(offerer)) == ("bare", [D("249.90")])
    offerer.sound()


def test_who_was_shown_a_provisional_tax_is_asked_though_he_has_an_address_by_now(offerer: Offerer) -> None:
    offerer.call("POST", "/v2/customers", {"customerIdent": "bare", "customerType": "B2B", "company": "Bare"}, 201)
    ident, signer = offerer.out(customer_ident="bare")
    there = {"addressIdent": "there", "addressType": "INVOICE", "company": "Bare", "street": "Gasse", "zip": "3000", "city": "Bern"}
    offerer.call("POST", "/v2/customers/bare/addresses", {**there, "country": "CH"}, 201)
    offerer.sign(signer)
    assert offerer.read(ident).status == "AWAITING_DETAILS"
    body = SettleBody(customer_ident="bare")
    found = offerer.tenant.execute(settle_proposal, SettleProposal(proposal_ident=ident, body=body))
    assert (found.status, billed(offerer)) == ("SIGNED", [D(210)])
    offerer.sound()


def test_what_was_signed_in_time_is_settled_after_its_last_day_and_never_once_it_is_put_away(offerer: Offerer) -> None:
    offerer.tenant.turn_clock(dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC))
    ident, signer = to_nobody(offerer, valid_until="2026-12-10")
    late, unsigned = to_nobody(offerer, valid_until="2026-12-10")
    gone, other = to_nobody(offerer)
    for one in (signer, other):
        offerer.sign(one)
    offerer.tenant.execute(archive_proposal, OneProposal(proposal_ident=gone))
    refused = refusal(lambda: offerer.give(other))
    assert (refused.kind, codes_of(refused)) == (Kind.GONE, {"offer_archived"})
    offerer.tenant.turn_clock(dt.datetime(2026, 12, 11, 10, tzinfo=dt.UTC))
    assert (offerer.read(ident).expired, offerer.read(late).expired) == (False, True)
    assert codes_of(refusal(lambda: offerer.give(unsigned))) == {"offer_status"}
    assert offerer.give(signer).status == "SIGNED"
    offerer.sound()


def test_who_waits_is_changed_and_rejected_no_more_and_a_reader_says_nothing(offerer: Offerer) -> None:
    ident, signer = to_nobody(offerer)
    reader = offerer.signer(ident, "clerk@muster.example", role="READ")
    offerer.sign(signer)
    assert refusal(lambda: offerer.give(reader)).kind is Kind.FORBIDDEN
    change = ChangeProposal(proposal_ident=ident, body=offerer.body())
    for act in (
        lambda: offerer.tenant.execute(change_proposal, change),
        lambda: offerer.tenant.execute(reject_proposal, RejectProposal(recipient_id=signer)),
    ):
        assert codes_of(refusal(act)) == {"offer_status"}
    assert offerer.read(ident).status == "AWAITING_DETAILS"


def test_approved_drawn_and_settled_each_step_comes_once(offerer: Offerer) -> None:
    approver = offerer.tenant.caller().actor
    ident = offerer.written(customer_ident=None, approvers=[approver], acceptance_mode="SIGNATURE").proposal_ident
    signer = offerer.signer(ident)
    assert offerer.publish(ident).status == "APPROVAL"
    assert codes_of(refusal(lambda: offerer.give(signer))) == {"offer_status"}
    offerer.tenant.execute(approve_proposal, DecideProposal(proposal_ident=ident))
    command = AcceptWithDetails(accept=offerer.signing(signer, signature=PNG), body=offerer.details())
    before = offerer.counted()
    with ThreadPoolExecutor(3) as windows:
        ends = list(windows.map(lambda _: offerer.tenant.execute(accept_with_details, command).status, range(3)))
    assert ends == ["SIGNED"] * 3
    assert made_since(offerer, before) == {"customer": 1, "contract": 1}
    acceptance = offerer.read(ident).acceptance
    assert acceptance is not None and acceptance.file_sha256 is not None
    offerer.sound()


def test_put_away_and_settled_at_once_is_one_of_both(offerer: Offerer) -> None:
    ident, signer = to_nobody(offerer)
    offerer.sign(signer)
    before = offerer.counted()

    def act(place: int) -> str:
        try:
            if place:
                return str(offerer.tenant.execute(archive_proposal, OneProposal(proposal_ident=ident)).status)
            return offerer.give(signer).status
        except Refused as refused:
            return refused.problems[0].code

    with ThreadPoolExecutor(2) as windows:
        ends = list(windows.map(act, range(2)))
    found = offerer.read(ident)
    assert (found.status, ends[1]) == ("ARCHIVED", "ARCHIVED")
    assert made_since(offerer, before) == ({"customer": 1, "contract": 1} if found.contract_ident is not None else {})
    assert (found.contract_ident is not None) == (ends[0] != "offer_archived")
    offerer.sound()


def test_without_a_customer_it_goes_to_somebody_who_signs(offerer: Offerer, office: PostOffice) -> None:
    offerer.configure(office, kinds=[])
    ident = offerer.written(customer_ident=None, blocks=[TEXT, ROWS]).proposal_ident
    offerer.signer(ident, "clerk@muster.example", role="READ", invite=False)
    refused = refusal(lambda: offerer.tenant.execute(publish_proposal, OneProposal(proposal_ident=ident)))
    assert codes_of(refused) == {"customer_missing"}
    offerer.signer(ident, "ceo@muster.example", first_name="Erika", last_name="Muster")
    offerer.publish(ident)
    offerer.mail()
    (mail,) = office.taken
    assert "/offers?token=" in mail.text and "178,50" in mail.text
