"""Customers, their addresses, e-mails and settings; groups of them and fields that are kept of them; who belongs to whom; signing in."""

from contor.api.fynn.customers import addresses, configured, emails, listed, logins, settings, standing, write
from contor.api.fynn.customers.answers import CustomerShort, CustomerShown, FieldShown, GroupShown
from contor.api.fynn.customers.ids import address_id, address_number, customer_ident, customer_row
from contor.api.fynn.customers.shown import address_shown, customers_shown, shorts
from contor.api.fynn.kit import route
from contor.api.fynn.lists import PAGING
from contor.api.route import Route
from contor.custom_fields.fields import CUSTOM_FIELDS
from contor.customers.standing import CUSTOMER_GROUPS
from contor.tax.found_customers import CHECKED_CUSTOMERS

__all__ = [
    "ROUTES",
    "CustomerShort",
    "CustomerShown",
    "address_id",
    "address_number",
    "address_shown",
    "customer_ident",
    "customer_row",
    "customers_shown",
    "shorts",
]
_READ, _WRITE = "customer:read", "customer:write"
_ONE, _OF = "/customers/{id}", "/customers/{customerId}"
_ADDRESS, _EMAIL = f"{_OF}/addresses", f"{_OF}/email-addresses"
_ACTIONS = (
    ("archive", standing.archive),
    ("unarchive", standing.unarchive),
    ("suspend", standing.suspend),
    ("reinstate", standing.reinstate),
)
ROUTES: list[Route] = [
    route(
        "GET",
        "/customers",
        listed.list_customers,
        permission=_READ,
        id="getCustomers",
        about="customer",
        filterable=CHECKED_CUSTOMERS,
        sought=listed.SOUGHT,
        output=CustomerShown,
    ),
    route("POST", "/customers", write.create, permission=_WRITE, id="createCustomer", about="customer", body="*"),
    route("GET", _ONE, write.get, permission=_READ, id="getCustomer", about="customer"),
    route("PUT", _ONE, write.update, permission=_WRITE, id="updateCustomer", about="customer", body="body", in_part=True),
    route("DELETE", _ONE, write.delete, permission=_WRITE, id="deleteCustomer", about="customer"),
    *(route("PUT", f"{_ONE}/{verb}", run, permission=_WRITE, id=f"{verb}Customer", about="customer") for verb, run in _ACTIONS),
    route(
        "PATCH",
        f"{_ONE}/payment-method",
        write.set_payment_method,
        permission=_WRITE,
        id="setCustomerPaymentMethod",
        about="customer",
        body="body",
    ),
    route("POST", f"{_ONE}/merge", standing.merge, permission=_WRITE, id="mergeCustomer", about="customer", body="body"),
    route(
        "PUT", f"{_OF}/set-parent", standing.set_parent, permission=_WRITE, id="setCustomerParent", about="customer", body="body"
    ),
    route("PUT", f"{_OF}/remove-parent", standing.unset_parent, permission=_WRITE, id="removeCustomerParent", about="customer"),
    route(
        "GET", f"{_OF}/children", standing.children, permission=_READ, id="getCustomerChildren", about="customer", parameters=PAGING
    ),
    route("GET", f"{_OF}/hierarchy", standing.hierarchy, permission=_READ, id="getCustomerHierarchy", about="customer"),
    route(
        "GET", _ADDRESS, addresses.list_addresses, permission=_READ, id="getCustomerAddresses", about="customer", parameters=PAGING
    ),
    route("POST", _ADDRESS, addresses.add_address, permission=_WRITE, id="createCustomerAddress", about="customer", body="body"),
    route("GET", f"{_ADDRESS}/{{id}}", addresses.get_address, permission=_READ, id="getCustomerAddress", about="customer"),
    route(
        "PUT",
        f"{_ADDRESS}/{{id}}",
        addresses.put_address,
        permission=_WRITE,
        id="updateCustomerAddress",
        about="customer",
        body="body",
    ),
    route(
        "DELETE", f"{_ADDRESS}/{{id}}", addresses.remove_address, permission=_WRITE, id="deleteCustomerAddress", about="customer"
    ),
    route(
        "PUT",
        f"{_ADDRESS}/{{id}}/unset-default",
        addresses.unset_default,
        permission=_WRITE,
        id="unsetDefaultCustomerAddress",
        about="customer",
    ),
    route("GET", _EMAIL, emails.list_mails, permission=_READ, id="getCustomerEmails", about="customer", parameters=PAGING),
    route("POST", _EMAIL, emails.add_mail, permission=_WRITE, id="createCustomerEmail", about="customer", body="body"),
    route("GET", f"{_EMAIL}/{{id}}", emails.get_mail, permission=_READ, id="getCustomerEmail", about="customer"),
    route("PUT", f"{_EMAIL}/{{id}}", emails.put_mail, permission=_WRITE, id="updateCustomerEmail", about="customer", body="body"),
    route("DELETE", f"{_EMAIL}/{{id}}", emails.remove_mail, permission=_WRITE, id="deleteCustomerEmail", about="customer"),
    route(
        "GET",
        f"{_ONE}/settings",
        settings.get_settings,
        permission="customer-settings:read",
        id="getCustomerSettings",
        about="customer",
        parameters=PAGING,
    ),
    route(
        "GET",
        f"{_ONE}/settings/{{context}}",
        settings.get_context,
        permission="customer-settings:read",
        id="getCustomerSettingsContext",
        about="customer",
    ),
    route(
        "PATCH",
        f"{_ONE}/settings/{{context}}",
        settings.change_context,
        permission="customer-settings:write",
        id="updateCustomerSettingsContext",
        about="customer",
        body="body",
    ),
    route(
        "GET",
        "/customer-groups",
        configured.list_groups,
        permission=_READ,
        id="getCustomerGroups",
        about="customer_group",
        filterable=CUSTOMER_GROUPS.search,
        sought=configured.GROUPS_SOUGHT,
        output=GroupShown,
    ),
    route(
        "POST",
        "/customer-groups",
        configured.create_group,
        permission=_WRITE,
        id="createCustomerGroup",
        about="customer_group",
        body="*",
    ),
    route("GET", "/customer-groups/{id}", configured.get_group, permission=_READ, id="getCustomerGroup", about="customer_group"),
    route(
        "PUT",
        "/customer-groups/{id}",
        configured.update_group,
        permission=_WRITE,
        id="updateCustomerGroup",
        about="customer_group",
        body="body",
    ),
    route(
        "DELETE",
        "/customer-groups/{id}",
        configured.delete_group,
        permission=_WRITE,
        id="deleteCustomerGroup",
        about="customer_group",
    ),
    route(
        "GET",
        "/custom-fields",
        configured.list_fields,
        permission="custom-field:read",
        id="getCustomFields",
        about="custom_field",
        filterable=CUSTOM_FIELDS.search,
        sought=configured.FIELDS_SOUGHT,
        output=FieldShown,
    ),
    route(
        "POST",
        "/custom-fields",
        configured.create_field,
        permission="custom-field:write",
        id="createCustomField",
        about="custom_field",
        body="*",
    ),
    route(
        "GET",
        "/custom-fields/{id}",
        configured.get_field,
        permission="custom-field:read",
        id="getCustomField",
        about="custom_field",
    ),
    route(
        "PUT",
        "/custom-fields/{id}",
        configured.update_field,
        permission="custom-field:write",
        id="updateCustomField",
        about="custom_field",
        body="body",
    ),
    route(
        "DELETE",
        "/custom-fields/{id}",
        configured.delete_field,
        permission="custom-field:write",
        id="deleteCustomField",
        about="custom_field",
    ),
    route(
        "POST",
        "/public/customer/request-otp",
        logins.request_otp,
        permission=_WRITE,
        id="requestCustomerOtp",
        about="customer",
        body="*",
        status=204,
    ),
    route(
        "POST",
        "/public/customer/token",
        logins.exchange_otp,
        permission=_WRITE,
        id="exchangeCustomerOtp",
        about="customer",
        body="*",
    ),
]
