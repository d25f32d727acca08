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
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_file_expected_ix ON payment_file (tenant_id, expected_by, ident) WHERE expected_by IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_intent_expected_ix ON payment_intent (tenant_id, expected_by, ident) WHERE expected_by IS NOT NULL
