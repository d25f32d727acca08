;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE payment_setup ADD COLUMN cart_ident text
;;
ALTER TABLE payment_setup ALTER COLUMN customer_ident DROP NOT NULL
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_setup_cart_ix ON payment_setup (tenant_id, cart_ident) WHERE cart_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_setup_customer_ix ON payment_setup (tenant_id, customer_ident, created_at) WHERE customer_ident IS NOT NULL
