;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_entry_actor_ix ON audit_entry (tenant_id, actor, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_entry_ident_ix ON audit_entry (tenant_id, subject_ident, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS billable_item_customer_ix ON billable_item (tenant_id, customer_ident, item_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS billable_item_holder_ix ON billable_item (tenant_id, holder_ident, item_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS billable_item_processing_ix ON billable_item (tenant_id, processing_at, item_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS billable_item_status_ix ON billable_item (tenant_id, processing_status, item_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_date_ix ON document (tenant_id, document_date, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_due_ix ON document (tenant_id, due_date, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_of_customer_ix ON document (tenant_id, customer_ident, created_at, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_status_ix ON document (tenant_id, status, created_at, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_type_ix ON document (tenant_id, document_type, created_at, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS journal_entry_ident_ix ON journal_entry (tenant_id, document_ident, id) WHERE document_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS journal_entry_posting_date_ix ON journal_entry (tenant_id, posting_date, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS journal_line_party_ix ON journal_line (tenant_id, party, entry_id) WHERE party IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_created_ix ON opos_case (tenant_id, created_at, document_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_customer_ix ON opos_case (tenant_id, customer_ident, created_at, document_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_due_ix ON opos_case (tenant_id, due_date, document_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_status_ix ON opos_case (tenant_id, status, created_at, document_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_booking_date_ix ON payment (tenant_id, account_ident, booking_date, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_created_ix ON payment (tenant_id, account_ident, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_customer_ix ON payment (tenant_id, account_ident, customer_specific_ident, created_at, ident) WHERE customer_specific_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_status_ix ON payment (tenant_id, account_ident, status, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_assignment_created_ix ON payment_assignment (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS rated_usage_id_ix ON rated_usage (tenant_id, rated_usage_id, rated_usage_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS rated_usage_of_contract_ix ON rated_usage (tenant_id, contract_id, rated_usage_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS rated_usage_started_ix ON rated_usage (tenant_id, started_at, rated_usage_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS rated_usage_status_ix ON rated_usage (tenant_id, status, rated_usage_id, rated_usage_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS rated_usage_aggregation_id_ix ON rated_usage_aggregation (tenant_id, aggregation_id, aggregation_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS usage_contract_ix ON usage (tenant_id, contract_id, usage_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS usage_started_ix ON usage (tenant_id, started_at, usage_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS usage_status_ix ON usage (tenant_id, status, usage_id)
;;
DROP INDEX CONCURRENTLY IF EXISTS document_customer_ix
;;
DROP INDEX CONCURRENTLY IF EXISTS rated_usage_contract_ix
