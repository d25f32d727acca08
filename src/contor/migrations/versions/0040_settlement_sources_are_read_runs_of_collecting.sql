;; transaction
SET LOCAL lock_timeout = '3s'
;;
-- The secrets are sealed to their place: a server is said anew, as a settlement source of the bank's payment provider.
DROP TABLE statement_source
;;
CREATE TABLE settlement_source_file (
	tenant_id bigint NOT NULL,
	payment_provider_id bigint NOT NULL,
	source_ident text NOT NULL,
	name text NOT NULL,
	size bigint NOT NULL,
	modified bigint NOT NULL,
	read_at timestamp with time zone NOT NULL,
	CONSTRAINT settlement_source_file_pkey PRIMARY KEY (tenant_id, payment_provider_id, source_ident, name, size, modified),
	CONSTRAINT settlement_source_file_tenant_id_payment_provider_id_so_2c92 FOREIGN KEY (tenant_id, payment_provider_id, source_ident) REFERENCES settlement_source(tenant_id, payment_provider_id, ident)
)
;;
ALTER TABLE settlement_source_file ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE settlement_source_file ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE settlement_source_file FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON settlement_source_file USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON settlement_source_file TO contor_app
;;
ALTER TABLE settlement_source ADD COLUMN merchant_payment_account_ident text
;;
ALTER TABLE settlement_source ADD COLUMN remove boolean DEFAULT false NOT NULL
;;
ALTER TABLE settlement_source ADD COLUMN asked_at timestamp with time zone
;;
ALTER TABLE settlement_source ADD COLUMN problem text
;;
-- so far each was uploaded
ALTER TABLE settlement_upload ADD COLUMN way text DEFAULT 'UPLOAD' NOT NULL
;;
ALTER TABLE settlement_upload ALTER COLUMN way DROP DEFAULT
;;
ALTER TABLE settlement_upload ADD COLUMN due_at timestamp with time zone
;;
GRANT UPDATE (due_at) ON settlement_upload TO contor_app
;;
CREATE TABLE collection_run (
	tenant_id bigint NOT NULL,
	run_ident text NOT NULL,
	run_id bigint NOT NULL,
	status text NOT NULL,
	expected jsonb,
	done jsonb,
	payment_file_idents jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	approved_at timestamp with time zone,
	completed_at timestamp with time zone,
	CONSTRAINT collection_run_pkey PRIMARY KEY (tenant_id, run_ident)
)
;;
CREATE INDEX collection_run_id_ix ON collection_run (tenant_id, run_id)
;;
CREATE UNIQUE INDEX collection_run_open_key ON collection_run (tenant_id) WHERE status = ANY (ARRAY['CREATED'::text, 'PREVIEWED'::text, 'APPROVED'::text])
;;
ALTER TABLE collection_run ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE collection_run ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE collection_run FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON collection_run USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON collection_run TO contor_app
;;
GRANT UPDATE (approved_at, completed_at, done, expected, payment_file_idents, status) ON collection_run TO contor_app
;;
CREATE TABLE collection_run_item (
	tenant_id bigint NOT NULL,
	run_ident text NOT NULL,
	document_id bigint NOT NULL,
	document_ident text NOT NULL,
	customer_ident text NOT NULL,
	currency text NOT NULL,
	balance numeric(19,4) NOT NULL,
	due_date date NOT NULL,
	outcome text NOT NULL,
	collection_date date,
	reason text,
	CONSTRAINT collection_run_item_pkey PRIMARY KEY (tenant_id, run_ident, document_id),
	CONSTRAINT collection_run_item_tenant_id_run_ident_fkey FOREIGN KEY (tenant_id, run_ident) REFERENCES collection_run(tenant_id, run_ident)
)
;;
CREATE INDEX collection_run_item_outcome_ix ON collection_run_item (tenant_id, run_ident, outcome, document_id)
;;
ALTER TABLE collection_run_item ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE collection_run_item SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE collection_run_item ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE collection_run_item FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON collection_run_item USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON collection_run_item TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS settlement_upload_due_ix ON settlement_upload (tenant_id, due_at, ident) WHERE state = 'RECEIVED'::text AND due_at IS NOT NULL
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE settlement_source ADD CONSTRAINT settlement_source_tenant_id_merchant_payment_account_ident_fkey FOREIGN KEY (tenant_id, merchant_payment_account_ident) REFERENCES merchant_payment_account(tenant_id, ident) NOT VALID
;; autocommit
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('settlement_source') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE settlement_source VALIDATE CONSTRAINT settlement_source_tenant_id_merchant_payment_account_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE settlement_source VALIDATE CONSTRAINT settlement_source_tenant_id_merchant_payment_account_ident_fkey;
END $$
