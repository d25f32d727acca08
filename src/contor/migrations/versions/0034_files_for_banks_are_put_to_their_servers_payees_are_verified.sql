;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE payment_file_target (
	tenant_id bigint NOT NULL,
	account_ident text NOT NULL,
	ident text NOT NULL,
	active boolean NOT NULL,
	host text NOT NULL,
	port bigint NOT NULL,
	user_name text NOT NULL,
	host_key text NOT NULL,
	password text NOT NULL,
	folder text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_file_target_pkey PRIMARY KEY (tenant_id, account_ident, ident),
	CONSTRAINT payment_file_target_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE UNIQUE INDEX payment_file_target_account_key ON payment_file_target (tenant_id, account_ident)
;;
ALTER TABLE payment_file_target ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_file_target ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_file_target FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_file_target USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON payment_file_target TO contor_app
;;
ALTER TABLE payment_attempt ADD COLUMN payee_check text
;;
ALTER TABLE payment_attempt ADD COLUMN payee_name text
;;
ALTER TABLE payment_attempt ADD COLUMN held boolean DEFAULT false NOT NULL
;;
GRANT UPDATE (held, payee_check, payee_name) ON payment_attempt TO contor_app
;;
ALTER TABLE payment_file ADD COLUMN tries integer DEFAULT 0 NOT NULL
;;
ALTER TABLE payment_file ADD COLUMN try_at timestamp with time zone
;;
GRANT UPDATE (tries, try_at) ON payment_file TO contor_app
;;
ALTER TABLE payment_status_report ADD COLUMN held integer DEFAULT 0 NOT NULL
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_file_unsent_ix ON payment_file (tenant_id, created_at, ident) WHERE status = ANY (ARRAY['CREATED'::text, 'SUBMITTING'::text, 'UPLOADED'::text])
