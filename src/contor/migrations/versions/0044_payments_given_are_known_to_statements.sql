;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE bank_entry ADD COLUMN payment_ident text
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_given_ix ON payment (tenant_id, account_ident, booking_date, ident) WHERE bank_entry_ident IS NULL
