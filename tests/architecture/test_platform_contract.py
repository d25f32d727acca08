"""The platform's table of routes against its contract, in both directions."""

import csv
import os
from pathlib import Path

import pytest

from contor.api.platform.routes import ROUTES

SHARED = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[3] / "shared"))
CONTRACT = SHARED / "spec" / "platform.csv"
RUNS = "/v2/billing-runs"
DRAFTS = "/v2/drafts"
STATEMENTS = "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/statements"
MAPPINGS = "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/statement-mappings"
SOURCES = "/v2/payment-providers/{paymentProviderId}/settlement-sources"
COLLECTION_RUNS = "/v2/collection-runs"
MERCHANT = "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}"
RATES = "/v2/billing/configuration/dunning/base-rates"
VALIDATION = "/v2/customers/address-validation"
DUNNING_RUNS, LETTERS, CLAIMS = "/v2/dunning-runs", "/v2/dunning-letters", "/v2/dunning-claims"
PERIODS, MONTH = "/v2/posting-periods", "/v2/bookingAccounts/{accountNumber}/{accountCurrency}/periods/{period}"
TRIAL_BALANCE = "/v2/trial-balances/{period}"
EXPORTS = "/v2/exports"
VAT_CHECKS = "/v2/customers/{customerIdent}/vat-number-checks"
MAILS, TEMPLATES = "/v2/mails", "/v2/mail/templates"


def resource_pairs(path: str, name: str) -> set[tuple[str, str]]:
    """The usual routes of a stored thing."""
    one = f"{path}/{{{name}}}"
    return {("GET", path), ("POST", path), ("GET", one), ("PUT", one), ("DELETE", one)}


DOCUMENT, RECURRING, POST = "/v2/documents/{documentIdent}", "/v2/recurring-documents", "/v2/post"
OURS = {
    ("POST", "/v2/contracts/actions/align"),
    ("POST", "/v2/usages/actions/record-value"),
    ("POST", "/v2/usages/actions/record-values"),
    *resource_pairs("/v2/joint-billings", "jointBillingIdent"),
    ("POST", "/v2/joint-billings/{jointBillingIdent}/actions/join"),
    ("POST", "/v2/joint-billings/{jointBillingIdent}/actions/leave"),
    *resource_pairs("/v2/product-groups", "productGroupIdent"),
    ("POST", "/v2/contracts/{contractIdent}/actions/redraft"),
    ("GET", "/v2/contracts/{contractIdent}/options/{optionIdent}/change-options"),
    ("POST", "/v2/contracts/{contractIdent}/options/{optionIdent}/actions/switch"),
    ("PUT", "/v2/contracts/{contractIdent}/options/{optionIdent}/product-group"),
    ("GET", "/v2/payment-methods"),
    ("POST", "/v2/payment-methods"),
    ("GET", "/v2/payment-methods/{paymentMethodIdent}"),
    ("PATCH", "/v2/payment-methods/{paymentMethodIdent}"),
    ("POST", "/v2/payment-methods/{paymentMethodIdent}/actions/remove"),
    ("GET", "/v2/open-banking-accounts"),
    ("POST", "/v2/open-banking-accounts"),
    ("GET", "/v2/open-banking-accounts/{openBankingAccountIdent}"),
    ("POST", "/v2/open-banking-accounts/{openBankingAccountIdent}/actions/confirm"),
    ("POST", "/v2/open-banking-accounts/{openBankingAccountIdent}/actions/sync"),
    ("POST", "/v2/open-banking-accounts/{openBankingAccountIdent}/actions/disable"),
    ("POST", "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/simulated-bookings"),
    ("PUT", "/v2/contracts/{contractIdent}/option-names"),
    ("GET", "/v2/contracts/{contractIdent}/labels"),
    ("PUT", "/v2/contracts/{contractIdent}/labels"),
    *resource_pairs("/v2/features", "featureIdent"),
    *(("POST", f"/v2/features/{{featureIdent}}/actions/{verb}") for verb in ("activate", "archive")),
    *resource_pairs("/v2/features/{featureIdent}/plans", "planIdent"),
    *resource_pairs("/v2/features/{featureIdent}/options", "optionIdent"),
    *resource_pairs("/v2/features/{featureIdent}/products", "productIdent"),
    *resource_pairs("/v2/contracts/{contractIdent}/entitlement-overrides", "entitlementOverrideIdent"),
    ("GET", "/v2/contracts/{contractIdent}/entitlements"),
    ("GET", "/v2/customers/{customerIdent}/entitlements"),
    *resource_pairs("/v2/custom-fields", "customFieldIdent"),
    *resource_pairs("/v2/customer-groups", "customerGroupIdent"),
    *(
        ("POST", f"/v2/customers/{{customerIdent}}/actions/{verb}")
        for verb in ("archive", "unarchive", "suspend", "reinstate", "merge")
    ),
    ("PUT", "/v2/customers/{customerIdent}/parent"),
    ("DELETE", "/v2/customers/{customerIdent}/parent"),
    ("GET", "/v2/customers/{customerIdent}/children"),
    ("GET", "/v2/customers/{customerIdent}/tree"),
    ("GET", "/v2/customers/{customerIdent}/custom-fields"),
    ("PATCH", "/v2/customers/{customerIdent}/custom-fields"),
    ("GET", "/v2/customers/{customerIdent}/emails"),
    ("POST", "/v2/customers/{customerIdent}/emails"),
    *((method, "/v2/customers/{customerIdent}/emails/{emailIdent}") for method in ("GET", "PUT", "DELETE")),
    *resource_pairs("/v2/projects", "projectIdent"),
    *resource_pairs("/v2/projects/{projectIdent}/tasks", "taskIdent"),
    ("POST", "/v2/projects/{projectIdent}/actions/bill-times"),
    *resource_pairs("/v2/times", "timeIdent"),
    ("GET", "/v2/offers/configuration"),
    ("PUT", "/v2/offers/configuration"),
    ("GET", "/v2/offers"),
    ("POST", "/v2/offers"),
    ("GET", "/v2/offers/{offerIdent}"),
    ("PATCH", "/v2/offers/{offerIdent}"),
    ("DELETE", "/v2/offers/{offerIdent}"),
    ("GET", "/v2/offers/{offerIdent}/file"),
    *(("POST", f"/v2/offers/{{offerIdent}}/actions/{action}") for action in ("send", "mark", "create-invoice")),
    *(
        pair
        for path, name in (
            ("/v2/expenses", "expenseIdent"),
            ("/v2/revenues", "revenueIdent"),
            ("/v2/filed-papers", "filedPaperIdent"),
        )
        for pair in (*resource_pairs(path, name), ("GET", f"{path}/{{{name}}}/file"), ("POST", f"{path}/{{{name}}}/file"))
    ),
    ("POST", "/v2/expenses/{expenseIdent}/actions/set-paid"),
    *resource_pairs("/v2/expense-categories", "expenseCategoryIdent"),
    *(resource_pairs("/v2/suppliers", "supplierIdent") - {("DELETE", "/v2/suppliers/{supplierIdent}")}),
    ("POST", "/v2/opening-claims"),
    ("GET", "/v2/opening-claims/{documentIdent}"),
    ("POST", "/v2/opening-claims/{documentIdent}/file"),
    ("POST", "/v2/revenues/{revenueIdent}/actions/set-paid"),
    ("GET", "/v2/inbox"),
    ("POST", "/v2/inbox"),
    ("GET", "/v2/inbox/{inboxItemIdent}"),
    ("GET", "/v2/inbox/{inboxItemIdent}/file"),
    ("POST", "/v2/inbox/{inboxItemIdent}/actions/take"),
    ("POST", "/v2/inbox/{inboxItemIdent}/actions/dismiss"),
    *resource_pairs("/v2/folders", "folderIdent"),
    ("GET", "/v2/customers/{customerIdent}/credits"),
    ("POST", "/v2/customers/{customerIdent}/credits"),
    ("DELETE", "/v2/customers/{customerIdent}"),
    ("PUT", "/v2/customers/{customerIdent}/debtor-account"),
    ("GET", f"{VALIDATION}/results"),
    ("GET", f"{VALIDATION}/runs"),
    ("GET", f"{VALIDATION}/runs/{{runIdent}}"),
    ("GET", f"{VALIDATION}/directories"),
    ("PUT", f"{VALIDATION}/directories/{{country}}"),
    ("DELETE", f"{VALIDATION}/directories/{{country}}"),
    *(("GET", "/v2/coupons"), ("POST", "/v2/coupons")),
    *((method, "/v2/coupons/{code}") for method in ("GET", "PUT", "DELETE")),
    *(("POST", f"/v2/coupons/{{code}}/actions/{verb}") for verb in ("check", "withdraw")),
    ("GET", "/v2/contracts/{contractIdent}/coupons"),
    *(("POST", f"/v2/contracts/{{contractIdent}}/actions/{verb}-coupon") for verb in ("redeem", "withdraw")),
    ("POST", "/v2/reports"),
    ("GET", "/v2/reports/{reportIdent}"),
    ("GET", "/v2/metrics/mrr"),
    ("GET", "/v2/metrics/cohorts"),
    ("GET", PERIODS),
    ("GET", f"{PERIODS}/{{period}}"),
    ("GET", f"{PERIODS}/{{period}}/closing"),
    ("POST", f"{PERIODS}/{{period}}/actions/close"),
    ("GET", "/v2/journal-entries"),
    ("GET", "/v2/journal-entries/{journalEntryId}"),
    ("GET", TRIAL_BALANCE),
    ("GET", f"{TRIAL_BALANCE}/personal-accounts"),
    ("GET", MONTH),
    ("GET", f"{MONTH}/postings"),
    ("GET", "/v2/deferred-income"),
    ("POST", "/v2/tax/calculate/documents/batch"),
    ("GET", "/v2/tax/calculations/{requestId}"),
    ("PUT", "/v2/tax/rules/{taxRuleIdent}/variants/{taxRuleVariantIdent}"),
    ("GET", "/v2/tax/providers/transactions"),
    ("POST", "/v2/tax/providers/transactions/{code}/actions/retry"),
    ("GET", VAT_CHECKS),
    ("POST", VAT_CHECKS),
    ("GET", f"{VAT_CHECKS}/{{vatNumberCheckIdent}}"),
    ("GET", f"{VAT_CHECKS}/{{vatNumberCheckIdent}}/answer"),
    ("POST", "/v2/vat-number-checks/actions/check-all"),
    ("GET", "/v2/vat-number-checks/jobs/{jobIdent}"),
    ("GET", STATEMENTS),
    ("POST", STATEMENTS),
    ("GET", f"{STATEMENTS}/{{statementIdent}}"),
    ("POST", f"{STATEMENTS}/{{statementIdent}}/actions/read"),
    ("GET", "/v2/statements"),
    ("GET", SOURCES),
    ("POST", f"{SOURCES}/{{settlementSourceIdent}}/actions/fetch"),
    ("GET", MAPPINGS),
    ("POST", MAPPINGS),
    *((verb, f"{MAPPINGS}/{{statementMappingIdent}}") for verb in ("GET", "PUT", "DELETE")),
    ("GET", "/v2/audit-entries"),
    ("POST", "/v2/usages/actions/batch"),
    ("GET", RUNS),
    ("POST", RUNS),
    ("GET", f"{RUNS}/{{runIdent}}"),
    ("GET", f"{RUNS}/{{runIdent}}/customers"),
    ("POST", f"{RUNS}/{{runIdent}}/actions/approve"),
    ("POST", f"{RUNS}/{{runIdent}}/actions/cancel"),
    ("GET", f"{RUNS}/bounds"),
    ("PUT", f"{RUNS}/bounds"),
    ("GET", f"{RUNS}/parked-customers"),
    ("POST", f"{RUNS}/parked-customers/{{customerIdent}}/actions/release"),
    ("GET", "/v2/exchange-rates"),
    ("POST", "/v2/exchange-rates"),
    ("GET", "/v2/exchange-rates/newest"),
    ("POST", "/v2/exchange-rates/actions/upload"),
    ("GET", "/v2/tax/rates"),
    ("GET", "/v2/tax/oss-threshold"),
    ("PUT", "/v2/tax/oss-threshold/openings/{year}"),
    ("POST", "/v2/tax/oss-threshold/waivers"),
    ("POST", "/v2/tax/oss-threshold/actions/end-waiver"),
    ("GET", f"{MERCHANT}/file-targets"),
    ("POST", f"{MERCHANT}/file-targets"),
    *((verb, f"{MERCHANT}/file-targets/{{fileTargetIdent}}") for verb in ("GET", "PUT", "DELETE")),
    ("POST", "/v2/payment-intents/{paymentIntentIdent}/actions/release"),
    ("POST", "/v2/payment-intents/{paymentIntentIdent}/actions/end"),
    ("GET", "/v2/payment-files"),
    ("GET", COLLECTION_RUNS),
    ("POST", COLLECTION_RUNS),
    ("GET", f"{COLLECTION_RUNS}/{{runIdent}}"),
    ("GET", f"{COLLECTION_RUNS}/{{runIdent}}/items"),
    ("POST", f"{COLLECTION_RUNS}/{{runIdent}}/actions/approve"),
    ("POST", f"{COLLECTION_RUNS}/{{runIdent}}/actions/cancel"),
    ("GET", "/v2/payment-files/{paymentFileIdent}"),
    ("GET", "/v2/payment-files/{paymentFileIdent}/content"),
    ("POST", "/v2/payment-files/{paymentFileIdent}/actions/confirm"),
    ("POST", "/v2/payment-files/{paymentFileIdent}/actions/release"),
    ("POST", "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}/status-reports"),
    ("POST", "/v2/contracts/{contractIdent}/actions/preview"),
    ("POST", "/v2/contracts/{contractIdent}/actions/pause"),
    ("POST", "/v2/contracts/{contractIdent}/actions/resume"),
    ("POST", "/v2/contracts/{contractIdent}/actions/extend-trial"),
    ("POST", "/v2/contracts/{contractIdent}/actions/end-trial"),
    ("POST", "/v2/contracts/{contractIdent}/actions/withdraw-termination"),
    ("POST", "/v2/contracts/{contractIdent}/actions/reactivate"),
    ("POST", "/v2/contracts/{contractIdent}/actions/renew"),
    ("POST", "/v2/contracts/{contractIdent}/actions/postpone"),
    ("POST", "/v2/contracts/{contractIdent}/actions/change"),
    ("POST", "/v2/contracts/{contractIdent}/actions/withdraw-change"),
    ("GET", "/v2/contracts/{contractIdent}/changes"),
    ("GET", "/v2/contracts/{contractIdent}/upcoming-items"),
    ("GET", "/v2/customers/{customerIdent}/upcoming-items"),
    ("GET", DRAFTS),
    ("POST", DRAFTS),
    ("POST", f"{DRAFTS}/actions/complete"),
    ("GET", f"{DRAFTS}/{{draftIdent}}"),
    ("PUT", f"{DRAFTS}/{{draftIdent}}"),
    ("PATCH", f"{DRAFTS}/{{draftIdent}}"),
    ("DELETE", f"{DRAFTS}/{{draftIdent}}"),
    ("GET", f"{DRAFTS}/{{draftIdent}}/preview"),
    ("POST", f"{DRAFTS}/{{draftIdent}}/actions/complete"),
    ("GET", "/v2/payments/{paymentIdent}/decisions"),
    ("GET", "/v2/payments/{paymentIdent}/suggestions"),
    ("POST", "/v2/payments/{paymentIdent}/suggestions/actions/accept"),
    ("POST", "/v2/payments/{paymentIdent}/suggestions/actions/refuse"),
    ("POST", "/v2/payments/{paymentIdent}/suggestions/actions/refresh"),
    ("POST", "/v2/payment-assignments/actions/split"),
    ("POST", "/v2/payment-assignments/actions/upload"),
    *((method, f"{RATES}/{{baseRateIdent}}") for method in ("GET", "PUT", "DELETE")),
    ("GET", RATES),
    ("POST", RATES),
    ("GET", DUNNING_RUNS),
    ("POST", DUNNING_RUNS),
    ("GET", f"{DUNNING_RUNS}/{{runIdent}}"),
    ("GET", f"{DUNNING_RUNS}/{{runIdent}}/items"),
    ("GET", f"{DUNNING_RUNS}/{{runIdent}}/collection-list"),
    ("POST", f"{DUNNING_RUNS}/{{runIdent}}/actions/approve"),
    ("POST", f"{DUNNING_RUNS}/{{runIdent}}/actions/cancel"),
    ("GET", "/v2/dunning-handovers"),
    ("GET", LETTERS),
    ("GET", f"{LETTERS}/{{letterIdent}}"),
    ("GET", f"{LETTERS}/{{letterIdent}}/file"),
    ("POST", f"{LETTERS}/{{letterIdent}}/actions/withdraw"),
    ("GET", CLAIMS),
    ("POST", f"{CLAIMS}/actions/pay-document"),
    ("GET", f"{CLAIMS}/{{claimIdent}}"),
    ("POST", f"{CLAIMS}/{{claimIdent}}/actions/pay"),
    ("POST", f"{CLAIMS}/{{claimIdent}}/actions/waive"),
    ("POST", f"{CLAIMS}/{{claimIdent}}/actions/reverse"),
    ("GET", "/v2/tenant-settings"),
    ("PATCH", "/v2/tenant-settings"),
    ("POST", "/v2/customer-payment-accounts/{customerPaymentAccountIdent}/actions/revoke-mandate"),
    ("PUT", "/v2/payment-providers/{paymentProviderId}"),
    ("POST", "/v2/settlement-items/{settlementItemIdent}/actions/match"),
    ("POST", "/v2/settlement-items/{settlementItemIdent}/actions/unmatch"),
    ("GET", f"{MERCHANT}/settlement-uploads"),
    ("GET", f"{MERCHANT}/settlement-uploads/{{settlementUploadIdent}}"),
    ("GET", f"{MERCHANT}/settlement-uploads/{{settlementUploadIdent}}/file"),
    ("GET", "/v2/notifications/configuration/routes/{routeIdent}"),
    ("GET", "/v2/mail/configuration"),
    ("PUT", "/v2/mail/configuration"),
    ("GET", TEMPLATES),
    ("POST", TEMPLATES),
    *((verb, f"{TEMPLATES}/{{mailTemplateIdent}}") for verb in ("GET", "PUT", "DELETE")),
    ("POST", f"{TEMPLATES}/actions/preview"),
    ("GET", MAILS),
    ("GET", f"{MAILS}/{{mailIdent}}"),
    ("POST", f"{MAILS}/{{mailIdent}}/actions/resend"),
    ("POST", f"{MAILS}/{{mailIdent}}/actions/confirm"),
    ("GET", "/v2/documents/{documentIdent}/mails"),
    ("POST", "/v2/documents/{documentIdent}/actions/send"),
    *(("POST", f"{DOCUMENT}/actions/{verb}") for verb in ("pay", "cancel", "correct-vat-2020", "lock", "unlock", "post")),
    *(("GET", f"{DOCUMENT}/{name}") for name in ("comments", "lock", "letters")),
    ("POST", f"{DOCUMENT}/comments"),
    ("POST", f"{DOCUMENT}/picture"),
    ("POST", f"{DRAFTS}/{{draftIdent}}/actions/approve"),
    ("GET", RECURRING),
    ("POST", RECURRING),
    *((verb, f"{RECURRING}/{{recurringDocumentIdent}}") for verb in ("GET", "PUT", "PATCH", "DELETE")),
    ("GET", f"{RECURRING}/{{recurringDocumentIdent}}/documents"),
    ("GET", f"{POST}/configuration"),
    ("PUT", f"{POST}/configuration"),
    ("POST", f"{POST}/credits"),
    ("GET", f"{POST}/letters"),
    ("GET", f"{POST}/letters/{{postLetterIdent}}"),
    *(("POST", f"{POST}/letters/{{postLetterIdent}}/actions/{verb}") for verb in ("resend", "confirm")),
    ("GET", f"{MERCHANT}/settlement-mapping"),
    ("PUT", f"{MERCHANT}/settlement-mapping"),
    ("DELETE", f"{MERCHANT}/settlement-mapping"),
    ("GET", "/v2/documents/{documentIdent}/ksef"),
    *((verb, "/v2/billing/configuration/datev") for verb in ("GET", "PUT", "DELETE")),
    ("GET", EXPORTS),
    ("POST", EXPORTS),
    ("GET", f"{EXPORTS}/{{exportIdent}}"),
    ("DELETE", f"{EXPORTS}/{{exportIdent}}"),
    ("POST", f"{EXPORTS}/{{exportIdent}}/actions/repeat"),
    ("GET", f"{EXPORTS}/{{exportIdent}}/files/{{name}}"),
}
"""Operations that the contract does not have."""


def contract() -> list[dict[str, str]]:
    if not CONTRACT.is_file():
        return []
    with CONTRACT.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ROWS = contract()
needs_contract = pytest.mark.skipif(not ROWS, reason=f"the contract is not at {CONTRACT} (CONTOR_SHARED)")
WANTED = [(row["number"], row["method"], row["path"], int(row["status"])) for row in ROWS]


@needs_contract
@pytest.mark.parametrize(("number", "method", "path", "status"), WANTED)
def test_the_operation_has_its_route(number: str, method: str, path: str, status: int) -> None:
    """Exact path, placeholder names included, method and success status."""
    assert [(row.path, row.status) for row in ROUTES if (row.method, row.path) == (method, path)] == [(path, status)]


@needs_contract
@pytest.mark.parametrize("row", ROUTES, ids=lambda row: f"{row.method} {row.path}")
def test_no_route_is_beyond_the_contract(row) -> None:
    assert (row.method, row.path) in {(known["method"], known["path"]) for known in ROWS} | OURS


def test_no_route_twice() -> None:
    pairs = [(row.method, row.path) for row in ROUTES]
    assert len(pairs) == len(set(pairs))
