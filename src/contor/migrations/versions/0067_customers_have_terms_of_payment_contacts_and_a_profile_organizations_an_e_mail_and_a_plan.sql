;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE address ADD COLUMN contact jsonb
;;
ALTER TABLE address ADD COLUMN deleted_at timestamp with time zone
;;
GRANT DELETE ON address TO contor_app
;;
ALTER TABLE customer ADD COLUMN external_id text
;;
ALTER TABLE customer ADD COLUMN profile jsonb
;;
ALTER TABLE customer ADD COLUMN payment_terms jsonb
;;
ALTER TABLE customer ADD COLUMN invoice_delivery text
;;
ALTER TABLE customer ADD COLUMN deleted_at timestamp with time zone
;;
GRANT DELETE ON customer TO contor_app
;;
ALTER TABLE directory.environment ADD COLUMN request_plan text DEFAULT 'AUTOMATIC'::text NOT NULL
;;
GRANT UPDATE (request_plan) ON directory.environment TO contor_app
;;
ALTER TABLE directory.organization ADD COLUMN email text
;;
-- Writes the whole table anew, and nobody reads it meanwhile: not for a large table.
ALTER TABLE notification_route ADD COLUMN id bigint DEFAULT nextval('contor_id'::regclass) NOT NULL
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS address_city_ix ON address (tenant_id, lower(city))
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS address_id_key ON address (tenant_id, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_debtor_account_ix ON customer (tenant_id, debtor_account)
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customer_external_id_key ON customer (tenant_id, external_id) WHERE external_id IS NOT NULL
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS notification_route_id_key ON notification_route (tenant_id, id)
