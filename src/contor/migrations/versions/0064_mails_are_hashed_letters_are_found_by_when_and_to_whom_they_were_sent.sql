;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE mail ADD COLUMN row_hash bytea
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS dunning_letter_recipient_ix ON dunning_letter (tenant_id, recipient, letter_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS dunning_letter_sent_ix ON dunning_letter (tenant_id, sent_at, letter_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS mail_unhashed_ix ON mail (tenant_id) WHERE row_hash IS NULL
