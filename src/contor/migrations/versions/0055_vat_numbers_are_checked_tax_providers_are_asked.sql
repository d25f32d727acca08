;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE tax_provider_country (
	tenant_id bigint NOT NULL,
	country text NOT NULL,
	provider text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_provider_country_pkey PRIMARY KEY (tenant_id, country)
)
;;
ALTER TABLE tax_provider_country ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_provider_country ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_provider_country FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_provider_country USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON tax_provider_country TO contor_app
;;
CREATE TABLE tax_provider_credential (
	tenant_id bigint NOT NULL,
	provider text NOT NULL,
	username text NOT NULL,
	secret text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_provider_credential_pkey PRIMARY KEY (tenant_id, provider)
)
;;
ALTER TABLE tax_provider_credential ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_provider_credential ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_provider_credential FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_provider_credential USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON tax_provider_credential TO contor_app
;;
CREATE TABLE tax_provider_group (
	tenant_id bigint NOT NULL,
	country text NOT NULL,
	billing_group_ident text NOT NULL,
	provider text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_provider_group_pkey PRIMARY KEY (tenant_id, country, billing_group_ident),
	CONSTRAINT tax_provider_group_tenant_id_billing_group_ident_fkey FOREIGN KEY (tenant_id, billing_group_ident) REFERENCES billing_group(tenant_id, billing_group_ident) ON DELETE CASCADE
)
;;
ALTER TABLE tax_provider_group ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_provider_group ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_provider_group FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_provider_group USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON tax_provider_group TO contor_app
;;
CREATE TABLE tax_provider_property (
	tenant_id bigint NOT NULL,
	provider text NOT NULL,
	properties jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_provider_property_pkey PRIMARY KEY (tenant_id, provider)
)
;;
ALTER TABLE tax_provider_property ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_provider_property ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_provider_property FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_provider_property USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON tax_provider_property TO contor_app
;;
CREATE TABLE tax_quote (
	tenant_id bigint NOT NULL,
	key text NOT NULL,
	provider text NOT NULL,
	customer_ident text NOT NULL,
	quotation jsonb NOT NULL,
	status text NOT NULL,
	taxes jsonb DEFAULT '[]'::jsonb NOT NULL,
	problem text,
	asked_at timestamp with time zone NOT NULL,
	answered_at timestamp with time zone,
	tries integer DEFAULT 0 NOT NULL,
	try_at timestamp with time zone,
	CONSTRAINT tax_quote_pkey PRIMARY KEY (tenant_id, key),
	CONSTRAINT tax_quote_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
CREATE INDEX tax_quote_answered_ix ON tax_quote (tenant_id, answered_at) WHERE answered_at IS NOT NULL
;;
CREATE INDEX tax_quote_try_ix ON tax_quote (tenant_id, try_at) WHERE try_at IS NOT NULL
;;
ALTER TABLE tax_quote ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_quote ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_quote FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_quote USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON tax_quote TO contor_app
;;
GRANT UPDATE (answered_at, asked_at, problem, status, taxes, tries, try_at) ON tax_quote TO contor_app
;;
CREATE TABLE tax_transaction (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	code text NOT NULL,
	provider text NOT NULL,
	type text NOT NULL,
	status text NOT NULL,
	body jsonb NOT NULL,
	failure text,
	tries integer DEFAULT 0 NOT NULL,
	try_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	done_at timestamp with time zone,
	CONSTRAINT tax_transaction_pkey PRIMARY KEY (tenant_id, document_id)
)
;;
CREATE INDEX tax_transaction_code_ix ON tax_transaction (tenant_id, code, document_id)
;;
CREATE INDEX tax_transaction_created_ix ON tax_transaction (tenant_id, created_at, document_id)
;;
CREATE INDEX tax_transaction_status_ix ON tax_transaction (tenant_id, status, document_id)
;;
CREATE INDEX tax_transaction_try_ix ON tax_transaction (tenant_id, try_at) WHERE try_at IS NOT NULL
;;
ALTER TABLE tax_transaction ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_transaction ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_transaction FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_transaction USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON tax_transaction TO contor_app
;;
GRANT UPDATE (done_at, failure, status, tries, try_at) ON tax_transaction TO contor_app
;;
CREATE TABLE vat_number_check (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	customer_ident text NOT NULL,
	vat_id text NOT NULL,
	requester_vat_id text,
	provider text NOT NULL,
	status text NOT NULL,
	code text,
	reason text,
	consultation_number text,
	name text,
	address text,
	asked jsonb NOT NULL,
	matches jsonb NOT NULL,
	valid_from date,
	valid_until date,
	checked_at timestamp with time zone NOT NULL,
	sha256 text,
	size bigint,
	row_hash bytea,
	CONSTRAINT vat_number_check_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT vat_number_check_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
CREATE INDEX vat_number_check_answered_ix ON vat_number_check (tenant_id, customer_ident, vat_id, id) WHERE status = ANY (ARRAY['VALID'::text, 'INVALID'::text])
;;
CREATE INDEX vat_number_check_customer_ix ON vat_number_check (tenant_id, customer_ident, id)
;;
CREATE INDEX vat_number_check_number_ix ON vat_number_check (tenant_id, customer_ident, vat_id, id)
;;
CREATE INDEX vat_number_check_unhashed_ix ON vat_number_check (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE vat_number_check ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE vat_number_check SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE vat_number_check ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE vat_number_check FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON vat_number_check USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON vat_number_check TO contor_app
;;
CREATE TABLE vat_number_enquiry (
	tenant_id bigint NOT NULL,
	customer_ident text NOT NULL,
	vat_id text NOT NULL,
	ident text NOT NULL,
	service text,
	waited_for text NOT NULL,
	job_ident text,
	asked_at timestamp with time zone NOT NULL,
	tries integer DEFAULT 0 NOT NULL,
	try_at timestamp with time zone NOT NULL,
	CONSTRAINT vat_number_enquiry_pkey PRIMARY KEY (tenant_id, customer_ident, vat_id),
	CONSTRAINT vat_number_enquiry_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
CREATE UNIQUE INDEX vat_number_enquiry_ident_key ON vat_number_enquiry (tenant_id, ident)
;;
CREATE INDEX vat_number_enquiry_job_ix ON vat_number_enquiry (tenant_id, job_ident) WHERE job_ident IS NOT NULL
;;
CREATE INDEX vat_number_enquiry_try_ix ON vat_number_enquiry (tenant_id, try_at)
;;
ALTER TABLE vat_number_enquiry ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE vat_number_enquiry SET (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000)
;;
ALTER TABLE vat_number_enquiry ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE vat_number_enquiry FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON vat_number_enquiry USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON vat_number_enquiry TO contor_app
;;
GRANT UPDATE (ident, job_ident, service, tries, try_at, waited_for) ON vat_number_enquiry TO contor_app
;;
CREATE TABLE vat_number_job (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	status text NOT NULL,
	after text DEFAULT ''::text NOT NULL,
	total bigint DEFAULT 0 NOT NULL,
	done bigint DEFAULT 0 NOT NULL,
	valid bigint DEFAULT 0 NOT NULL,
	invalid bigint DEFAULT 0 NOT NULL,
	unavailable bigint DEFAULT 0 NOT NULL,
	created_at timestamp with time zone NOT NULL,
	completed_at timestamp with time zone,
	CONSTRAINT vat_number_job_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX vat_number_job_running_key ON vat_number_job (tenant_id) WHERE status = 'RUNNING'::text
;;
ALTER TABLE vat_number_job ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE vat_number_job ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE vat_number_job FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON vat_number_job USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON vat_number_job TO contor_app
;;
GRANT UPDATE (after, completed_at, done, invalid, status, unavailable, valid) ON vat_number_job TO contor_app
;;
ALTER TABLE document_queue ADD COLUMN waits_for text
;;
GRANT UPDATE (waits_for) ON document_queue TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS billable_item_awaiting_ix ON billable_item (tenant_id, customer_ident) WHERE processing_status = 'ERROR'::text AND (status_reason = ANY (ARRAY['VAT_PROOF_AWAITED'::text, 'TAX_AWAITED'::text]))
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_queue_waits_for_ix ON document_queue (tenant_id, waits_for) WHERE waits_for IS NOT NULL
