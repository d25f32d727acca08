;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_entry_of_subject_ix ON audit_entry (tenant_id, subject_kind, subject_ident, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_of_customer_ix ON contract (tenant_id, customer_ident, contract_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS journal_line_by_account_ix ON journal_line (tenant_id, account, entry_id, position)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_by_ident_ix ON opos_case (tenant_id, ident, document_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_assignment_of_payment_ix ON payment_assignment (tenant_id, payment_ident, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_assignment_of_target_ix ON payment_assignment (tenant_id, target_ident, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS rated_usage_by_contract_ix ON rated_usage (tenant_id, contract_id, rated_usage_id, rated_usage_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS rated_usage_of_aggregation_ix ON rated_usage (tenant_id, aggregation_ident, rated_usage_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_order_of_customer_ix ON sales_order (tenant_id, customer_ident, contract_id)
;;
DROP INDEX CONCURRENTLY IF EXISTS audit_entry_subject_ix
;;
DROP INDEX CONCURRENTLY IF EXISTS contract_customer_ix
;;
DROP INDEX CONCURRENTLY IF EXISTS journal_line_account_ix
;;
DROP INDEX CONCURRENTLY IF EXISTS opos_case_ident_ix
;;
DROP INDEX CONCURRENTLY IF EXISTS payment_assignment_payment_ix
;;
DROP INDEX CONCURRENTLY IF EXISTS payment_assignment_target_ix
;;
DROP INDEX CONCURRENTLY IF EXISTS rated_usage_of_contract_ix
;;
DROP INDEX CONCURRENTLY IF EXISTS rated_usage_aggregation_ix
;;
DROP INDEX CONCURRENTLY IF EXISTS sales_order_customer_ix
