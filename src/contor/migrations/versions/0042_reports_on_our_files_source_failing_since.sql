;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE settlement_source ADD COLUMN failing_since timestamp with time zone
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS statement_file_all_ix ON statement_file (tenant_id, received_at, ident)
