"""What the application may do to each table, as the database says it; and what it could do before."""

from collections.abc import Callable

import psycopg
import pytest
from tests.factories.databases import in_database
from tests.factories.tenants import Tenant
from tests.factories.things import an_operation

from contor.app import load_packages
from contor.runtime.db import application_dsn
from contor.runtime.migrate import migrate
from contor.runtime.schema import APP_ROLE, METADATA
from contor.settings.tables import number_series

DELETES = {
    "directory": {"api_key", "billing_address", "membership", "refresh_family", "schedule", "tenant_work", "work_mark"},
    "public": {
        "row_tally",
        # who has no documents leaves nothing behind (Art. 17 GDPR)
        *("address", "customer", "customer_one_time"),
        *("agreed_deposit", "holder_attachment", "contract_allowance", "draft", "document_label", "document_queue"),
        *("recurring_document", "document_lock"),
        *("billing_acceptance", "billing_group", "billing_parking", "business_segment", "check_run"),
        *("aggregation_configuration", "number_counter", "number_strategy", "operating_site", "tax_registration"),
        *("assignment_configuration", "booking_account", "merchant_payment_account", "regex_matching_strategy"),
        *("coupon", "plan", "plan_option", "plan_option_link", "plan_option_version", "price_adaptation", "price_adaptation_value"),
        *("unit", "measurement", "product", "product_family", "product_price", "product_plan", "tax_group", "cost_centre"),
        *(
            "address_validation",
            "address_validation_configuration",
            "address_validation_run",
            "datev_configuration",
            "export",
            "export_file",
            "mail_configuration",
            "mail_template",
            "mail_wish",
            "notification",
            "notification_attempt",
            "notification_configuration",
            "notification_delivery",
            "notification_progress",
            "notification_route",
            "notification_security",
            "notification_term",
            "post_configuration",
            "postal_directory",
            "postal_place",
            "report",
            "saf_t_configuration",
            "tax_configuration",
            "tax_group_configuration",
            "tax_provider_country",
            "tax_provider_credential",
            "tax_provider_group",
            "tax_provider_property",
            "tax_quote",
            "translation",
            "vat_number_enquiry",
        ),
        *(
            "base_rate",
            "dunning_configuration",
            "dunning_return",
            "gateway_account",
            "learned_payer",
            "ledger_clearing",
            "ledger_clearing_line",
            "payment_categorization_rule",
            "payment_category",
            "payment_file_target",
            "payment_provider",
            "settlement_mapping",
            "open_banking_account",
            "settlement_source",
            "settlement_source_file",
            "statement_mapping",
        ),
        *(
            "custom_field",
            "custom_value",
            "customer_email",
            "customer_group",
            "joint_billing",
            "product_group",
            "product_group_option",
        ),
        *("entitlement", "entitlement_override", "entitlement_turn", "feature"),
        *("option_feature", "plan_feature", "product_feature"),
        *("project", "project_task", "project_time", "offer", "offer_draft", "offer_configuration"),
        *("checkout_link", "proposal_recipient", "proposal_template"),
        *("expense", "expense_category", "revenue", "folder", "filed_paper"),
    },
}
"""Settings, drafts, plans nobody has, what waits or is added up, what is kept for a while or made again: no document, entry, payment,
usage, counter or trail is among them."""
CHANGES = {
    "directory": {"billing_address", "organization", "tenant_work", "user_account", "schedule", "work_mark"},
    "public": {
        *("project", "project_task", "project_time", "expense", "expense_category", "supplier", "revenue", "folder", "filed_paper"),
        *("address", "customer", "contract", "contract_allowance", "sales_order", "line_item", "agreed_deposit"),
        *("billing_group", "business_segment", "document_output_configuration", "aggregation_configuration", "tenant_setting"),
        *("number_counter", "number_strategy", "operating_site", "tax_registration", "merchant_payment_account"),
        *("coupon", "plan", "plan_option", "price_adaptation", "price_adaptation_value", "regex_matching_strategy"),
        *("unit", "measurement", "product", "product_family", "product_price", "product_plan", "tax_group", "cost_centre"),
        *("checkout_link", "proposal_template"),
        *("custom_field", "custom_value", "customer_email", "customer_group", "joint_billing", "product_group"),
        *("entitlement_override", "entitlement_turn", "feature", "option_feature", "plan_feature", "product_feature"),
        *(
            "address_validation",
            "address_validation_configuration",
            "address_validation_run",
            "datev_configuration",
            "mail_configuration",
            "mail_template",
            "notification_progress",
            "notification_route",
            "notification_security",
            "notification_term",
            "post_configuration",
            "postal_directory",
            "saf_t_configuration",
            "tax_configuration",
            "tax_group_configuration",
            "tax_provider_country",
            "tax_provider_credential",
            "tax_provider_group",
            "tax_provider_property",
            "tax_rule",
            "tax_rule_variant",
            "translation",
        ),
        *(
            "base_rate",
            "customer_payment_account",
            "open_banking_account",
            "payment_method",
            "dunning_configuration",
            "gateway_account",
            "merchant_payment_gateway",
            "payment_categorization_rule",
            "payment_category",
            "payment_file_target",
            "payment_provider",
            "payment_setup",
            "sepa_mandate",
            "settlement_mapping",
            "settlement_source",
            "statement_mapping",
        ),
    },
}
"""Tables of which every column may change: master data, and contracts and orders, whose changes the trail holds."""
NEVER = {
    *("audit_entry", "event", "chain_link", "commission_base", "billing_acceptance", "billing_parking", "check_run"),
    *("document_request", "document_content", "document_file", "document_attachment", "document_credit", "document_discount"),
    "document_netting",
    *("document_said", "row_tally", "payment_name"),
    *("document_master", "document_origin", "document_refusal", "document_relation", "document_reissue", "document_label"),
    "request_attachment",
    *("recurring_document_made", "document_comment", "document_lock"),
    *(
        "deferred_part",
        "deferred_row",
        "export_file",
        "mail_attempt",
        "mail_wish",
        "notification",
        "notification_attempt",
        "notification_configuration",
        "notification_counter",
        "oss_supply",
        "post_credit",
        "postal_place",
        "simulated_letter",
        "tax_calculation",
        "vat_number_check",
    ),
    *(
        "journal_entry",
        "journal_line",
        "journal_counter",
        "number_series",
        "legal_entity_series",
        "personal_account_counter",
        "opos_movement",
        "customer_credit",
    ),
    *("plan_option_link", "holder_attachment", "assignment_configuration", "usage_import_finding"),
    *("offer_draft", "offer_series", "offer_configuration", "taken_over"),
    *("contract_feature", "credit_kind", "product_group_option"),
    *("proposal_version", "proposal_approval", "proposal_acceptance", "proposal_activity"),
    *(
        "bank_statement",
        "dunning_claim_move",
        "dunning_return",
        "dunning_run_money",
        "learned_payer",
        "ledger_clearing",
        "ledger_clearing_line",
        "opos_decision",
        "payment_decision",
        "payment_status_report",
        "settlement_source_file",
        "simulated_booking",
    ),
}
"""Tables of tenants of which no column may change."""
DRAWS = (
    "contor_draw_journal_counter",
    "contor_draw_legal_entity_series",
    "contor_draw_notification_counter",
    "contor_draw_number_series",
    "contor_draw_offer_series",
    "contor_draw_personal_account_counter",
)


def test_what_may_be_done_to_each_table(pristine_dsn: str) -> None:
    """All that the application role holds, from the information schema. A new table is added here with what it needs."""
    deleted, whole, columns = (
        "SELECT table_schema, table_name FROM information_schema.table_privileges WHERE grantee = %s AND privilege_type = 'DELETE'",
        "SELECT table_schema, table_name FROM information_schema.table_privileges WHERE grantee = %s AND privilege_type = 'UPDATE'",
        "SELECT DISTINCT table_schema, table_name FROM information_schema.column_privileges"
        " WHERE grantee = %s AND privilege_type = 'UPDATE'",
    )
    with psycopg.connect(pristine_dsn) as connection:

        def found(sql: str) -> dict[str, set[str]]:
            rows = connection.execute(sql.encode(), (APP_ROLE,)).fetchall()
            return {name: {table for schema, table in rows if schema == name} for name in ("directory", "public")}

        assert found(deleted) == DELETES
        assert found(whole) == CHANGES
        load_packages()
        tenants = {table.name for table in METADATA.sorted_tables if table.info["tenant"]}
        assert tenants - found(columns)["public"] == NEVER
        other = connection.execute(
            "SELECT table_name, privilege_type FROM information_schema.table_privileges WHERE grantee = %s"
            " AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') OR grantee = 'PUBLIC'"
            " AND table_schema IN ('public', 'directory')",
            (APP_ROLE,),
        )
        assert other.fetchall() == []


def test_counters_are_moved_by_the_application_alone(pristine_dsn: str) -> None:
    with psycopg.connect(pristine_dsn) as connection:
        rows = connection.execute(
            "SELECT p.proname, array_agg(DISTINCT a.grantee::regrole::text) FROM pg_proc p, aclexplode(p.proacl) a"
            " WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND a.grantee <> p.proowner GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert rows == [(name, [APP_ROLE]) for name in DRAWS]


ATTACKS = (
    "UPDATE number_series SET next_value = 1",
    "UPDATE number_series SET next_value = next_value + 100",
    "UPDATE journal_counter SET next_number = 1",
    "UPDATE personal_account_counter SET next_number = next_number - 1",
    "DELETE FROM usage",
    "DELETE FROM idempotency_key",
)


def test_what_was_possible_before_is_refused(new_database: Callable[[], str]) -> None:
    """Each attack as the application role, in a database before the privileges were taken and after."""
    dsn = new_database()
    migrate(dsn, to="0016")
    assert [outcome(dsn, attack) for attack in ATTACKS] == ["done"] * len(ATTACKS)
    migrate(dsn)
    assert [outcome(dsn, attack) for attack in ATTACKS] == ["InsufficientPrivilege"] * len(ATTACKS)


def outcome(dsn: str, statement: str) -> str:
    with psycopg.connect(application_dsn(in_database(dsn, user=APP_ROLE))) as connection:
        connection.execute("SELECT set_config('contor.tenant_id', '1', true)")
        try:
            connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege as error:
            return type(error).__name__
    return "done"


def test_a_counter_only_counts_forward_and_only_ones_own(new_tenant: Callable[[], Tenant]) -> None:
    tenant, other = new_tenant(), new_tenant()
    draw = an_operation(lambda uow, count: uow.draw(number_series, ("RE", 2031), low=7, count=count), input=int, output=int)
    assert [tenant.execute(draw, 3), tenant.execute(draw, 2), other.execute(draw, 1)] == [7, 10, 7]
    for count in (0, -1, -5):
        with pytest.raises(AssertionError):
            tenant.execute(draw, count)
    ends = "SELECT first_value, next_value FROM number_series WHERE year = 2031"
    assert [tuple(tenant.rows(ends)[0]), tuple(other.rows(ends)[0])] == [(7, 12), (7, 8)]
