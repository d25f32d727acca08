;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE customer_credit (
	tenant_id bigint NOT NULL,
	id bigint NOT NULL,
	customer_ident text NOT NULL,
	currency text NOT NULL,
	amount numeric(19,4) NOT NULL,
	note text,
	document_id bigint,
	decision_ident text,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT customer_credit_pkey PRIMARY KEY (tenant_id, id)
)
;;
CREATE INDEX customer_credit_customer_ix ON customer_credit (tenant_id, customer_ident, currency, id)
;;
CREATE INDEX customer_credit_decision_ix ON customer_credit (tenant_id, decision_ident)
;;
ALTER TABLE customer_credit ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE customer_credit SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE customer_credit ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE customer_credit FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON customer_credit USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON customer_credit TO contor_app
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
ALTER TABLE customer_credit ADD CONSTRAINT customer_credit_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident) NOT VALID
;;
ALTER TABLE notification_route ALTER COLUMN id SET NOT NULL
;;
ALTER TABLE notification_route DROP CONSTRAINT notification_route_id_filled
;; autocommit
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('customer_credit') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE customer_credit VALIDATE CONSTRAINT customer_credit_tenant_id_customer_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE customer_credit VALIDATE CONSTRAINT customer_credit_tenant_id_customer_ident_fkey;
END $$
