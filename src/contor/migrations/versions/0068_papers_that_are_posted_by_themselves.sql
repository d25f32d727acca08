;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE post_letter ADD COLUMN dunning_letter_ident text
;; autocommit
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS post_letter_dunning_letter_key ON post_letter (tenant_id, dunning_letter_ident) WHERE dunning_letter_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_letter_unpaid_ix ON post_letter (tenant_id, created_at, ident) WHERE status = 'UNPAID'::text
