;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE document_request ADD COLUMN imported boolean DEFAULT false NOT NULL
;;
ALTER TABLE opos_case ADD COLUMN number_key text
;;
ALTER TABLE opos_case ADD COLUMN reference_key text
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_number_key_ix ON opos_case (tenant_id, number_key) WHERE number_key IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_reference_key_ix ON opos_case (tenant_id, reference_key) WHERE reference_key IS NOT NULL
