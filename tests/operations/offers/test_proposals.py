"""An offer of blocks is written, approved, sent out, signed once, and becomes what was offered."""

import base64
import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from starlette.testclient import TestClient
from tests.factories.post_offices import PostOffice
from tests.factories.proposals import PLAN, ROWS, TEXT, Offerer
from tests.factories.tenants import Tenant

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Refused
from contor.kernel.files import FileContent
from contor.offers.proposals import (
    TEMPLATES,
    AcceptByHand,
    ApprovalBody,
    ChangeProposal,
    CreateProposal,
    DecideProposal,
    OneProposal,
    RejectProposal,
    accept_by_hand,
    approve_proposal,
    archive_proposal,
    change_proposal,
    create_proposal,
    get_activities,
    publish_proposal,
    reject_approval,
    reject_proposal,
)
from contor.runtime.execute import validated
from contor.runtime.resource import Written

D = Decimal
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and a picture").decode()


@pytest.fixture
def offerer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Offerer:
    made = Offerer(furnished, client, bearer(furnished))
    made.stock()
    return made


def codes_of(error: Refused) -> set[str]:
    return {problem.code for problem in error.problems}


def kinds(offerer: Offerer, ident: str) -> list[str]:
    return [one.kind for one in offerer.tenant.execute(get_activities, OneProposal(proposal_ident=ident))]


def test_a_signature_makes_the_contract_that_was_offered(offerer: Offerer) -> None:
    ident, signer = offerer.out()
    out = offerer.read(ident)
    assert (out.status, out.version, out.published_version) == ("OPEN", 1, 1)
    assert (out.net, out.gross, out.recurring_net, out.recurring_gross) == (D(210), D("249.90"), D(60), D("71.40"))
    before = offerer.counted()
    shown = offerer.shown(signer)
    assert [block.text for block in shown.content.blocks] == [f"Our {out.number}: we help", None, None]
    signed = offerer.sign(signer)
    assert (signed.name, signed.address, signed.mode, signed.sha256) == ("Erika Muster", "192.0.2.1", "CLICK", shown.sha256)
    after, found = offerer.counted(), offerer.read(ident)
    assert after["contract"] - before["contract"] == 1
    assert (found.status, found.order_ident, found.draft_ident) == ("SIGNED", None, None)
    offerer.call("POST", "/v2/billingrun", {})
    assert [row.gross for row in offerer.tenant.rows("SELECT gross FROM document")] == [D("249.90")]
    assert kinds(offerer, ident) == ["CREATED", "RECIPIENT_ADDED", "PUBLISHED", "SEEN", "SIGNED"]
    offerer.sound()


def test_s12_signed_twice_at_once_there_is_one_contract(offerer: Offerer) -> None:
    ident, signer = offerer.out()
    other = offerer.signer(ident, "cfo@muster.example")
    before, commands = offerer.counted(), [offerer.signing(one) for one in (signer, signer, other, other)]

    def sign(place: int) -> str:
        try:
            offerer.tenant.execute(_accept(), commands[place])
            return "signed"
        except Refused as refused:
            return refused.problems[0].code

    with ThreadPoolExecutor(4) as windows:
        ends = list(windows.map(sign, range(4)))
    assert sorted(ends) == ["offer_status", "offer_status", "signed", "signed"], (
        "the other one comes too late; the same one hears it twice"
    )
    assert offerer.counted()["contract"] - before["contract"] == 1
    offerer.sound()


def _accept() -> object:
    from contor.offers.proposals import accept_proposal

    return accept_proposal


def test_s12_after_its_last_day_it_is_gone(offerer: Offerer) -> None:
    offerer.tenant.turn_clock(dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC))
    ident, signer = offerer.out(valid_until="2026-12-10")
    signing = offerer.signing(signer)
    offerer.tenant.turn_clock(dt.datetime(2026, 12, 11, 10, tzinfo=dt.UTC))
    for act in (lambda: offerer.shown(signer), lambda: offerer.tenant.execute(_accept(), signing)):
        with pytest.raises(Refused) as gone:
            act()
        assert (gone.value.kind, codes_of(gone.value)) == (Kind.GONE, {"offer_expired"})
    with pytest.raises(Refused) as by_hand:
        offerer.tenant.execute(accept_by_hand, AcceptByHand(proposal_ident=ident, name="Erika"))
    assert by_hand.value.kind is Kind.GONE
    assert (offerer.read(ident).expired, offerer.counted()["contract"]) == (True, 0)
    offerer.sound()


def test_prices_are_those_that_were_offered(offerer: Offerer) -> None:
    ident, signer = offerer.out(blocks=[{"type": "PLAN", "plan": {"plan_ident": "team", "quantity": 2, "unit_price": "25.00"}}])
    version = {"name": "Seat", "prices": [{"price": "99.00"}]}
    offerer.call("PUT", "/v2/billing/plan-options/seat", {"optionIdent": "seat", "type": "QUANTITY", "status": "FINAL", **version})
    offerer.sign(signer)
    offerer.call("POST", "/v2/billingrun", {})
    assert [row.gross for row in offerer.tenant.rows("SELECT gross FROM document")] == [D("59.50")]
    assert offerer.read(ident).gross == D("59.50")


def test_what_is_changed_after_it_went_out_is_signed_no_more(offerer: Offerer) -> None:
    ident, signer = offerer.out()
    old = offerer.signing(signer)
    offerer.tenant.execute(change_proposal, ChangeProposal(proposal_ident=ident, body=offerer.body(blocks=[ROWS])))
    with pytest.raises(Refused) as written:
        offerer.shown(signer)
    assert written.value.kind is Kind.NOT_READY
    offerer.publish(ident)
    with pytest.raises(Refused) as other:
        offerer.tenant.execute(_accept(), old)
    assert codes_of(other.value) == {"offer_changed_meanwhile"}
    offerer.sign(signer)
    found = offerer.read(ident)
    assert (found.version, found.contract_ident, found.order_ident is not None) == (2, None, True)
    with pytest.raises(Refused):
        offerer.tenant.execute(change_proposal, ChangeProposal(proposal_ident=ident, body=offerer.body()))
    offerer.sound()


def test_named_approvers_decide_and_the_quorum_lets_it_out(offerer: Offerer) -> None:
    def caller(name: str) -> Caller:
        return Caller(name, "r", offerer.tenant.id, offerer.tenant.organization_id, "TEST", frozenset({EVERYTHING}))

    approvers = ["user:a", "user:b", "user:c"]
    ident = offerer.written(approvers=approvers, quorum=2).proposal_ident
    assert offerer.publish(ident).status == "APPROVAL"

    def decide(who: str, what: object = approve_proposal) -> object:
        return offerer.tenant.runtime.execute(what, DecideProposal(proposal_ident=ident, body=ApprovalBody()), caller(who))  # type: ignore[arg-type]

    with pytest.raises(Refused) as stranger:
        decide("user:d")
    assert stranger.value.kind is Kind.FORBIDDEN
    decide("user:a")
    with pytest.raises(Refused) as twice:
        decide("user:a")
    assert codes_of(twice.value) == {"approval_given"}
    assert offerer.read(ident).status == "APPROVAL"
    decide("user:b", reject_approval)
    assert offerer.read(ident).status == "DRAFT"
    offerer.publish(ident)
    decide("user:a")
    decide("user:c")
    found = offerer.read(ident)
    assert (found.status, found.version, found.published_version) == ("OPEN", 2, 2)
    offerer.sound()


def test_by_hand_with_a_signed_paper_and_by_a_signature(offerer: Offerer) -> None:
    ident, _ = offerer.out(creates="DRAFT", blocks=[ROWS])
    bad = FileContent(b"no paper", "application/pdf", "signed.pdf")
    with pytest.raises(Refused):
        offerer.tenant.execute(accept_by_hand, AcceptByHand(proposal_ident=ident, name="Erika", file=bad))
    paper = FileContent(b"%PDF-1.7 signed", "application/pdf", "signed.pdf")
    made = offerer.tenant.execute(accept_by_hand, AcceptByHand(proposal_ident=ident, name="Erika", file=paper))
    assert (made.status, made.draft_ident is not None, made.acceptance.mode) == ("SIGNED", True, "BY_HAND")
    ident, signer = offerer.out(acceptance_mode="SIGNATURE")
    with pytest.raises(Refused) as unsigned:
        offerer.sign(signer)
    assert codes_of(unsigned.value) == {"signature_missing"}
    offerer.sign(signer, signature=f"data:image/png;base64,{PNG}")
    assert offerer.read(ident).acceptance.file_sha256 is not None  # type: ignore[union-attr]
    offerer.sound()


def test_who_reads_does_not_sign_and_who_rejects_ends_it(offerer: Offerer) -> None:
    ident, signer = offerer.out()
    reader = offerer.signer(ident, "clerk@muster.example", role="READ")
    for act in (lambda: offerer.sign(reader), lambda: offerer.tenant.execute(reject_proposal, RejectProposal(recipient_id=reader))):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.kind is Kind.FORBIDDEN
    offerer.tenant.execute(reject_proposal, RejectProposal(recipient_id=signer))
    with pytest.raises(Refused):
        offerer.sign(signer)
    offerer.tenant.execute(archive_proposal, OneProposal(proposal_ident=ident))
    with pytest.raises(Refused) as gone:
        offerer.shown(signer)
    assert gone.value.kind is Kind.GONE
    assert offerer.counted()["contract"] == 0


def test_everything_that_is_wrong_is_said_before_it_goes_out(offerer: Offerer) -> None:
    with pytest.raises(Refused) as no:
        offerer.written(
            customer_ident="none",
            creates="DRAFT",
            currency="USD",
            quorum=1,
            blocks=[PLAN, PLAN, {"type": "TEXT", "rows": ROWS["rows"]}, {"type": "PLAN"}],
        )
    assert codes_of(no.value) == {
        *("customer_unknown", "plans_too_many", "block_mixed", "block_without_plan", "draft_of_plan", "currency_differs"),
        "quorum_too_large",
    }
    ident = offerer.written(customer_ident=None, blocks=[{**TEXT, "text": "{{none}}"}], valid_until="2020-01-01").proposal_ident
    with pytest.raises(Refused) as early:
        offerer.tenant.execute(publish_proposal, OneProposal(proposal_ident=ident))
    assert codes_of(early.value) == {"customer_missing", "offer_empty", "validity_over", "variable_unknown"}


def test_recipients_are_mailed_their_own_links_when_it_goes_out(offerer: Offerer, office: PostOffice) -> None:
    offerer.configure(office, kinds=[])
    offerer.out()
    offerer.mail()
    (mail,) = office.taken
    assert "/offers?token=" in mail.text and "249,90" in mail.text


def test_an_offer_of_a_template_says_what_that_says(offerer: Offerer) -> None:
    content = {"title": "Team", "blocks": [PLAN], "variables": [{"key": "promise", "value": "usual"}], "valid_days": 10}
    made = offerer.tenant.execute(
        TEMPLATES.create, Written((), validated(TEMPLATES.creation, {"name": "Team", "content": content}))
    )
    body = offerer.body(blocks=[], variables=[])
    found = offerer.tenant.execute(create_proposal, CreateProposal(body=body, template_ident=made["ident"]))
    assert ([block.type for block in found.blocks], found.variables[0].value, found.valid_until is not None) == (
        ["PLAN"],
        "usual",
        True,
    )


@pytest.mark.parametrize(
    ("language", "day", "today"), [("de", "31.12.2099", r"\d\d\.\d\d\.\d{4}"), ("en", "31 Dec 2099", r"\d+ \w{3} \d{4}")]
)
def test_days_are_written_in_the_language_of_the_offer(offerer: Offerer, language: str, day: str, today: str) -> None:
    words = {"type": "TEXT", "text": "{{offer.validUntil}}, {{today}}"}
    _, signer = offerer.out(language=language, valid_until="2099-12-31", blocks=[words, ROWS])
    text = offerer.shown(signer).content.blocks[0].text
    assert text is not None and re.fullmatch(rf"{re.escape(day)}, {today}", text.replace("\xa0", " ")), text
