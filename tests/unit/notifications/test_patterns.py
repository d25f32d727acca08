"""Which types of notifications a pattern means, and which types there are."""

import pytest

from contor.app import load_packages
from contor.notifications.kinds import TYPES, known_types, notified
from contor.notifications.types import PATTERN, chosen

SOME = ["invoice.created", "invoice.archived", "invoiceLike.created", "customer.created"]


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("*", SOME),
        ("invoice.*", ["invoice.created", "invoice.archived"]),
        ("invoice.created", ["invoice.created"]),
        ("invoice", []),
        ("invoice.deleted", []),
        ("customer.*", ["customer.created"]),
        ("customer.*,invoice.archived", ["invoice.archived", "customer.created"]),
        ("invoice,customer", []),
        ("invoice.created,payment_method.created", ["invoice.created"]),
    ],
)
def test_a_pattern_means_a_type_an_area_or_all(pattern: str, wanted: list[str]) -> None:
    assert chosen(pattern, SOME) == wanted


@pytest.mark.parametrize(
    "pattern",
    ["**", "in*", "*.created", "invoice.", ".created", "invoice..created", "a b", "", "invoice.%", "a.b,", "a,,b", "a, b"],
)
def test_what_is_no_pattern(pattern: str) -> None:
    assert PATTERN.fullmatch(pattern) is None


def test_the_types_of_the_contract_are_known_and_described() -> None:
    load_packages()
    contract = {
        *("customer.created", "customer.updated", "address.created", "address.updated"),
        *("order.created", "order.updated", "order.cancelled"),
        *(
            "contract.created",
            "contract.updated",
            "contract.renewed",
            "contract.terminated",
            "contract.cancelled",
            "contract.expired",
        ),
        *("paymentintent.result", "paymentAssignment.processed", "paymentAssignment.reversed", "settlementReport.processed"),
        *("oposCaseDecision.discount", "oposCaseDecision.uncollectableReceivable", "oposCaseDecision.doubtfulReceivable"),
        *("oposCaseDecision.otherRevenue", "oposCaseDecision.reversion", "oposCaseDecision.cashDiscount"),
        *("oposCaseDecision.bankFee", "oposCaseDecision.externalClosed"),
        *("invoice.created", "invoice.archived", "invoice.updated", "documentAttachment.archived"),
        *("dunning.created", "dunning.archived", "report.created"),
    }
    ours = {"notificationRoute.paused", "postingPeriod.closed", "ossThreshold.crossed", "payment.returned"}
    ours |= {"invoice.pictureRequested", "draft.created", "draft.updated", "draft.deleted"}
    ours |= {"customer.archived", "customer.unarchived", "customer.suspended", "customer.reinstated", "customer.merged"}
    ours |= {"customer.parent.assigned", "customer.parent.removed"}
    ours |= {"customer.deleted", "contact.created", "contact.updated", "contact.deleted"}
    ours |= {"contract.paused", "contract.resumed", "contract.terminationWithdrawn", "contract.reactivated", "contract.trialEnds"}
    ours |= {f"product.{turn}" for turn in ("created", "updated", "archived", "deleted")} | {"product_price.archived"}
    ours |= {f"invoice.{turn}" for turn in ("cancelled", "closed", "credited", "paid", "refunded", "reminded", "unpaid")}
    ours |= {"draft.approvalRequired", "dunning.paid", "dunning.withdrawn", "cart.completed", "cart.paid", "proposal.updated"}
    ours |= {f"paymentMethod.{turn}" for turn in ("created", "updated", "removed")} | {"openBankingAccount.consentEnds"}
    ours |= {"contract.usageRecorded", "contract.usageCounted", "paymentintent.created"}
    ours |= {f"coupon.{turn}" for turn in ("created", "updated", "toggled", "deleted")}
    changes = ("invoiceAddressChanged", "shippingAddressChanged", "paymentChanged", "switched", "optionsOrdered", "optionsEnded")
    ours |= {f"contract.{name}" for name in (*changes, "quantityChanged", "started", "trialExtended", "trialExpired", "billed")}
    ours |= {"feature.created", "feature.activated", "feature.archived", "entitlement.updated"}
    ours |= {"offer.created", "offer.updated", "postLetter.accepted", "postLetter.printed", "postLetter.failed"}
    ours |= {f"invoice.{name}" for name in ("paid", "closed", "unpaid", "reminded", "cancelled", "credited", "refunded")}
    ours |= {"dunning.paid", "dunning.withdrawn", "draft.approvalRequired"}
    assert set(TYPES) == contract | ours
    assert [one.type for one in known_types()] == sorted(TYPES)
    assert all(one.description.endswith(".") for one in known_types())


def test_a_type_is_declared_once() -> None:
    load_packages()
    with pytest.raises(ValueError, match=r"customer\.created is declared twice"):
        notified("nobody.causes_it", {"customer.created": "Again."})(lambda uow, fact: [])
