"""The table of `/v2`: path by path what `spec/platform.csv` names, and the operation behind it."""

from contor.api.kit import resource, resource_route, route
from contor.api.platform.answers import still
from contor.api.platform.routes.billing import BILLING_ROUTES
from contor.api.platform.routes.catalogue import CATALOGUE_ROUTES, ENTITLEMENT_ROUTES
from contor.api.platform.routes.contracts import CONTRACT_ROUTES
from contor.api.platform.routes.documents import DOCUMENT_ROUTES
from contor.api.platform.routes.drafts import DRAFT_ROUTES
from contor.api.platform.routes.exports import EXPORT_ROUTES
from contor.api.platform.routes.mail import MAIL_ROUTES
from contor.api.platform.routes.money import MONEY_ROUTES
from contor.api.platform.routes.notifications import NOTIFICATION_ROUTES
from contor.api.platform.routes.orders import ORDER_ROUTES
from contor.api.platform.routes.papers import PAPER_ROUTES
from contor.api.platform.routes.reports import REPORT_ROUTES
from contor.api.platform.routes.taxes import TAX_ROUTES
from contor.api.platform.routes.usage import USAGE_ROUTES
from contor.api.route import Route
from contor.contracts import held
from contor.custom_fields.fields import CUSTOM_FIELDS
from contor.customers import customers, debtors, emails, hierarchy, keeping, standing
from contor.customers.keeping import own_fields
from contor.customers.validation import directories, runs
from contor.customers.validation.configurations import CONFIGURATIONS, put_configuration
from contor.customers.validation.results import RESULTS, AddressValidationResult, list_results
from contor.documents import translations
from contor.organizations import audit
from contor.settings import abroad, document_output, groups, number_configuration, sites, tenant_settings
from contor.settings.types import Segment

_CUSTOMER = "/v2/customers/{customerIdent}"
_ADDRESS = f"{_CUSTOMER}/addresses"
_STANDINGS = (
    ("archive", standing.archive_customer),
    ("unarchive", standing.unarchive_customer),
    ("suspend", standing.suspend_customer),
    ("reinstate", standing.reinstate_customer),
)
CUSTOMER_ROUTES = [
    route("POST", "/v2/customers", customers.create_customer, 201, body="body"),
    resource_route("GET", "/v2/customers", customers.CUSTOMERS, "list", 200),
    route("GET", _CUSTOMER, customers.get_customer),
    route("PUT", _CUSTOMER, customers.update_customer, body="body", id="updateCustomer"),
    route("DELETE", _CUSTOMER, keeping.remove_customer, 204),
    route("PUT", f"{_CUSTOMER}/debtor-account", keeping.choose_account, body="body"),
    resource_route("POST", _ADDRESS, customers.ADDRESSES, "create", 201, operation=customers.create_address, id="createAddress"),
    resource_route("GET", _ADDRESS, customers.ADDRESSES, "list", 200),
    resource_route("GET", _ADDRESS + "/{addressIdent}", customers.ADDRESSES, "get", 200),
    resource_route(
        "PUT",
        _ADDRESS + "/{addressIdent}",
        customers.ADDRESSES,
        "update",
        200,
        operation=customers.update_address,
        id="updateAddress",
    ),
    *(route("POST", f"{_CUSTOMER}/actions/{verb}", operation, 204) for verb, operation in _STANDINGS),
    route("POST", f"{_CUSTOMER}/actions/merge", standing.merge_customer, 204, body="body"),
    *resource("/v2/customer-groups", standing.CUSTOMER_GROUPS),
    route("PUT", f"{_CUSTOMER}/parent", hierarchy.assign_parent, 204, body="body"),
    route("DELETE", f"{_CUSTOMER}/parent", hierarchy.remove_parent, 204),
    route("GET", f"{_CUSTOMER}/children", held.list_children),
    route("GET", f"{_CUSTOMER}/tree", held.get_tree),
    route("GET", f"{_CUSTOMER}/custom-fields", own_fields.get_custom_fields),
    route("PATCH", f"{_CUSTOMER}/custom-fields", own_fields.change_custom_fields, body="body"),
    route("GET", f"{_CUSTOMER}/emails", emails.list_emails),
    route("POST", f"{_CUSTOMER}/emails", emails.add_email, 201, body="body"),
    route("GET", f"{_CUSTOMER}/emails/{{emailIdent}}", emails.get_email),
    route("PUT", f"{_CUSTOMER}/emails/{{emailIdent}}", emails.replace_email, body="body"),
    route("DELETE", f"{_CUSTOMER}/emails/{{emailIdent}}", emails.remove_email, 204),
    resource_route("GET", "/v2/customers/unpaged", customers.CUSTOMERS, "list", 200, array=True, id="listCustomersArray"),
    resource_route("GET", f"{_ADDRESS}/unpaged", customers.ADDRESSES, "list", 200, array=True, id="listAddressesArray"),
]

_VALIDATION = "/v2/customers/address-validation"
VALIDATION_ROUTES = [
    route("POST", f"{_VALIDATION}/actions/validate-all", runs.validate_all, 202, id="validateAllAddresses"),
    resource_route("GET", f"{_VALIDATION}/configurations", CONFIGURATIONS, "list", 200),
    resource_route("POST", f"{_VALIDATION}/configurations", CONFIGURATIONS, "create", 201, operation=put_configuration),
    resource_route("GET", f"{_VALIDATION}/configurations/{{configIdent}}", CONFIGURATIONS, "get", 200),
    resource_route("DELETE", f"{_VALIDATION}/configurations/{{configIdent}}", CONFIGURATIONS, "delete", 204),
    route("GET", f"{_VALIDATION}/results", list_results, filterable=RESULTS, output=AddressValidationResult),
    route("GET", f"{_VALIDATION}/runs", runs.list_runs, filterable=runs.RUNS, output=runs.ValidationRun),
    route("GET", f"{_VALIDATION}/runs/{{runIdent}}", runs.get_run, pending=still("QUEUED", "RUNNING")),
    route(
        "GET",
        f"{_VALIDATION}/directories",
        directories.list_directories,
        filterable=directories.DIRECTORIES,
        output=directories.PostalDirectory,
    ),
    route("PUT", f"{_VALIDATION}/directories/{{country}}", directories.replace_directory, upload="file"),
    route("DELETE", f"{_VALIDATION}/directories/{{country}}", directories.delete_directory, 204),
]

_DEBTORS = "/v2/debtors"
_DEBTOR = f"{_DEBTORS}/{{debtorId}}"
_DEBTOR_ADDRESS = f"{_DEBTOR}/addresses/{{addressId}}"
DEBTOR_ROUTES = [
    resource_route("GET", _DEBTORS, customers.CUSTOMERS, "list", 200, array=True, id="listDebtors"),
    route("POST", _DEBTORS, customers.create_customer, 201, body="body", deprecated=True, id="createDebtor"),
    route("GET", _DEBTOR, debtors.get_debtor, deprecated=True),
    route("PUT", _DEBTOR, debtors.update_debtor, body="body", deprecated=True),
    route(
        "GET",
        f"{_DEBTOR}/addresses",
        debtors.list_debtor_addresses,
        filterable=customers.ADDRESSES.search,
        output=debtors.DEBTOR_ADDRESS,
        array=True,
        deprecated=True,
    ),
    route(
        "POST", f"{_DEBTOR}/addresses", debtors.add_debtor_address, 201, body="body", output=debtors.DEBTOR_ADDRESS, deprecated=True
    ),
    route("GET", _DEBTOR_ADDRESS, debtors.get_debtor_address, output=debtors.DEBTOR_ADDRESS, deprecated=True),
    route("PUT", _DEBTOR_ADDRESS, debtors.update_debtor_address, body="body", output=debtors.DEBTOR_ADDRESS, deprecated=True),
]

_GROUP = "/v2/billing-groups/{billingGroupIdent}"
_SEGMENT = f"{_GROUP}/business-segments/{{businessSegmentIdent}}"
GROUP_ROUTES = [
    resource_route("GET", "/v2/billing-groups", groups.BILLING_GROUPS, "list", 200, output=groups.GroupView),
    route("POST", "/v2/billing-groups", groups.create_group, 201, body="body"),
    resource_route("GET", _GROUP, groups.BILLING_GROUPS, "get", 200, output=groups.GroupView),
    resource_route("PUT", _GROUP, groups.BILLING_GROUPS, "update", 200, output=groups.GroupView),
    resource_route("DELETE", _GROUP, groups.BILLING_GROUPS, "delete", 204),
    route("POST", f"{_GROUP}/business-segments", groups.add_segment, 201, body="body"),
    route("GET", _SEGMENT, groups.get_segment),
    route("PUT", _SEGMENT, groups.update_segment, body="body"),
    route("DELETE", _SEGMENT, groups.delete_segment, 204),
    route("POST", f"{_SEGMENT}/actions/set-as-default", groups.make_default, id="makeDefaultBusinessSegment"),
    route("PUT", f"{_GROUP}/splitting-config", groups.replace_splitting, body="body", id="updateSplittingConfig"),
    route(
        "GET",
        "/v2/business-segments",
        groups.list_segments,
        filterable=groups.SEGMENTS,
        output=Segment,
    ),
]

_CONFIGURATION = "/v2/billing/configuration"
_NUMBERS = f"{_CONFIGURATION}/document-numbers"
_STRATEGIES = f"{_NUMBERS}/strategies"
_KINDS = {"billing-groups": "BILLING_GROUP", "document-types": "DOCUMENT_TYPE", "service-countries": "SERVICE_COUNTRY"}
NUMBER_ROUTES = [
    *resource(
        f"{_NUMBERS}/counters", number_configuration.COUNTERS, only="list create update delete", member="counterIdent", create=200
    ),
    *[
        made
        for path, kind in _KINDS.items()
        for made in resource(
            f"{_STRATEGIES}/{path}",
            number_configuration.STRATEGIES,
            only="list create update delete",
            member="strategyIdent",
            scope=(kind,),
            kind=f"For{kind.title().replace('_', '')}",
        )
    ],
    route("GET", f"{_STRATEGIES}/default", number_configuration.get_default, id="getDefaultNumberStrategy"),
    route("POST", f"{_STRATEGIES}/default", number_configuration.set_default, 201, body="body", id="setDefaultNumberStrategy"),
    route("DELETE", f"{_STRATEGIES}/default", number_configuration.delete_default, 204, id="deleteDefaultNumberStrategy"),
    route("GET", f"{_NUMBERS}/strategy", number_configuration.get_active, id="getActiveNumberStrategy"),
    route("POST", f"{_NUMBERS}/strategy", number_configuration.select_active, body="body", id="selectActiveNumberStrategy"),
]

_SITES = f"{_CONFIGURATION}/operating-sites"
_SITE = f"{_SITES}/{{operatingSiteIdent}}"
CONFIGURATION_ROUTES = [
    *resource(f"{_CONFIGURATION}/aggregation", document_output.AGGREGATIONS),
    *resource(_SITES, sites.OPERATING_SITES),
    route("POST", f"{_SITE}/actions/set-as-default", sites.make_default, id="makeDefaultOperatingSite"),
    resource_route("GET", f"{_SITE}/tax-registrations", sites.TAX_REGISTRATIONS, "list", 200),
    route("POST", f"{_SITE}/tax-registrations", sites.add_registrations, 201, body="body", id="addTaxRegistrations"),
    route("DELETE", f"{_SITE}/tax-registrations", sites.remove_registrations, 204, body="body", id="removeTaxRegistrations"),
    route("GET", "/v2/document-output/configuration", document_output.get_output, id="getDocumentOutputConfiguration"),
    route(
        "PUT",
        "/v2/document-output/configuration",
        document_output.replace_output,
        body="body",
        id="updateDocumentOutputConfiguration",
    ),
    *resource("/v2/custom-fields", CUSTOM_FIELDS),
    *resource(f"{_CONFIGURATION}/saf-t", abroad.SAF_T_CONFIGURATIONS, member="safTConfigIdent"),
    route("GET", f"{_CONFIGURATION}/tenant/polish-credit-memo", abroad.get_polish_credit_memo),
    route("POST", f"{_CONFIGURATION}/tenant/polish-credit-memo", abroad.set_polish_credit_memo, body="body"),
    route("GET", "/v2/tenant-settings", tenant_settings.get_settings),
    route("PATCH", "/v2/tenant-settings", tenant_settings.change_settings, body="body"),
]

_TRANSLATIONS = "/v2/translations"
_TRANSLATION = f"{_TRANSLATIONS}/{{key}}"
TRANSLATION_ROUTES = [
    route("POST", _TRANSLATIONS, translations.store_translations, 201, body="body"),
    route("GET", _TRANSLATIONS, translations.read_translations, parameters={"locale": ("locale", "de")}),
    route("DELETE", _TRANSLATION, translations.delete_key, 204, id="deleteTranslationKey"),
    route("PATCH", f"{_TRANSLATION}/{{locale}}", translations.update_translation, body="body"),
    route("DELETE", f"{_TRANSLATION}/{{locale}}", translations.delete_translation, 204),
    route("GET", f"{_TRANSLATIONS}/configuration", translations.all_translations, id="getAllTranslations"),
    route("GET", f"{_TRANSLATIONS}/configuration/locales", translations.configured_locales, id="getConfiguredLocales"),
]

AUDIT_ROUTES = [
    route("GET", "/v2/audit-entries", audit.list_entries, filterable=audit.ENTRIES, output=audit.AuditEntry),
]

ROUTES: list[Route] = [
    *CUSTOMER_ROUTES,
    *DEBTOR_ROUTES,
    *VALIDATION_ROUTES,
    *GROUP_ROUTES,
    *NUMBER_ROUTES,
    *CONFIGURATION_ROUTES,
    *TRANSLATION_ROUTES,
    *AUDIT_ROUTES,
    *DOCUMENT_ROUTES,
    *DRAFT_ROUTES,
    *MONEY_ROUTES,
    *CATALOGUE_ROUTES,
    *CONTRACT_ROUTES,
    *ENTITLEMENT_ROUTES,
    *USAGE_ROUTES,
    *BILLING_ROUTES,
    *ORDER_ROUTES,
    *REPORT_ROUTES,
    *EXPORT_ROUTES,
    *TAX_ROUTES,
    *NOTIFICATION_ROUTES,
    *MAIL_ROUTES,
    *PAPER_ROUTES,
]
