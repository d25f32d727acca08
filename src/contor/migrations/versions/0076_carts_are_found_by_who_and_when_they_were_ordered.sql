;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS checkout_cart_completed_ix ON checkout_cart (tenant_id, completed_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS checkout_cart_email_ix ON checkout_cart (tenant_id, email, created_at, ident)
