;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE opos_case ADD COLUMN announced_on date
;;
ALTER TABLE opos_case ADD COLUMN announced_because text
;;
ALTER TABLE payment_file ADD COLUMN expected_by date
;;
GRANT UPDATE (expected_by) ON payment_file TO contor_app
;;
ALTER TABLE payment_intent ADD COLUMN announced_on date
;;
ALTER TABLE payment_intent ADD COLUMN moved_because text
;;
ALTER TABLE payment_intent ADD COLUMN expected_by date
;;
GRANT UPDATE (expected_by, moved_because) ON payment_intent TO contor_app
;;
ALTER TABLE statement_source ADD COLUMN failing_since timestamp with time zone
;;
ALTER TABLE statement_source ADD COLUMN reason text
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_file_expected_ix ON payment_file (tenant_id, expected_by, ident) WHERE expected_by IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_intent_expected_ix ON payment_intent (tenant_id, expected_by, ident) WHERE expected_by IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS statement_file_all_ix ON statement_file (tenant_id, received_at, ident)