;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE contract_label (
	tenant_id bigint NOT NULL,
	contract_id bigint NOT NULL,
	external_ident text,
	title text,
	document_title text,
	attributes jsonb NOT NULL,
	features jsonb NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT contract_label_pkey PRIMARY KEY (tenant_id, contract_id),
	CONSTRAINT contract_label_tenant_id_contract_id_fkey FOREIGN KEY (tenant_id, contract_id) REFERENCES contract(tenant_id, contract_id)
)
;;
CREATE UNIQUE INDEX contract_label_external_key ON contract_label (tenant_id, external_ident) WHERE external_ident IS NOT NULL
;;
ALTER TABLE contract_label ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE contract_label ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE contract_label FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON contract_label USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON contract_label TO contor_app
;;
GRANT UPDATE (attributes, document_title, external_ident, features, last_modified_at, title) ON contract_label TO contor_app
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
ALTER TABLE notification_delivery ADD COLUMN body text
;;
GRANT UPDATE (body) ON notification_delivery TO contor_app
;;
-- Writes the whole table anew, and nobody reads it meanwhile: not for a large table.
ALTER TABLE notification_route ADD COLUMN id bigint DEFAULT nextval('contor_id'::regclass) NOT NULL
;;
ALTER TABLE notification_route ADD COLUMN user_name text
;;
ALTER TABLE notification_route ADD COLUMN password text
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
