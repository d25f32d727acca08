"""Contracts, in `/v2`: by number for plain reading and changing, by ident for what happens to them."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.billing import outlook
from contor.contracts import amend, change, coupons, drafting, joint, labels, life, read, switching
from contor.contracts.terms import ContractChangeView
from contor.contracts.types import ContractView, RelatedContract
from contor.orders import attachments
from contor.orders.create import create_contract_with_lines

_CONTRACT = "/v2/contracts/{contractIdent}"
_RELATED = f"{_CONTRACT}/related-contracts"
_OPTION = f"{_CONTRACT}/options/{{optionIdent}}"
_ACTIONS = "/v2/contracts/actions"

CONTRACT_ROUTES: list[Route] = [
    route("POST", "/v2/contracts", create_contract_with_lines, 201, body="body"),
    route(
        "GET",
        "/v2/contracts",
        attachments.list_contracts,
        filterable=read.CONTRACTS,
        output=ContractView,
        parameters={"slimResponse": ("slim", False)},
        array=True,
        deprecated=True,
        id="listContractsArray",
    ),
    route(
        "GET",
        "/v2/contracts/pageable",
        attachments.list_contracts,
        filterable=read.CONTRACTS,
        output=ContractView,
        parameters={"slimResponse": ("slim", True)},
    ),
    route("POST", f"{_ACTIONS}/cancel", change.cancel_batch, 204, body="body"),
    route("POST", f"{_ACTIONS}/terminate", change.terminate_batch, 204, body="body"),
    route("POST", f"{_ACTIONS}/terminate-extraordinarily", change.terminate_batch_extraordinarily, 204, body="body"),
    route("POST", f"{_ACTIONS}/align", joint.align, body="body", id="alignContracts"),
    *resource("/v2/joint-billings", joint.JOINT_BILLINGS),
    route(
        "POST",
        "/v2/joint-billings/{jointBillingIdent}/actions/join",
        joint.join,
        body="body",
        rename={"jointBillingIdent": "ident"},
    ),
    route(
        "POST",
        "/v2/joint-billings/{jointBillingIdent}/actions/leave",
        joint.leave,
        body="body",
        rename={"jointBillingIdent": "ident"},
    ),
    route("POST", f"{_CONTRACT}/actions/activate", change.activate, 204, body="body"),
    route("POST", f"{_CONTRACT}/actions/add-options", change.add_options_to, body="body", id="addOptionsToContract"),
    route("POST", f"{_CONTRACT}/actions/terminate", change.terminate, body="body"),
    route("POST", f"{_CONTRACT}/actions/terminate-extraordinarily", change.terminate_extraordinarily, body="body"),
    route("POST", f"{_CONTRACT}/actions/termination-adaptation", change.adapt_termination, body="body"),
    route("POST", f"{_CONTRACT}/actions/change", amend.change_contract, body="body"),
    route("POST", f"{_CONTRACT}/actions/redraft", drafting.redraft, body="body"),
    route("GET", f"{_OPTION}/change-options", switching.option_changes, id="getChangeOptionsOfContract"),
    route("POST", f"{_OPTION}/actions/switch", switching.switch, body="body", id="switchOptionOfContract"),
    route("PUT", f"{_OPTION}/product-group", switching.assign_group, body="body", id="assignProductGroupToOption"),
    route("POST", f"{_CONTRACT}/actions/withdraw-change", amend.withdraw_change, body="body", id="withdrawChangeOfContract"),
    route(
        "GET",
        f"{_CONTRACT}/changes",
        amend.list_changes,
        filterable=amend.CHANGES,
        output=ContractChangeView,
        id="listChangesOfContract",
    ),
    route("POST", f"{_CONTRACT}/actions/pause", life.pause, body="body", id="pauseContract"),
    route("POST", f"{_CONTRACT}/actions/resume", life.resume, body="body", id="resumeContract"),
    route("POST", f"{_CONTRACT}/actions/extend-trial", life.extend_trial, body="body", id="extendTrialOfContract"),
    route("POST", f"{_CONTRACT}/actions/end-trial", life.end_trial, id="endTrialOfContract"),
    route("POST", f"{_CONTRACT}/actions/withdraw-termination", life.withdraw_termination, id="withdrawTerminationOfContract"),
    route("POST", f"{_CONTRACT}/actions/reactivate", life.reactivate, body="body", id="reactivateContract"),
    route("POST", f"{_CONTRACT}/actions/renew", life.renew, id="renewContract"),
    route("POST", f"{_CONTRACT}/actions/postpone", life.postpone, body="body", id="postponeContract"),
    route("POST", f"{_CONTRACT}/actions/preview", outlook.preview_contract, body="body"),
    route("GET", f"{_CONTRACT}/upcoming-items", outlook.upcoming_of_contract),
    route("GET", "/v2/customers/{customerIdent}/upcoming-items", outlook.upcoming_of_customer),
    *resource(f"{_CONTRACT}/allowances", change.ALLOWANCES, member="allowanceIdent"),
    route("GET", f"{_CONTRACT}/coupons", coupons.list_redeemed, id="listCouponsOfContract"),
    route("POST", f"{_CONTRACT}/actions/redeem-coupon", coupons.redeem_coupon, 201, body="body", id="redeemCoupon"),
    route(
        "POST", f"{_CONTRACT}/actions/withdraw-coupon", coupons.withdraw_redemption, body="body", id="withdrawCouponFromContract"
    ),
    route("GET", _RELATED, change.list_related, filterable=change.RELATED, output=RelatedContract, id="listRelatedContracts"),
    route("POST", _RELATED, change.add_related, body="body", id="addRelatedContracts"),
    route("POST", f"{_RELATED}/actions/remove", change.remove_related, body="body", id="removeRelatedContracts"),
    route("PUT", f"{_CONTRACT}/option-names", change.name_options, body="body", id="nameContractOptions"),
    route("GET", f"{_CONTRACT}/labels", labels.get_labels, id="getContractLabels"),
    route("PUT", f"{_CONTRACT}/labels", labels.label_contract, body="body", id="labelContract"),
    route("GET", f"{_CONTRACT}/terms", read.get_terms, id="getContractTerms"),
    route("GET", "/v2/contracts/{contractId}", attachments.get_contract, parameters={"slimResponse": ("slim", False)}),
    route("PATCH", "/v2/contracts/{contractId}", change.update_contract, body="body"),
]
