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
ALTER TABLE notification_route ADD COLUMN id bigint
;;
ALTER TABLE notification_route ADD CONSTRAINT notification_route_id_filled CHECK (id IS NOT NULL) NOT VALID
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS address_city_ix ON address (tenant_id, lower(city))
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS address_id_key ON address (tenant_id, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_debtor_account_ix ON customer (tenant_id, debtor_account)
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customer_external_id_key ON customer (tenant_id, external_id) WHERE external_id IS NOT NULL
;;
-- By hand: every route that is there gets its number
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  UPDATE notification_route SET id = nextval('contor_id') WHERE id IS NULL;
END LOOP; END $$
;;
ALTER TABLE notification_route VALIDATE CONSTRAINT notification_route_id_filled
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS notification_route_id_key ON notification_route (tenant_id, id)
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE notification_route ALTER COLUMN id SET NOT NULL
;;
ALTER TABLE notification_route DROP CONSTRAINT notification_route_id_filled
