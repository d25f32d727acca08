;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE payment_name (
	tenant_id bigint NOT NULL,
	payment_ident text NOT NULL,
	kind text NOT NULL,
	name text NOT NULL,
	amount numeric(19,4) NOT NULL,
	text text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_name_pkey PRIMARY KEY (tenant_id, payment_ident, kind, name, amount),
	CONSTRAINT payment_name_tenant_id_payment_ident_fkey FOREIGN KEY (tenant_id, payment_ident) REFERENCES payment(tenant_id, ident)
)
;;
CREATE INDEX payment_name_name_ix ON payment_name (tenant_id, kind, name, payment_ident)
;;
ALTER TABLE payment_name ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_name SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE payment_name ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_name FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_name USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON payment_name TO contor_app
